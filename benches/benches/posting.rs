//! Posting an entry of ten lines, against a hand-written loop of the same statements on a bare connection.
#![expect(clippy::expect_used, reason = "a benchmark that can't be set up stops, and says why")]

use std::sync::Arc;

use benches::{BarePosting, Place, Ratio, places, print_ratios};
use codexion::core::{Currency, Date, Money, SystemClock, TenantId};
use codexion::data::{Filter, Repository};
use criterion::Criterion;
use diesel::connection::SimpleConnection;
use diesel::{Connection, PgConnection, SqliteConnection};
use finance::domain::{Entry, Line};
use finance::{Account, Finance, Ledger, NewCompany, Origin, Period, Series, Setup};

const LINES: usize = 10;

fn measure(criterion: &mut Criterion, place: &Place, ratios: &mut Vec<Ratio>) {
    let (assembled, db) = place.application(|app| app.module(Finance));
    let container = assembled.container();
    let (ledger, setup) =
        (container.get::<dyn Ledger>().expect("a ledger"), container.get::<Setup>().expect("a setup"));
    let tenant = TenantId::new();
    let work = Place::work(&db, tenant);
    let day: Date = "2026-01-15".parse().expect("a day");
    let new = NewCompany::new("Bench", Currency::EUR, 2026, 1).expect("a company");
    work.write_blocking(|tx| setup.company(tx, &new)).expect("a company");
    let mut accounts: Vec<Account> =
        work.read_blocking(|tx| Account::list(tx, &Filter::eq("heading", false))).expect("accounts");
    accounts.retain(|account| !account.reconcilable);
    accounts.truncate(LINES);
    let amount = Money::from_minor(100, Currency::EUR);
    let lines = accounts.iter().enumerate().map(|(place, account)| {
        if place % 2 == 0 { Line::debit(account.id, amount) } else { Line::credit(account.id, amount) }
    });
    let entry = Arc::new(Entry::new(day, Currency::EUR, "bench", lines.collect()).expect("an entry"));
    let (period, series) = work
        .read_blocking(|tx| {
            let periods = Period::list(tx, &Filter::eq("number", 1))?;
            Ok((
                periods.first().map(|p| p.id),
                Series::list(tx, &Filter::eq("code", Series::JOURNAL))?.first().map(|s| s.id),
            ))
        })
        .expect("a period and a series");
    let ids = accounts.iter().map(|account| account.id.uuid()).collect();
    let (period, series) = (period.expect("a period").uuid(), series.expect("a series").uuid());
    let bare = BarePosting::new(tenant, ids, period, series, day, place.kind == "postgres");

    let name = format!("posting_{}", place.kind);
    let mut group = criterion.benchmark_group(&name);
    group.sample_size(30);
    group.bench_function("ours", |b| {
        b.iter(|| work.write_blocking(|tx| ledger.post(tx, &entry, &Origin::manual())).expect("a posting"));
    });
    let clock: &dyn codexion::core::Clock = &SystemClock;
    if place.kind == "sqlite" {
        let path = place.url.strip_prefix("sqlite:").unwrap_or(&place.url);
        let mut conn = SqliteConnection::establish(path).expect("a connection");
        conn.batch_execute("PRAGMA busy_timeout = 10000; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;")
            .expect("set up");
        group.bench_function("floor", |b| b.iter(|| bare.post(&mut conn, clock.now()).expect("a posting")));
    } else {
        let mut conn = PgConnection::establish(&place.url).expect("a connection");
        group.bench_function("floor", |b| b.iter(|| bare.post(&mut conn, clock.now()).expect("a posting")));
    }
    group.finish();
    let what = format!("post an entry of {LINES} lines, {}", place.kind);
    ratios.push(Ratio {
        what,
        ours: format!("{name}/ours"),
        floor: format!("{name}/floor"),
        goal: ">= 0.8x throughput",
    });
}

fn main() {
    let mut criterion = Criterion::default().configure_from_args();
    let mut ratios = Vec::new();
    for place in places() {
        measure(&mut criterion, &place, &mut ratios);
    }
    criterion.final_summary();
    print_ratios(&ratios);
}
