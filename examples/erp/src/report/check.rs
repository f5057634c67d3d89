//! Do the figures tie out? Each is kept in two places, and both must say the same.

use codexion::prelude::*;
use finance::AccountKind;

use super::Report;

/// One figure from two sides.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tie {
    /// What is compared.
    pub what: &'static str,
    /// One side.
    pub one: Money,
    /// The other side.
    pub other: Money,
}

impl Tie {
    /// Whether both sides are the same.
    #[must_use]
    pub fn holds(&self) -> bool {
        self.one == self.other
    }
}

impl Report {
    /// Every comparison.
    ///
    /// # Errors
    /// An amount does not fit.
    pub fn ties(&self) -> Result<[Tie; 5]> {
        let total = |kind| self.balances.total(kind);
        let result = total(AccountKind::Income)?.checked_add(total(AccountKind::Expense)?)?;
        let owned = total(AccountKind::Liability)?.checked_add(total(AccountKind::Equity)?)?.checked_add(result)?;
        Ok([
            Tie { what: "debits = credits", one: self.balances.debit, other: self.balances.credit },
            Tie {
                what: "assets = liabilities + equity + result",
                one: total(AccountKind::Asset)?,
                other: owned.checked_neg()?,
            },
            Tie { what: "stock account = value of the stock", one: self.stock_account, other: self.stock()? },
            Tie {
                what: "receivables account = open items of customers",
                one: self.receivables,
                other: self.owed_to_us.total,
            },
            Tie {
                what: "payables account = open items of suppliers",
                one: self.payables.checked_neg()?,
                other: self.owed_by_us.total.checked_neg()?,
            },
        ])
    }

    /// Refuses figures that don't tie out.
    ///
    /// # Errors
    /// [`Kind::Internal`] with every comparison that does not hold.
    pub fn check(&self) -> Result<()> {
        let ties = self.ties()?;
        let wrong: Vec<String> = ties
            .iter()
            .filter(|tie| !tie.holds())
            .map(|tie| format!("{}: {} and {}", tie.what, tie.one, tie.other))
            .collect();
        if wrong.is_empty() {
            return Ok(());
        }
        Err(Error::internal("company.mismatch", format!("the books don't tie out: {}", wrong.join("; ")))
            .with_help("this is a fault of a module: no use of its verbs should bring this about"))
    }
}
