//! What the books say once everything is imported, held to what the file says.

use std::fmt;

use codexion::prelude::{Choice, Decimal, Filter, Money, ReadTx, Repository, Result, Work};
use crm::{Party, Product, SalesOrder};
use finance::{Invoice, InvoiceKind, InvoiceLine, InvoiceSide, Role};

use super::rules::Tally;
use super::survey::Survey;
use super::{CURRENCY, OnlineRetail};
use crate::import::ImportError;

/// What the books say about the shop at the end of its last day, beside what the file says.
#[derive(Debug, Clone, PartialEq)]
pub struct RetailFigures {
    /// What the file says.
    pub file: Survey,
    /// Customers, with one for the guests of each country.
    pub customers: i64,
    /// Products and services.
    pub products: i64,
    /// Orders, all of them shipped and invoiced.
    pub orders: i64,
    /// Invoices.
    pub invoices: i64,
    /// Credit notes.
    pub credits: i64,
    /// Their lines.
    pub lines: i64,
    /// The account for sales.
    pub net_sales: Money,
    /// Invoices and credit notes that are open.
    pub open_items: usize,
    /// What they come to.
    pub receivables: Money,
    /// What the account for receivables says.
    pub receivable_account: Money,
    /// What is in stock.
    pub stock: Decimal,
    /// What it is worth.
    pub stock_value: Money,
    /// What the account for stock says.
    pub stock_account: Money,
    /// All debits.
    pub debit: Money,
    /// All credits.
    pub credit: Money,
}

impl OnlineRetail {
    /// Reads the figures of the books and holds them to the file, and to each other.
    ///
    /// # Errors
    /// [`ImportError::Differs`] with the first figure that does not agree.
    pub fn figures(&self, work: &Work, survey: &Survey) -> Result<RetailFigures> {
        let figures = work.snapshot_blocking(|tx| self.read(tx, survey))?;
        figures.check()?;
        Ok(figures)
    }

    fn read(&self, tx: &mut ReadTx, survey: &Survey) -> Result<RetailFigures> {
        let day = survey.days.map_or_else(|| tx.today(), |(_, last)| last);
        let stock = self.stock.stock_value(tx, day)?;
        let open = self.invoices.open_items(tx, InvoiceSide::Customer, day)?;
        let trial = self.ledger.trial_balance(tx, day)?;
        let roles = [Role::Sales, Role::Stock, Role::Receivable];
        let accounts = self.ledger.accounts(tx, &roles)?;
        let balance = |role: Role| {
            let account = roles.iter().position(|one| *one == role).and_then(|at| accounts.get(at));
            let row = trial.rows.iter().find(|row| Some(&row.account) == account);
            row.map_or(Money::zero(CURRENCY), |row| row.balance)
        };
        let of_kind = |kind: InvoiceKind| Filter::eq("kind", kind.as_str());
        Ok(RetailFigures {
            file: survey.clone(),
            customers: Party::count(tx, &Filter::eq("customer", true))?,
            products: Product::count(tx, &Filter::All)?,
            orders: SalesOrder::count(tx, &Filter::eq("invoiced", crm::Progress::Whole.as_str()))?,
            invoices: Invoice::count(tx, &of_kind(InvoiceKind::Invoice))?,
            credits: Invoice::count(tx, &of_kind(InvoiceKind::CreditNote))?,
            lines: InvoiceLine::count(tx, &Filter::All)?,
            net_sales: balance(Role::Sales).checked_neg()?,
            open_items: open.items.len(),
            receivables: open.total,
            receivable_account: balance(Role::Receivable),
            stock: stock.items.iter().map(|item| item.quantity.amount()).sum(),
            stock_value: stock.total(CURRENCY)?,
            stock_account: balance(Role::Stock),
            debit: trial.debit,
            credit: trial.credit,
        })
    }
}

impl RetailFigures {
    fn check(&self) -> Result<(), ImportError> {
        let whole = |number: u64| i64::try_from(number).unwrap_or(i64::MAX);
        let numbers = [
            ("orders that are invoiced", self.orders, whole(self.file.orders)),
            ("invoices", self.invoices, whole(self.file.orders)),
            ("credit notes", self.credits, whole(self.file.credits)),
            ("lines of invoices and credit notes", self.lines, whole(self.file.posted.lines)),
        ];
        for (what, found, expected) in numbers {
            if found != expected {
                return Err(ImportError::Differs { what: format!("{found} {what}, not {expected}") });
            }
        }
        let amounts = [
            ("net sales", self.net_sales.to_decimal(), self.file.posted.net),
            ("receivables", self.receivables.to_decimal(), self.file.posted.net),
            ("the account of receivables", self.receivable_account.to_decimal(), self.receivables.to_decimal()),
            ("pieces in stock", self.stock, self.file.pieces().into()),
            ("the stock account", self.stock_account.to_decimal(), self.stock_value.to_decimal()),
            ("the sum of debits", self.debit.to_decimal(), self.credit.to_decimal()),
        ];
        for (what, found, expected) in amounts {
            if found != expected {
                return Err(ImportError::Differs { what: format!("{what}: {found}, not {expected}") });
            }
        }
        Ok(())
    }
}

impl fmt::Display for RetailFigures {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut tally = |what: &str, tally: Tally, note: &str| writeln!(f, "{what:<12}{tally}  {note}");
        tally("file", self.file.total(), "all lines")?;
        tally("posted", self.file.posted, "to the penny, as the account for sales")?;
        tally("  guests", self.file.guests, "of them without a customer, to one party per country")?;
        for (rule, refused) in &self.file.refused {
            tally("refused", *refused, rule.in_words())?;
        }
        let mut line = |what: &str, figure: &dyn fmt::Display, note: String| {
            writeln!(f, "{what:<12}{:>32}  {note}", figure.to_string())
        };
        line("customers", &self.customers, String::new())?;
        line("products", &self.products, String::new())?;
        line("orders", &self.orders, "shipped and invoiced".to_owned())?;
        line("credit notes", &self.credits, "goods taken back".to_owned())?;
        line("net sales", &self.net_sales, format!("{} lines of invoices and credit notes", self.lines))?;
        let control = format!("{} open items; control account {}", self.open_items, self.receivable_account);
        line("receivables", &self.receivables, control)?;
        line("stock", &self.stock, "pieces".to_owned())?;
        line("stock value", &self.stock_value, format!("stock account {}", self.stock_account))?;
        line("debits", &self.debit, format!("credits {}", self.credit))
    }
}
