//! A tenant as the directory keeps it.

use cortex_core::{TenantId, Timestamp};
use serde::{Deserialize, Serialize};

use super::placement::{Placement, TenantStatus};

/// What a tenant may use; a limit that is absent does not exist.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Quotas {
    /// Most records.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rows: Option<u64>,
    /// Most bytes in the values of its records.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bytes: Option<u64>,
    /// Most units of work of people and programs in a minute, in each process. A request is one, rarely two.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub requests_per_minute: Option<u64>,
    /// Most jobs that it enqueues in an hour, in each process.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub jobs_per_hour: Option<u64>,
}

impl Quotas {
    /// Whether there is no limit at all.
    #[must_use]
    pub fn is_unlimited(&self) -> bool {
        *self == Self::default()
    }
}

/// A tenant: one row of the directory.
#[derive(Debug, Clone, PartialEq)]
pub struct Tenant {
    /// It never changes.
    pub id: TenantId,
    /// Its short name in host names and paths: see [`check_tenant_name`](super::check_tenant_name).
    pub name: String,
    /// Its name for people.
    pub title: String,
    /// In which state it is.
    pub status: TenantStatus,
    /// Where its data is.
    pub placement: Placement,
    /// The tier by which its kind of place and its quotas were chosen.
    pub tier: String,
    /// The version of the schema in a place of its own; `None` before the first migration, and in the shared place.
    pub schema_version: Option<SchemaVersion>,
    /// Why its last migration failed.
    pub migrate_error: Option<String>,
    /// What it may use.
    pub quotas: Quotas,
    /// What else is kept about it.
    pub settings: serde_json::Value,
    /// When it was created.
    pub created_at: Timestamp,
    /// Why it was suspended.
    pub suspended_reason: Option<String>,
    /// When it is removed for good.
    pub delete_after: Option<Timestamp>,
}

impl Tenant {
    /// A new tenant in the state [`TenantStatus::Creating`], without limits.
    #[must_use]
    pub fn new(id: TenantId, name: &str, placement: Placement, now: Timestamp) -> Self {
        Self {
            id,
            name: name.to_owned(),
            title: name.to_owned(),
            status: TenantStatus::Creating,
            placement,
            tier: String::new(),
            schema_version: None,
            migrate_error: None,
            quotas: Quotas::default(),
            settings: serde_json::Value::Object(serde_json::Map::new()),
            created_at: now,
            suspended_reason: None,
            delete_after: None,
        }
    }
}

/// The version of a schema: how many migrations it has, and which. Of two programs the one with more migrations is
/// the newer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct SchemaVersion {
    /// How many migrations.
    pub migrations: u32,
    /// A digest of their names and texts.
    pub digest: u64,
}

impl SchemaVersion {
    /// Whether a program of the version `running` can work on a schema of this version: on the same, and on one
    /// that a newer program migrated while this one is still running.
    #[must_use]
    pub fn serves(self, running: Self) -> bool {
        self == running || self.migrations > running.migrations
    }

    /// Reads what `Display` writes.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (migrations, digest) = text.split_once('-')?;
        Some(Self { migrations: migrations.parse().ok()?, digest: u64::from_str_radix(digest, 16).ok()? })
    }
}

impl std::fmt::Display for SchemaVersion {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}-{:016x}", self.migrations, self.digest)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_read_back_and_compare() {
        let version = SchemaVersion { migrations: 12, digest: 0xabc };
        assert_eq!(version.to_string(), "12-0000000000000abc");
        assert_eq!(SchemaVersion::parse(&version.to_string()), Some(version));
        assert_eq!(SchemaVersion::parse("12"), None);
        let newer = SchemaVersion { migrations: 13, digest: 1 };
        let other = SchemaVersion { migrations: 12, digest: 1 };
        assert!(version.serves(version) && newer.serves(version));
        assert!(!version.serves(newer) && !version.serves(other));
    }
}
