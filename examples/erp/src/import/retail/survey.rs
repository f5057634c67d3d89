//! What the whole file says, before anything is written: who buys, what is sold, what it all comes to.

use std::collections::BTreeMap;

use codexion::prelude::{Date, Decimal};

use super::documents::{Day, Days, Document, PartyOf};
use super::file::{Line, RetailFile};
use super::rules::{Rule, Tally};
use crate::import::ImportError;

/// Codes that stand for a charge or a discount: postage, carriage, samples, fees, charity, "manual".
const SERVICES: [&str; 11] = ["AMAZONFEE", "B", "BANK CHARGES", "C2", "CRUK", "D", "DOT", "M", "POST", "S", "m"];

/// How codes of vouchers begin.
const VOUCHER: &str = "gift_";

/// The file as a whole.
#[derive(Debug, Clone, PartialEq)]
pub struct Survey {
    /// What the bytes of the file come to.
    pub fingerprint: String,
    /// First and last day on which something happened.
    pub days: Option<(Date, Date)>,
    /// Lines that are posted.
    pub posted: Tally,
    /// Lines that are not, by the rule that refuses them.
    pub refused: BTreeMap<Rule, Tally>,
    /// Orders, each with an invoice.
    pub orders: u64,
    /// Credit notes.
    pub credits: u64,
    /// Lines of guests that are posted.
    pub guests: Tally,
    pub(super) parties: BTreeMap<String, PartyOf>,
    pub(super) products: BTreeMap<String, ProductOf>,
}

/// What the file says of a product.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct ProductOf {
    /// Its first description.
    pub(super) name: Option<String>,
    /// What it was sold for first.
    pub(super) price: Option<Decimal>,
    /// The lowest price that it was sold for.
    pub(super) cost: Option<Decimal>,
    /// Pieces that came back, less those that left.
    pub(super) level: i64,
    /// The least that this ever was: what must have been there before.
    pub(super) least: i64,
}

impl Survey {
    /// Reads and checks the whole file. Only who and what is in it is kept, not the lines.
    ///
    /// # Errors
    /// [`ImportError`] with line and column.
    pub fn of(file: &RetailFile) -> Result<Self, ImportError> {
        let mut survey = Self {
            fingerprint: file.fingerprint()?,
            days: None,
            posted: Tally::default(),
            refused: BTreeMap::new(),
            orders: 0,
            credits: 0,
            guests: Tally::default(),
            parties: BTreeMap::new(),
            products: BTreeMap::new(),
        };
        let mut days = Days::of(file)?;
        while let Some(day) = days.next()? {
            survey.add(day);
        }
        Ok(survey)
    }

    /// All lines.
    #[must_use]
    pub fn total(&self) -> Tally {
        let mut total = self.posted;
        self.refused.values().for_each(|tally| total.plus(*tally));
        total
    }

    /// Documents of ours.
    #[must_use]
    pub const fn documents(&self) -> u64 {
        self.orders + self.credits
    }

    /// Pieces that are there after the last day: what must have been there before, less what left, plus what came
    /// back.
    #[must_use]
    pub fn pieces(&self) -> i64 {
        self.products.iter().filter(|(code, _)| is_goods(code)).map(|(_, of)| of.level - of.least).sum()
    }

    fn add(&mut self, day: Day) {
        let first = self.days.map_or(day.date, |(first, _)| first);
        self.days = Some((first, day.date));
        for (rule, tally) in day.refused {
            self.refused.entry(rule).or_default().plus(tally);
        }
        for (code, party) in day.parties {
            self.parties.entry(code).or_insert(party);
        }
        for document in &day.documents {
            self.add_document(document);
        }
    }

    fn add_document(&mut self, document: &Document) {
        match document.is_credit {
            true => self.credits += 1,
            false => self.orders += 1,
        }
        for line in &document.lines {
            self.posted.add(line);
            if line.customer.is_none() {
                self.guests.add(line);
            }
            self.products.entry(line.code.clone()).or_default().add(line);
        }
    }
}

impl ProductOf {
    fn add(&mut self, line: &Line) {
        self.name = self.name.take().or_else(|| Some(line.description.clone()).filter(|text| !text.is_empty()));
        self.price = self.price.or(Some(line.price));
        self.cost = Some(self.cost.map_or(line.price, |cost| cost.min(line.price)));
        self.level -= line.quantity;
        self.least = self.least.min(self.level);
    }
}

/// Whether a product is kept in stock.
pub(super) fn is_goods(code: &str) -> bool {
    !SERVICES.contains(&code) && !code.starts_with(VOUCHER)
}
