//! From lines to documents: the lines of a day by their invoices, those that are refused sorted out.

use std::collections::{BTreeMap, HashMap, HashSet};

use codexion::prelude::Date;
use crm::LINES_MAX;

use super::file::{Line, Lines, RetailFile};
use super::rules::{Kind, Rule, Tally};
use crate::import::ImportError;

/// A document of ours.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Document {
    /// The number of the invoice in the file; with `/2` and so on where it has more lines than a document may have.
    pub(super) number: String,
    pub(super) is_credit: bool,
    pub(super) date: Date,
    /// The code of the party.
    pub(super) party: String,
    pub(super) country: String,
    pub(super) lines: Vec<Line>,
}

/// Everything of a day.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Day {
    pub(super) date: Date,
    /// In the order in which they begin.
    pub(super) documents: Vec<Document>,
    pub(super) refused: BTreeMap<Rule, Tally>,
    /// Who stands on the lines, refused ones too.
    pub(super) parties: Vec<(String, PartyOf)>,
}

/// Whom a line names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct PartyOf {
    /// Its number in the file; none for the guests of a country.
    pub(super) customer: Option<String>,
    pub(super) country: String,
}

/// The code of the party that a line names: guests of a country are one.
pub(super) fn party_code(customer: Option<&str>, country: &str) -> String {
    customer.map_or_else(|| format!("GUEST {country}"), str::to_owned)
}

/// The days of the file, one after the other. What is kept of those before are the numbers of their invoices.
pub(super) struct Days {
    lines: Lines,
    ahead: Option<Line>,
    numbers: HashSet<String>,
}

/// An invoice while its lines are read.
struct Group {
    kind: Kind,
    first: Line,
    seen: HashSet<Line>,
    posted: Vec<Line>,
}

impl Days {
    pub(super) fn of(file: &RetailFile) -> Result<Self, ImportError> {
        let mut lines = file.lines()?;
        let ahead = lines.next()?;
        Ok(Self { lines, ahead, numbers: HashSet::new() })
    }

    /// The next day with its lines, or none after the last one.
    pub(super) fn next(&mut self) -> Result<Option<Day>, ImportError> {
        let Some(first) = self.ahead.take() else { return Ok(None) };
        let date = first.date;
        let (mut groups, mut places): (Vec<Group>, HashMap<String, usize>) = (Vec::new(), HashMap::new());
        let mut refused: BTreeMap<Rule, Tally> = BTreeMap::new();
        let mut next = Some(first);
        while let Some(line) = next.take() {
            if line.date < date {
                let what = format!("{} comes after {date}: the lines are not in the order of their days", line.date);
                return Err(self.lines.wrong("InvoiceDate", what));
            }
            if line.date > date {
                self.ahead = Some(line);
                break;
            }
            let place = *places.entry(line.invoice.clone()).or_insert(groups.len());
            if place == groups.len() {
                self.check_number(&line)?;
                groups.push(Group::new(&line));
            }
            let Some(group) = groups.get_mut(place) else { continue };
            self.check_member(group, &line)?;
            if let Some((rule, line)) = group.take(line) {
                refused.entry(rule).or_default().add(&line);
            }
            next = self.lines.next()?;
        }
        let parties = groups.iter().map(Group::party).collect();
        let documents = groups.into_iter().flat_map(Group::documents).collect();
        Ok(Some(Day { date, documents, refused, parties }))
    }

    fn check_number(&mut self, line: &Line) -> Result<(), ImportError> {
        match self.numbers.insert(line.invoice.clone()) {
            true => Ok(()),
            false => {
                let what = format!("the invoice `{}` was begun on another day", line.invoice);
                Err(self.lines.wrong("InvoiceNo", what))
            }
        }
    }

    fn check_member(&self, group: &Group, line: &Line) -> Result<(), ImportError> {
        let both =
            [("CustomerID", group.first.customer == line.customer), ("Country", group.first.country == line.country)];
        match both.iter().find(|(_, same)| !same) {
            None => Ok(()),
            Some((column, _)) => {
                let what = format!("the invoice `{}` has another one on an earlier line", line.invoice);
                Err(self.lines.wrong(column, what))
            }
        }
    }
}

impl Group {
    fn new(first: &Line) -> Self {
        let kind = Kind::of(&first.invoice);
        Self { kind, first: first.clone(), seen: HashSet::new(), posted: Vec::new() }
    }

    /// Takes a line in, or gives it back with the rule that refuses it.
    fn take(&mut self, line: Line) -> Option<(Rule, Line)> {
        if self.seen.contains(&line) {
            return Some((Rule::Duplicate, line));
        }
        self.seen.insert(line.clone());
        match Rule::of(self.kind, &line) {
            Some(rule) => Some((rule, line)),
            None => {
                self.posted.push(line);
                None
            }
        }
    }

    fn party(&self) -> (String, PartyOf) {
        let (customer, country) = (self.first.customer.clone(), self.first.country.clone());
        (party_code(customer.as_deref(), &country), PartyOf { customer, country })
    }

    fn documents(self) -> Vec<Document> {
        let (code, _) = self.party();
        let document = |(lines, part): (&[Line], usize)| Document {
            number: match part {
                1 => self.first.invoice.clone(),
                _ => format!("{}/{part}", self.first.invoice),
            },
            is_credit: self.kind == Kind::Cancellation,
            date: self.first.date,
            party: code.clone(),
            country: self.first.country.clone(),
            lines: lines.to_vec(),
        };
        self.posted.chunks(LINES_MAX).zip(1..).map(document).collect()
    }
}
