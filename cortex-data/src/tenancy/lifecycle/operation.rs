//! What an operation is about, as it is written down with the tenant before it begins.

use cortex_core::Result;
use serde_json::{Value as Json, json};

use super::error::LifecycleError;
use crate::tenancy::{Placement, PlacementKind, Tenant, TenantStatus};

/// The member of a tenant's settings that holds it.
pub(crate) const OPERATION: &str = "operation";

/// What is being done with a tenant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Operation {
    /// Its data is being copied to `to`; afterwards, or if nothing comes of it, its state is `then`.
    Move { to: Placement, then: TenantStatus },
    /// It is not at `from` any more: what is there is being removed.
    Clear { from: Placement },
}

impl Operation {
    /// What is written down.
    pub(super) fn of(tenant: &Tenant) -> Option<Self> {
        let json = tenant.settings.get(OPERATION)?;
        let place = || {
            let kind = json.get("mode").and_then(Json::as_str).and_then(PlacementKind::parse)?;
            Placement::from_parts(kind, json.get("location").and_then(Json::as_str).map(str::to_owned))
        };
        match json.get("kind").and_then(Json::as_str)? {
            "move" => {
                let then = json.get("then").and_then(Json::as_str).and_then(TenantStatus::parse)?;
                Some(Self::Move { to: place()?, then })
            }
            "clear" => Some(Self::Clear { from: place()? }),
            _ => None,
        }
    }

    /// Writes it down.
    pub(super) fn note(&self, tenant: &mut Tenant) {
        let json = match self {
            Self::Move { to, then } => {
                json!({ "kind": "move", "mode": to.kind().as_str(), "location": to.location(), "then": then.as_str() })
            }
            Self::Clear { from } => {
                json!({ "kind": "clear", "mode": from.kind().as_str(), "location": from.location() })
            }
        };
        if !tenant.settings.is_object() {
            tenant.settings = json!({});
        }
        if let Some(settings) = tenant.settings.as_object_mut() {
            settings.insert(OPERATION.to_owned(), json);
        }
    }

    /// Whether this is still what is written down.
    ///
    /// # Errors
    /// [`LifecycleError::Busy`] where somebody else took over.
    pub(super) fn expect(&self, tenant: &Tenant) -> Result<(), LifecycleError> {
        match Self::of(tenant).as_ref() == Some(self) {
            true => Ok(()),
            false => Err(LifecycleError::Busy { name: tenant.name.clone() }),
        }
    }

    /// Forgets it.
    pub(super) fn forget(tenant: &mut Tenant) -> Result<()> {
        if let Some(settings) = tenant.settings.as_object_mut() {
            settings.remove(OPERATION);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use cortex_core::{TenantId, Timestamp};

    use super::*;

    #[test]
    fn what_is_written_down_reads_back() {
        let mut tenant = Tenant::new(TenantId::new(), "acme", Placement::Shared, Timestamp::UNIX_EPOCH);
        assert_eq!(Operation::of(&tenant), None);
        let all = [
            Operation::Move { to: Placement::Database("acme.db".to_owned()), then: TenantStatus::Suspended },
            Operation::Move { to: Placement::Shared, then: TenantStatus::Active },
            Operation::Clear { from: Placement::Schema("tenant_1".to_owned()) },
        ];
        for operation in all {
            operation.note(&mut tenant);
            assert_eq!(Operation::of(&tenant), Some(operation));
        }
        Operation::forget(&mut tenant).unwrap();
        assert_eq!(tenant.settings, json!({}));
    }
}
