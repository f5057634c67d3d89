//! Imports that stop in the middle, and go on.

use std::process::{Command, Stdio};
use std::time::Duration;

use codexion::core::{Actor, Cx, Error, SystemClock, TenantId};
use codexion::data::{AllowAll, Data, Database, DatabaseOptions, Filter, Repository, prepare};
use cortex_exchange::{Exchange, ExchangeModule, ImportOptions, Outcome, Progress, Source};
use cortex_testing::{POSTGRES_VARIABLE, TestApp, TestDatabase};
use jiff::SignedDuration;

use crate::shop::{Brand, Shop, brands, csv, each, skipping};

const ROWS: usize = 5_000;

fn file() -> Source {
    let mut text = "code,name\n".to_owned();
    (0..ROWS).for_each(|i| text.push_str(&format!("{},x\n", if i % 100 == 99 { i - 1 } else { i })));
    Source::spool(text.as_bytes()).unwrap()
}

/// Imports until so many steps are done.
fn stopped(app: &TestApp, file: &Source, options: &ImportOptions, steps: usize) -> Result<(), Error> {
    let mut done = 0;
    let mut stop = |_: Progress| {
        done += 1;
        if done >= steps { Err(Error::unavailable("test.stop", "stopped")) } else { Ok(()) }
    };
    Exchange::default().import(&app.work(), "shop.brand", file, options, &mut stop).map(drop)
}

#[test]
fn an_import_goes_on_where_it_stopped() {
    each(|app| {
        let (file, options) = (file(), skipping(csv()));
        for steps in 1..=3 {
            assert_eq!(stopped(app, &file, &options, 1).unwrap_err().code(), "test.stop");
            assert_eq!(brands(app).len(), (steps * 1_024) - steps * 1_024 / 100, "{}", app.kind());
        }
        let report = Exchange::default().import(&app.work(), "shop.brand", &file, &options, &mut |_| Ok(())).unwrap();
        assert_eq!(report.outcome, Outcome::Stored);
        assert_eq!((report.lines, report.inserted, report.refused, report.resumed), (5_000, 4_950, 50, 3 * 1_024));
        // What went wrong before is in the report too.
        assert_eq!((report.errors.len(), report.errors[0].line), (50, 101));
        assert_eq!(brands(app).len(), 4_950);
        let again = Exchange::default().import(&app.work(), "shop.brand", &file, &options, &mut |_| Ok(())).unwrap();
        assert_eq!((again.outcome, again.inserted), (Outcome::Repeated, 4_950));
    });
}

#[test]
fn all_or_nothing_leaves_nothing_when_it_stops() {
    each(|app| {
        let (file, options) = (file(), csv());
        assert_eq!(stopped(app, &file, &options, 2).unwrap_err().code(), "test.stop");
        assert!(brands(app).is_empty(), "{}", app.kind());
    });
}

#[test]
fn two_processes_do_not_do_one_import_together() {
    each(|app| {
        let (file, options) = (file(), skipping(csv()));
        let other = crate::resume::file();
        let mut first = true;
        let mut meanwhile = |_: Progress| {
            // Another process goes on from the same position, one step ahead of this one.
            if std::mem::take(&mut first) {
                assert_eq!(stopped(app, &other, &options, 1).unwrap_err().code(), "test.stop");
            }
            Ok(())
        };
        let error = Exchange::default().import(&app.work(), "shop.brand", &file, &options, &mut meanwhile).unwrap_err();
        assert_eq!(error.code(), "exchange.running", "{}", app.kind());
        assert_eq!(brands(app).len(), 2 * 1_024 - 20);
    });
}

/// Says to a child process which database and tenant are meant.
const CHILD: &str = "EXCHANGE_CHILD";
/// Times that the import is killed before it may end.
const DEATHS: usize = 4;
/// Rows of the file that is killed: enough for each death to be in the middle.
const KILLED_ROWS: usize = 20_000;

fn long_file() -> Source {
    let mut text = "code,name\n".to_owned();
    (0..KILLED_ROWS).for_each(|i| text.push_str(&format!("{},x\n", if i % 100 == 99 { i - 1 } else { i })));
    Source::spool(text.as_bytes()).unwrap()
}

fn database(url: &str) -> Database {
    let options = DatabaseOptions { url: url.to_owned(), connections: 4 };
    let database = Database::open(&options, std::sync::Arc::new(SystemClock)).unwrap();
    let data = Data::new(&database).guarded(std::sync::Arc::new(AllowAll));
    let application = codexion::core::Application::new().base(data).module(ExchangeModule).module(Shop);
    let assembled = application.assemble().unwrap();
    prepare(assembled.container(), None, true).unwrap();
    database
}

/// What the child process does: it imports, and says so after every step.
#[test]
fn child() {
    let Ok(word) = std::env::var(CHILD) else { return };
    let (tenant, url) = word.split_once(' ').unwrap();
    let work = database(url).work(Cx::new(tenant.parse::<TenantId>().unwrap(), Actor::system("child")));
    let (file, options) = (long_file(), skipping(csv()));
    let report = Exchange::default()
        .import(&work, "shop.brand", &file, &options, &mut |now| {
            println!("step {}", now.rows);
            Ok(())
        })
        .unwrap();
    println!("done {}", report.lines);
}

/// Starts the child, and kills it after so many steps and a moment; answers whether it still lived.
fn kill(word: &str, steps: usize, moment: Duration) -> bool {
    use std::io::{BufRead, BufReader};
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["resume::child", "--exact", "--nocapture", "--test-threads=1"])
        .env(CHILD, word)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let (told, hears) = std::sync::mpsc::channel();
    let out = BufReader::new(child.stdout.take().unwrap());
    let reader = std::thread::spawn(move || {
        let lines = out.lines().map_while(Result::ok).filter(|line| line.starts_with("step "));
        lines.for_each(|line| drop(told.send(line)));
    });
    (0..steps).for_each(|_| drop(hears.recv()));
    // Somewhere within the next step; a line that comes meanwhile only makes it a little earlier.
    drop(hears.recv_timeout(moment));
    child.kill().unwrap();
    let lived = !child.wait().unwrap().success();
    reader.join().unwrap();
    lived
}

/// The name of a database that a test made.
fn name(server: &TestDatabase) -> String {
    use diesel::RunQueryDsl;
    use diesel::sql_types::Text;
    let work = server.database().work(Cx::new(TenantId::new(), Actor::system("test")));
    let name = diesel::dsl::sql::<Text>("current_database()::text");
    let found = work.read_blocking(|tx| {
        Ok(diesel::select(name.clone()).get_result::<String>(tx.unscoped("the name of a test's database")).unwrap())
    });
    found.unwrap()
}

#[test]
fn an_import_that_is_killed_loses_and_repeats_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let mut urls = vec![format!("sqlite:{}", folder.path().join("killed.db").display())];
    let server = TestDatabase::postgres(std::sync::Arc::new(SystemClock));
    if let (Some(server), Ok(url)) = (&server, std::env::var(POSTGRES_VARIABLE)) {
        urls.push(format!("{}/{}", url.rsplit_once('/').unwrap().0, name(server)));
    }
    for url in urls {
        let tenant = TenantId::new();
        let word = format!("{tenant} {url}");
        let deaths = (0..DEATHS).filter(|i| kill(&word, 1 + i, Duration::from_millis(7 * *i as u64))).count();
        assert!(deaths > 1, "the import ended before it was killed");
        let work = database(&url).work(Cx::new(tenant, Actor::system("test")));
        let (file, options) = (long_file(), skipping(csv()));
        let report = Exchange::default().import(&work, "shop.brand", &file, &options, &mut |_| Ok(())).unwrap();
        let expected = (KILLED_ROWS as u64, (KILLED_ROWS - KILLED_ROWS / 100) as u64, (KILLED_ROWS / 100) as u64);
        assert_eq!((report.lines, report.inserted, report.refused), expected, "{url}");
        assert_eq!(report.outcome, Outcome::Stored);
        assert!(report.resumed > 0);
        let stored = work.read_blocking(|tx| Brand::count(tx, &Filter::All)).unwrap();
        assert_eq!(u64::try_from(stored).unwrap(), expected.1, "{url}");
    }
}

#[test]
fn what_was_imported_long_ago_is_forgotten() {
    each(|app| {
        for options in [skipping(csv()), csv()] {
            let bytes = if options == csv() { "code,name\nC,Cup\n" } else { "code,name\nA,Acme\n" }.as_bytes();
            let import = || crate::shop::import(app, "shop.brand", bytes, &options).unwrap();
            assert_eq!(import().outcome, Outcome::Stored, "{}", app.kind());
            app.clock().advance(SignedDuration::from_hours(89 * 24));
            assert_eq!(import().outcome, Outcome::Repeated);
            app.clock().advance(SignedDuration::from_hours(48));
            // It is imported again, and the record is there.
            assert_eq!((import().inserted, brands(app).len()), (0, if options == csv() { 2 } else { 1 }));
        }
    });
}

#[test]
fn what_was_cut_off_long_ago_still_goes_on() {
    each(|app| {
        let (file, options) = (file(), skipping(csv()));
        assert_eq!(stopped(app, &file, &options, 1).unwrap_err().code(), "test.stop");
        app.clock().advance(SignedDuration::from_hours(200 * 24));
        let report = Exchange::default().import(&app.work(), "shop.brand", &file, &options, &mut |_| Ok(())).unwrap();
        assert_eq!((report.resumed, report.inserted), (1_024, 4_950), "{}", app.kind());
    });
}
