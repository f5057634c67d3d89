//! Which lines are posted, and why the others are not.

use std::fmt;

use codexion::core::Choice;
use codexion::prelude::{Decimal, Money};

use super::CURRENCY;
use super::file::Line;

/// Why a line is not posted; the first that fits counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Choice)]
pub enum Rule {
    /// An earlier line of the same invoice is equal in every column.
    Duplicate,
    /// The invoice is neither a sale nor a cancellation: an adjustment of bad debt.
    Adjustment,
    /// Its price is zero or below: stock was written off, found or given away, and nothing was charged.
    NoPrice,
    /// It comes to a fraction of a penny, which no invoice can charge.
    Fraction,
    /// A sale of less than one piece, or a cancellation of goods that do not come back.
    Direction,
}

/// What an invoice of the file is, by its number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Sale,
    Cancellation,
    Other,
}

impl Kind {
    pub(super) fn of(invoice: &str) -> Self {
        match invoice.strip_prefix('C') {
            Some(rest) if digits(rest) => Self::Cancellation,
            None if digits(invoice) => Self::Sale,
            _ => Self::Other,
        }
    }
}

fn digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

impl Rule {
    /// The rule that refuses a line that is no duplicate.
    pub(super) fn of(kind: Kind, line: &Line) -> Option<Self> {
        let (against, refused) = match kind {
            Kind::Sale => (line.quantity <= 0, None),
            Kind::Cancellation => (line.quantity >= 0, None),
            Kind::Other => (false, Some(Self::Adjustment)),
        };
        let unpriced = (line.price <= Decimal::ZERO).then_some(Self::NoPrice);
        let fraction = || Money::exact(line.net(), CURRENCY).is_err().then_some(Self::Fraction);
        refused.or(unpriced).or_else(fraction).or(against.then_some(Self::Direction))
    }

    /// In words.
    #[must_use]
    pub const fn in_words(self) -> &'static str {
        match self {
            Self::Duplicate => "equal to an earlier line of the invoice",
            Self::Adjustment => "neither a sale nor a cancellation",
            Self::NoPrice => "price of zero or below",
            Self::Fraction => "a fraction of a penny",
            Self::Direction => "quantity against the kind of the invoice",
        }
    }
}

/// How many lines, and what they come to.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tally {
    /// How many.
    pub lines: u64,
    /// Quantity times price, with every digit.
    pub net: Decimal,
}

impl Tally {
    pub(super) fn add(&mut self, line: &Line) {
        self.plus(Self { lines: 1, net: line.net() });
    }

    pub(super) fn plus(&mut self, other: Self) {
        self.lines += other.lines;
        // Lines are far too small for a sum that does not fit.
        self.net = self.net.saturating_add(other.net);
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:>9} lines {:>16}", self.lines, self.net.normalize().to_string())
    }
}

#[cfg(test)]
mod tests {
    use super::{Kind, Line, Rule};

    #[track_caller]
    fn check(invoice: &str, quantity: i64, price: &str, expected: Option<Rule>) {
        let line = Line { quantity, price: price.parse().unwrap_or_default(), ..Line::default() };
        assert_eq!(Rule::of(Kind::of(invoice), &line), expected);
    }

    #[test]
    fn lines_are_posted_or_refused_by_the_first_rule_that_fits() {
        check("536365", 6, "2.55", None);
        check("C536379", -1, "27.50", None);
        check("A563185", 1, "11062.06", Some(Rule::Adjustment));
        check("A563186", 1, "-11062.06", Some(Rule::Adjustment));
        check("C", -1, "1", Some(Rule::Adjustment));
        check("536414", 56, "0", Some(Rule::NoPrice));
        check("536415", 56, "-0.01", Some(Rule::NoPrice));
        check("536416", 1, "0.001", Some(Rule::Fraction));
        check("536416", 10, "0.001", None);
        check("536417", -3, "2", Some(Rule::Direction));
        check("C536418", 3, "2", Some(Rule::Direction));
        check("536419", 0, "2", Some(Rule::Direction));
    }
}
