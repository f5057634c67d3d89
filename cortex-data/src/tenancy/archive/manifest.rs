//! What an archive says about itself.

use cortex_core::{TenantId, Timestamp};
use serde::{Deserialize, Serialize};

use crate::tenancy::Quotas;
use crate::tenancy::transfer::{Sum, Table, type_name};

/// What archives call themselves.
pub(crate) const ARCHIVE_FORMAT: &str = "cortex-tenant";
/// The version of the format.
pub(crate) const ARCHIVE_VERSION: u32 = 1;

/// `manifest.json` of an archive.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct ArchiveManifest {
    /// [`ARCHIVE_FORMAT`]
    pub(crate) format: String,
    /// [`ARCHIVE_VERSION`]
    pub(crate) version: u32,
    /// When it was written.
    pub(crate) written_at: Timestamp,
    /// The version of the schema: see [`SchemaVersion`](crate::SchemaVersion).
    pub(crate) schema: String,
    /// The modules whose migrations make up the schema, the framework first.
    pub(crate) modules: Vec<ArchiveModule>,
    /// Whose data it is.
    pub(crate) tenant: ArchiveTenant,
    /// Every table of tenants, each after those that it refers to.
    pub(crate) tables: Vec<ArchiveTable>,
}

/// A module.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct ArchiveModule {
    /// Its name.
    pub(crate) name: String,
    /// Its version, where it has one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) version: Option<String>,
    /// Its migrations with the digests of their texts.
    pub(crate) migrations: Vec<(String, String)>,
}

/// The tenant as the directory had it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct ArchiveTenant {
    /// Its id.
    pub(crate) id: TenantId,
    /// Its short name.
    pub(crate) name: String,
    /// Its name for people.
    pub(crate) title: String,
    /// Its tier.
    pub(crate) tier: String,
    /// What it may use.
    pub(crate) quotas: Quotas,
    /// What else was kept about it.
    pub(crate) settings: serde_json::Value,
}

/// A table.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct ArchiveTable {
    /// Its name.
    pub(crate) name: String,
    /// Its columns but the tenant's, in the order in which the values of a line stand.
    pub(crate) columns: Vec<ArchiveColumn>,
    /// How many lines.
    pub(crate) rows: u64,
    /// The sum of the digests of all lines: the first 16 bytes of each SHA-256, added without the carry.
    pub(crate) digest: String,
}

/// A column.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct ArchiveColumn {
    /// Its name.
    pub(crate) name: String,
    /// Its type, as in migrations.
    #[serde(rename = "type")]
    pub(crate) of: String,
}

impl ArchiveTable {
    pub(super) fn new(table: &Table, sum: Sum) -> Self {
        let own = table.columns.iter().filter(|column| column.name != "tenant_id");
        let column = |name: &str, of| ArchiveColumn { name: name.to_owned(), of: type_name(of).to_owned() };
        Self {
            name: table.name.clone(),
            columns: own.map(|of| column(&of.name, of.of)).collect(),
            rows: sum.rows,
            digest: sum.hex(),
        }
    }
}

/// The file of a table in the archive.
pub(super) fn file_of(table: &str) -> String {
    format!("tables/{table}.jsonl")
}

/// The file of the manifest.
pub(super) const MANIFEST: &str = "manifest.json";
