//! Rows per second in and out of files, and how much memory that takes: a plain entity of ten fields.
//!
//! `cargo run --release -p benches --bin exchange [ROWS]`, or below `cargo xtask postgres --` for PostgreSQL too.
#![expect(clippy::print_stdout, reason = "a program for people")]

use std::fmt::Write as _;
use std::time::Instant;

use benches::{Place, places};
use codexion::core::{Choice, Date, Id, Manifest, Module, Money, Registrar, Result, TenantId, Timestamp};
use codexion::data::{DataRegistrar, Entity, RegisterMigrations, Repository, Work, create_table_sql};
use codexion::exchange::{Exchange, ExchangeModule, ExportOptions, Format, ImportOptions, OnError, Source};

const ROWS: usize = 100_000;

/// What an article is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Choice)]
enum Kind {
    Goods,
    Service,
}

/// Ten fields beside the id.
#[derive(Debug, Clone, PartialEq, Repository)]
#[repository(table = "goods_articles", tenant)]
struct Article {
    id: Id<Article>,
    #[field(unique, max_len = 40)]
    sku: String,
    #[field(max_len = 200)]
    name: String,
    note: Option<String>,
    price: Money,
    active: bool,
    #[field(min = 0)]
    rank: i32,
    views: i64,
    made: Date,
    seen: Option<Timestamp>,
    kind: Kind,
}

struct Goods;

impl Module for Goods {
    fn manifest(&self) -> Manifest {
        Manifest::new("goods", "1.0.0")
    }

    fn register(&self, m: &mut Registrar) {
        let up = create_table_sql(Article::META);
        let unique = "CREATE UNIQUE INDEX goods_articles_sku ON goods_articles (tenant_id, sku)";
        m.migration("0001_articles", format!("{up};\n{unique}"), "DROP TABLE goods_articles");
        m.repository::<Article>().importable::<Article>();
    }
}

fn main() -> Result<()> {
    let rows = std::env::args().nth(1).and_then(|word| word.parse().ok()).unwrap_or(ROWS);
    println!("{rows} rows of ten fields; peak memory is of the whole process so far");
    for place in places() {
        run(&place, rows)?;
    }
    Ok(())
}

fn csv(rows: usize) -> String {
    let mut text = "sku,name,note,price,price.currency,active,rank,views,made,seen,kind\n".to_owned();
    for i in 0..rows {
        let (active, kind) = if i % 2 == 0 { (true, "goods") } else { (false, "service") };
        let note = if i % 3 == 0 { "\"fragile, handle with care\"" } else { "" };
        // Writing to a text can't fail.
        let _ = writeln!(
            text,
            "SKU-{i:07},Article number {i} of the file,{note},{}.{:02},EUR,{active},{},{},2026-03-{:02},2026-03-01T08:00:00Z,{kind}",
            i % 900,
            i % 100,
            i % 1_000,
            i * 7,
            i % 28 + 1,
        );
    }
    text
}

fn run(place: &Place, rows: usize) -> Result<()> {
    let (_assembled, db) = place.application(|app| app.module(ExchangeModule).module(Goods));
    let source = Source::spool(csv(rows).as_bytes())?;
    let (exchange, memory) = (Exchange::default(), peak());
    for (name, on_error) in [("skip bad rows", OnError::Skip), ("all or nothing", OnError::Refuse)] {
        let work = Place::work(&db, TenantId::new());
        let options = ImportOptions { on_error, ..ImportOptions::new(Format::Csv) };
        let begun = Begun::now();
        let report = exchange.import(&work, "goods.article", &source, &options, &mut |_| Ok(()))?;
        assert!(report.inserted == rows as u64, "{report:?}");
        tell(place, &format!("import CSV, {name}"), rows, &begun);
        if on_error == OnError::Skip {
            let options = ImportOptions { key: vec!["sku".to_owned()], ..options };
            let begun = Begun::now();
            let report = exchange.import(&work, "goods.article", &source, &options, &mut |_| Ok(()))?;
            assert!(report.unchanged == rows as u64, "{report:?}");
            tell(place, "import CSV by key, nothing changes", rows, &begun);
            formats(place, &exchange, &work, rows)?;
        }
    }
    println!("{:<9} peak memory {} MiB, of which {} MiB before the first import", place.kind, peak(), memory);
    Ok(())
}

fn formats(place: &Place, exchange: &Exchange, work: &Work, rows: usize) -> Result<()> {
    for format in [Format::Csv, Format::Jsonl, Format::Xlsx, Format::Parquet] {
        let file =
            tempfile::NamedTempFile::new().map_err(|e| codexion::core::Error::internal("bench", e.to_string()))?;
        let mut sink = std::io::BufWriter::new(file);
        let begun = Begun::now();
        exchange.export(work, "goods.article", &mut sink, &ExportOptions::new(format), &mut |_| Ok(()))?;
        let file = sink.into_inner().map_err(|e| codexion::core::Error::internal("bench", e.to_string()))?;
        tell(place, &format!("export {format}"), rows, &begun);
        if format == Format::Csv {
            continue;
        }
        let (source, to) = (Source::open(file.path())?, Place::work(work.database(), TenantId::new()));
        let options = ImportOptions { on_error: OnError::Skip, ..ImportOptions::new(format) };
        let begun = Begun::now();
        let report = exchange.import(&to, "goods.article", &source, &options, &mut |_| Ok(()))?;
        assert!(report.inserted == rows as u64, "{report:?}");
        tell(place, &format!("import {format}, skip bad rows"), rows, &begun);
    }
    Ok(())
}

/// When something began, on the clock and in the time of the processor.
struct Begun {
    at: Instant,
    cpu: f64,
}

impl Begun {
    fn now() -> Self {
        Self { at: Instant::now(), cpu: cpu() }
    }
}

fn tell(place: &Place, what: &str, rows: usize, begun: &Begun) {
    let (took, worked) = (begun.at.elapsed().as_secs_f64(), cpu() - begun.cpu);
    println!(
        "{:<9} {what:<40} {took:>7.2} s {:>9.0} rows/s, {worked:>6.2} s of processor ({:>9.0} rows/s), peak {} MiB",
        place.kind,
        rows as f64 / took,
        rows as f64 / worked,
        peak()
    );
}

/// Seconds that the process was on a processor, which other work on the machine leaves alone; the server of PostgreSQL
/// is another process. 0 where the system does not tell.
fn cpu() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    // After the name in brackets: state, eleven numbers, then the ticks of user and system.
    let after = stat.rsplit_once(") ").map(|(_, rest)| rest).unwrap_or_default();
    let ticks: u32 = after.split_whitespace().skip(11).take(2).filter_map(|word| word.parse::<u32>().ok()).sum();
    f64::from(ticks) / 100.0
}

/// The most memory that the process had so far, in MiB; 0 where the system does not tell.
fn peak() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|line| line.split_whitespace().next()?.parse::<u64>().ok()).unwrap_or_default() / 1024
}
