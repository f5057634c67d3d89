//! The figures as lines of text.

use std::fmt;

use codexion::prelude::Money;

use super::Report;

/// Characters of a name.
const NAME: usize = 44;
/// Characters of an amount.
const AMOUNT: usize = 18;

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{} on {}\n", self.company, self.day)?;
        self.trial_balance(f)?;
        writeln!(f, "\nstock")?;
        for (name, value) in &self.warehouses {
            row(f, name, *value)?;
        }
        writeln!(f, "\nopen")?;
        row(f, &items("customers", self.owed_to_us.items.len()), self.owed_to_us.total)?;
        for age in self.ages().map_err(|_| fmt::Error)? {
            row(f, &format!("  {}", age.label), age.amount)?;
        }
        row(f, &items("suppliers", self.owed_by_us.items.len()), self.owed_by_us.total)?;
        row(f, &format!("sales orders to ship ({})", self.open_orders), self.open_orders_net)?;
        writeln!(f, "\nsince {}", self.year)?;
        row(f, "revenue", self.revenue)?;
        row(f, "result", self.result)?;
        writeln!(f)?;
        for tie in self.ties().map_err(|_| fmt::Error)? {
            let sign = if tie.holds() { "ok  " } else { "FAIL" };
            writeln!(f, "  {sign} {:<width$}{:>AMOUNT$}", tie.what, tie.one.to_string(), width = NAME + 13)?;
        }
        Ok(())
    }
}

impl Report {
    fn trial_balance(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "  {:<8}{:<36}{:>16}{:>16}{:>16}", "account", "", "debit", "credit", "balance")?;
        let plain = |money: Money| bare(money);
        for row in &self.balances.rows {
            let [debit, credit, balance] = [row.debit, row.credit, row.balance].map(plain);
            writeln!(f, "  {:<8}{:<36}{debit:>16}{credit:>16}{balance:>16}", row.code, row.name)?;
        }
        let [debit, credit] = [self.balances.debit, self.balances.credit].map(plain);
        writeln!(f, "  {:<44}{debit:>16}{credit:>16}", "")
    }
}

fn row(f: &mut fmt::Formatter<'_>, name: &str, amount: Money) -> fmt::Result {
    writeln!(f, "  {name:<NAME$}{:>AMOUNT$}", amount.to_string())
}

fn items(whose: &str, count: usize) -> String {
    format!("{whose} ({count} items)")
}

/// An amount without its currency.
fn bare(money: Money) -> String {
    let text = money.to_string();
    text.rsplit_once(' ').map_or(text.as_str(), |(amount, _)| amount).to_owned()
}
