//! The module of the example itself: its demo company, its start page, its commands.

use std::time::Duration;

use codexion::core::{Command, Container, Stage};
use codexion::data::Database;
use codexion::prelude::*;
use codexion::{DEVELOPMENT_TENANT, Mode};

use crate::delivery::Delivery;
use crate::demo::{self, Demo, Desk, Outcome, Settings};
use crate::report::{Report, Reports};
use crate::store::{DemoState, RetailState};
use crate::{import, page};

/// Longest time that making the demo company may take: a slow disk, a debug build.
const DEMO_LIMIT: Duration = Duration::from_secs(3_600);

/// `[company]` of the configuration.
#[derive(Debug, Config)]
#[config(key = "company")]
pub struct CompanyConfig {
    /// Whether a server that finds no company makes the demo company.
    #[config(default = true)]
    pub demo: bool,
    /// How many months the demo company has lived.
    #[config(default = 12)]
    pub demo_months: u8,
}

/// What makes the modules a company.
#[derive(Debug, Default, Module)]
#[module(
    name = "company",
    needs = ["finance", "inventory", "crm", "finance_inventory", "crm_inventory", "crm_finance"],
    migrations = "migrations"
)]
pub struct Company;

impl Registers for Company {
    fn register(&self, m: &mut Registrar) {
        m.errors(include_str!("../docs/errors.md"));
        m.config::<CompanyConfig>().provide::<Desk>().provide::<Demo>().provide::<Reports>();
        m.repository::<DemoState>().repository::<RetailState>();
        m.custom_fields::<Delivery>();
        m.page("/", page::start);
        import::register(m);
        m.command(Command::new(
            "report",
            "Prints trial balance, stock and open items, and whether they tie out",
            report,
        ));
        m.at_within(Stage::Boot, DEMO_LIMIT, |container| async move {
            // Commands find what is there; only a server makes a company.
            if container.find::<Mode>().is_some_and(|mode| *mode == Mode::Serve) {
                return off_thread(move || open(&container)).await;
            }
            Ok(())
        });
    }
}

/// Makes the demo company where there is none, and shows its figures.
fn open(container: &Container) -> Result<()> {
    let config = container.get::<CompanyConfig>()?;
    if !config.demo {
        return Ok(());
    }
    let work = work(container, "demo company")?;
    let today = work.read_blocking(|tx| Ok(tx.today()))?;
    let settings = Settings { months: config.demo_months.max(1), ..Settings::year(today) };
    let begun = std::time::Instant::now();
    let made = container.get::<Demo>()?.make(&work, &settings, demo::standard_error().as_mut())?;
    if let Outcome::Made { documents, resumed } = made {
        let how = if resumed { "completed" } else { "made" };
        let seconds = begun.elapsed().as_secs();
        print(&format!("demo company {how}: {documents} documents in {seconds} s\n\n"));
        show(container, &work)?;
    }
    Ok(())
}

/// The command `report`.
async fn report(container: Container, words: Vec<String>) -> Result<()> {
    if let Some(word) = words.first() {
        return Err(Error::invalid("company.report", format!("`report` takes no arguments, but got `{word}`"))
            .with_help("options stand before the command: `erp --data-dir DIR report`"));
    }
    off_thread(move || {
        let work = work(&container, "report")?;
        show(&container, &work)
    })
    .await
}

fn show(container: &Container, work: &Work) -> Result<()> {
    let Some(report) = read(container, work)? else {
        print("there is no company yet: start the server once, or import one\n");
        return Ok(());
    };
    print(&format!("{report}\n"));
    report.check()
}

fn read(container: &Container, work: &Work) -> Result<Option<Report>> {
    let reports = container.get::<Reports>()?;
    work.snapshot_blocking(|tx| reports.read(tx))
}

/// Units of work in the company of the development token.
fn work(container: &Container, who: &str) -> Result<Work> {
    Ok(container.get::<Database>()?.work(Cx::new(DEVELOPMENT_TENANT, Actor::system(who))))
}

async fn off_thread(f: impl FnOnce() -> Result<()> + Send + 'static) -> Result<()> {
    match tokio::task::spawn_blocking(f).await {
        Ok(done) => done,
        Err(stopped) => Err(Error::internal("company.stopped", "it stopped unexpectedly").with_source(stopped)),
    }
}

#[expect(clippy::print_stdout, reason = "this is the command line")]
fn print(text: &str) {
    print!("{text}");
}
