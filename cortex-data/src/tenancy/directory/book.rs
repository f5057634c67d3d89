//! The directory in memory: by id, by name and by host.

use std::collections::HashMap;
use std::sync::Arc;

use cortex_core::TenantId;

use crate::tenancy::error::TenancyError;
use crate::tenancy::placement::{Placement, TenantStatus};
use crate::tenancy::tenant::{Quotas, SchemaVersion};
use crate::tenancy::usage::Usage;

/// What every process knows about a tenant.
#[derive(Debug, Clone)]
pub struct TenantEntry {
    /// Its id.
    pub id: TenantId,
    /// Its short name.
    pub name: Arc<str>,
    /// In which state it is.
    pub status: TenantStatus,
    /// Where its data is.
    pub placement: Placement,
    pub(crate) version: Option<SchemaVersion>,
    /// Why it was suspended, or why its migration failed.
    pub(crate) reason: Option<Box<str>>,
    pub(crate) usage: Option<Arc<Usage>>,
}

impl TenantEntry {
    /// Whether the tenant may be read, or written.
    ///
    /// # Errors
    /// [`TenancyError`] by its state.
    pub fn check(&self, write: bool) -> Result<(), TenancyError> {
        let name = || self.name.as_ref().to_owned();
        match self.status {
            TenantStatus::Active => Ok(()),
            TenantStatus::Moving if !write => Ok(()),
            TenantStatus::Moving => Err(TenancyError::Moving { name: name() }),
            TenantStatus::Creating => Err(TenancyError::Creating { name: name() }),
            TenantStatus::Suspended => {
                Err(TenancyError::Suspended { name: name(), reason: self.reason.as_deref().map(str::to_owned) })
            }
            TenantStatus::Deleting => Err(TenancyError::Deleting { name: name() }),
            TenantStatus::Deleted => Err(TenancyError::Deleted { name: name() }),
        }
    }

    /// Whether the schema of a place of its own is that of the running program.
    pub(crate) fn check_version(&self, running: SchemaVersion) -> Result<(), TenancyError> {
        if self.version.is_some_and(|version| version.serves(running)) {
            return Ok(());
        }
        let error = self.reason.as_deref().map(str::to_owned);
        Err(TenancyError::NotMigrated { name: self.name.as_ref().to_owned(), error })
    }
}

/// What changed since a revision.
#[derive(Debug, Default)]
pub(super) struct Changes {
    pub(super) revision: i64,
    pub(super) tenants: Vec<Changed>,
    pub(super) hosts: Vec<(String, TenantId)>,
}

#[derive(Debug)]
pub(super) struct Changed {
    pub(super) entry: TenantEntry,
    pub(super) quotas: Quotas,
    pub(super) used: (i64, i64),
}

/// All tenants.
#[derive(Debug, Default)]
pub(crate) struct Book {
    revision: i64,
    tenants: HashMap<TenantId, Arc<TenantEntry>>,
    names: HashMap<Arc<str>, TenantId>,
    hosts: HashMap<Box<str>, TenantId>,
}

impl Book {
    pub(super) fn revision(&self) -> i64 {
        self.revision
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.tenants.is_empty()
    }

    pub(crate) fn get(&self, id: TenantId) -> Option<Arc<TenantEntry>> {
        self.tenants.get(&id).map(Arc::clone)
    }

    pub(crate) fn by_name(&self, name: &str) -> Option<Arc<TenantEntry>> {
        self.names.get(name).and_then(|id| self.get(*id))
    }

    pub(crate) fn by_host(&self, host: &str) -> Option<Arc<TenantEntry>> {
        self.hosts.get(host).and_then(|id| self.get(*id))
    }

    /// All that are known, in no order.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &Arc<TenantEntry>> {
        self.tenants.values()
    }

    pub(super) fn take_over(&mut self, changes: Changes) {
        let changed: std::collections::HashSet<TenantId> = changes.tenants.iter().map(|c| c.entry.id).collect();
        self.hosts.retain(|_, id| !changed.contains(id));
        for Changed { mut entry, quotas, used } in changes.tenants {
            let old = self.forget(entry.id);
            if !quotas.is_unlimited() {
                let usage = old.and_then(|old| old.usage.clone());
                entry.usage = Some(Arc::new(match usage {
                    Some(usage) if *usage.quotas() == quotas => {
                        entry.usage = Some(usage);
                        self.add(entry);
                        continue;
                    }
                    Some(usage) => usage.under(quotas),
                    None => Usage::new(quotas, used.0, used.1),
                }));
            }
            self.add(entry);
        }
        self.hosts.extend(changes.hosts.into_iter().map(|(host, id)| (host.into_boxed_str(), id)));
        self.revision = changes.revision;
    }

    pub(super) fn forget(&mut self, id: TenantId) -> Option<Arc<TenantEntry>> {
        let old = self.tenants.remove(&id)?;
        if self.names.get(&old.name) == Some(&id) {
            self.names.remove(&old.name);
        }
        Some(old)
    }

    fn add(&mut self, entry: TenantEntry) {
        self.names.insert(Arc::clone(&entry.name), entry.id);
        self.tenants.insert(entry.id, Arc::new(entry));
    }
}
