//! 64 clients post 200 entries each to one series at once: no error, no gap, no duplicate, and how long each waited.
//!
//! `cargo run --release -p benches --bin stress`, or below `cargo xtask postgres --` for PostgreSQL too.
#![expect(
    clippy::expect_used,
    clippy::print_stdout,
    reason = "a program for people, which stops when something is off"
)]

use std::sync::Arc;
use std::time::{Duration, Instant};

use benches::{Place, places};
use codexion::core::{Actor, Currency, Cx, Date, Money, Result, TenantId};
use codexion::data::{Database, Filter, Op, Repository, Value, Work};
use finance::domain::{Entry as Balanced, Line};
use finance::{Entry, Finance, Ledger, NewCompany, Origin, Series, Setup};

const CLIENTS: usize = 64;
const EACH: usize = 200;
/// Longest wait of a client that is still fine.
const WAIT_MAX: Duration = Duration::from_secs(30);
/// Lines of an entry.
const LINES: i64 = 10;

#[tokio::main]
async fn main() -> Result<()> {
    for place in places() {
        run(&place).await?;
    }
    Ok(())
}

async fn run(place: &Place) -> Result<()> {
    let (assembled, db) = place.application(|app| app.module(Finance));
    let (ledger, setup) = (assembled.container().get::<dyn Ledger>()?, assembled.container().get::<Setup>()?);
    let tenant = TenantId::new();
    let work = Place::work(&db, tenant);
    let new = NewCompany::new("Stress", Currency::EUR, 2026, 1)?;
    work.write(move |tx| setup.company(tx, &new)).await?;
    let entry = Arc::new(entry(&work)?);

    let begun = Instant::now();
    let clients = (0..CLIENTS).map(|_| {
        let (db, ledger, entry) = (db.clone(), Arc::clone(&ledger), Arc::clone(&entry));
        tokio::spawn(client(db, tenant, ledger, entry))
    });
    let mut waits = Vec::with_capacity(CLIENTS * EACH);
    for client in clients.collect::<Vec<_>>() {
        waits.extend(client.await.expect("a client does not panic")?);
    }
    let took = begun.elapsed();

    waits.sort_unstable();
    let at = |percent: usize| waits.get(waits.len() * percent / 100).copied().unwrap_or_default();
    let longest = waits.last().copied().unwrap_or_default();
    let numbers = numbers(&work).await?;
    let expected: Vec<i64> = (1..).take(CLIENTS * EACH).collect();
    assert!(numbers == expected, "{}: the numbers have a gap or a duplicate", place.kind);
    assert!(longest < WAIT_MAX, "{}: a client waited {longest:?}", place.kind);
    println!(
        "{:<9} {} entries of {LINES} lines by {CLIENTS} clients in {:.1} s ({:.0}/s): p50 {:.0} ms, p99 {:.0} ms, \
         longest {:.0} ms; numbers 1 to {} without a gap",
        place.kind,
        waits.len(),
        took.as_secs_f64(),
        waits.len() as f64 / took.as_secs_f64(),
        at(50).as_secs_f64() * 1e3,
        at(99).as_secs_f64() * 1e3,
        longest.as_secs_f64() * 1e3,
        numbers.len(),
    );
    Ok(())
}

async fn client(
    db: Database,
    tenant: TenantId,
    ledger: Arc<dyn Ledger>,
    entry: Arc<Balanced>,
) -> Result<Vec<Duration>> {
    let work = db.work(Cx::new(tenant, Actor::system("client")));
    let mut waits = Vec::with_capacity(EACH);
    for _ in 0..EACH {
        let (ledger, entry) = (Arc::clone(&ledger), Arc::clone(&entry));
        let begun = Instant::now();
        work.write(move |tx| ledger.post(tx, &entry, &Origin::manual())).await?;
        waits.push(begun.elapsed());
    }
    Ok(waits)
}

/// Five debits and five credits on ten accounts.
fn entry(work: &Work) -> Result<Balanced> {
    let accounts = work.read_blocking(|tx| {
        let all = finance::Account::list(tx, &Filter::eq("heading", false))?;
        let own = all.into_iter().filter(|account| !account.reconcilable).take(10).map(|account| account.id);
        Ok(own.collect::<Vec<_>>())
    })?;
    let amount = Money::from_minor(1_00, Currency::EUR);
    let lines = accounts.iter().enumerate().map(|(place, account)| {
        if place % 2 == 0 { Line::debit(*account, amount) } else { Line::credit(*account, amount) }
    });
    let day: Date =
        "2026-01-15".parse().map_err(|e| codexion::core::Error::internal("stress", "a day").with_source(e))?;
    Ok(Balanced::new(day, Currency::EUR, "stress", lines.collect())?)
}

async fn numbers(work: &Work) -> Result<Vec<i64>> {
    work.read(|tx| {
        let series = Series::list(tx, &Filter::eq("code", Series::JOURNAL))?;
        let Some(series) = series.first() else { return Ok(Vec::new()) };
        let mut numbers = Vec::new();
        let posted = Filter::Compare { column: "series", op: Op::Eq, value: Value::from(series.id) };
        Entry::stream(tx, &posted, |entry| {
            numbers.extend(entry.sequence);
            Ok(())
        })?;
        numbers.sort_unstable();
        Ok(numbers)
    })
    .await
}
