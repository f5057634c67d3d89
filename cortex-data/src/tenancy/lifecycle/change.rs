//! Changes that are one transaction in the directory.

use cortex_core::Result;

use super::OPERATION;
use super::error::LifecycleError;
use super::lock::Lock;
use super::operation::Operation;
use super::{TenantChange, Tenants, grace_end};
use crate::tenancy::{Tenant, TenantStatus};

impl Tenants {
    /// Lets nobody into a tenant, whether to read or to write, until it is resumed.
    ///
    /// # Errors
    /// [`LifecycleError::State`] when it is not active.
    pub fn suspend(&self, name: &str, reason: Option<&str>) -> Result<Tenant> {
        self.update(self.find(name)?.id, |tenant| {
            expect(tenant, TenantStatus::Active)?;
            tenant.status = TenantStatus::Suspended;
            tenant.suspended_reason = reason.map(str::to_owned);
            Ok(())
        })
    }

    /// Lets people into a suspended tenant again.
    ///
    /// # Errors
    /// [`LifecycleError::State`] when it is not suspended, or is being moved.
    pub fn resume(&self, name: &str) -> Result<Tenant> {
        self.update(self.find(name)?.id, |tenant| {
            expect(tenant, TenantStatus::Suspended)?;
            if let Some(Operation::Move { .. }) = Operation::of(tenant) {
                return Err(LifecycleError::Busy { name: tenant.name.clone() }.into());
            }
            tenant.status = TenantStatus::Active;
            tenant.suspended_reason = None;
            Ok(())
        })
    }

    /// Renames a tenant, gives it other host names, or other limits.
    ///
    /// # Errors
    /// [`TenancyError`](crate::TenancyError) for a name or host that can't be, or is another tenant's.
    pub fn change(&self, name: &str, change: &TenantChange) -> Result<Tenant> {
        let id = self.find(name)?.id;
        let directory = self.db().directory();
        directory.work("tenants").write_blocking(|tx| {
            let tenant = directory.update(tx, id, |tenant| {
                if matches!(tenant.status, TenantStatus::Deleted) {
                    expect(tenant, TenantStatus::Active)?;
                }
                if let Some(name) = &change.name {
                    tenant.name.clone_from(name);
                }
                if let Some(title) = &change.title {
                    tenant.title.clone_from(title);
                }
                if let Some(quotas) = change.quotas {
                    tenant.quotas = quotas;
                }
                Ok(())
            })?;
            if let Some(hosts) = &change.hosts {
                directory.set_hosts(tx, id, hosts)?;
            }
            Ok(tenant)
        })
    }

    /// Takes a tenant out of service; its data is removed after `grace_days`, and until then it can be restored.
    ///
    /// # Errors
    /// [`LifecycleError::State`] when it is neither active nor suspended; [`LifecycleError::Grace`].
    pub fn delete(&self, name: &str, grace_days: i32) -> Result<Tenant> {
        let until = grace_end(self.db().clock().now(), grace_days)?;
        self.update(self.find(name)?.id, |tenant| {
            if tenant.status != TenantStatus::Suspended {
                expect(tenant, TenantStatus::Active)?;
            }
            if let Some(Operation::Move { .. }) = Operation::of(tenant) {
                return Err(LifecycleError::Busy { name: tenant.name.clone() }.into());
            }
            tenant.status = TenantStatus::Deleting;
            tenant.delete_after = Some(until);
            Ok(())
        })
    }

    /// Brings a deleted tenant back.
    ///
    /// # Errors
    /// [`LifecycleError::State`] when it is not being deleted; [`LifecycleError::Busy`] when its data is being removed.
    pub fn restore(&self, name: &str) -> Result<Tenant> {
        let id = self.find(name)?.id;
        // Whoever removes its data holds the lock.
        let _lock = Lock::take(self.db(), id, name)?;
        self.update(id, |tenant| {
            expect(tenant, TenantStatus::Deleting)?;
            if tenant.settings.get(OPERATION).is_some() {
                return Err(LifecycleError::Busy { name: tenant.name.clone() }.into());
            }
            tenant.status = TenantStatus::Active;
            (tenant.delete_after, tenant.suspended_reason) = (None, None);
            Ok(())
        })
    }
}

/// Whether the tenant is in this state.
///
/// # Errors
/// [`LifecycleError::State`].
pub(super) fn expect(tenant: &Tenant, wanted: TenantStatus) -> Result<(), LifecycleError> {
    if tenant.status == wanted {
        return Ok(());
    }
    Err(LifecycleError::State { name: tenant.name.clone(), status: tenant.status.as_str(), wanted: wanted.as_str() })
}
