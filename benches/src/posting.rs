//! A company whose books both sides post to.
#![expect(missing_debug_implementations, reason = "connections and services have none")]
#![expect(clippy::missing_panics_doc, reason = "a benchmark that can't be set up stops, and says why")]

use std::sync::Arc;

use codexion::core::{Clock, Currency, Date, Error, Money, SystemClock, TenantId};
use codexion::data::{Filter, Repository, Work};
use diesel::connection::SimpleConnection;
use diesel::{Connection, PgConnection, SqliteConnection};
use finance::domain::{Entry, Line};
use finance::{Account, Finance, Ledger, NewCompany, Origin, Period, Series, Setup};

use crate::bare::BarePosting;
use crate::place::Place;

/// Lines of an entry.
pub const LINES: usize = 10;

/// A company, and an entry of ten lines to post.
pub struct Company {
    work: Work,
    ledger: Arc<dyn Ledger>,
    entry: Entry,
}

/// The floor's connection.
enum Connected {
    Sqlite(SqliteConnection),
    Postgres(PgConnection),
}

/// The statements of a posting alone, on a connection of their own.
pub struct ByHand {
    bare: BarePosting,
    conn: Connected,
}

impl Company {
    /// A company in a fresh database, and the floor beside it.
    ///
    /// # Errors
    /// It can't be set up.
    pub fn both(place: &Place) -> Result<(Self, ByHand), Error> {
        let (assembled, db) = place.application(|app| app.module(Finance));
        let (ledger, setup) = (assembled.container().get::<dyn Ledger>()?, assembled.container().get::<Setup>()?);
        let tenant = TenantId::new();
        let work = Place::work(&db, tenant);
        let new = NewCompany::new("Bench", Currency::EUR, 2026, 1)?;
        work.write_blocking(|tx| setup.company(tx, &new))?;
        let mut accounts: Vec<Account> = work.read_blocking(|tx| Account::list(tx, &Filter::eq("heading", false)))?;
        accounts.retain(|account| !account.reconcilable);
        accounts.truncate(LINES);
        let amount = Money::from_minor(100, Currency::EUR);
        let lines = accounts.iter().enumerate().map(|(place, account)| {
            if place % 2 == 0 { Line::debit(account.id, amount) } else { Line::credit(account.id, amount) }
        });
        let day: Date = "2026-01-15".parse().unwrap_or_else(|e| panic!("{e}"));
        let entry = Entry::new(day, Currency::EUR, "bench", lines.collect())?;
        let (period, series) = work
            .read_blocking(|tx| {
                let periods = Period::list(tx, &Filter::eq("number", 1))?;
                let series = Series::list(tx, &Filter::eq("code", Series::JOURNAL))?;
                Ok(periods.first().map(|p| p.id.uuid()).zip(series.first().map(|s| s.id.uuid())))
            })?
            .unwrap_or_else(|| panic!("a new company has periods and a series"));
        let ids = accounts.iter().map(|account| account.id.uuid()).collect();
        let bare = BarePosting::new(tenant, ids, period, series, day, place.kind == "postgres");
        Ok((Self { work, ledger, entry }, ByHand { bare, conn: Connected::open(place) }))
    }

    /// Posts the entry.
    pub fn post(&self) {
        let posted = self.work.write_blocking(|tx| self.ledger.post(tx, &self.entry, &Origin::manual()));
        posted.unwrap_or_else(|e| panic!("{e:?}"));
    }
}

impl Connected {
    fn open(place: &Place) -> Self {
        let opened = match place.url.strip_prefix("sqlite:") {
            Some(path) => SqliteConnection::establish(path).map(|mut conn| {
                let set = "PRAGMA busy_timeout = 10000; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;";
                conn.batch_execute(set).unwrap_or_else(|e| panic!("{e}"));
                Self::Sqlite(conn)
            }),
            None => PgConnection::establish(&place.url).map(Self::Postgres),
        };
        opened.unwrap_or_else(|e| panic!("{e}"))
    }
}

impl ByHand {
    /// Posts an entry like it.
    pub fn post(&mut self) {
        let now = SystemClock.now();
        let posted = match &mut self.conn {
            Connected::Sqlite(conn) => self.bare.post(conn, now),
            Connected::Postgres(conn) => self.bare.post(conn, now),
        };
        posted.unwrap_or_else(|e| panic!("{e}"));
    }
}
