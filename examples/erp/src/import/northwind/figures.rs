//! What the books say once everything is imported, held to what the files say.

use std::collections::HashMap;
use std::fmt;

use codexion::core::MoneyError;
use codexion::prelude::{Decimal, Filter, Money, ReadTx, Repository, Result, Rounding, Value, Work};
use crm::{Party, Product, Progress, SalesOrder, SalesOrderLine};
use crm_inventory::Shipping;
use finance::{Company, InvoiceSide, Role};

use super::data::{NorthwindData, OrderRow};
use super::{CURRENCY, Northwind, RoundingRule, orphans};
use crate::import::ImportError;

/// Orders per question.
const BATCH: usize = 400;

/// What the books say about the imported company, at the end of its last day.
#[derive(Debug, Clone, PartialEq)]
pub struct Figures {
    /// Customers.
    pub customers: i64,
    /// Suppliers.
    pub suppliers: i64,
    /// Products.
    pub products: i64,
    /// Orders of the files.
    pub orders: usize,
    /// Their lines.
    pub lines: i64,
    /// Those that left.
    pub shipped: usize,
    /// Those that didn't.
    pub open: usize,
    /// How the invoices were rounded.
    pub rounding: RoundingRule,
    /// The account for sales: all orders, since all are invoiced.
    pub net_sales: Money,
    /// The same from the files, with every digit.
    pub net_unrounded: Decimal,
    /// The account for freight.
    pub freight: Money,
    /// What is in stock.
    pub stock: Decimal,
    /// What it is worth.
    pub stock_value: Money,
    /// What the account for stock says.
    pub stock_account: Money,
    /// Invoices that are not paid.
    pub open_items: usize,
    /// What they come to.
    pub receivables: Money,
    /// What the account for receivables says.
    pub receivable_account: Money,
    /// All debits.
    pub debit: Money,
    /// All credits.
    pub credit: Money,
    /// Records that refer to nothing, and documents without lines.
    pub orphans: i64,
}

impl Northwind {
    /// Reads the figures of the books and holds them to the files: the orders, each product's stock, sales by the
    /// rounding rule, freight; and to each other: debits and credits, stock and its account, open items and theirs.
    ///
    /// # Errors
    /// [`ImportError::Differs`] with the first figure that does not agree.
    pub fn figures(&self, work: &Work, data: &NorthwindData) -> Result<Figures> {
        let figures = work.snapshot_blocking(|tx| self.read(tx, data))?;
        figures.check(data)?;
        Ok(figures)
    }

    fn read(&self, tx: &mut ReadTx, data: &NorthwindData) -> Result<Figures> {
        let day = data.last_day().unwrap_or_else(|| tx.today());
        let company = Company::of(tx.company());
        let rounding = RoundingRule::of(Company::get(tx, company)?.tax_rounding()?).unwrap_or_default();
        let (orders, lines) = orders(tx, data)?;
        let shipped = orders.iter().filter(|order| order.shipped == Progress::Whole).count();

        let stock = self.stock.stock_value(tx, day)?;
        let known: HashMap<_, _> = stock.items.iter().map(|item| (item.item, item.quantity.amount())).collect();
        for product in Product::list(tx, &Filter::All)? {
            let found = known.get(&Shipping::item_of(product.id)).copied().unwrap_or_default();
            check_product(data, &product.sku, found)?;
        }
        let roles = [Role::Sales, Role::Freight, Role::Stock, Role::Receivable];
        let accounts = self.ledger.accounts(tx, &roles)?;
        let trial = self.ledger.trial_balance(tx, day)?;
        let balance = |role: Role| {
            let account = roles.iter().position(|one| *one == role).and_then(|at| accounts.get(at));
            let row = trial.rows.iter().find(|row| Some(&row.account) == account);
            row.map_or(Money::zero(CURRENCY), |row| row.balance)
        };
        let open = self.invoices.open_items(tx, InvoiceSide::Customer, day)?;
        Ok(Figures {
            customers: Party::count(tx, &Filter::eq("customer", true))?,
            suppliers: Party::count(tx, &Filter::eq("supplier", true))?,
            products: Product::count(tx, &Filter::All)?,
            orders: orders.len(),
            lines,
            shipped,
            open: orders.len() - shipped,
            rounding,
            net_sales: balance(Role::Sales).checked_neg()?,
            net_unrounded: data.net_unrounded(),
            freight: balance(Role::Freight).checked_neg()?,
            stock: known.values().sum(),
            stock_value: stock.total(CURRENCY)?,
            stock_account: balance(Role::Stock),
            open_items: open.items.len(),
            receivables: open.total,
            receivable_account: balance(Role::Receivable),
            debit: trial.debit,
            credit: trial.credit,
            orphans: orphans::count(tx, &self.contributions)?,
        })
    }
}

/// The orders of the files that are in the books, and how many lines they have.
fn orders(tx: &mut ReadTx, data: &NorthwindData) -> Result<(Vec<SalesOrder>, i64)> {
    let (mut orders, mut lines) = (Vec::new(), 0);
    for batch in data.orders.chunks(BATCH) {
        let values = batch.iter().map(|order| Value::from(order.number.as_str())).collect();
        let found = SalesOrder::list(tx, &Filter::In { column: "reference", values })?;
        let values = found.iter().map(|order| order.id.into()).collect();
        lines += SalesOrderLine::count(tx, &Filter::In { column: "sales_order", values })?;
        orders.extend(found);
    }
    Ok((orders, lines))
}

fn check_product(data: &NorthwindData, sku: &str, found: Decimal) -> Result<(), ImportError> {
    match data.products.iter().find(|row| row.code == sku) {
        Some(row) if row.in_stock.amount() != found => {
            let what = format!("{found} of the product `{sku}` are in stock, not {}", row.in_stock.amount());
            Err(ImportError::Differs { what })
        }
        _ => Ok(()),
    }
}

impl Figures {
    fn check(&self, data: &NorthwindData) -> Result<()> {
        let numbers = [
            ("orders", self.orders, data.orders.len()),
            ("shipped orders", self.shipped, data.shipped()),
            ("order lines", usize::try_from(self.lines).unwrap_or(0), data.lines()),
            ("orphans", usize::try_from(self.orphans).unwrap_or(usize::MAX), 0),
        ];
        for (what, found, expected) in numbers {
            if found != expected {
                return Err(ImportError::Differs { what: format!("{found} {what}, not {expected}") }.into());
            }
        }
        let amounts = [
            ("net sales", self.net_sales, net(data, self.rounding)?),
            ("freight", self.freight, data.freight()?),
            ("the stock account", self.stock_account, self.stock_value),
            ("the control account of receivables", self.receivable_account, self.receivables),
            ("the sum of debits", self.debit, self.credit),
        ];
        for (what, found, expected) in amounts {
            if found != expected {
                return Err(ImportError::Differs { what: format!("{what}: {found}, not {expected}") }.into());
            }
        }
        Ok(())
    }
}

/// What all orders come to by a rule, reckoned from the files alone.
fn net(data: &NorthwindData, rule: RoundingRule) -> Result<Money, MoneyError> {
    let round = |amounts: Vec<Decimal>, rounding| {
        let coins = amounts.into_iter().map(|amount| Money::from_decimal(amount, CURRENCY, rounding));
        Money::sum(coins.collect::<Result<Vec<_>, _>>()?, CURRENCY)
    };
    let of_lines = |order: &OrderRow| order.lines.iter().map(super::data::LineRow::net).collect::<Vec<Decimal>>();
    match rule {
        RoundingRule::HalfUp => round(data.orders.iter().flat_map(of_lines).collect(), Rounding::HalfUp),
        RoundingRule::HalfEven => round(data.orders.iter().flat_map(of_lines).collect(), Rounding::HalfEven),
        RoundingRule::PerDocument => {
            round(data.orders.iter().map(|order| of_lines(order).iter().sum()).collect(), Rounding::HalfUp)
        }
    }
}

impl fmt::Display for Figures {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut line = |what: &str, figure: &dyn fmt::Display, note: String| {
            writeln!(f, "{what:<14}{:>18}  {note}", figure.to_string()).map(|()| ())
        };
        line("customers", &self.customers, String::new())?;
        line("suppliers", &self.suppliers, String::new())?;
        line("products", &self.products, String::new())?;
        line("orders", &self.orders, format!("{} lines", self.lines))?;
        line("  shipped", &self.shipped, "invoiced, and paid when they left".to_owned())?;
        line("  open", &self.open, "invoiced, not shipped and not paid".to_owned())?;
        let rule = format!("all orders, rounded {} (unrounded {})", self.rounding.in_words(), self.net_unrounded);
        line("net sales", &self.net_sales, rule)?;
        line("freight", &self.freight, "all orders".to_owned())?;
        line("stock", &self.stock, "units; each product as in its file".to_owned())?;
        line("stock value", &self.stock_value, format!("stock account {}", self.stock_account))?;
        let control = format!("{} open items; control account {}", self.open_items, self.receivable_account);
        line("receivables", &self.receivables, control)?;
        line("debits", &self.debit, format!("credits {}", self.credit))?;
        line("orphans", &self.orphans, String::new())
    }
}
