//! The books on both databases, through the services.

mod calendar;
mod companies;
mod entries;
mod imports;
mod invoices;
mod payments;
mod setup;
mod stress;
mod totals;

use std::sync::Arc;

use codexion::core::{CompanyId, Currency, Date, Decimal, Id, Money, Price, Quantity, Result, Unit};
use codexion::data::{Tx, Work};
use cortex_testing::TestApp;
use finance::domain::{self, Line};
use finance::{
    AccountId, Books, Finance, Invoices, Journal, Ledger, NewCompany, NewInvoice, NewInvoiceLine, Origin, Posted, Role,
    Setup, TrialBalance,
};

/// A company in dollars with the years 2024 to 2026, and the services that keep its books.
pub(super) struct Company<'a> {
    pub app: &'a TestApp,
    pub work: Work,
    pub ledger: Arc<dyn Ledger>,
    pub journal: Arc<Journal>,
    pub invoices: Arc<Invoices>,
}

/// Runs `test` on every database at hand, with a company of its own.
pub(super) fn each(test: impl Fn(&Company<'_>)) {
    each_without_books(|app| test(&Company::set_up(app, |_| {})));
}

pub(super) fn each_without_books(test: impl Fn(&TestApp)) {
    TestApp::each(|app| app.module(Finance), test);
}

impl<'a> Company<'a> {
    pub(super) fn set_up(app: &'a TestApp, change: impl Fn(&mut NewCompany)) -> Self {
        let mut new = NewCompany::new("Demo", Currency::USD, 2024, 3).unwrap();
        change(&mut new);
        Self::set_up_in(app, CompanyId::MAIN, &new)
    }

    /// The books of one company of the tenant.
    pub(super) fn set_up_in(app: &'a TestApp, company: CompanyId, new: &NewCompany) -> Self {
        let work = app.work_as("ann", &["bookkeeper"]);
        let work = app.database().work(work.cx().clone().with_company(company));
        let setup = app.get::<Setup>();
        work.write_blocking(|tx| setup.company(tx, new)).unwrap();
        Self { app, work, ledger: app.get::<dyn Ledger>(), journal: app.get(), invoices: app.get() }
    }

    pub(super) fn write<R>(&self, f: impl Fn(&mut Tx) -> Result<R>) -> R {
        self.work.write_blocking(f).unwrap_or_else(|e| panic!("{}: {e:?}", self.app.kind()))
    }

    /// The code of the error that `f` ends in.
    pub(super) fn refused<R>(&self, f: impl Fn(&mut Tx) -> Result<R>) -> &'static str {
        match self.work.write_blocking(f) {
            Ok(_) => panic!("{}: it was not refused", self.app.kind()),
            Err(error) => error.code(),
        }
    }

    pub(super) fn account(&self, role: Role) -> AccountId {
        self.work.read_blocking(|tx| self.ledger.account(tx, role)).unwrap()
    }

    pub(super) fn code(&self, code: &str) -> AccountId {
        self.work.read_blocking(|tx| self.ledger.account_by_code(tx, code)).unwrap()
    }

    /// Posts an entry of two lines.
    pub(super) fn post(&self, day: &str, debit: &str, credit: &str, amount: &str) -> Posted {
        let entry = self.entry(day, debit, credit, amount);
        // Whoever posts through the ledger has authorised an act of its own.
        let work = self.app.work();
        work.write_blocking(|tx| self.ledger.post(tx, &entry, &Origin::manual())).unwrap()
    }

    pub(super) fn entry(&self, day: &str, debit: &str, credit: &str, amount: &str) -> domain::Entry {
        let lines = self.lines(debit, credit, amount);
        domain::Entry::new(date(day), Currency::USD, "test", lines).unwrap()
    }

    pub(super) fn lines(&self, debit: &str, credit: &str, amount: &str) -> Vec<Line> {
        vec![Line::debit(self.code(debit), usd(amount)), Line::credit(self.code(credit), usd(amount))]
    }

    pub(super) fn trial_balance(&self, day: &str) -> TrialBalance {
        let tb = self.work.read_blocking(|tx| self.journal.trial_balance(tx, date(day))).unwrap();
        assert!(tb.is_balanced(), "{}: {tb:?}", self.app.kind());
        tb
    }

    /// The balance of the account with a code at the end of 2026.
    pub(super) fn balance(&self, code: &str) -> String {
        self.trial_balance("2026-12-31").balance(code).to_decimal().to_string()
    }

    /// Debits and credits of an account, line by line, in the order of posting.
    pub(super) fn statement(&self, code: &str) -> Vec<(i64, i64)> {
        let account = self.code(code);
        let lines = self.work.read_blocking(|tx| {
            use codexion::data::{Filter, Repository};
            finance::EntryLine::list(tx, &Filter::eq("account", account))
        });
        lines.unwrap().into_iter().map(|line| (line.debit, line.credit)).collect()
    }
}

pub(super) fn date(text: &str) -> Date {
    text.parse().unwrap()
}

pub(super) fn decimal(text: &str) -> Decimal {
    text.parse().unwrap()
}

pub(super) fn usd(text: &str) -> Money {
    Money::exact(decimal(text), Currency::USD).unwrap()
}

pub(super) fn eur(text: &str) -> Money {
    Money::exact(decimal(text), Currency::EUR).unwrap()
}

/// A line of so many pieces at so much.
pub(super) fn item(quantity: &str, price: &str, currency: Currency) -> NewInvoiceLine {
    let quantity = Quantity::new(decimal(quantity), Unit::PIECE).unwrap();
    NewInvoiceLine::new("goods", quantity, Price::new(decimal(price), currency).unwrap())
}

/// An invoice in dollars to a customer of its own.
pub(super) fn invoice(day: &str, lines: Vec<NewInvoiceLine>) -> NewInvoice {
    let mut new = NewInvoice::customer(Id::new(), date(day), Currency::USD);
    new.lines = lines;
    new
}

#[test]
fn the_ledger_needs_no_container() {
    assert_eq!(format!("{:?}", Invoices::new(Arc::new(Books))), "Invoices");
}
