//! Tables that others made and keep: mapped by entities, never migrated.

use cortex_core::{Kind, Refusal, Result};

use crate::meta::Meta;
use crate::tx::ReadTx;

/// How an entity uses a table that belongs to others. The derive builds it.
#[derive(Debug, Clone, Copy)]
pub struct External {
    /// Its rows belong to the tenant that `tenancy.external_tenant` names; otherwise to all tenants together.
    pub one_tenant: bool,
    /// Nothing is written to it.
    pub read_only: bool,
    /// The database gives the keys of new rows.
    pub generates_keys: bool,
}

impl Meta {
    /// Whether the tenant of `tx` sees the rows at all.
    pub(crate) fn is_open_to(&self, tx: &ReadTx) -> bool {
        let one_tenant = self.external.is_some_and(|external| external.one_tenant);
        !one_tenant || tx.database().tenancy().external_tenant == Some(tx.tenant())
    }

    /// Refuses to write where nothing may be written.
    pub(crate) fn require_writable(&self, tx: &ReadTx) -> Result<(), ExternalError> {
        match self.external {
            Some(External { read_only: true, .. }) => Err(ExternalError::ReadOnly(self.table)),
            Some(_) if !self.is_open_to(tx) => Err(ExternalError::Foreign(self.table)),
            _ => Ok(()),
        }
    }
}

/// Refuses to start where an entity maps the table of one tenant and nobody said whose it is.
///
/// # Errors
/// [`ExternalError::NoTenant`] for the first such table.
pub(crate) fn require_tenant(tx: &ReadTx, entities: &[&Meta]) -> Result<(), ExternalError> {
    let mut owned = entities.iter().filter(|meta| meta.external.is_some_and(|external| external.one_tenant));
    match owned.next() {
        Some(meta) if tx.database().tenancy().external_tenant.is_none() => Err(ExternalError::NoTenant(meta.table)),
        _ => Ok(()),
    }
}

/// Why a table of others can't be used like this.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ExternalError {
    /// The entity is read-only.
    #[error("the table `{0}` is only read")]
    ReadOnly(&'static str),
    /// The rows are those of another tenant.
    #[error("the table `{0}` belongs to another tenant")]
    Foreign(&'static str),
    /// Nobody said whose rows they are.
    #[error("the table `{0}` holds rows of one tenant, and the configuration does not say of which")]
    NoTenant(&'static str),
}

impl Refusal for ExternalError {
    fn kind(&self) -> Kind {
        match self {
            Self::ReadOnly(_) | Self::Foreign(_) => Kind::Forbidden,
            Self::NoTenant(_) => Kind::Config,
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::ReadOnly(_) => "external.read_only",
            Self::Foreign(_) => "external.tenant",
            Self::NoTenant(_) => "external.no_tenant",
        }
    }

    fn help(&self) -> Option<String> {
        let help = match self {
            Self::ReadOnly(_) => "change the record in the program that owns the table",
            Self::Foreign(_) => return None,
            Self::NoTenant(_) => "set `tenancy.external_tenant` to the id of that tenant",
        };
        Some(help.to_owned())
    }
}
