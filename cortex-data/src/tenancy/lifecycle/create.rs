//! New tenants: from what the modules start with, or as copies of others.

use cortex_core::{Actor, Cx, Result, TenantId};

use super::lock::Lock;
use super::{NewTenant, Target, Tenants};
use crate::tenancy::transfer::{Copy, Layout, Part, is_empty};
use crate::tenancy::{Placement, TenancyError, Tenant, TenantStatus};

impl Tenants {
    /// Creates a tenant with what its template has, or with what the modules start with. It is ready afterwards, or
    /// there is nothing of it.
    ///
    /// # Errors
    /// [`TenancyError`] for a name or host that can't be or is another tenant's, for a mode that does not exist here;
    /// what a seed refuses.
    pub fn create(&self, new: &NewTenant) -> Result<Tenant> {
        let template = new.template.as_deref().map(|name| self.find(name)).transpose()?;
        self.bring_up(new, |tenants, tenant| match &template {
            None => tenants.db().seed_at(&tenant.placement, tenant.id).map(drop),
            Some(template) => tenants.fill_from(template, tenant),
        })
    }

    /// Copies a tenant, with the data it has at this moment, under a new name and id. Messages that wait to be
    /// delivered, and answers that are kept for clients who repeat a request, stay with the original.
    ///
    /// # Errors
    /// As [`create`](Self::create), and [`TransferError`](crate::TransferError).
    pub fn duplicate(&self, name: &str, new: &NewTenant) -> Result<Tenant> {
        let mut new = new.clone();
        new.template = Some(name.to_owned());
        self.create(&new)
    }

    fn fill_from(&self, template: &Tenant, tenant: &Tenant) -> Result<()> {
        self.check_current(template)?;
        let (db, from, to) = (self.db(), &template.placement, &tenant.placement);
        Copy { db, from, to, tenant: template.id, copy: tenant.id }.run()?;
        self.wish_indexes(tenant.id, to)
    }

    /// Custom fields that came with data have their indexes where they come from, and need them here.
    pub(super) fn wish_indexes(&self, tenant: TenantId, place: &Placement) -> Result<()> {
        let work = self.db().work_at(place, Cx::new(tenant, Actor::system("fields")));
        work.write_blocking(crate::custom::wish_indexes)
    }

    /// Makes the place of a new tenant, lets `fill` fill it, and lets people in; or takes everything away again.
    pub(super) fn bring_up(&self, new: &NewTenant, fill: impl FnOnce(&Self, &Tenant) -> Result<()>) -> Result<Tenant> {
        let tenant = self.planned(new)?;
        let _lock = Lock::take(self.db(), tenant.id, &tenant.name)?;
        self.check_free(&tenant.placement, tenant.id)?;
        let directory = self.db().directory();
        directory.work("tenants").write_blocking(|tx| {
            directory.insert(tx, &tenant)?;
            directory.set_hosts(tx, tenant.id, &new.hosts)
        })?;
        let version = self.migrations().create(&tenant.placement);
        let made = version.is_ok();
        let ready = version.and_then(|version| {
            fill(self, &tenant)?;
            self.update(tenant.id, |row| {
                (row.status, row.schema_version) = (TenantStatus::Active, version);
                Ok(())
            })
        });
        match ready {
            Ok(tenant) => {
                if !tenant.quotas.is_unlimited()
                    && let Err(error) = self.db().recount(tenant.id)
                {
                    tracing::warn!(tenant = tenant.name, ?error, "what the new tenant uses can't be counted now");
                }
                self.db().rounds().ring(tenant.id);
                self.db().registry().outbox_bell().ring();
                Ok(tenant)
            }
            Err(error) => {
                if let Err(left) = self.take_away(&tenant, made) {
                    tracing::error!(tenant = tenant.name, ?left, "what a new tenant had can't be removed now");
                }
                Err(error)
            }
        }
    }

    /// Takes a tenant away that never was.
    pub(super) fn take_away(&self, tenant: &Tenant, made: bool) -> Result<()> {
        if made {
            self.clear(tenant.id, &tenant.placement, None)?;
        }
        let directory = self.db().directory();
        directory.work("tenants").write_blocking(|tx| directory.remove(tx, tenant.id))
    }

    fn planned(&self, new: &NewTenant) -> Result<Tenant> {
        let db = self.db();
        let id = new.id.unwrap_or_default();
        let tier = new.tier.clone().unwrap_or_default();
        let target = new.at.clone().unwrap_or_else(|| Target::Kind(db.tenancy().kind_of(&tier)));
        let placement = target.place(db, id)?;
        crate::check_tenant_name(&new.name)?;
        let quotas = new.quotas.unwrap_or_else(|| db.tenancy().quotas_of(&tier));
        let title = new.title.clone().unwrap_or_else(|| new.name.clone());
        Ok(Tenant { title, tier, quotas, ..Tenant::new(id, &new.name, placement, db.clock().now()) })
    }

    /// Whether a place can take a tenant: there is nothing of the tenant, and in a place of its own nothing at all.
    pub(super) fn check_free(&self, place: &Placement, tenant: TenantId) -> Result<()> {
        let db = self.db();
        let occupied = match place {
            Placement::Shared => {
                let layout = Layout::load(db, place)?;
                !is_empty(db, &layout, Part::Modules, tenant)?
            }
            Placement::Schema(_) | Placement::Database(_) => db.place_exists(place)?,
        };
        if occupied { Err(TenancyError::Occupied { place: place.to_string() }.into()) } else { Ok(()) }
    }

    /// Whether the data of a tenant is of this program's version.
    pub(super) fn check_current(&self, tenant: &Tenant) -> Result<()> {
        let wanted = self.migrations().version(&tenant.placement);
        if tenant.schema_version == wanted || tenant.placement == Placement::Shared {
            return Ok(());
        }
        let (name, error) = (tenant.name.clone(), tenant.migrate_error.clone());
        Err(TenancyError::NotMigrated { name, error }.into())
    }
}
