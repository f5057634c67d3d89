//! What settles what on an account: partial and full matches, write-offs, exchange differences.
//!
//! Amounts are balances: a debit above zero, a credit below. Two items that share a foreign currency are matched
//! in it, because that is what was owed; all others are matched in company currency.

use codexion::core::{Money, MoneyError, Rate, Rounding};

use crate::ReconcileError;

/// What is still open of a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OpenItem {
    /// In company currency.
    pub amount: Money,
    /// In the currency it was agreed in, where that is another one.
    pub foreign: Option<Money>,
}

/// A debit and a credit that settle each other, wholly or in part.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Match {
    /// Place of the debit among the items.
    pub debit: usize,
    /// Place of the credit among the items.
    pub credit: usize,
    /// What both give up in company currency, above zero.
    pub amount: Money,
    /// What the debit gives up of its foreign amount, above zero.
    pub debit_foreign: Option<Money>,
    /// What the credit gives up of its foreign amount, above zero; the same as the debit where they share a currency.
    pub credit_foreign: Option<Money>,
    /// What the debit was worth more than the credit: above zero a loss, below zero a gain, to be posted against
    /// the account so that it is open on neither side.
    pub exchange: Money,
}

/// What is given up of an item, so that nothing is open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WriteOff {
    /// To the write-off account: above zero an expense, below zero an income.
    pub amount: Money,
    /// The same in the item's foreign currency.
    pub foreign: Option<Money>,
    /// The rest, to the exchange account: above zero a loss, below zero a gain.
    pub exchange: Money,
}

impl OpenItem {
    /// An item in company currency.
    #[must_use]
    pub const fn new(amount: Money) -> Self {
        Self { amount, foreign: None }
    }

    /// An item agreed in a foreign currency.
    #[must_use]
    pub const fn foreign(amount: Money, foreign: Money) -> Self {
        Self { amount, foreign: Some(foreign) }
    }

    /// Whether nothing is open, in either currency.
    #[must_use]
    pub fn is_settled(&self) -> bool {
        self.amount.is_zero() && self.foreign.is_none_or(Money::is_zero)
    }

    fn is_debit(&self) -> bool {
        let decisive = if self.amount.is_zero() { self.foreign.unwrap_or(self.amount) } else { self.amount };
        decisive.is_positive()
    }

    /// Takes `part` of `open` off this item in the same proportion in both currencies; gives what that was worth in
    /// company currency, and the part of the foreign amount.
    fn give_up(&mut self, part: Money, open: Money) -> Result<(Money, Option<Money>), MoneyError> {
        let weights = [part.to_decimal(), open.checked_sub(part)?.to_decimal()];
        let taken = |amount: Money| amount.split(&weights).map(|parts| parts.first().copied().unwrap_or(amount));
        let worth = taken(self.amount)?;
        let foreign = self.foreign.map(taken).transpose()?;
        self.foreign = self.foreign.zip(foreign).map(|(all, part)| all.checked_sub(part)).transpose()?;
        self.amount = self.amount.checked_sub(worth)?;
        Ok((worth, foreign))
    }
}

/// Matches debits with credits, both in the order given, until one side has nothing left; what stays open is left
/// in `items`.
///
/// # Errors
/// [`ReconcileError::Money`] when items are in several company currencies, or an amount overflows.
pub fn settle(items: &mut [OpenItem]) -> Result<Vec<Match>, ReconcileError> {
    let places = |debit| {
        let of_side = items.iter().enumerate().filter(move |(_, item)| !item.is_settled() && item.is_debit() == debit);
        of_side.map(|(place, _)| place).collect::<Vec<_>>().into_iter().peekable()
    };
    let (mut debits, mut credits) = (places(true), places(false));
    let mut matches = Vec::new();
    while let (Some(debit), Some(credit)) = (debits.peek().copied(), credits.peek().copied()) {
        let Ok([debtor, creditor]) = items.get_disjoint_mut([debit, credit]) else { break };
        let found = match_pair(debit, debtor, credit, creditor)?;
        // Without a value in company currency an item can only be settled by one in its own foreign currency.
        let done = |item: &OpenItem| item.is_settled() || (found.is_none() && item.amount.is_zero());
        let (debit_done, credit_done) = (done(debtor), done(creditor));
        matches.extend(found);
        if debit_done {
            debits.next();
        }
        if credit_done {
            credits.next();
        }
        // INVARIANT: a match settles one of the two, and without one an amount is zero; the loop ends in any case.
        if !debit_done && !credit_done {
            break;
        }
    }
    Ok(matches)
}

fn match_pair(
    debit: usize,
    debtor: &mut OpenItem,
    credit: usize,
    creditor: &mut OpenItem,
) -> Result<Option<Match>, ReconcileError> {
    let shared = match (debtor.foreign, creditor.foreign) {
        (Some(d), Some(c)) if d.currency() == c.currency() && d.is_positive() && c.is_negative() => Some((d, c)),
        _ => None,
    };
    let (open_debit, open_credit) = shared.unwrap_or((debtor.amount, creditor.amount));
    let owed = open_credit.checked_neg()?;
    let part = if open_debit.checked_cmp(owed)?.is_le() { open_debit } else { owed };
    if part.is_zero() {
        return Ok(None);
    }
    let (debit_worth, debit_foreign) = debtor.give_up(part, open_debit)?;
    let (credit_worth, credit_foreign) = creditor.give_up(part.checked_neg()?, open_credit)?;
    let (credit_worth, credit_foreign) =
        (credit_worth.checked_neg()?, credit_foreign.map(Money::checked_neg).transpose()?);
    let exchange = debit_worth.checked_sub(credit_worth)?;
    let amount = if exchange.is_negative() { debit_worth } else { credit_worth };
    Ok(Some(Match { debit, credit, amount, debit_foreign, credit_foreign, exchange }))
}

/// Settles what is left of an item: its foreign amount at `rate` is written off, the rest of its value is an exchange
/// difference. An item in company currency is written off whole and needs no rate.
///
/// # Errors
/// [`ReconcileError::RateMissing`] when the item is foreign and no rate is given.
pub fn write_off(item: &mut OpenItem, rate: Option<Rate>, rounding: Rounding) -> Result<WriteOff, ReconcileError> {
    let company = item.amount.currency();
    let amount = match (item.foreign, rate) {
        (None, _) => item.amount,
        (Some(foreign), _) if foreign.is_zero() => Money::zero(company),
        (Some(foreign), Some(rate)) => rate.convert(foreign, company, rounding)?,
        (Some(foreign), None) => return Err(ReconcileError::RateMissing { currency: foreign.currency() }),
    };
    let written = WriteOff { amount, foreign: item.foreign, exchange: item.amount.checked_sub(amount)? };
    *item = OpenItem { amount: Money::zero(company), foreign: item.foreign.map(|f| Money::zero(f.currency())) };
    Ok(written)
}

/// What a foreign balance is worth more at `rate` than in the books: above zero its account is debited.
///
/// # Errors
/// [`ReconcileError::Money`] on overflow.
pub fn revaluation(item: OpenItem, rate: Rate, rounding: Rounding) -> Result<Money, ReconcileError> {
    let Some(foreign) = item.foreign else { return Ok(Money::zero(item.amount.currency())) };
    let worth = rate.convert(foreign, item.amount.currency(), rounding)?;
    Ok(worth.checked_sub(item.amount)?)
}
