//! Tenancy: many tenants in one process, each in the isolation it needs.
//!
//! The directory in the main database says where each tenant is: in shared tables, in a schema or in a database of its
//! own. Every unit of work is routed by it, within one budget of connections and in fair turns.

mod archive;
mod budget;
mod config;
mod directory;
mod error;
mod lifecycle;
mod migrations;
mod place;
mod placement;
mod recount;
mod rounds;
mod route;
mod rows;
mod source;
mod store;
mod stores;
mod template;
mod tenant;
mod transfer;
mod turns;
mod usage;
mod wait;
mod wall;

pub use archive::ArchiveError;
pub use config::{TenancyConfig, TenancyOptions};
pub use directory::{DIRECTORY_TTL, Directory, TENANT_HOSTS_MAX, TENANTS_PAGE_MAX, TenantEntry};
pub use error::TenancyError;
pub use lifecycle::{Exported, GRACE_DAYS, Imported, LifecycleError, Moved};
pub use lifecycle::{NewTenant, Recovered, Target, TenantChange, Tenants};
pub use migrations::{TenantMigrated, TenantMigrations, TenantMigrationsReport};
pub use placement::{Placement, PlacementKind, TENANT_NAME_MAX, TenantStatus, check_tenant_name};
pub use recount::TenantUse;
pub(crate) use recount::bytes_of;
pub use source::TenantSource;
pub use stores::ConnectionCount;
pub use tenant::{Quotas, SchemaVersion, Tenant};
pub use transfer::TransferError;
pub use usage::QuotaError;

pub(crate) use archive::ArchiveModule;
pub(crate) use budget::{Budget, Permit};
pub(crate) use directory::Shelf;
pub(crate) use rounds::Rounds;
pub(crate) use route::{PlaceVersions, Rooms, Versions};
pub(crate) use store::{Pooled, Store};
pub(crate) use stores::Stores;
pub(crate) use usage::{Delta, Usage};
#[cfg(any(feature = "postgres", feature = "postgres-system"))]
pub(crate) use wall::turn;
pub(crate) use wall::{Facing, Whose};
