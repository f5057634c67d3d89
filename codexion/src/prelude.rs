//! What every file of a module needs, named one by one.

pub use std::sync::Arc;

pub use cortex_core::{
    Actor, Choice, CompanyId, Config, Currency, Cx, Date, Decimal, Error, Event, Id, Inject, Kind, Manifest, Module,
    Money, Price, Provider, Quantity, Rate, Refusal, Registers, Registrar, Result, Rounding, TenantId, Timestamp,
    ToSpan, Unit,
};
pub use cortex_data::{
    CustomFields, DataRegistrar, Execute, Extra, FieldDefinition, Filter, HookPoint, Job, Op, Policy, ReadTx, Record,
    RegisterMigrations, Repository, Tx, TypedFields, Value, Work, arg, joined,
};
pub use cortex_web::{Answer, Body, Created, NoContent, PathId, PathKey, Query, Raw, WebRegistrar};

pub use crate::App;
