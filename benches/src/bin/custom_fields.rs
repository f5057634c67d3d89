//! What a filter on an indexed custom field costs beside one on an ordinary indexed column, among a million records of
//! an entity with a thousand custom fields, and how long adding one more takes.
//!
//! `cargo run --release -p benches --bin custom_fields`, or below `cargo xtask postgres --` for PostgreSQL too.
#![expect(clippy::print_stdout, reason = "a program for people")]

use std::sync::Arc;
use std::time::{Duration, Instant};

use benches::{CONNECTIONS, Place, places};
use codexion::core::{Actor, Application, Assembled, Cx, Manifest, Module, SystemClock};
use codexion::data::{
    AllowAll, Backend, CustomKind, Data, Database, DatabaseOptions, Entity, FieldCatalogue, IndexState, PageQuery,
    PageRequest, Relay, TenancyOptions, create_table_sql, prepare,
};
use codexion::prelude::*;
use diesel::connection::SimpleConnection;

/// Records of the tenant.
const RECORDS: u32 = 1_000_000;
/// Records that share a value.
const ALIKE: u32 = 10;
/// Custom fields of the entity.
const FIELDS: usize = 1_000;
/// Times that each question is asked, and that a field is added.
const ROUNDS: u32 = 1_000;
const ADDED: usize = 50;

/// A part with an ordinary column and custom fields that say the same.
#[derive(Debug, Clone, PartialEq, Repository)]
#[repository(table = "bench_parts", tenant)]
struct Part {
    id: Id<Part>,
    size: i64,
    #[field(max_len = 20)]
    tag: String,
    extra: Extra,
}

struct Parts;

impl Module for Parts {
    fn manifest(&self) -> Manifest {
        Manifest::new("parts", "1.0.0")
    }

    fn register(&self, m: &mut Registrar) {
        m.migration("0001_parts", create_table_sql(Part::META), "DROP TABLE bench_parts");
        m.repository::<Part>();
    }
}

fn main() -> Result<()> {
    for place in places() {
        match place.kind {
            "sqlite" => Bench::open(&place.url, false)?.run(TenantId::new())?,
            _ => postgres(&place)?,
        }
    }
    Ok(())
}

/// As a role that row-level security binds: without it, behind it, and behind it without the word of a superuser.
fn postgres(place: &Place) -> Result<()> {
    let admin = Bench::connect(&place.url, false)?;
    let (base, name) = place.url.rsplit_once('/').unwrap_or_default();
    let role = format!("role_{name}");
    let (scheme, rest) = base.split_once("://").unwrap_or_default();
    let host = rest.split_once('@').map_or(rest, |(_, host)| host);
    batch(
        &admin,
        &format!(
            "CREATE ROLE {role} LOGIN; ALTER DATABASE {name} OWNER TO {role}; ALTER SCHEMA public OWNER TO {role};"
        ),
    )?;
    let (url, tenant) = (format!("{scheme}://{role}@{host}/{name}"), TenantId::new());
    Bench::open(&url, false)?.run(tenant)?;
    leakproof(&admin, true)?;
    println!("  behind row-level security:");
    Bench::open(&url, true)?.ask(tenant)?;
    leakproof(&admin, false)?;
    println!("  behind row-level security, functions not declared leakproof:");
    Bench { rounds: 5, ..Bench::open(&url, true)? }.ask(tenant)
}

fn leakproof(admin: &Database, yes: bool) -> Result<()> {
    let word = if yes { "LEAKPROOF" } else { "NOT LEAKPROOF" };
    let alter = |function: &str| format!("ALTER FUNCTION cortex_{function}(jsonb, text[]) {word};");
    batch(admin, &["number", "text", "flag"].map(alter).concat())
}

fn batch(db: &Database, sql: &str) -> Result<()> {
    let work = db.work(Cx::new(TenantId::new(), Actor::system("bench")));
    let run = |tx: &mut ReadTx| {
        let done = tx.unscoped("set the scene").batch_execute(sql);
        done.map_err(|error| Error::refused("bench", error.to_string()))
    };
    match db.backend() {
        Backend::Sqlite => work.write_blocking(|tx| run(tx)),
        // Reading has no transaction, in which there would be no `VACUUM`.
        Backend::Postgres => work.read_blocking(run),
    }
}

struct Bench {
    db: Database,
    /// Jobs inject from it.
    _application: Assembled,
    rounds: u32,
}

impl Bench {
    fn connect(url: &str, row_security: bool) -> Result<Database> {
        let options = DatabaseOptions { url: url.to_owned(), connections: CONNECTIONS };
        let tenancy = TenancyOptions { row_security, ..TenancyOptions::default() };
        Database::open_with(&options, tenancy, Arc::new(SystemClock))
    }

    fn open(url: &str, row_security: bool) -> Result<Self> {
        let db = Self::connect(url, row_security)?;
        let data = Data::new(&db).guarded(Arc::new(AllowAll));
        let assembled = Application::new().base(data).module(Parts).assemble()?;
        prepare(assembled.container(), None, true)?;
        Ok(Self { db, _application: assembled, rounds: ROUNDS })
    }

    fn work(&self, tenant: TenantId) -> Work {
        self.db.work(Cx::new(tenant, Actor::system("bench")))
    }

    fn run(&self, tenant: TenantId) -> Result<()> {
        let begun = Instant::now();
        batch(&self.db, &fill(self.db.backend(), tenant))?;
        println!("\n{:?}: {RECORDS} records in {:.1} s", self.db.backend(), begun.elapsed().as_secs_f64());
        self.define(tenant)?;
        let begun = Instant::now();
        let done = Relay::new(self.db.clone()).drain()?;
        if done.delivered != 2 {
            return Err(Error::refused("bench", format!("two indexes were to be built: {done:?}")));
        }
        println!("  {} indexes built in {:.1} s", done.delivered, begun.elapsed().as_secs_f64());
        self.add(tenant)?;
        batch(&self.db, if self.db.backend() == Backend::Sqlite { "ANALYZE" } else { "VACUUM ANALYZE bench_parts" })?;
        self.ask(tenant)
    }

    /// A thousand fields, of which two have an index.
    fn define(&self, tenant: TenantId) -> Result<()> {
        let tag = FieldDefinition { max_len: Some(20), ..FieldDefinition::new("tag", CustomKind::Text) };
        let indexed = [FieldDefinition::new("size", CustomKind::Number), tag];
        let plain = (indexed.len()..FIELDS).map(|n| FieldDefinition::new(format!("f{n}"), CustomKind::Number));
        let all: Vec<_> =
            indexed.into_iter().map(|field| FieldDefinition { indexed: true, ..field }).chain(plain).collect();
        self.work(tenant).write_blocking(|tx| {
            all.iter().try_for_each(|field| FieldCatalogue::define(tx, Part::META, field.clone()).map(drop))
        })
    }

    /// How long adding one takes, until it can be used.
    fn add(&self, tenant: TenantId) -> Result<()> {
        let mut times = Vec::new();
        for n in 0..ADDED {
            let begun = Instant::now();
            let definition = FieldDefinition::new(format!("added{n}"), CustomKind::Text);
            self.work(tenant)
                .write_blocking(|tx| FieldCatalogue::define(tx, Part::META, definition.clone()).map(drop))?;
            self.work(tenant).read_blocking(|tx| Ok(tx.custom_fields(Part::META)?.get("added0").is_some()))?;
            times.push(begun.elapsed());
        }
        times.sort_unstable();
        let (median, slowest) = (times.get(ADDED / 2), times.last());
        println!("  a field added in {} ms, at most {} ms  (goal: 50 ms)", millis(median), millis(slowest));
        Ok(())
    }

    /// The same questions to the column and to the custom field, in turn.
    fn ask(&self, tenant: TenantId) -> Result<()> {
        let work = self.work(tenant);
        let value = |round: u32| round.wrapping_mul(7_919) % (RECORDS / ALIKE);
        for (what, column, custom) in [
            ("number = ", "size = {}", "extra.size = {}"),
            ("number in a range, sorted by it", "size >= {} and size < {+}", "extra.size >= {} and extra.size < {+}"),
            ("text = ", "tag = 'tag-{}'", "extra.tag = 'tag-{}'"),
        ] {
            let sort = |filter: &str| {
                what.contains("sorted").then_some(if filter.starts_with("extra") { "extra.size" } else { "size" })
            };
            let (mut ordinary, mut own) = (Vec::new(), Vec::new());
            for round in 0..self.rounds {
                let text = |template: &str| {
                    let (from, to) = (value(round), value(round) + 5);
                    template.replace("{}", &from.to_string()).replace("{+}", &to.to_string())
                };
                let (a, found) = page(&work, &text(column), sort(column))?;
                let (b, same) = page(&work, &text(custom), sort(custom))?;
                if found != same || found == 0 {
                    return Err(Error::refused("bench", format!("{found} records by the column, {same} by the field")));
                }
                ordinary.push(a);
                own.push(b);
            }
            let (ordinary, own) = (median(ordinary), median(own));
            let ratio = own.as_secs_f64() / ordinary.as_secs_f64();
            println!(
                "  {what:<34} column {:>9} ms, custom field {:>9} ms: {ratio:.2}x  (goal: 2x)",
                millis(Some(&ordinary)),
                millis(Some(&own))
            );
        }
        Ok(())
    }
}

/// A page as a client asks for it: how long it takes, and how many records are on it.
fn page(work: &Work, filter: &str, sort: Option<&str>) -> Result<(Duration, usize)> {
    let begun = Instant::now();
    let found = work.read_blocking(|tx| {
        let custom = tx.custom_fields(Part::META)?;
        let query = PageQuery { filter: Some(filter), sort, custom: Some(&custom), ..PageQuery::default() };
        let page = Part::page(tx, &PageRequest::parse(Part::META, &query)?)?;
        match page.index.values().all(|state| *state == IndexState::Ready) {
            true => Ok(page.items.len()),
            false => Err(Error::refused("bench", format!("an index is not ready: {:?}", page.index))),
        }
    })?;
    Ok((begun.elapsed(), found))
}

/// SQL that makes the records and the ordinary indexes. Numbers are stored by millionths.
fn fill(backend: Backend, tenant: TenantId) -> String {
    let kinds = RECORDS / ALIKE;
    let hex = tenant.uuid().simple().to_string();
    let (tenant, id, series, json) = match backend {
        Backend::Sqlite => (
            format!("x'{hex}'"),
            "randomblob(16)",
            format!(
                "(WITH RECURSIVE s(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM s WHERE n < {}) SELECT n FROM s)",
                RECORDS - 1
            ),
            "json_object",
        ),
        Backend::Postgres => (
            format!("'{hex}'::uuid"),
            "gen_random_uuid()",
            format!("(SELECT generate_series(0::bigint, {}) AS n)", RECORDS - 1),
            "jsonb_build_object",
        ),
    };
    format!(
        "INSERT INTO bench_parts (tenant_id, id, size, tag, extra) SELECT {tenant}, {id}, n % {kinds}, 'tag-' || (n % {kinds}), \
         {json}('size', (n % {kinds}) * 1000000, 'tag', 'tag-' || (n % {kinds}), 'f7', n * 1000000, 'f8', n, 'f9', 5) \
         FROM {series} AS s; \
         CREATE INDEX bench_parts_size ON bench_parts (tenant_id, size, id); \
         CREATE INDEX bench_parts_tag ON bench_parts (tenant_id, tag, id);"
    )
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort_unstable();
    times.get(times.len() / 2).copied().unwrap_or_default()
}

fn millis(time: Option<&Duration>) -> String {
    format!("{:.2}", time.copied().unwrap_or_default().as_secs_f64() * 1e3)
}
