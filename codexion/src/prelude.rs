//! What every file of a module needs, named one by one.

pub use cortex_core::{
    Actor, Choice, Config, Currency, Cx, Date, Decimal, Error, Event, Id, Kind, Manifest, Module, Money, Price,
    Provider, Quantity, Rate, Refusal, Registers, Registrar, Result, Rounding, TenantId, Timestamp, Unit,
};
pub use cortex_data::{
    Execute, Filter, HookPoint, Op, Policy, ReadTx, Record, Repository, Tx, Value, Work, arg, joined,
};
