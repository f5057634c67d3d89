//! Removes what a tenant has at a place, and in the end the tenant.

use cortex_core::{Result, TenantId};

use super::Tenants;
use super::change::expect;
use super::error::LifecycleError;
use super::lock::Lock;
use super::operation::Operation;
use crate::statement::Statement;
use crate::tenancy::transfer::{Part, erase};
use crate::tenancy::{Placement, Quotas, Tenant, TenantStatus};

/// Whether a place is in the main database, where the tables of the framework are shared.
fn in_main(place: &Placement) -> bool {
    !matches!(place, Placement::Database(_))
}

impl Tenants {
    /// Removes everything of a tenant at `place`; nothing there is fine. What belongs to its data at `keep` stays.
    pub(super) fn clear(&self, tenant: TenantId, place: &Placement, keep: Option<&Placement>) -> Result<()> {
        match place {
            Placement::Shared => {}
            Placement::Schema(_) | Placement::Database(_) => self.db().drop_place(place)?,
        }
        let framework = in_main(place) && !keep.is_some_and(in_main);
        match (place, framework) {
            (Placement::Shared, true) => erase(self.db(), Part::All, tenant).map(drop),
            (Placement::Shared, false) => erase(self.db(), Part::Modules, tenant).map(drop),
            (_, true) => erase(self.db(), Part::Framework, tenant).map(drop),
            (_, false) => Ok(()),
        }
    }

    /// Removes the data of a deleted tenant for good, once its time of grace is over, or at once with `now`. What is
    /// left is a row that says so; the name can be used again.
    ///
    /// # Errors
    /// [`LifecycleError::State`] when it was not deleted; [`LifecycleError::NotDue`]; [`LifecycleError::Busy`].
    pub fn purge(&self, name: &str, now: bool) -> Result<Tenant> {
        let tenant = self.find(name)?;
        let _lock = Lock::take(self.db(), tenant.id, &tenant.name)?;
        let tenant = self.find(&tenant.id.to_string())?;
        expect(&tenant, TenantStatus::Deleting)?;
        if let Some(until) = tenant.delete_after.filter(|until| !now && *until > self.db().clock().now()) {
            return Err(LifecycleError::NotDue { name: tenant.name, until: until.to_string() }.into());
        }
        self.bury(&tenant)
    }

    /// Removes all of a tenant and leaves a tombstone. The caller holds the lock.
    pub(super) fn bury(&self, tenant: &Tenant) -> Result<Tenant> {
        let operation = Operation::of(tenant);
        // From here on there is no way back.
        let clear = Operation::Clear { from: tenant.placement.clone() };
        let now = self.db().clock().now();
        self.update(tenant.id, |row| {
            clear.note(row);
            row.delete_after = Some(now);
            Ok(())
        })?;
        if let Some(Operation::Move { to: other, .. } | Operation::Clear { from: other }) = operation
            && other != tenant.placement
        {
            self.clear(tenant.id, &other, Some(&tenant.placement))?;
        }
        self.clear(tenant.id, &tenant.placement, None)?;
        let (directory, id) = (self.db().directory(), tenant.id);
        directory.work("purge").write_blocking(|tx| {
            directory.set_hosts(tx, id, &[])?;
            let mut sql = Statement::new("DELETE FROM cortex_tenant_usage WHERE tenant = ");
            sql.bind(id);
            sql.execute(tx.conn_mut())?;
            let now = tx.now();
            directory.update(tx, id, |row| {
                let settings = serde_json::json!({ "was": row.name, "deleted_at": now.to_string() });
                let kept = Tenant::new(id, &format!("gone-{}", id.uuid().simple()), Placement::Shared, row.created_at);
                let (status, quotas) = (TenantStatus::Deleted, Quotas::default());
                *row = Tenant { status, quotas, settings, ..kept };
                Ok(())
            })
        })
    }
}
