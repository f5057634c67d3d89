//! Transfer: all rows of one tenant, copied between two places of any kind and compared afterwards.
//!
//! What is copied is read off the migrated schema: every table with a `tenant_id`, in the order of its references.
//! Rows travel a few hundred at a time and each batch is a transaction of its own, so that neither memory nor the
//! locks of shared tables grow with the tenant. Whoever begins a transfer sees to it that what a dead process left
//! behind is removed.

mod copy;
mod empty;
mod error;
mod fill;
mod layout;
mod line;
mod order;
mod source;
mod sum;
mod triggers;

pub use error::TransferError;

pub(crate) use copy::{Copied, Copy, SESSION, check_arrived, name_session};
pub(crate) use empty::{erase, is_empty};
pub(crate) use fill::Filler;
pub(crate) use layout::{Layout, Part, Table, type_name, type_of};
pub(crate) use line::{decode, encode, rename as rename_row};
pub(crate) use source::{PlaceSource, Rows, Source};
pub(crate) use sum::Sum;

/// The column that says whose a row is.
const TENANT: &str = "tenant_id";
/// Messages; their order is that of the database they are in.
const OUTBOX: &str = "cortex_outbox";
/// Who got which message.
const DELIVERIES: &str = "cortex_deliveries";
/// What was answered to clients of a tenant, by their keys.
const ANSWERS: &str = "cortex_idempotency";
