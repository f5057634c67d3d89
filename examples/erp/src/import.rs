//! `import`: brings in what other systems wrote; files are checked as a whole before anything is written.

mod args;
mod error;
mod northwind;
mod progress;
mod retail;
mod source;
mod table;

use std::path::Path;
use std::time::Instant;

use codexion::DEVELOPMENT_TENANT;
use codexion::core::{Actor, Command, Container, Cx};
use codexion::data::Database;
use codexion::prelude::{Registrar, Result, Work};
use finance::{Charts, ImportSummary, Rates};

use args::Task;
use progress::Bar;

pub use error::{Column, ImportError};
pub use northwind::{COMPANY, Figures, Northwind, NorthwindData, RoundingRule};
pub use progress::Step;
pub use retail::{OnlineRetail, RETAILER, RetailFigures, RetailFile, Rule, Survey, Tally};
pub use source::read_rates;

/// Adds the command `import` and what it works with.
pub fn register(m: &mut Registrar) {
    m.provide::<Northwind>().provide::<OnlineRetail>();
    let about = "Reads a company, a chart of accounts or exchange rates; `import` alone explains";
    m.command(Command::new("import", about, run).usage("northwind|online-retail|chart|rates PATH"));
}

async fn run(container: Container, words: Vec<String>) -> Result<()> {
    let task = Task::parse(&words)?;
    let done = tokio::task::spawn_blocking(move || perform(&container, &task)).await;
    done.unwrap_or_else(|e| std::panic::resume_unwind(e.into_panic()))
}

fn perform(container: &Container, task: &Task) -> Result<()> {
    let start = Instant::now();
    let database = container.get::<Database>()?;
    let work = database.work(Cx::new(DEVELOPMENT_TENANT, Actor::system("import")));
    let text = match task {
        Task::Northwind { dir, rounding } => {
            let northwind = container.get::<Northwind>()?;
            import_northwind(&northwind, &work, dir, *rounding)?
        }
        Task::OnlineRetail { dir } => import_retail(&*container.get::<OnlineRetail>()?, &work, dir)?,
        Task::Chart { file } => {
            let summary = import_chart(&*container.get::<Charts>()?, &work, file)?;
            told(summary, "accounts")
        }
        Task::Rates { file } => {
            let summary = import_rates(&*container.get::<Rates>()?, &work, file)?;
            told(summary, "rates")
        }
    };
    progress::say(&format!("{text}done in {:.1} s\n", start.elapsed().as_secs_f32()));
    Ok(())
}

fn import_northwind(northwind: &Northwind, work: &Work, dir: &Path, rounding: Option<RoundingRule>) -> Result<String> {
    let data = NorthwindData::read(dir)?;
    let bar = Bar::new("northwind");
    let new = northwind.import(work, &data, rounding, &mut |step| {
        bar.show(step);
        Ok(())
    })?;
    bar.finish();
    let figures = northwind.figures(work, &data)?;
    let before = if new == 0 { "everything was there already\n" } else { "" };
    Ok(format!("{before}{figures}\n"))
}

fn import_retail(retail: &OnlineRetail, work: &Work, dir: &Path) -> Result<String> {
    let file = RetailFile::within(dir)?;
    let wait = Bar::waiting("online-retail: reading the file");
    let survey = Survey::of(&file)?;
    wait.finish();
    let bar = Bar::new("online-retail");
    let new = retail.import(work, &file, &survey, &mut |step| {
        bar.show(step);
        Ok(())
    })?;
    bar.finish();
    let figures = retail.figures(work, &survey)?;
    let before = if new == 0 { "everything was there already\n" } else { "" };
    Ok(format!("{before}{figures}\n"))
}

/// Imports a chart of accounts from a file, all of it or nothing.
///
/// # Errors
/// [`ImportError`] when the file can't be read or is no UTF-8; as [`Charts::import`].
pub fn import_chart(charts: &Charts, work: &Work, file: &Path) -> Result<ImportSummary> {
    let (name, text) = (source::name(file), source::read_text(file)?);
    work.write_blocking(|tx| charts.import(tx, &name, &text))
}

/// Imports the European Central Bank's reference rates from a file or the archive it is published in, all or nothing.
///
/// # Errors
/// As [`read_rates`]; as [`Rates::import`].
pub fn import_rates(rates: &Rates, work: &Work, file: &Path) -> Result<ImportSummary> {
    let (name, text) = read_rates(file)?;
    let wait = Bar::waiting("rates");
    let summary = work.write_blocking(|tx| rates.import(tx, &name, &text));
    wait.finish();
    summary
}

fn told(summary: ImportSummary, what: &str) -> String {
    let ImportSummary { created, unchanged, skipped, .. } = summary;
    let rest = match skipped {
        0 => String::new(),
        _ => format!(", {skipped} of currencies that exist no more are left out"),
    };
    format!("{created} {what} are new, {unchanged} were there already{rest}\n")
}
