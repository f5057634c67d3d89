//! 5,000 tenants in one process: what an idle one costs, whether the cap on connections holds, how long a new one
//! takes, and what a noisy one does to its neighbour.
//!
//! `cargo run --release -p benches --bin tenants`, or below `cargo xtask postgres --` for PostgreSQL too.
#![expect(
    clippy::expect_used,
    clippy::print_stdout,
    reason = "a program for people, which stops when something is off"
)]

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use benches::{Place, Product, places, product};
use codexion::core::{Actor, Application, Cx, Error, Id, Manifest, Module, Registrar, Result, SystemClock, TenantId};
use codexion::data::{
    AllowAll, Data, DataRegistrar, Database, DatabaseOptions, Entity, Migrator, Placement, PlacementKind, Quotas,
    RegisterMigrations, Repository, TenancyOptions, Tenant, TenantMigrations, TenantStatus, create_table_sql, prepare,
};
use finance::Finance;

const TENANTS: usize = 5_000;
/// Connections to the main database, and over all databases.
const CONNECTIONS: usize = 8;
const CAP: usize = 24;
/// Threads that use databases of tenants at the same time.
const THREADS: usize = 64;
/// New tenants whose time is taken.
const NEW: usize = 20;
/// Requests of the victim, and clients of the noisy tenant.
const REQUESTS: usize = 1_500;
const NOISY: usize = 16;
/// Between two requests of the victim.
const PAUSE: Duration = Duration::from_millis(2);

struct Goods;

impl Module for Goods {
    fn manifest(&self) -> Manifest {
        Manifest::new("goods", "1.0.0")
    }

    fn register(&self, m: &mut Registrar) {
        m.migration("0001_products", create_table_sql(Product::META), "DROP TABLE bench_products");
        m.repository::<Product>();
    }
}

#[tokio::main]
async fn main() -> Result<()> {
    for place in places() {
        run(&place).await?;
    }
    Ok(())
}

struct Bench {
    db: Database,
    migrations: TenantMigrations,
    own: PlacementKind,
}

async fn run(place: &Place) -> Result<()> {
    let (own, count) = match place.kind {
        "sqlite" => (PlacementKind::Database, 1_000),
        _ => (PlacementKind::Schema, 500),
    };
    let bench = Arc::new(open(place, own)?);
    println!("\n{}: {TENANTS} tenants, {count} of them with a {} of their own", place.kind, own.as_str());
    let (made, took) = timed(|| (0..count).map(|n| bench.create(&format!("own-{n}"), own)).collect::<Result<Vec<_>>>());
    let made = made?;
    println!("  made {count} places in {:.1} s ({:.1} ms each)", took.as_secs_f64(), millis(took) / count as f64);
    let shared: Vec<TenantId> = (count..TENANTS).map(|_| TenantId::new()).collect();
    bench.list(&shared)?;
    bench.db.directory().invalidate();

    let before = resident();
    assert!(bench.db.directory().by_name_blocking("own-0")?.is_some());
    let known = resident();
    cap(&bench, &made).await?;
    bench.db.close_idle(Duration::ZERO);
    let after = resident();
    let per = |bytes: u64| bytes as f64 / TENANTS as f64 / 1e3;
    println!("  an idle tenant takes {:.2} kB in the directory,", per(known.saturating_sub(before)));
    println!(
        "  and {:.2} kB after all with places of their own were in use and closed",
        per(after.saturating_sub(before))
    );
    new_tenants(&bench)?;
    for kind in [PlacementKind::Shared, own] {
        neighbours(&bench, kind).await?;
    }
    Ok(())
}

fn open(place: &Place, own: PlacementKind) -> Result<Bench> {
    let options = DatabaseOptions { url: place.url.clone(), connections: CONNECTIONS };
    let tenancy = TenancyOptions { connections: Some(CAP), open_max: 64, ..TenancyOptions::default() };
    let db = Database::open_with(&options, tenancy, Arc::new(SystemClock))?;
    let data = Data::new(&db).guarded(Arc::new(AllowAll));
    let assembled = Application::new().base(data).module(Finance).module(Goods).assemble()?;
    prepare(assembled.container(), None, true)?;
    let migrator = Migrator::of(&db, assembled.modules(), assembled.contributions());
    Ok(Bench { migrations: TenantMigrations::new(&migrator), db, own })
}

impl Bench {
    /// A new tenant, ready for its first unit of work.
    fn create(&self, name: &str, kind: PlacementKind) -> Result<TenantId> {
        let id = TenantId::new();
        let at = self.db.placement(kind, id)?;
        let version = self.migrations.create(&at)?;
        self.insert(&[(id, name.to_owned(), at)], version)?;
        Ok(id)
    }

    /// Many tenants in the shared place, by their rows alone.
    fn list(&self, ids: &[TenantId]) -> Result<()> {
        for part in ids.chunks(500) {
            let rows: Vec<_> = part.iter().map(|id| (*id, format!("t-{id}"), Placement::Shared)).collect();
            self.insert(&rows, None)?;
        }
        Ok(())
    }

    fn insert(
        &self,
        rows: &[(TenantId, String, Placement)],
        version: Option<codexion::data::SchemaVersion>,
    ) -> Result<()> {
        let directory = self.db.directory();
        directory.work("bench").write_blocking(|tx| {
            for (id, name, placement) in rows {
                let mut tenant = Tenant::new(*id, name, placement.clone(), tx.now());
                tenant.status = TenantStatus::Active;
                tenant.schema_version = version;
                tenant.quotas = Quotas::default();
                directory.insert(tx, &tenant)?;
            }
            Ok(())
        })
    }
}

/// Many threads use the places of many tenants; the connections are counted.
async fn cap(bench: &Arc<Bench>, ids: &[TenantId]) -> Result<()> {
    let ids: Arc<[TenantId]> = ids.into();
    let begun = Instant::now();
    let clients: Vec<_> = (0..THREADS)
        .map(|client| {
            let (bench, ids) = (Arc::clone(bench), Arc::clone(&ids));
            tokio::spawn(async move {
                for id in ids.iter().skip(client).step_by(THREADS / 4) {
                    let work = Place::work(&bench.db, *id);
                    work.write(|tx| Product::insert(tx, &Product { sku: Id::<()>::new().to_string(), ..product(1) }))
                        .await?;
                    work.read(|tx| Product::count(tx, &codexion::data::Filter::All)).await?;
                }
                Ok::<_, Error>(())
            })
        })
        .collect();
    for client in clients {
        client.await.expect("a client does not panic")?;
    }
    let count = bench.db.connections();
    println!(
        "  {THREADS} clients over {} tenants in {:.1} s: at most {} of {CAP} connections open",
        ids.len(),
        begun.elapsed().as_secs_f64(),
        count.peak
    );
    assert!(count.peak <= CAP, "the cap was passed");
    Ok(())
}

fn new_tenants(bench: &Bench) -> Result<()> {
    for kind in [PlacementKind::Shared, PlacementKind::Schema, PlacementKind::Database] {
        let mut times = Vec::with_capacity(NEW);
        for n in 0..NEW {
            let begun = Instant::now();
            if bench.db.placement(kind, TenantId::new()).is_err() {
                break;
            }
            let id = bench.create(&format!("new-{}-{n}", kind.as_str()), kind)?;
            Place::work(&bench.db, id).write_blocking(|tx| Product::insert(tx, &product(1)))?;
            times.push(begun.elapsed());
        }
        if let (Some(median), Some(longest)) = (at(&mut times, 50), at(&mut times, 100)) {
            let kind = kind.as_str();
            println!(
                "  new tenant, {kind}: {:.0} ms to its first record, {:.0} ms at most, of {NEW}",
                millis(median),
                millis(longest)
            );
        }
    }
    Ok(())
}

/// How long requests of one tenant take alone, and while another one asks for all it can get.
async fn neighbours(bench: &Arc<Bench>, kind: PlacementKind) -> Result<()> {
    let name = |who: &str| format!("{who}-{}", kind.as_str());
    let (victim, noisy) = (bench.create(&name("victim"), kind)?, bench.create(&name("noisy"), kind)?);
    for id in [victim, noisy] {
        let products: Vec<Product> = (0..500).map(product).collect();
        Place::work(&bench.db, id).write_blocking(|tx| Product::insert_many(tx, &products))?;
    }
    for write in [false, true] {
        let mut alone = requests(bench, victim, write).await?;
        let (stop, done) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicU64::new(0)));
        let load: Vec<_> = (0..NOISY)
            .map(|_| {
                let (bench, stop, done) = (Arc::clone(bench), Arc::clone(&stop), Arc::clone(&done));
                tokio::spawn(async move {
                    while !stop.load(Ordering::Relaxed) {
                        request(&bench.db, noisy, write).await?;
                        done.fetch_add(1, Ordering::Relaxed);
                    }
                    Ok::<_, Error>(())
                })
            })
            .collect();
        let mut beside = requests(bench, victim, write).await?;
        stop.store(true, Ordering::Relaxed);
        for client in load {
            client.await.expect("a client does not panic")?;
        }
        let (alone, beside) = ((at(&mut alone, 50), at(&mut alone, 99)), (at(&mut beside, 50), at(&mut beside, 99)));
        let ms = |time: Option<Duration>| millis(time.unwrap_or_default());
        println!(
            "  {} {}: p50 {:.2} ms, p99 {:.2} ms alone; p50 {:.2} ms, p99 {:.2} ms beside {NOISY} clients of a noisy \
             tenant ({} done): p99 {:.2}x",
            kind.as_str(),
            if write { "writes" } else { "reads" },
            ms(alone.0),
            ms(alone.1),
            ms(beside.0),
            ms(beside.1),
            done.load(Ordering::Relaxed),
            ms(beside.1) / ms(alone.1).max(0.001),
        );
    }
    debug_assert!(bench.own != PlacementKind::Shared);
    Ok(())
}

async fn requests(bench: &Bench, tenant: TenantId, write: bool) -> Result<Vec<Duration>> {
    let mut times = Vec::with_capacity(REQUESTS);
    for _ in 0..REQUESTS {
        tokio::time::sleep(PAUSE).await;
        let begun = Instant::now();
        request(&bench.db, tenant, write).await?;
        times.push(begun.elapsed());
    }
    Ok(times)
}

/// A list of a hundred records, or one new record.
async fn request(db: &Database, tenant: TenantId, write: bool) -> Result<()> {
    let work = db.work(Cx::new(tenant, Actor::system("client")));
    if write {
        let new = Product { sku: Id::<()>::new().to_string(), ..product(1) };
        return work.write(move |tx| Product::insert(tx, &new)).await;
    }
    work.read(|tx| Product::list(tx, &codexion::data::Filter::eq("active", true)).map(drop)).await
}

fn at(times: &mut [Duration], percent: usize) -> Option<Duration> {
    times.sort_unstable();
    times.get((times.len() * percent / 100).min(times.len().saturating_sub(1))).copied()
}

fn millis(time: Duration) -> f64 {
    time.as_secs_f64() * 1e3
}

fn timed<R>(f: impl FnOnce() -> R) -> (R, Duration) {
    let begun = Instant::now();
    let result = f();
    (result, begun.elapsed())
}

/// Resident memory of this process in bytes.
fn resident() -> u64 {
    let pages = std::fs::read_to_string("/proc/self/statm").unwrap_or_default();
    let pages = pages.split(' ').nth(1).and_then(|pages| pages.parse::<u64>().ok());
    pages.unwrap_or_default() * 4_096
}
