//! Where units of work get their company from: a cache of the process, then the database.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::{Duration, Instant};

use cortex_core::{CompanyId, Result, TenantId};
use jiff::tz::TimeZone;

use super::{Companies, Company, CompanyError};
use crate::filter::Filter;
use crate::module::NOBODY;
use crate::repository::Repository as _;
use crate::tx::ReadTx;

/// How long a process may not notice that another one changed a company; a new one it finds at once.
const COMPANIES_TTL: Duration = Duration::from_secs(60);
/// Most tenants in memory; those that were not read again for [`COMPANIES_TTL`] go first.
const TENANTS_MAX: usize = 4_096;

/// A company as a unit of work needs it.
#[derive(Debug)]
pub(crate) struct Place {
    pub(crate) company: Company,
    pub(crate) zone: Option<TimeZone>,
}

impl Place {
    fn of(company: Company) -> Self {
        let zone = company.zone().map_err(|error| tracing::error!(%error, company = company.code, "UTC is used")).ok();
        Self { company, zone }
    }
}

type Places = Arc<[Arc<Place>]>;

/// The companies of tenants that were read lately.
#[derive(Debug, Default)]
pub(crate) struct Cache(RwLock<HashMap<TenantId, (Instant, Places)>>);

impl Cache {
    fn known(&self, tenant: TenantId) -> Option<Places> {
        let tenants = self.0.read().unwrap_or_else(PoisonError::into_inner);
        let (read, places) = tenants.get(&tenant)?;
        (read.elapsed() < COMPANIES_TTL).then(|| Arc::clone(places))
    }

    fn keep(&self, tenant: TenantId, places: &Places) {
        let mut tenants = self.0.write().unwrap_or_else(PoisonError::into_inner);
        if tenants.len() >= TENANTS_MAX {
            tenants.retain(|_, (read, _)| read.elapsed() < COMPANIES_TTL);
        }
        if tenants.len() >= TENANTS_MAX {
            tenants.clear();
        }
        tenants.insert(tenant, (Instant::now(), Arc::clone(places)));
    }

    /// After a change was committed.
    pub(crate) fn forget(&self, tenant: TenantId) {
        self.0.write().unwrap_or_else(PoisonError::into_inner).remove(&tenant);
    }
}

/// The company that a unit of work is in; none while the tenant has not described its main one.
pub(crate) fn place(tx: &mut ReadTx, id: CompanyId) -> Result<Option<Arc<Place>>> {
    let db = tx.database().clone();
    if tx.tenant() == NOBODY || !db.registry().has_companies() {
        return Ok(None);
    }
    let known = if tx.changed_companies() { None } else { db.registry().companies().known(tx.tenant()) };
    let found = |places: &Places| places.iter().find(|place| place.company.key() == id).cloned();
    if let Some(places) = known {
        let place = found(&places);
        if place.is_some() || id == CompanyId::MAIN {
            return Ok(place);
        }
    }
    // Another process may have founded it just now.
    match found(&reload(tx)?) {
        None if id != CompanyId::MAIN => Err(CompanyError::Unknown(id.to_string()).into()),
        place => Ok(place),
    }
}

fn reload(tx: &mut ReadTx) -> Result<Places> {
    let places: Places = all(tx)?.into_iter().map(|company| Arc::new(Place::of(company))).collect();
    if !tx.changed_companies() {
        tx.database().registry().companies().keep(tx.tenant(), &places);
    }
    Ok(places)
}

/// All companies of the tenant as the database has them, by id.
pub(super) fn all(tx: &mut ReadTx) -> Result<Vec<Company>> {
    const { assert!(Companies::MAX <= crate::repository::MANY_MAX, "one call reads them all") };
    Company::list(tx, &Filter::All)
}

/// Every company that may have records, the main one with them.
pub(crate) fn ids(tx: &mut ReadTx) -> Result<Vec<CompanyId>> {
    let others = all(tx)?.into_iter().map(|company| company.key()).filter(|id| *id != CompanyId::MAIN);
    Ok(std::iter::once(CompanyId::MAIN).chain(others).collect())
}
