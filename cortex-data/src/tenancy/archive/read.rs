//! Reads an archive: first all of it, to see whether it holds, and then table by table.

use std::collections::BTreeSet;
use std::fs::File;
use std::io::{BufRead, BufReader, Read};
use std::path::Path;

use cortex_core::{Result, TenantId};
use zip::ZipArchive;

use super::error::ArchiveError;
use super::manifest::{
    ARCHIVE_FORMAT, ARCHIVE_VERSION, ArchiveManifest, ArchiveModule, ArchiveTable, MANIFEST, file_of,
};
use crate::migrate::Migrator;
use crate::tenancy::transfer::{Layout, Part, Rows, Source, Sum, Table, decode, rename_row, type_of};

/// Longest manifest: thousands of tables.
const MANIFEST_MAX: u64 = 64 << 20;
/// Longest line: far above what fits one row of any module.
const LINE_MAX: u64 = 256 << 20;
/// Rows that travel together.
const BATCH: usize = 500;
/// Differences of versions that are told.
const DIFFERENCES_MAX: usize = 5;

/// An archive that holds.
pub(crate) struct Archive {
    zip: ZipArchive<BufReader<File>>,
    manifest: ArchiveManifest,
    /// The tenant that its rows shall belong to.
    tenant: TenantId,
}

impl Archive {
    /// Opens an archive.
    ///
    /// # Errors
    /// [`ArchiveError::File`], [`ArchiveError::Format`].
    pub(crate) fn open(path: &Path) -> Result<Self, ArchiveError> {
        let shown = path.display().to_string();
        let no_archive = |reason: String| ArchiveError::Format { path: shown.clone(), reason };
        let file = File::open(path).map_err(|e| ArchiveError::File {
            path: shown.clone(),
            verb: "read",
            reason: e.to_string(),
        })?;
        let mut zip = ZipArchive::new(BufReader::new(file)).map_err(|e| no_archive(e.to_string()))?;
        let mut text = String::new();
        let manifest = zip.by_name(MANIFEST).map_err(|_| no_archive("it has no manifest".to_owned()))?;
        manifest
            .take(MANIFEST_MAX)
            .read_to_string(&mut text)
            .map_err(|e| ArchiveError::Damaged { what: format!("the manifest: {e}") })?;
        let head: serde_json::Value =
            serde_json::from_str(&text).map_err(|e| no_archive(format!("its manifest can't be read: {e}")))?;
        if head.get("format").and_then(serde_json::Value::as_str) != Some(ARCHIVE_FORMAT) {
            return Err(no_archive(format!("its manifest does not say `{ARCHIVE_FORMAT}`")));
        }
        let version = head.get("version").and_then(serde_json::Value::as_u64);
        if version != Some(u64::from(ARCHIVE_VERSION)) {
            let version = version.map_or_else(|| "none".to_owned(), |version| version.to_string());
            return Err(no_archive(format!(
                "its format has the version {version}, this program reads {ARCHIVE_VERSION}"
            )));
        }
        let manifest: ArchiveManifest =
            serde_json::from_value(head).map_err(|e| no_archive(format!("its manifest can't be read: {e}")))?;
        let tenant = manifest.tenant.id;
        Ok(Self { zip, manifest, tenant })
    }

    pub(crate) fn manifest(&self) -> &ArchiveManifest {
        &self.manifest
    }

    /// The same with rows that belong to `tenant`.
    pub(crate) fn owned_by(mut self, tenant: TenantId) -> Self {
        self.tenant = tenant;
        self
    }

    /// Whether it was written by a program of the same version, its tables are those of `layout`, and everything in
    /// it is as it was written.
    ///
    /// # Errors
    /// [`ArchiveError`].
    pub(crate) fn check(&mut self, migrator: &Migrator, layout: &Layout) -> Result<()> {
        let ours = migrator.versions().database.to_string();
        if self.manifest.schema != ours {
            let theirs = self.manifest.schema.clone();
            let differences = differences(&self.manifest.modules, &migrator.listing());
            return Err(ArchiveError::Version { theirs, ours, differences }.into());
        }
        let has = |name: &str| self.manifest.tables.iter().find(|table| table.name == name);
        for table in layout.part(Part::All) {
            let theirs = has(&table.name).ok_or_else(|| ArchiveError::MissingTable { table: table.name.clone() })?;
            check_columns(table, theirs)?;
        }
        if let Some(table) = self.manifest.tables.iter().find(|table| layout.table(&table.name).is_none()) {
            return Err(ArchiveError::UnknownTable { table: table.name.clone() }.into());
        }
        for table in layout.part(Part::All) {
            let mut sum = Sum::default();
            self.lines(table, &mut |line, text| {
                decode(table, self_id(), text).map_err(|reason| value(table, line, reason))?;
                sum.add(text);
                Ok(())
            })?;
            let stated = self.manifest.tables.iter().find(|stated| stated.name == table.name);
            if !stated.is_some_and(|stated| stated.rows == sum.rows && stated.digest == sum.hex()) {
                let what = format!("the rows of `{}` are not those that its manifest tells of", table.name);
                return Err(ArchiveError::Damaged { what }.into());
            }
        }
        Ok(())
    }

    fn lines(&mut self, table: &Table, take: &mut dyn FnMut(u64, &str) -> Result<()>) -> Result<()> {
        let damaged =
            |error: &dyn std::fmt::Display| ArchiveError::Damaged { what: format!("`{}`: {error}", table.name) };
        let file = self.zip.by_name(&file_of(&table.name));
        let file = file.map_err(|_| ArchiveError::MissingTable { table: table.name.clone() })?;
        let mut reader = BufReader::new(file);
        let mut text = String::new();
        for line in 1.. {
            text.clear();
            let read = reader.by_ref().take(LINE_MAX).read_line(&mut text).map_err(|e| damaged(&e))?;
            if read == 0 {
                break;
            }
            if text.pop() != Some('\n') {
                return Err(damaged(&format!("line {line} does not end")).into());
            }
            take(line, &text)?;
        }
        Ok(())
    }
}

impl Source for Archive {
    fn each(&mut self, table: &Table, take: &mut Rows<'_>) -> Result<()> {
        let (from, to) = (self.manifest.tenant.id, self.tenant);
        let mut rows = Vec::with_capacity(BATCH);
        self.lines(table, &mut |line, text| {
            let mut row = decode(table, from, text).map_err(|reason| value(table, line, reason))?;
            rename_row(&mut row, from, to);
            rows.push(row);
            if rows.len() == BATCH { take(std::mem::take(&mut rows)) } else { Ok(()) }
        })?;
        if rows.is_empty() { Ok(()) } else { take(rows) }
    }
}

/// Whose row it is does not matter where it is only looked at.
fn self_id() -> TenantId {
    TenantId::from_uuid(uuid::Uuid::nil())
}

fn value(table: &Table, line: u64, reason: String) -> ArchiveError {
    ArchiveError::Value { table: table.name.clone(), line, reason }
}

/// Lines hold values by place, so the columns must be the same in the same order.
fn check_columns(table: &Table, theirs: &ArchiveTable) -> Result<(), ArchiveError> {
    let other = |what: String| ArchiveError::Columns { table: table.name.clone(), what };
    let ours = ArchiveTable::new(table, Sum::default()).columns;
    for column in &theirs.columns {
        match ours.iter().find(|own| own.name == column.name) {
            None => return Err(other(format!("`{}` is not in this program", column.name))),
            Some(own) if type_of(&own.of) != type_of(&column.of) => {
                return Err(other(format!("`{}` is `{}` there and `{}` here", column.name, column.of, own.of)));
            }
            Some(_) => {}
        }
    }
    if let Some(column) = ours.iter().find(|own| !theirs.columns.iter().any(|column| column.name == own.name)) {
        return Err(other(format!("`{}` is missing", column.name)));
    }
    match ours.iter().map(|c| &c.name).eq(theirs.columns.iter().map(|c| &c.name)) {
        true => Ok(()),
        false => Err(other("they stand in another order".to_owned())),
    }
}

/// In what two programs differ, in words.
fn differences(theirs: &[ArchiveModule], ours: &[ArchiveModule]) -> Vec<String> {
    let all = |modules: &[ArchiveModule]| -> BTreeSet<(String, String, String)> {
        let one = |module: &ArchiveModule| {
            let name = module.name.clone();
            module
                .migrations
                .iter()
                .map(move |(migration, digest)| (name.clone(), migration.clone(), digest.clone()))
                .collect::<Vec<_>>()
        };
        modules.iter().flat_map(one).collect()
    };
    let (theirs, ours) = (all(theirs), all(ours));
    let tell =
        |who: &'static str| move |(module, name, _): &(String, String, String)| format!("{who} has {module}/{name}");
    let there = theirs.difference(&ours).map(tell("the archive"));
    there.chain(ours.difference(&theirs).map(tell("this program"))).take(DIFFERENCES_MAX).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn differences_are_told() {
        let module = |name: &str, migrations: &[(&str, &str)]| ArchiveModule {
            name: name.to_owned(),
            version: None,
            migrations: migrations.iter().map(|(name, digest)| ((*name).to_owned(), (*digest).to_owned())).collect(),
        };
        let theirs = [module("crm", &[("0001", "a"), ("0002", "b")]), module("fleet", &[("0001", "c")])];
        let ours = [module("crm", &[("0001", "a"), ("0002", "x"), ("0003", "y")])];
        assert_eq!(
            differences(&theirs, &ours),
            [
                "the archive has crm/0002",
                "the archive has fleet/0001",
                "this program has crm/0002",
                "this program has crm/0003"
            ]
        );
        assert!(differences(&ours, &ours).is_empty());
    }
}
