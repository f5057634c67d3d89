//! Puts right what a process that died left half done.

use cortex_core::{Result, TenantId};

use super::lock::Lock;
use super::operation::Operation;
use super::{Tenants, fence};
use crate::tenancy::{Tenant, TenantStatus};

/// What was put right.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Recovered {
    /// New tenants of which nothing came.
    pub removed: usize,
    /// Moves of which nothing came: the tenant is where it was.
    pub returned: usize,
    /// Moves that were over but for what was left at the old place.
    pub finished: usize,
    /// Deleted tenants whose time of grace was over.
    pub purged: usize,
}

impl Tenants {
    /// Looks at every tenant: what a dead process left half done is put right, and what is to be removed is removed.
    /// Operations that other processes are about are left alone.
    ///
    /// # Errors
    /// The directory can't be read. What can't be put right now is logged and left for later.
    pub fn recover(&self) -> Result<Recovered> {
        let mut open = Vec::new();
        self.db().directory().each(|tenant| {
            if is_passing(tenant.status) || Operation::of(&tenant).is_some() {
                open.push(tenant);
            }
            Ok(())
        })?;
        Ok(self.put_right(&open))
    }

    /// The same for tenants in a state that passes, where there are any: for every few seconds.
    ///
    /// # Errors
    /// The directory can't be read.
    pub fn sweep(&self) -> Result<Recovered> {
        let directory = self.db().directory();
        directory.fresh_blocking()?;
        if !self.db().shelf().book().iter().any(|entry| is_passing(entry.status)) {
            return Ok(Recovered::default());
        }
        let due = directory.work("tenants").read_blocking(|tx| directory.due(tx))?;
        Ok(self.put_right(&due))
    }

    fn put_right(&self, all: &[Tenant]) -> Recovered {
        let mut done = Recovered::default();
        for tenant in all {
            let settled = Lock::try_take(self.db(), tenant.id).and_then(|lock| match lock {
                Some(_lock) => self.settle(tenant.id),
                None => Ok(Recovered::default()),
            });
            match settled {
                Ok(one) => done += one,
                Err(error) => tracing::warn!(tenant = tenant.name, ?error, "the tenant can't be put right now"),
            }
        }
        if done != Recovered::default() {
            tracing::info!(?done, "tenants were put right");
        }
        done
    }

    /// Puts one tenant right. The caller holds its lock.
    pub(super) fn settle(&self, id: TenantId) -> Result<Recovered> {
        let directory = self.db().directory();
        // It may be gone, or settled, since it was seen.
        let found = directory.work("tenants").read_blocking(|tx| directory.find_stored(tx, id))?;
        let Some(tenant) = found else {
            self.db().shelf().forget(id);
            return Ok(Recovered::default());
        };
        let mut done = Recovered::default();
        match (tenant.status, Operation::of(&tenant)) {
            (TenantStatus::Creating, _) => {
                fence::wait_for_the_dead(self.db(), &tenant, &tenant.placement)?;
                self.take_away(&tenant, true)?;
                done.removed = 1;
            }
            (TenantStatus::Deleting, _) if tenant.delete_after.is_some_and(|end| end <= self.db().clock().now()) => {
                self.bury(&tenant)?;
                done.purged = 1;
            }
            (_, Some(moving @ Operation::Move { .. })) => {
                let Operation::Move { to, then } = &moving else { return Ok(done) };
                // First of all, so that whoever believes to be moving it still can't make the new place count.
                self.update(id, |row| {
                    moving.expect(row)?;
                    if row.status == TenantStatus::Moving {
                        row.status = *then;
                    }
                    Operation::Clear { from: to.clone() }.note(row);
                    Ok(())
                })?;
                fence::wait_for_the_dead(self.db(), &tenant, to)?;
                self.clear(id, to, Some(&tenant.placement))?;
                self.update(id, Operation::forget)?;
                done.returned = 1;
            }
            (_, Some(Operation::Clear { from })) if from != tenant.placement => {
                fence::wait_for_knowledge();
                fence::wait_for_the_dead(self.db(), &tenant, &from)?;
                self.clear(id, &from, Some(&tenant.placement))?;
                self.update(id, Operation::forget)?;
                done.finished = 1;
            }
            _ => {}
        }
        Ok(done)
    }
}

impl std::ops::AddAssign for Recovered {
    fn add_assign(&mut self, one: Self) {
        self.removed += one.removed;
        self.returned += one.returned;
        self.finished += one.finished;
        self.purged += one.purged;
    }
}

/// Whether a tenant is in this state only for a while.
fn is_passing(status: TenantStatus) -> bool {
    matches!(status, TenantStatus::Creating | TenantStatus::Moving | TenantStatus::Deleting)
}
