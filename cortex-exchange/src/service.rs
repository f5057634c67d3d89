//! The service: imports, exports and templates. All verbs block the thread.

use std::io::Write;

use cortex_core::Result;
use cortex_data::Work;

use crate::export;
use crate::format::Format;
use crate::import::{self, OnProgress};
use crate::options::{ExportOptions, ImportOptions};
use crate::report::{ExportReport, ImportReport};
use crate::source::Source;
use crate::template;

/// Imports and exports the records of any entity, known by its name: `crm.party`, or its table.
///
/// The verbs block the thread; from async code call them in `tokio::task::spawn_blocking`.
#[derive(Debug, Clone, Copy, Default, cortex_core::Provider)]
#[provider(singleton, crate = cortex_core)]
pub struct Exchange {}

impl Exchange {
    /// Imports `source`. The guard is asked for `import` on the entity, and for `create` or `update` on each record.
    ///
    /// Row errors are no failure: they are in the report, with line, column and value.
    ///
    /// # Errors
    /// The entity is none, or can't be imported into; the file can't be read as a whole; columns don't fit; the actor
    /// may not; what `progress` fails with, after the step that is done.
    pub fn import<'a>(
        &self,
        work: &'a Work,
        entity: &str,
        source: &'a Source,
        options: &'a ImportOptions,
        progress: &'a mut OnProgress<'a>,
    ) -> Result<ImportReport> {
        import::import(work, entity, source, options, progress)
    }

    /// Exports to `sink` what the actor may list, with the fields that it may see, from one state of the data. The
    /// guard is asked for `export` on the entity.
    ///
    /// # Errors
    /// The entity is none; filter, order or columns can't be understood; the actor may not; `sink` fails.
    pub fn export(
        &self,
        work: &Work,
        entity: &str,
        sink: &mut (dyn Write + Send),
        options: &ExportOptions,
        progress: &mut OnProgress<'_>,
    ) -> Result<ExportReport> {
        export::export(work, entity, sink, options, progress)
    }

    /// Writes an empty file to fill in: its columns, and what each takes where the format has room for it.
    ///
    /// # Errors
    /// The entity is none, or can't be imported into; the format has no templates; `sink` fails.
    pub fn template(&self, work: &Work, entity: &str, sink: &mut (dyn Write + Send), format: Format) -> Result<()> {
        template::template(work, entity, sink, format)
    }
}
