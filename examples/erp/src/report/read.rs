//! Reading the figures: a fixed number of statements.

use codexion::prelude::*;
use finance::{AccountKind, Company, FiscalYear, InvoiceSide, Role, TrialBalance};

use super::{Month, Report, Reports};
use crate::store::figures::{self, MonthSum, Portion};

/// Rows of the lists of products and customers.
const TOP: i64 = 8;
/// When nothing was posted for so many days, figures are those of the last posting.
const IDLE_DAYS: i64 = 31;

pub(super) fn report(reports: &Reports, tx: &mut ReadTx) -> Result<Option<Report>> {
    let id = Company::of(tx.company());
    let Some(company) = Company::find(tx, id)? else { return Ok(None) };
    let day = day(tx)?;
    let currency = company.currency;
    let year = FiscalYear::list(tx, &Filter::All)?.into_iter().find(|year| year.first <= day && day <= year.last);
    let year = year.map_or(day.first_of_year(), |year| year.first);
    let since = day.first_of_month().saturating_sub(11.months());

    let balances = reports.ledger.trial_balance(tx, day)?;
    let roles = [Role::Bank, Role::Stock, Role::Receivable, Role::Payable];
    let accounts = reports.ledger.accounts(tx, &roles)?;
    let mut of = accounts.iter().map(|account| balance(&balances, *account));
    let mut next = || of.next().unwrap_or(Money::zero(currency));
    let (cash, stock_account, receivables, payables) = (next(), next(), next(), next());

    let sums = figures::months(tx, since.min(year), day)?;
    let months = months(&sums, currency)?;
    let this_year = || months.iter().filter(|month| month.first >= year);
    let open = figures::open_orders(tx, currency)?;
    Ok(Some(Report {
        company: company.name,
        day,
        year,
        cash,
        stock_account,
        receivables,
        payables,
        warehouses: warehouses(&figures::portions(tx, currency)?, currency)?,
        owed_to_us: reports.invoices.open_items(tx, InvoiceSide::Customer, day)?,
        owed_by_us: reports.invoices.open_items(tx, InvoiceSide::Supplier, day)?,
        revenue: Money::sum(this_year().map(|month| month.revenue), currency)?,
        result: Money::sum(this_year().map(|month| month.result), currency)?,
        months: months.iter().filter(|month| month.first >= since).copied().collect(),
        open_orders: open.count,
        open_orders_net: Money::from_minor(open.amount, currency),
        products: named(figures::top_products(tx, currency, since, TOP)?, currency),
        customers: named(figures::top_customers(tx, currency, since, TOP)?, currency),
        balances,
    }))
}

/// The day of the figures: everything that is posted counts.
fn day(tx: &mut ReadTx) -> Result<Date> {
    let today = tx.today();
    Ok(match figures::last_entry(tx)? {
        Some(last) if last < today.saturating_sub(IDLE_DAYS.days()) => last,
        Some(last) => last.max(today),
        None => today,
    })
}

fn balance(balances: &TrialBalance, account: finance::AccountId) -> Money {
    let row = balances.rows.iter().find(|row| row.account == account);
    row.map_or(Money::zero(balances.debit.currency()), |row| row.balance)
}

fn months(sums: &[MonthSum], currency: Currency) -> Result<Vec<Month>> {
    let mut months: Vec<Month> = Vec::new();
    for sum in sums {
        if months.last().is_none_or(|month| month.first != sum.first) {
            let zero = Money::zero(currency);
            months.push(Month { first: sum.first, revenue: zero, result: zero });
        }
        let Some(month) = months.last_mut() else { continue };
        // Income is a credit: below zero in the books, above zero for people.
        let amount = Money::from_minor(sum.balance, currency);
        month.result = month.result.checked_sub(amount)?;
        if sum.kind == AccountKind::Income {
            month.revenue = month.revenue.checked_sub(amount)?;
        }
    }
    Ok(months)
}

/// The value of each item goes to the warehouses in proportion to what is there of it, to the cent.
fn warehouses(portions: &[Portion], currency: Currency) -> Result<Vec<(String, Money)>> {
    let mut values: Vec<(String, Money)> = Vec::new();
    let mut add = |name: &str, value: Money| -> Result<()> {
        match values.iter_mut().find(|(of, _)| of == name) {
            Some((_, sum)) => *sum = sum.checked_add(value)?,
            None => values.push((name.to_owned(), value)),
        }
        Ok(())
    };
    for item in portions.chunk_by(|a, b| a.item == b.item) {
        let Some(first) = item.first() else { continue };
        let value = Money::from_minor(first.value, currency);
        let there: Vec<_> = item.iter().filter(|portion| portion.on_hand.is_some_and(|n| n > Decimal::ZERO)).collect();
        let weights: Vec<Decimal> = there.iter().filter_map(|portion| portion.on_hand).collect();
        if weights.is_empty() {
            if !value.is_zero() {
                add("in no warehouse", value)?;
            }
            continue;
        }
        for (portion, value) in there.iter().zip(value.split(&weights)?) {
            let name = match (&portion.warehouse, &portion.name) {
                (Some(_), Some(name)) => name.as_str(),
                _ => "in no warehouse",
            };
            add(name, value)?;
        }
    }
    values.sort_by(|(a, _), (b, _)| a.cmp(b));
    Ok(values)
}

fn named(rows: Vec<figures::Named>, currency: Currency) -> Vec<(String, Money)> {
    rows.into_iter().map(|row| (row.name, Money::from_minor(row.amount, currency))).collect()
}
