//! Where a tenant's data is, and in which state the tenant is.

use std::fmt;

use uuid::Uuid;

use super::error::TenancyError;

/// Longest name of a tenant; it has to fit a host name's label.
pub const TENANT_NAME_MAX: usize = 63;

/// Where a tenant's data is.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Placement {
    /// In the tables of the main database, kept apart by the tenant column.
    Shared,
    /// In a schema of its own in the main database, on PostgreSQL.
    Schema(String),
    /// In a database of its own: a URL; a file name ending in `.db` in the folder of tenants; or the name of a
    /// database on the PostgreSQL server of tenants.
    Database(String),
}

impl Placement {
    /// The place of `kind` that a new tenant gets, named after its id, which never changes.
    ///
    /// # Errors
    /// [`TenancyError::NoMode`] where `backend` has no such place.
    pub fn new(kind: PlacementKind, id: Uuid, backend: crate::Backend) -> Result<Self, TenancyError> {
        let name = format!("tenant_{}", id.simple());
        Ok(match (kind, backend) {
            (PlacementKind::Shared, _) => Self::Shared,
            (PlacementKind::Schema, crate::Backend::Postgres) => Self::Schema(name),
            (PlacementKind::Schema, crate::Backend::Sqlite) => {
                return Err(TenancyError::NoMode { mode: kind.as_str() });
            }
            (PlacementKind::Database, crate::Backend::Sqlite) => Self::Database(format!("{name}.db")),
            (PlacementKind::Database, crate::Backend::Postgres) => Self::Database(name),
        })
    }

    /// Which kind of place it is.
    #[must_use]
    pub const fn kind(&self) -> PlacementKind {
        match self {
            Self::Shared => PlacementKind::Shared,
            Self::Schema(_) => PlacementKind::Schema,
            Self::Database(_) => PlacementKind::Database,
        }
    }

    /// The schema, file, database or URL; `None` for the shared place.
    #[must_use]
    pub fn location(&self) -> Option<&str> {
        match self {
            Self::Shared => None,
            Self::Schema(at) | Self::Database(at) => Some(at),
        }
    }

    /// Puts a place together from its kind and location, as they are stored.
    #[must_use]
    pub fn from_parts(kind: PlacementKind, location: Option<String>) -> Option<Self> {
        match (kind, location) {
            (PlacementKind::Shared, _) => Some(Self::Shared),
            (PlacementKind::Schema, Some(at)) => Some(Self::Schema(at)),
            (PlacementKind::Database, Some(at)) => Some(Self::Database(at)),
            (_, None) => None,
        }
    }
}

impl fmt::Display for Placement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.kind().as_str())?;
        match self.location() {
            // A URL may hold a password.
            Some(at) if at.contains("://") => Ok(()),
            Some(at) => write!(f, " `{at}`"),
            None => Ok(()),
        }
    }
}

/// The kinds of places: how strictly tenants are kept apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PlacementKind {
    /// Tables of the main database, by the tenant column.
    Shared,
    /// A schema per tenant.
    Schema,
    /// A database per tenant.
    Database,
}

impl PlacementKind {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Shared, Self::Schema, Self::Database];

    /// As it is stored and configured.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Shared => "shared",
            Self::Schema => "schema",
            Self::Database => "database",
        }
    }

    /// Reads what [`as_str`](Self::as_str) writes.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == text)
    }
}

/// In which state a tenant is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum TenantStatus {
    /// Its place is being made.
    Creating,
    /// It works.
    Active,
    /// Somebody stopped it: nobody gets in.
    Suspended,
    /// Its data is being copied to another place: reading works, writing waits.
    Moving,
    /// It will be removed when its time of grace is over.
    Deleting,
    /// It was removed.
    Deleted,
}

impl TenantStatus {
    /// All of them.
    pub const ALL: [Self; 6] =
        [Self::Creating, Self::Active, Self::Suspended, Self::Moving, Self::Deleting, Self::Deleted];

    /// As it is stored.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Creating => "creating",
            Self::Active => "active",
            Self::Suspended => "suspended",
            Self::Moving => "moving",
            Self::Deleting => "deleting",
            Self::Deleted => "deleted",
        }
    }

    /// Reads what [`as_str`](Self::as_str) writes.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|status| status.as_str() == text)
    }
}

/// Checks the name of a tenant: `[a-z][a-z0-9-]{1,62}`, so that it can be a part of a host name and of a path.
///
/// # Errors
/// [`TenancyError::Name`].
pub fn check_tenant_name(name: &str) -> Result<(), TenancyError> {
    let mut letters = name.bytes();
    let first = letters.next().is_some_and(|b| b.is_ascii_lowercase());
    let rest = letters.all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
    if first && rest && (2..=TENANT_NAME_MAX).contains(&name.len()) && !name.ends_with('-') {
        return Ok(());
    }
    Err(TenancyError::Name { name: name.chars().take(TENANT_NAME_MAX + 1).collect() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_fit_host_names() {
        for good in ["ab", "acme", "acme-2", "a0"] {
            assert_eq!(check_tenant_name(good), Ok(()), "{good}");
        }
        for bad in ["", "a", "2b", "-a", "a-", "Acme", "a_b", "a.b", "ä1", &"a".repeat(64)] {
            assert!(check_tenant_name(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn places_are_named_after_the_id() {
        let id = Uuid::from_u128(7);
        let file = Placement::new(PlacementKind::Database, id, crate::Backend::Sqlite);
        assert_eq!(file, Ok(Placement::Database(format!("tenant_{}.db", id.simple()))));
        assert!(Placement::new(PlacementKind::Schema, id, crate::Backend::Sqlite).is_err());
    }
}
