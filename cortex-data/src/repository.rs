//! What every entity can do: read, page, insert, update, delete, restore, upsert, stream.

mod explain;
pub(crate) mod read;
pub(crate) mod write;

use cortex_core::Result;

use crate::entity::{Entity, Writable};
use crate::filter::Filter;
use crate::group::{GroupRequest, Groups};
use crate::history::HistoryEntry;
use crate::page::{Page, PageRequest};
use crate::record::Record;
use crate::tx::{ReadTx, Tx};

/// Most records that one call of [`Repository::get_many`] or [`Repository::list`] returns.
pub const MANY_MAX: usize = 10_000;

/// Reading and writing records of an entity, always within the tenant of the unit of work, and within its company where
/// the entity has `company`.
///
/// Deleted records (of an entity with `soft_delete`) are left out everywhere but in [`restore`](Self::restore)
/// and [`history`](Self::history).
pub trait Repository: Entity {
    /// The record with this key: its id, but for tables of others.
    ///
    /// # Errors
    /// [`Kind::NotFound`](cortex_core::Kind::NotFound) when there is none for this tenant.
    fn get(tx: &mut ReadTx, key: Self::Key) -> Result<Self> {
        read::find(tx, &key)?.ok_or_else(|| read::not_found::<Self>(&key))
    }

    /// The record with this key, if there is one.
    ///
    /// # Errors
    /// The database refuses the statement.
    fn find(tx: &mut ReadTx, key: Self::Key) -> Result<Option<Self>> {
        read::find(tx, &key)
    }

    /// The records with these keys, in their order; those that don't exist are left out.
    ///
    /// # Errors
    /// More than [`MANY_MAX`] keys.
    fn get_many(tx: &mut ReadTx, keys: &[Self::Key]) -> Result<Vec<Self>> {
        read::get_many(tx, keys)
    }

    /// The record with its version and stamps.
    ///
    /// # Errors
    /// As [`get`](Self::get).
    fn record(tx: &mut ReadTx, key: Self::Key) -> Result<Record<Self>> {
        read::record(tx, &key)
    }

    /// All records that satisfy `filter`, by key. For lists of unknown length use [`stream`](Self::stream) or a page.
    ///
    /// # Errors
    /// More than [`MANY_MAX`] records.
    fn list(tx: &mut ReadTx, filter: &Filter) -> Result<Vec<Self>> {
        read::list(tx, filter)
    }

    /// One page of the records that satisfy the request's filter, in its order.
    ///
    /// # Errors
    /// [`Kind::Invalid`](cortex_core::Kind::Invalid) when the cursor is damaged or belongs to another list.
    fn page(tx: &mut ReadTx, request: &PageRequest) -> Result<Page<Record<Self>>> {
        crate::page::page(tx, request)
    }

    /// How many records satisfy `filter`.
    ///
    /// # Errors
    /// The database refuses the statement.
    fn count(tx: &mut ReadTx, filter: &Filter) -> Result<i64> {
        read::count::<Self>(tx, filter)
    }

    /// How many records share the values of some fields.
    ///
    /// # Errors
    /// Too many would have to be looked through for a custom field without an index; a sum is too large.
    fn groups(tx: &mut ReadTx, request: &GroupRequest) -> Result<Groups> {
        crate::group::groups::<Self>(tx, request)
    }

    /// Hands every record that satisfies `filter` to `f`, in batches by key: memory stays flat.
    ///
    /// # Errors
    /// What `f` returns; the database refuses a statement.
    fn stream(tx: &mut ReadTx, filter: &Filter, f: impl FnMut(Record<Self>) -> Result<()>) -> Result<()> {
        read::stream(tx, filter, f)
    }

    /// The changes of a record, oldest first; none where the entity is not `audited`.
    ///
    /// # Errors
    /// The database refuses the statement.
    fn history(tx: &mut ReadTx, key: Self::Key) -> Result<Vec<HistoryEntry>> {
        crate::history::of(tx, Self::META, &key.into())
    }

    /// Stores a new record.
    ///
    /// # Errors
    /// [`Kind::Invalid`](cortex_core::Kind::Invalid) with every field that breaks a rule;
    /// [`Kind::Conflict`](cortex_core::Kind::Conflict) when a unique value is taken.
    fn insert(tx: &mut Tx, entity: &Self) -> Result<()>
    where
        Self: Writable,
    {
        write::insert_many(tx, std::slice::from_ref(entity))
    }

    /// The same, and tells the key of the stored record: another one than `entity` has where the database gives keys.
    ///
    /// # Errors
    /// As [`insert`](Self::insert).
    fn insert_keyed(tx: &mut Tx, entity: &Self) -> Result<Self::Key>
    where
        Self: Writable,
    {
        write::insert_keyed(tx, entity)
    }

    /// Stores new records, a few statements for all of them.
    ///
    /// # Errors
    /// As [`insert`](Self::insert); then none is stored once the unit of work fails.
    fn insert_many(tx: &mut Tx, entities: &[Self]) -> Result<()>
    where
        Self: Writable,
    {
        write::insert_many(tx, entities)
    }

    /// Reads the record, lets `change` change it, and writes the columns that differ.
    ///
    /// # Errors
    /// What `change` returns; as [`get`](Self::get) and [`insert`](Self::insert);
    /// [`Kind::Conflict`](cortex_core::Kind::Conflict) when another unit of work changed it in between.
    fn update(tx: &mut Tx, key: Self::Key, change: impl FnOnce(&mut Self) -> Result<()>) -> Result<Self>
    where
        Self: Writable,
    {
        write::update(tx, &key, None, change).map(|record| record.entity)
    }

    /// The same, if the record still has this version.
    ///
    /// # Errors
    /// [`Kind::PreconditionFailed`](cortex_core::Kind::PreconditionFailed) when it has another one.
    fn update_at(
        tx: &mut Tx,
        key: Self::Key,
        version: i64,
        change: impl FnOnce(&mut Self) -> Result<()>,
    ) -> Result<Record<Self>>
    where
        Self: Writable,
    {
        write::update(tx, &key, Some(version), change)
    }

    /// Deletes the record: marks it where the entity has `soft_delete`, removes it otherwise.
    ///
    /// # Errors
    /// As [`get`](Self::get); [`Kind::Conflict`](cortex_core::Kind::Conflict) when others refer to it.
    fn delete(tx: &mut Tx, key: Self::Key) -> Result<()>
    where
        Self: Writable,
    {
        write::delete::<Self>(tx, &key, None)
    }

    /// The same, if the record still has this version.
    ///
    /// # Errors
    /// [`Kind::PreconditionFailed`](cortex_core::Kind::PreconditionFailed) when it has another one.
    fn delete_at(tx: &mut Tx, key: Self::Key, version: i64) -> Result<()>
    where
        Self: Writable,
    {
        write::delete::<Self>(tx, &key, Some(version))
    }

    /// Brings a deleted record back.
    ///
    /// # Errors
    /// [`Kind::NotFound`](cortex_core::Kind::NotFound) when there is no deleted record with this key.
    fn restore(tx: &mut Tx, key: Self::Key) -> Result<()>
    where
        Self: Writable,
    {
        write::restore::<Self>(tx, &key)
    }

    /// Stores the record, or changes the one that has the same values in the fields of `key`; the existing record
    /// keeps its key.
    ///
    /// # Errors
    /// As [`insert`](Self::insert); `key` names a field that does not exist.
    fn upsert(tx: &mut Tx, entity: &Self, key: &[&str]) -> Result<()>
    where
        Self: Writable,
    {
        write::upsert(tx, entity, key)
    }
}

impl<E: Entity> Repository for E {}
