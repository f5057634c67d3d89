//! Writes an archive: to a file beside its place, which takes its name once it is complete.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;

use cortex_core::{Actor, Cx, Result};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

use super::error::ArchiveError;
use super::manifest::{
    ARCHIVE_FORMAT, ARCHIVE_VERSION, ArchiveManifest, ArchiveTable, ArchiveTenant, MANIFEST, file_of,
};
use crate::migrate::Migrator;
use crate::tenancy::Tenant;
use crate::tenancy::transfer::{Layout, Part, PlaceSource, Source, Sum, Table, encode, name_session};

/// Writes everything that `tenant` has at one moment into a new file.
///
/// # Errors
/// [`ArchiveError::File`]; the database can't be read. No file is left then.
pub(crate) fn write(migrator: &Migrator, tenant: &Tenant, path: &Path) -> Result<ArchiveManifest> {
    let mut beside = path.as_os_str().to_owned();
    beside.push(".part");
    let beside = Path::new(&beside);
    let written = whole(migrator, tenant, path, beside);
    if written.is_err() {
        // It may not be there at all; the first error is the one to tell.
        let _ = std::fs::remove_file(beside);
    }
    written
}

fn whole(migrator: &Migrator, tenant: &Tenant, path: &Path, beside: &Path) -> Result<ArchiveManifest> {
    let failed = |error: &dyn std::fmt::Display| ArchiveError::File {
        path: path.display().to_string(),
        verb: "written",
        reason: error.to_string(),
    };
    if path.exists() {
        return Err(failed(&"there is a file already").into());
    }
    let db = migrator.database();
    let layout = Layout::load(db, &tenant.placement)?;
    let tables: Vec<&Table> = layout.part(Part::All).collect();
    let read = db.work_at(&tenant.placement, Cx::new(tenant.id, Actor::system("export")));
    let (manifest, zip) = read.snapshot_blocking(|tx| {
        name_session(tx)?;
        let file = File::create(beside).map_err(|e| failed(&e))?;
        let mut zip = ZipWriter::new(BufWriter::new(file));
        let options = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated).large_file(true);
        let mut source = PlaceSource { tx, tenant: tenant.id };
        let mut all = Vec::with_capacity(tables.len());
        for table in &tables {
            zip.start_file(file_of(&table.name), options).map_err(|e| failed(&e))?;
            let mut sum = Sum::default();
            source.each(table, &mut |rows| {
                for row in &rows {
                    let mut line = encode(table, row);
                    sum.add(&line);
                    line.push('\n');
                    zip.write_all(line.as_bytes()).map_err(|e| failed(&e))?;
                }
                Ok(())
            })?;
            all.push(ArchiveTable::new(table, sum));
        }
        let manifest = manifest(migrator, tenant, all);
        zip.start_file(MANIFEST, options).map_err(|e| failed(&e))?;
        serde_json::to_writer_pretty(&mut zip, &manifest).map_err(|e| failed(&e))?;
        Ok((manifest, zip.finish().map_err(|e| failed(&e))?))
    })?;
    let file = zip.into_inner().map_err(|e| failed(&e))?;
    file.sync_all().map_err(|e| failed(&e))?;
    std::fs::rename(beside, path).map_err(|e| failed(&e))?;
    Ok(manifest)
}

fn manifest(migrator: &Migrator, tenant: &Tenant, tables: Vec<ArchiveTable>) -> ArchiveManifest {
    let mut settings = tenant.settings.clone();
    if let Some(settings) = settings.as_object_mut() {
        settings.remove(crate::tenancy::lifecycle::OPERATION);
    }
    ArchiveManifest {
        format: ARCHIVE_FORMAT.to_owned(),
        version: ARCHIVE_VERSION,
        written_at: migrator.database().clock().now(),
        schema: migrator.versions().database.to_string(),
        modules: migrator.listing(),
        tenant: ArchiveTenant {
            id: tenant.id,
            name: tenant.name.clone(),
            title: tenant.title.clone(),
            tier: tenant.tier.clone(),
            quotas: tenant.quotas,
            settings,
        },
        tables,
    }
}
