//! Lines of an entry: an account, a side, an amount.

use codexion::core::{Choice, Date, Id, Money, MoneyError};

use super::{AccountId, Party};

/// The two sides of an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Choice)]
pub enum Side {
    /// Left.
    Debit,
    /// Right.
    Credit,
}

impl Side {
    /// The other one.
    #[must_use]
    pub const fn opposite(self) -> Self {
        match self {
            Self::Debit => Self::Credit,
            Self::Credit => Self::Debit,
        }
    }
}

/// What an entry does to one account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    account: AccountId,
    side: Side,
    amount: Money,
    foreign: Option<Money>,
    party: Option<Id<Party>>,
    due: Option<Date>,
    text: String,
}

impl Line {
    /// A debit in company currency; [`Entry::new`](super::Entry::new) refuses amounts below zero.
    #[must_use]
    pub const fn debit(account: AccountId, amount: Money) -> Self {
        Self::on(account, Side::Debit, amount)
    }

    /// A credit in company currency; [`Entry::new`](super::Entry::new) refuses amounts below zero.
    #[must_use]
    pub const fn credit(account: AccountId, amount: Money) -> Self {
        Self::on(account, Side::Credit, amount)
    }

    /// A debit of a positive balance, a credit of a negative one.
    ///
    /// # Errors
    /// [`MoneyError::Overflow`] for the one amount whose opposite does not fit.
    pub fn balance_of(account: AccountId, balance: Money) -> Result<Self, MoneyError> {
        let side = if balance.is_negative() { Side::Credit } else { Side::Debit };
        Ok(Self::on(account, side, balance.abs()?))
    }

    /// A line on a side.
    #[must_use]
    pub const fn on(account: AccountId, side: Side, amount: Money) -> Self {
        Self { account, side, amount, foreign: None, party: None, due: None, text: String::new() }
    }

    /// With the same amount in the currency it was agreed in, on the same side.
    #[must_use]
    pub const fn with_foreign(mut self, amount: Money) -> Self {
        self.foreign = Some(amount);
        self
    }

    /// Owed by or to somebody.
    #[must_use]
    pub const fn with_party(mut self, party: Id<Party>) -> Self {
        self.party = Some(party);
        self
    }

    /// To be paid by a date.
    #[must_use]
    pub const fn with_due(mut self, date: Date) -> Self {
        self.due = Some(date);
        self
    }

    /// With words of its own.
    #[must_use]
    pub fn with_text(mut self, text: &str) -> Self {
        text.clone_into(&mut self.text);
        self
    }

    /// The account.
    #[must_use]
    pub const fn account(&self) -> AccountId {
        self.account
    }

    /// The side.
    #[must_use]
    pub const fn side(&self) -> Side {
        self.side
    }

    /// The amount in company currency, not below zero.
    #[must_use]
    pub const fn amount(&self) -> Money {
        self.amount
    }

    /// The amount in foreign currency, not below zero.
    #[must_use]
    pub const fn foreign(&self) -> Option<Money> {
        self.foreign
    }

    /// Who owes or is owed.
    #[must_use]
    pub const fn party(&self) -> Option<Id<Party>> {
        self.party
    }

    /// When it is to be paid.
    #[must_use]
    pub const fn due(&self) -> Option<Date> {
        self.due
    }

    /// Words of its own.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The amount in company currency, a credit below zero.
    #[must_use]
    pub const fn balance(&self) -> Money {
        self.signed(self.amount)
    }

    /// The amount in foreign currency, a credit below zero.
    #[must_use]
    pub fn foreign_balance(&self) -> Option<Money> {
        self.foreign.map(|amount| self.signed(amount))
    }

    /// The same on the other side.
    pub(super) fn reversed(&self) -> Self {
        Self { side: self.side.opposite(), ..self.clone() }
    }

    const fn signed(&self, amount: Money) -> Money {
        match self.side {
            Side::Debit => amount,
            // Only an amount below zero could overflow, and no entry holds one.
            Side::Credit => Money::from_minor(amount.minor().saturating_neg(), amount.currency()),
        }
    }
}
