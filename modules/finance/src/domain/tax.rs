//! Taxes: rates, fixed amounts and groups, what they are charged on, and when they are in force.

mod chain;
mod document;

use codexion::core::{Currency, Date, Id, Money, Rate};

pub use chain::{Chain, TaxShare};
pub use document::{
    PriceBasis, RoundAt, TaxRounding, TaxSettings, TaxTotal, TaxableLine, TaxedDocument, TaxedLine, assess,
};

use crate::TaxError;

/// Deepest nesting of tax groups: more is a group that contains itself.
pub const DEPTH_MAX: usize = 8;

/// The id of a tax.
pub type TaxId = Id<crate::Tax>;

/// A tax as charged on a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tax {
    /// Its id, to which base and amount are reported.
    pub id: TaxId,
    /// How much.
    pub rule: TaxRule,
    /// Whether the taxes after it are charged on this one too (tax on tax).
    pub raises_base: bool,
    /// First day in force.
    pub valid_from: Option<Date>,
    /// Last day in force.
    pub valid_until: Option<Date>,
}

/// How much a tax is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TaxRule {
    /// A share of the base.
    Share(Rate),
    /// So much for each unit.
    PerUnit(Money),
    /// Its members, one after the other.
    Group(Vec<Tax>),
}

impl Tax {
    /// A share of the base, in force at all times.
    #[must_use]
    pub const fn share(id: TaxId, rate: Rate) -> Self {
        Self::of(id, TaxRule::Share(rate))
    }

    /// So much for each unit, in force at all times.
    #[must_use]
    pub const fn per_unit(id: TaxId, amount: Money) -> Self {
        Self::of(id, TaxRule::PerUnit(amount))
    }

    /// Several taxes under one name, in force at all times.
    #[must_use]
    pub const fn group(id: TaxId, members: Vec<Self>) -> Self {
        Self::of(id, TaxRule::Group(members))
    }

    const fn of(id: TaxId, rule: TaxRule) -> Self {
        Self { id, rule, raises_base: false, valid_from: None, valid_until: None }
    }

    /// The same, and the taxes after it are charged on it too.
    #[must_use]
    pub fn raising_base(mut self) -> Self {
        self.raises_base = true;
        self
    }

    /// The same, in force between two days, both included.
    #[must_use]
    pub fn valid(mut self, from: Option<Date>, until: Option<Date>) -> Self {
        self.valid_from = from;
        self.valid_until = until;
        self
    }

    /// Whether it is charged on documents of this date.
    #[must_use]
    pub fn in_force(&self, date: Date) -> bool {
        self.valid_from.is_none_or(|from| from <= date) && self.valid_until.is_none_or(|until| date <= until)
    }
}

/// The taxes in force without their groups, in order.
fn leaves<'a>(taxes: &'a [Tax], date: Date, depth: usize, found: &mut Vec<&'a Tax>) -> Result<(), TaxError> {
    if depth >= DEPTH_MAX {
        return Err(TaxError::TooDeep);
    }
    for tax in taxes.iter().filter(|t| t.in_force(date)) {
        match &tax.rule {
            TaxRule::Group(members) => leaves(members, date, depth + 1, found)?,
            TaxRule::Share(_) | TaxRule::PerUnit(_) => found.push(tax),
        }
    }
    Ok(())
}

/// Checks that `amount` is in the currency of the document.
fn same_currency(amount: Money, currency: Currency) -> Result<(), TaxError> {
    Money::zero(currency).checked_add(amount)?;
    Ok(())
}
