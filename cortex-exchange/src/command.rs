//! `data import`, `data export` and `data template`: files on the command line.

mod args;
mod progress;

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;

use cortex_core::{Actor, Command, Container, Cx, Error, Registrar, Result, TenantId};
use cortex_data::{Database, TenancyError, Work};

use crate::error::ExchangeError;
use crate::report::{ImportReport, Outcome};
use crate::service::Exchange;
use crate::source::Source;
use args::{Act, Task};
use progress::{Bar, say};

pub(crate) use args::USAGE;

/// Row errors that are printed; `--report` writes all that are kept.
const PRINTED_MAX: usize = 20;

/// The tenant whose data the command `data` is about, unless `--tenant` names another one.
#[derive(Debug, Clone, Copy)]
pub struct DefaultTenant(pub TenantId);

pub(crate) fn register(m: &mut Registrar) {
    let about = "Imports and exports records; `data` alone explains";
    m.command(Command::new("data", about, run).usage("import|export|template ENTITY FILE"));
}

async fn run(container: Container, words: Vec<String>) -> Result<()> {
    let task = Task::parse(&words)?;
    let done = tokio::task::spawn_blocking(move || perform(&container, &task)).await;
    done.unwrap_or_else(|e| std::panic::resume_unwind(e.into_panic()))
}

fn perform(container: &Container, task: &Task) -> Result<()> {
    let exchange = container.get::<Exchange>()?;
    let work = work(container, task.tenant.as_deref())?;
    match &task.act {
        Act::Import { options, report } => {
            let source = Source::open(&task.file)?;
            let bar = Bar::new("import");
            let done = exchange.import(&work, &task.entity, &source, options, &mut |now| {
                bar.show(now);
                Ok(())
            });
            bar.finish();
            let done = done?;
            if let Some(path) = report {
                write(path, |sink| serde_json::to_writer_pretty(sink, &done).map_err(crate::write::unwritten))?;
            }
            say(&told(&done));
            match done.outcome {
                Outcome::Refused => Err(Error::refused("exchange.rows", "rows are wrong, and nothing is stored")
                    .with_help("mend them, or leave them out by `--skip-bad`")),
                _ => Ok(()),
            }
        }
        Act::Export { options } => {
            let bar = Bar::new("export");
            let mut records = 0;
            write(&task.file, |sink| {
                let report = exchange.export(&work, &task.entity, sink, options, &mut |now| {
                    bar.show(now);
                    Ok(())
                })?;
                records = report.records;
                Ok(())
            })?;
            bar.finish();
            say(&format!("{records} records written to {}\n", task.file.display()));
            Ok(())
        }
        Act::Template { format } => {
            write(&task.file, |sink| exchange.template(&work, &task.entity, sink, *format))?;
            say(&format!("{} is ready to be filled in\n", task.file.display()));
            Ok(())
        }
    }
}

/// Writes a file that is there only when it is whole.
fn write(path: &Path, content: impl FnOnce(&mut (dyn Write + Send)) -> Result<()>) -> Result<()> {
    let failed = |error: std::io::Error| {
        Error::invalid("exchange.write", format!("`{}` can't be written: {error}", path.display()))
            .with_help("check the folder, its rights and its free space")
    };
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let file = tempfile::NamedTempFile::new_in(folder).map_err(failed)?;
    let mut sink = BufWriter::new(file);
    content(&mut sink)?;
    let file = sink.into_inner().map_err(|error| failed(error.into_error()))?;
    let file: File = file.persist(path).map_err(|error| failed(error.error))?;
    file.sync_all().map_err(failed)
}

fn work(container: &Container, tenant: Option<&str>) -> Result<Work> {
    let database = container.get::<Database>()?;
    let tenant = match tenant {
        None => container
            .find::<DefaultTenant>()
            .map(|tenant| tenant.0)
            .ok_or_else(|| ExchangeError::Usage("the tenant is not said: name it by `--tenant`".to_owned()))?,
        Some(named) => find_tenant(&database, named)?,
    };
    Ok(database.work(Cx::new(tenant, Actor::system("data"))))
}

/// A tenant by its id or its name.
fn find_tenant(database: &Database, named: &str) -> Result<TenantId> {
    if let Ok(id) = named.parse() {
        return Ok(id);
    }
    let found = database.directory().by_name_blocking(named)?;
    Ok(found.map(|tenant| tenant.id).ok_or_else(|| TenancyError::Unknown { name: named.to_owned() })?)
}

/// The report for people.
fn told(report: &ImportReport) -> String {
    let ImportReport { lines, inserted, updated, unchanged, refused, resumed, .. } = report;
    let mut text = match report.outcome {
        Outcome::Stored => String::new(),
        Outcome::Checked => "checked, and nothing stored\n".to_owned(),
        Outcome::Refused => "nothing is stored\n".to_owned(),
        Outcome::Repeated => "this file was imported before, and nothing is done twice (`--again` does)\n".to_owned(),
    };
    text.push_str(&format!(
        "{lines} rows: {inserted} new, {updated} changed, {unchanged} unchanged, {refused} refused\n"
    ));
    if *resumed > 0 {
        text.push_str(&format!("{resumed} of them were done by an earlier start\n"));
    }
    if !report.ignored.is_empty() {
        text.push_str(&format!("not read: {}\n", report.ignored.join(", ")));
    }
    for error in report.errors.iter().take(PRINTED_MAX) {
        let column = error.column.as_ref().map(|column| format!(", {column}")).unwrap_or_default();
        let value = error.value.as_ref().map(|value| format!(" ({value})")).unwrap_or_default();
        text.push_str(&format!("  line {}{column}{value}: {} [{}]\n", error.line, error.message, error.code));
    }
    if report.errors.len() > PRINTED_MAX {
        text.push_str("  and more: `--report FILE` writes them down\n");
    }
    text
}
