//! Why a tenant is not served.

use cortex_core::{Kind, Refusal};

/// Why a tenant is not served, or can't be what it was asked to be.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
#[expect(missing_docs, reason = "the messages say what the parts are")]
pub enum TenancyError {
    /// No tenant has this name, host or id.
    #[error("there is no tenant `{name}`")]
    Unknown { name: String },
    /// Its place is being made.
    #[error("the tenant `{name}` is being created")]
    Creating { name: String },
    /// Somebody stopped it.
    #[error("the tenant `{name}` is suspended{}", because(reason.as_deref()))]
    Suspended { name: String, reason: Option<String> },
    /// Its data is being copied to another place.
    #[error("the tenant `{name}` is being moved: it can be read and not be written")]
    Moving { name: String },
    /// It will be removed.
    #[error("the tenant `{name}` is being deleted")]
    Deleting { name: String },
    /// It was removed.
    #[error("the tenant `{name}` was deleted")]
    Deleted { name: String },
    /// Its schema is older than this program.
    #[error("the data of the tenant `{name}` is not migrated to this version yet")]
    NotMigrated { name: String, error: Option<String> },
    /// The name can't be used.
    #[error("`{name}` can't be the name of a tenant")]
    Name { name: String },
    /// Another tenant has the name or host.
    #[error("`{name}` is the name or host of another tenant")]
    Taken { name: String },
    /// The database system has no such places.
    #[error("the mode `{mode}` does not exist on this database")]
    NoMode { mode: &'static str },
    /// The configuration says something that does not fit.
    #[error("`tenancy.{key}`: {reason}")]
    Config { key: &'static str, reason: String },
    /// The location can't be used.
    #[error("`{location}` is not a place for a tenant")]
    Location { location: String },
    /// There is something already.
    #[error("there is something at {place} already")]
    Occupied { place: String },
}

fn because(reason: Option<&str>) -> String {
    reason.map(|reason| format!(": {reason}")).unwrap_or_default()
}

impl Refusal for TenancyError {
    fn kind(&self) -> Kind {
        match self {
            Self::Unknown { .. } | Self::Deleting { .. } | Self::Deleted { .. } => Kind::NotFound,
            Self::Suspended { .. } => Kind::Forbidden,
            Self::Creating { .. } | Self::Moving { .. } | Self::NotMigrated { .. } => Kind::Unavailable,
            Self::Name { .. } | Self::Location { .. } => Kind::Invalid,
            Self::Taken { .. } | Self::Occupied { .. } => Kind::Conflict,
            Self::NoMode { .. } | Self::Config { .. } => Kind::Config,
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::Unknown { .. } => "tenancy.unknown",
            Self::Creating { .. } => "tenancy.creating",
            Self::Suspended { .. } => "tenancy.suspended",
            Self::Moving { .. } => "tenancy.moving",
            Self::Deleting { .. } => "tenancy.deleting",
            Self::Deleted { .. } => "tenancy.deleted",
            Self::NotMigrated { .. } => "tenancy.not_migrated",
            Self::Name { .. } => "tenancy.name",
            Self::Taken { .. } => "tenancy.taken",
            Self::NoMode { .. } => "tenancy.no_mode",
            Self::Config { .. } => "tenancy.config",
            Self::Location { .. } => "tenancy.location",
            Self::Occupied { .. } => "tenancy.occupied",
        }
    }

    fn help(&self) -> Option<String> {
        Some(match self {
            Self::Unknown { .. } => "check the host name, the path or the header that names the tenant".to_owned(),
            Self::Creating { .. } | Self::Moving { .. } => "try again in a moment".to_owned(),
            Self::Suspended { .. } => "ask the operator to resume it".to_owned(),
            Self::Deleting { .. } => "the operator can resume it until its time of grace is over".to_owned(),
            Self::Deleted { .. } => "restore it from an archive or a backup".to_owned(),
            Self::NotMigrated { error: None, .. } => "run `migrate up`, which migrates all tenants".to_owned(),
            Self::NotMigrated { error: Some(_), .. } => {
                "its migration failed: `migrate status` says why; mend it and run `migrate up`".to_owned()
            }
            Self::Name { .. } => "2 to 63 of a-z, 0-9 and `-`, beginning with a letter, not ending in `-`".to_owned(),
            Self::Taken { .. } => "choose another one".to_owned(),
            Self::NoMode { .. } => "SQLite has `shared` and `database`, PostgreSQL has `schema` too".to_owned(),
            Self::Config { .. } => "see the section `[tenancy]` of the configuration".to_owned(),
            Self::Location { .. } => {
                "a URL, a file name ending in `.db`, or a name of a-z, 0-9 and `_`, depending on the mode".to_owned()
            }
            Self::Occupied { .. } => "choose another place, or look what is there and remove it".to_owned(),
        })
    }
}
