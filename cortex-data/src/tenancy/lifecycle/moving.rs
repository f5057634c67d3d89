//! Moves a tenant to another place.

use std::time::{Duration, Instant};

use cortex_core::Result;

use super::error::LifecycleError;
use super::lock::Lock;
use super::operation::Operation;
use super::{Target, Tenants, fence};
use crate::tenancy::transfer::{Copied, Copy};
use crate::tenancy::{Placement, Tenant, TenantStatus};

/// A tenant that was moved.
#[derive(Debug, Clone, PartialEq)]
pub struct Moved {
    /// The tenant at its new place.
    pub tenant: Tenant,
    /// Tables that were copied.
    pub tables: usize,
    /// Rows that were copied, and compared on both sides.
    pub rows: u64,
    /// How long nobody could write.
    pub stood: Duration,
}

impl Tenants {
    /// Moves a tenant to another place: its data is copied while it can be read and not be written, both sides are
    /// compared, and one change of the directory makes the new place count. A suspended tenant stays suspended.
    ///
    /// # Errors
    /// [`LifecycleError`]; [`TransferError`](crate::TransferError);
    /// [`TenancyError::Occupied`](crate::TenancyError::Occupied) for a place where something is. The tenant is where
    /// it was then, and works as before.
    pub fn move_to(&self, name: &str, target: &Target) -> Result<Moved> {
        let tenant = self.find(name)?;
        let _lock = Lock::take(self.db(), tenant.id, &tenant.name)?;
        // What a dead process left behind is out of the way before something new begins.
        self.settle(tenant.id)?;
        let tenant = self.find(&tenant.id.to_string())?;
        if !matches!(tenant.status, TenantStatus::Active | TenantStatus::Suspended) {
            super::change::expect(&tenant, TenantStatus::Active)?;
        }
        self.check_current(&tenant)?;
        let to = target.place(self.db(), tenant.id)?;
        if to == tenant.placement {
            return Err(LifecycleError::Same { name: tenant.name }.into());
        }
        self.check_free(&to, tenant.id)?;
        let begun = Instant::now();
        self.begin(&tenant, &to)?;
        match self.copy(&tenant, &to) {
            Ok((moved, copied)) => {
                let stood = begun.elapsed();
                self.db().rounds().ring(moved.id);
                self.db().registry().outbox_bell().ring();
                // It has moved, whatever comes now: what can't be removed is written down, and removed later.
                if let Err(left) = self.leave(&tenant, &to) {
                    tracing::warn!(tenant = tenant.name, ?left, "what is left at the old place can't be removed now");
                }
                Ok(Moved { tenant: moved, tables: copied.tables, rows: copied.rows, stood })
            }
            Err(error) => {
                if let Err(left) = self.settle(tenant.id) {
                    tracing::error!(tenant = tenant.name, ?left, "half a copy can't be removed now");
                }
                Err(error)
            }
        }
    }

    /// Writes down where it goes, and lets nobody write any more.
    fn begin(&self, tenant: &Tenant, to: &Placement) -> Result<()> {
        let then = tenant.status;
        self.update(tenant.id, |row| {
            super::change::expect(row, then)?;
            Operation::Move { to: to.clone(), then }.note(row);
            if then == TenantStatus::Active {
                row.status = TenantStatus::Moving;
            }
            Ok(())
        })
        .map(drop)
    }

    fn copy(&self, tenant: &Tenant, to: &Placement) -> Result<(Tenant, Copied)> {
        fence::draw(self.db(), tenant)?;
        let version = self.migrations().create(to)?;
        let (db, from) = (self.db(), &tenant.placement);
        let copied = Copy { db, from, to, tenant: tenant.id, copy: tenant.id }.run()?;
        self.wish_indexes(tenant.id, to)?;
        let then = tenant.status;
        let moved = self.update(tenant.id, |row| {
            Operation::Move { to: to.clone(), then }.expect(row)?;
            row.placement = to.clone();
            row.schema_version = version;
            row.migrate_error = None;
            row.status = then;
            Operation::Clear { from: from.clone() }.note(row);
            Ok(())
        })?;
        Ok((moved, copied))
    }

    /// Removes what is at the old place, once nobody reads there any more.
    fn leave(&self, tenant: &Tenant, to: &Placement) -> Result<()> {
        fence::wait_for_knowledge();
        self.clear(tenant.id, &tenant.placement, Some(to))?;
        self.update(tenant.id, Operation::forget).map(drop)
    }
}
