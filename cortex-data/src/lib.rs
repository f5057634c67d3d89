//! Everything stored: database, tenancy, repositories, migrations, outbox.
//!
//! A unit of work is one closure, one blocking thread, one transaction ([`Work::write`]). Inside it an entity is read
//! and written through [`Repository`], and any other question is plain diesel from the tenant scope to [`Execute`].

mod company;
mod conn;
mod custom;
mod database;
mod dynamic;
mod entity;
mod error;
mod field;
mod filter;
mod group;
mod guard;
mod history;
mod hook;
mod job;
mod json;
mod meta;
mod migrate;
mod module;
mod module_state;
mod once;
mod outbox;
mod page;
mod pool;
mod query;
mod record;
mod register;
mod registry;
mod repository;
mod schema;
mod seed;
mod selection;
mod shape;
mod source;
pub mod sqltype;
mod statement;
mod subscriber;
mod tenancy;
mod tx;
mod validate;
mod value;
mod watch;
mod work;

pub use company::{Companies, Company, CompanyChange, CompanyError, EnterCompany, ManageCompanies, NewCompany};
pub use conn::{Conn, MultiBackend as Db, MultiRawValue as DbValue};
pub use cortex_macros::{CustomFields, Repository};
pub use custom::TypedFields;
pub use custom::{BrokenRecord, CUSTOM_NAME_MAX, ChangeReport, DefinitionError, FieldCatalogue, FieldDefinition};
pub use custom::{CHOICE_LENGTH_MAX, CUSTOM_FIELDS_MAX, CUSTOM_TEXT_MAX, Column, INDEXED_TEXT_MAX, Part as FieldPart};
pub use custom::{CHOICES_MAX, CustomColumn, CustomField, CustomFields, FieldChanged, ManageFields, REPORTED_MAX};
pub use custom::{CustomKind, EXTRA, Extra, ExtraValue, FieldChange, FieldSet, FieldsFor, INDEXES_MAX, IndexState};
pub use database::{ACQUIRE_TIMEOUT, Backend, Database, DatabaseOptions};
pub use dynamic::{AnyEntity, KnownEntity, Row, Rows};
pub use entity::{Columns, Entity, Key, RefersTo, Writable, shared_target};
pub use error::DatabaseError;
pub use field::{Field, Values, read_choice, take_choice};
pub use filter::{CustomTest, Filter, FilterError, Op};
pub use filter::{FILTER_DEPTH_MAX, FILTER_ITEMS_MAX, FILTER_LENGTH_MAX, FILTER_TERMS_MAX};
pub use group::{GROUP_FIELDS_MAX, GROUPS_MAX, Group, GroupError, GroupQuery, GroupRequest, Groups};
pub use guard::{AllowAll, ChangeSink, Check, DenyAll, Guard, Policy, Resource};
pub use history::{Action, Change, ChangeTable, HISTORY_MAX, HistoryEntry};
pub use hook::{Hook, HookPoint, Hooks};
pub use job::Job;
pub use json::field_to_json;
pub use meta::{External, ExternalError, FieldKind, FieldMeta, Meta, Rules};
pub use migrate::{Down, FRAMEWORK_MIGRATIONS, FRAMEWORK_MODULE, LOCK_WAIT, MigrateError, Migrated, Migration};
pub use migrate::{MigrationState, MigrationStatus, Migrator, Part, RegisterMigrations, Step};
pub use module::{Data, DatabaseConfig, prepare};
pub use module_state::{ModuleVersions, RegisterUpgrades, SwitchStore};
pub use once::{ONCE_RETENTION_HOURS, OnceError, OnceKey, once};
pub use outbox::{Bell, DEAD_LETTERS_MAX, DELIVERY_ATTEMPTS_MAX, DELIVERY_BATCH, DISPATCH_BATCH, DRAIN_ROUNDS_MAX};
pub use outbox::{DRAIN_WAIT_MAX, DeadLetter, Drained, HOLD_MAX, POLL_INTERVAL, PURGE_BATCH, PURGE_INTERVAL};
pub use outbox::{RETENTION, RETRY_FIRST, RETRY_MAX, Relay, STORES_PER_SWEEP, SWEEP_INTERVAL};
pub use page::{CURSOR_LENGTH_MAX, PAGE_LIMIT_DEFAULT, PAGE_LIMIT_MAX, SORT_KEYS_MAX, UNINDEXED_ROWS_MAX};
pub use page::{Page, PageError, PageQuery, PageRequest, SortKey};
pub use query::{CompanyIs, Execute, Joined, OpenRows, OpenTo, Scope, ScopePredicate, Scoped, ScopedOn, TenantIs};
pub use query::{joined, open_rows};
pub use record::{Record, System};
pub use register::{AfterHook, BeforeHook, DataRegistrar, Parts, RegistryError, RegistryProblem};
pub use registry::Registry;
pub use repository::{MANY_MAX, Repository};
pub use schema::{COLUMNS_MAX, SchemaError, SchemaProblem, check_schema, create_table_sql, require_schema};
pub use seed::Seed;
pub use selection::{Selection, selection};
pub use shape::{Create, GivenExtra, Patch, Read, ReadyPatch, Select, SelectError, ShownExtra};
pub use source::{ColumnValue, Loaded, Source};
pub use sqltype::arg;
pub use statement::Statement;
pub use subscriber::Subscriber;
pub use tenancy::{ArchiveError, DIRECTORY_TTL, Directory, SchemaVersion, TenancyConfig, TenancyError, TransferError};
pub use tenancy::{ConnectionCount, LifecycleError, PlacementKind, TENANT_NAME_MAX, TenancyOptions, TenantMigrated};
pub use tenancy::{Exported, Imported, Moved, Placement, Quotas, Recovered, Target, Tenant, TenantUse};
pub use tenancy::{GRACE_DAYS, NewTenant, QuotaError, TenantChange, TenantEntry, TenantSource, TenantStatus, Tenants};
pub use tenancy::{TENANT_HOSTS_MAX, TENANTS_PAGE_MAX, TenantMigrations, TenantMigrationsReport, check_tenant_name};
pub use tx::{ReadTx, SAVEPOINTS_MAX, Tx};
pub use value::{ColumnType, Value};
pub use watch::{Observer, Seen};
pub use work::{ATTEMPTS_MAX, BACKOFF_FIRST, BACKOFF_MAX, Isolation, Work};

#[doc(hidden)]
pub use sqltype::column_types;

/// What derives name; not for people.
#[doc(hidden)]
pub mod __private {
    pub use crate as data;
    pub use crate::choice_sql;
    pub use cortex_core as core;
    pub use cortex_core::__private::{schemars, serde};
    pub use {diesel, serde_json};
}
