//! Tenants out of archives, and into them.

use std::path::Path;

use cortex_core::Result;

use super::error::LifecycleError;
use super::{NewTenant, Tenants};
use crate::tenancy::archive::{Archive, write};
use crate::tenancy::transfer::{Filler, Layout, Part, Table, check_arrived};
use crate::tenancy::{Placement, Tenant, TenantStatus};

/// A tenant that was written into an archive.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Exported {
    /// How many tables are in the archive.
    pub tables: usize,
    /// How many rows.
    pub rows: u64,
}

/// A tenant that came out of an archive.
#[derive(Debug, Clone, PartialEq)]
pub struct Imported {
    /// The tenant.
    pub tenant: Tenant,
    /// How many rows it got.
    pub rows: u64,
}

impl Tenants {
    /// Writes everything that a tenant has at this moment into a new file. Suspend it before when it is to go on
    /// elsewhere: what is written afterwards is not in it.
    ///
    /// # Errors
    /// [`ArchiveError`](crate::ArchiveError); the tenant was removed, or is not there yet.
    pub fn export(&self, name: &str, path: &Path) -> Result<Exported> {
        let tenant = self.find(name)?;
        if matches!(tenant.status, TenantStatus::Creating | TenantStatus::Deleted) {
            super::change::expect(&tenant, TenantStatus::Active)?;
        }
        self.check_current(&tenant)?;
        let manifest = write(&self.migrator, &tenant, path)?;
        let rows = manifest.tables.iter().map(|table| table.rows).sum();
        Ok(Exported { tables: manifest.tables.len(), rows })
    }

    /// Makes a tenant of an archive: what `new` leaves open is as the archive says, but for its hosts and its place.
    ///
    /// It keeps its id where `same_id` says so, and goes on as the same tenant, with the messages that wait to be
    /// delivered. Otherwise it is a copy with a new id, and these stay behind.
    ///
    /// # Errors
    /// [`ArchiveError`](crate::ArchiveError) where the archive does not hold, [`LifecycleError::Known`] where the
    /// tenant is or was here: nothing is written then. As [`create`](Self::create).
    pub fn import(&self, path: &Path, new: &NewTenant, same_id: bool) -> Result<Imported> {
        let mut archive = Archive::open(path)?;
        archive.check(&self.migrator, &Layout::load(self.db(), &Placement::Shared)?)?;
        let told = archive.manifest().tenant.clone();
        let mut new = new.clone();
        if new.name.is_empty() {
            new.name.clone_from(&told.name);
        }
        new.title = new.title.or(Some(told.title));
        new.tier = new.tier.or(Some(told.tier));
        new.quotas = new.quotas.or(Some(told.quotas));
        if same_id {
            let directory = self.db().directory();
            if directory.work("tenants").read_blocking(|tx| directory.find_stored(tx, told.id))?.is_some() {
                return Err(LifecycleError::Known.into());
            }
            new.id = Some(told.id);
        }
        let mut rows = 0;
        let tenant = self.bring_up(&new, |tenants, tenant| {
            let mut archive = archive.owned_by(tenant.id);
            let layout = Layout::load(tenants.db(), &tenant.placement)?;
            let tables: Vec<&Table> =
                layout.part(Part::All).filter(|table| same_id || !table.is_of_the_original()).collect();
            let sums = Filler::new(tenants.db(), &tenant.placement, tenant.id).fill(&tables, &mut archive)?;
            check_arrived(tenants.db(), &tenant.placement, tenant.id, &tables, &sums)?;
            tenants.wish_indexes(tenant.id, &tenant.placement)?;
            rows = sums.iter().map(|sum| sum.rows).sum();
            let settings = told.settings.clone();
            tenants.update(tenant.id, |row| {
                row.settings = settings.clone();
                Ok(())
            })?;
            Ok(())
        })?;
        Ok(Imported { tenant, rows })
    }
}
