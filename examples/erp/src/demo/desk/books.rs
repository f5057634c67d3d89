//! What is posted by hand: expenses, depreciation, the loan, taxes.

use codexion::prelude::*;
use finance::domain::Line;
use finance::{NewEntry, Role};

use super::{Shift, money};
use crate::demo::plan::Expense;

/// Interest on the loan for a month, in cents.
const INTEREST: i64 = 36_000;

impl Shift<'_> {
    pub(super) fn spend(&mut self, tx: &mut Tx, date: Date, on: Expense, cents: i64) -> Result<()> {
        let (text, debits, credit) = match on {
            Expense::Wages => ("wages", vec![("6100", cents)], "1110"),
            Expense::Rent => ("rent of warehouse and shop", vec![("6200", cents)], "1110"),
            Expense::Carrier => ("parcels of the month", vec![("6300", cents)], "1110"),
            Expense::Other(what) => (what, vec![("6900", cents)], "1110"),
            Expense::Depreciation => ("depreciation of equipment", vec![("6400", cents)], "1520"),
            Expense::Loan => ("loan: repayment and interest", vec![("2510", cents), ("6900", INTEREST)], "1110"),
        };
        let total = debits.iter().map(|(_, cents)| cents).sum();
        let mut lines = Vec::with_capacity(debits.len() + 1);
        for (code, cents) in debits {
            lines.push(Line::debit(self.known.account(code)?, money(cents)));
        }
        lines.push(Line::credit(self.known.account(credit)?, money(total)));
        self.write(tx, date, text, lines)
    }

    /// What customers paid of tax, less what suppliers got of it, goes to the state.
    pub(super) fn tax_return(&mut self, tx: &mut Tx, date: Date, until: Date) -> Result<()> {
        let accounts = self.desk.ledger.accounts(tx, &[Role::SalesTax, Role::PurchaseTax])?;
        let balances = self.desk.ledger.trial_balance(tx, until)?;
        let mut lines = Vec::new();
        let mut due = Money::zero(balances.debit.currency());
        for row in balances.rows.iter().filter(|row| accounts.contains(&row.account) && !row.balance.is_zero()) {
            lines.push(Line::balance_of(row.account, row.balance.checked_neg()?)?);
            due = due.checked_add(row.balance)?;
        }
        if due.is_zero() {
            return Ok(());
        }
        lines.push(Line::balance_of(self.known.account("1110")?, due)?);
        self.write(tx, date, "value added tax of the month before", lines)
    }

    fn write(&self, tx: &mut Tx, date: Date, text: &str, lines: Vec<Line>) -> Result<()> {
        self.desk.journal.write(tx, &NewEntry { date, text: text.to_owned(), lines }).map(|_| ())
    }
}
