//! The figures of the company: what the start page and the command `report` show, and whether they tie out.

mod check;
mod read;
mod text;

use codexion::prelude::*;
use finance::{Invoices, Ledger, OpenItems, TrialBalance};

pub use check::Tie;

/// Reads the figures of a tenant's company.
#[derive(Provider)]
#[provider(singleton)]
pub struct Reports {
    ledger: Arc<dyn Ledger>,
    invoices: Arc<Invoices>,
}

impl std::fmt::Debug for Reports {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Reports")
    }
}

/// Everything that is shown, as of one day: the last one on which something is in the books, or today where that is
/// not long ago.
#[derive(Debug, Clone, PartialEq)]
pub struct Report {
    /// The company's name.
    pub company: String,
    /// The last day that counts.
    pub day: Date,
    /// First day of the fiscal year of that day.
    pub year: Date,
    /// Sums of all accounts.
    pub balances: TrialBalance,
    /// Money in the bank.
    pub cash: Money,
    /// The balance of the stock account.
    pub stock_account: Money,
    /// The balance of the control account of customers.
    pub receivables: Money,
    /// The balance of the control account of suppliers, a credit below zero.
    pub payables: Money,
    /// What the stock is worth, by the name of the warehouse.
    pub warehouses: Vec<(String, Money)>,
    /// What customers owe, item by item.
    pub owed_to_us: OpenItems,
    /// What is owed to suppliers, item by item.
    pub owed_by_us: OpenItems,
    /// The last twelve months that have figures, the oldest first.
    pub months: Vec<Month>,
    /// Income since the fiscal year began.
    pub revenue: Money,
    /// Income less expense since the fiscal year began.
    pub result: Money,
    /// How many sales orders are not wholly shipped.
    pub open_orders: i64,
    /// What they come to without tax.
    pub open_orders_net: Money,
    /// What was sold most in the last twelve months.
    pub products: Vec<(String, Money)>,
    /// Who bought most in the last twelve months.
    pub customers: Vec<(String, Money)>,
}

/// A month's figures.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Month {
    /// Its first day.
    pub first: Date,
    /// Income.
    pub revenue: Money,
    /// Income less expense.
    pub result: Money,
}

/// How long what customers owe is due.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Age {
    /// In words.
    pub label: &'static str,
    /// How much.
    pub amount: Money,
}

impl Reports {
    /// The figures; `None` where there is no company. The number of questions does not depend on how much is in the
    /// books.
    ///
    /// # Errors
    /// The actor may not see them; an amount does not fit.
    pub fn read(&self, tx: &mut ReadTx) -> Result<Option<Report>> {
        read::report(self, tx)
    }
}

impl Report {
    /// What customers owe, by how long it is due.
    ///
    /// # Errors
    /// An amount does not fit.
    pub fn ages(&self) -> Result<[Age; 5]> {
        const LABELS: [&str; 5] = ["not due", "1-30 days", "31-60 days", "61-90 days", "older"];
        let zero = Money::zero(self.balances.debit.currency());
        let mut ages = LABELS.map(|label| Age { label, amount: zero });
        for item in &self.owed_to_us.items {
            let days = self.day.since(item.due.unwrap_or(item.date)).map_or(0, |span| span.get_days());
            let age = match days {
                ..=0 => 0,
                1..=30 => 1,
                31..=60 => 2,
                61..=90 => 3,
                _ => 4,
            };
            if let Some(age) = ages.get_mut(age) {
                age.amount = age.amount.checked_add(item.amount)?;
            }
        }
        Ok(ages)
    }

    /// What customers should have paid by now.
    ///
    /// # Errors
    /// An amount does not fit.
    pub fn overdue(&self) -> Result<Money> {
        let ages = self.ages()?;
        Ok(Money::sum(ages.iter().skip(1).map(|age| age.amount), self.balances.debit.currency())?)
    }

    /// What the whole stock is worth.
    ///
    /// # Errors
    /// An amount does not fit.
    pub fn stock(&self) -> Result<Money> {
        Ok(Money::sum(self.warehouses.iter().map(|(_, value)| *value), self.balances.debit.currency())?)
    }
}
