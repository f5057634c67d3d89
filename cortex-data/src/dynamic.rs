//! Entities without their types: for tools that learn while they run which entity is meant, such as imports.
//!
//! Everything passes the same gates as with the type: the tenant's scope, the rules of the fields, custom fields,
//! explained conflicts, the change history.

use std::fmt;
use std::marker::PhantomData;
use std::sync::Arc;

use cortex_core::config::suggest;
use cortex_core::{Error, ModuleName, Result};
use diesel::connection::SimpleConnection;
use serde_json::{Map, Value as Json};
use uuid::Uuid;

use crate::database::Backend;
use crate::entity::{Entity, Key};
use crate::error::from_diesel;
use crate::field::Values;
use crate::filter::Filter;
use crate::guard::Check;
use crate::json::{field_from_json, value_from_text};
use crate::meta::{FieldMeta, Meta};
use crate::page::PageRequest;
use crate::registry::Registry;
use crate::repository::{Repository, write};
use crate::shape::{Create, Patch, Read, Select};
use crate::tx::{ReadTx, Tx};
use crate::value::Value;

/// The values of a record, in the order of [`Meta::columns`].
pub type Row = Vec<Value>;

/// The records of a page, and the cursor of the next one.
pub type Rows = (Vec<Row>, Option<String>);

/// What every entity can do, without its type. [`Registry::entity`] finds it by name.
pub trait AnyEntity: fmt::Debug + Send + Sync {
    /// Table, fields and rules.
    fn meta(&self) -> &'static Meta;

    /// A new record from a client's object, as [`Create`] reads it; nothing is stored. `id` is its key where keys are
    /// ids.
    ///
    /// # Errors
    /// As [`Create::to_entity`].
    fn create(&self, tx: &mut ReadTx, object: Map<String, Json>, id: Uuid) -> Result<Row>;

    /// A record with a client's changes, as [`Patch`] reads them; nothing is stored.
    ///
    /// # Errors
    /// As [`Patch::apply`].
    fn patch(&self, tx: &mut ReadTx, row: &[Value], object: Map<String, Json>) -> Result<Row>;

    /// Asks the guard whether the actor may do `action` to the record.
    ///
    /// # Errors
    /// [`Kind::Forbidden`](cortex_core::Kind::Forbidden) with the reason.
    fn authorize(&self, tx: &mut Tx, resource: &str, action: &str, row: &[Value]) -> Result<()>;

    /// Stores new records, a few statements for all of them.
    ///
    /// # Errors
    /// As [`Repository::insert_many`].
    fn insert(&self, tx: &mut Tx, rows: &[Row]) -> Result<()>;

    /// Changes the stored record with the key of `row`.
    ///
    /// # Errors
    /// As [`Repository::update`] and [`Patch::apply`].
    fn update(&self, tx: &mut Tx, row: &[Value], object: Map<String, Json>) -> Result<()>;

    /// The records that satisfy `filter`.
    ///
    /// # Errors
    /// As [`Repository::list`].
    fn list(&self, tx: &mut ReadTx, filter: &Filter) -> Result<Vec<Row>>;

    /// One page of the records that satisfy the request's filter, in its order.
    ///
    /// # Errors
    /// As [`Repository::page`].
    fn page(&self, tx: &mut ReadTx, request: &PageRequest) -> Result<Rows>;

    /// Hands every record that satisfies `filter` to `f`, by key: memory stays flat.
    ///
    /// # Errors
    /// As [`Repository::stream`].
    fn stream(&self, tx: &mut ReadTx, filter: &Filter, f: &mut dyn FnMut(Row) -> Result<()>) -> Result<()>;

    /// The chosen fields of a record as clients get them; `select` is a list of names, `hidden` are those that the
    /// client may not see.
    ///
    /// # Errors
    /// A name is no field, or none that the client may see.
    fn shown(&self, tx: &mut ReadTx, row: &[Value], select: &str, hidden: &[&str]) -> Result<Map<String, Json>>;
}

/// The entity `E` without its type.
struct Of<E>(PhantomData<fn() -> E>);

impl<E: Entity> fmt::Debug for Of<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "AnyEntity({})", E::META.table)
    }
}

fn entity<E: Entity>(row: &[Value]) -> Result<E> {
    E::from_values(&mut Values::new(row.to_vec()))
}

impl<E: Entity> AnyEntity for Of<E> {
    fn meta(&self) -> &'static Meta {
        E::META
    }

    fn create(&self, tx: &mut ReadTx, object: Map<String, Json>, id: Uuid) -> Result<Row> {
        Ok(Create::<E>::from(object).to_entity_in(tx, E::Key::from_uuid(id))?.values())
    }

    fn patch(&self, tx: &mut ReadTx, row: &[Value], object: Map<String, Json>) -> Result<Row> {
        let mut entity = entity::<E>(row)?;
        Patch::<E>::from_json(object).ready(tx)?.apply(&mut entity)?;
        Ok(entity.values())
    }

    fn authorize(&self, tx: &mut Tx, resource: &str, action: &str, row: &[Value]) -> Result<()> {
        tx.authorize_check(&Check { resource, action, subject: &entity::<E>(row)? })
    }

    fn insert(&self, tx: &mut Tx, rows: &[Row]) -> Result<()> {
        let entities = rows.iter().map(|row| entity::<E>(row)).collect::<Result<Vec<_>>>()?;
        write::insert_many(tx, &entities)
    }

    fn update(&self, tx: &mut Tx, row: &[Value], object: Map<String, Json>) -> Result<()> {
        let patch = Patch::<E>::from_json(object);
        let change = patch.ready(tx)?;
        write::update::<E>(tx, &entity::<E>(row)?.key(), None, |entity| change.apply(entity)).map(drop)
    }

    fn list(&self, tx: &mut ReadTx, filter: &Filter) -> Result<Vec<Row>> {
        Ok(E::list(tx, filter)?.iter().map(Entity::values).collect())
    }

    fn page(&self, tx: &mut ReadTx, request: &PageRequest) -> Result<Rows> {
        let page = E::page(tx, request)?;
        Ok((page.items.iter().map(|record| record.entity.values()).collect(), page.next))
    }

    fn stream(&self, tx: &mut ReadTx, filter: &Filter, f: &mut dyn FnMut(Row) -> Result<()>) -> Result<()> {
        E::stream(tx, filter, |record| f(record.entity.values()))
    }

    fn shown(&self, tx: &mut ReadTx, row: &[Value], select: &str, hidden: &[&str]) -> Result<Map<String, Json>> {
        let record = crate::record::Record { entity: entity::<E>(row)?, system: crate::record::System::default() };
        let select = Select::<E>::parse_with(tx.custom_fields(E::META)?, select, hidden)?;
        let read = Read::new(record, select);
        match serde_json::to_value(&read) {
            Ok(Json::Object(object)) => Ok(object),
            _ => Err(Error::internal("data.shown", "a record can't be written as JSON")),
        }
    }
}

/// What [`DataRegistrar::repository`](crate::DataRegistrar::repository) says of an entity beside its meta data.
pub(crate) struct AnyPart(Arc<dyn AnyEntity>);

impl AnyPart {
    pub(crate) fn of<E: Entity>() -> Self {
        Self(Arc::new(Of::<E>(PhantomData)))
    }

    pub(crate) fn known(&self, module: ModuleName, importable: bool) -> KnownEntity {
        KnownEntity { resource: resource(module, self.0.meta()), entity: Arc::clone(&self.0), importable }
    }

    pub(crate) fn meta(&self) -> &'static Meta {
        self.0.meta()
    }
}

/// An entity whose records may be created and changed field by field: by generated routes, from files.
pub(crate) struct Importable(pub(crate) &'static Meta);

/// `crm.sales_order`: how permissions, messages and commands name the records of an entity.
pub(crate) fn resource(module: ModuleName, meta: &Meta) -> String {
    let mut out = format!("{module}.");
    for (i, c) in meta.name.chars().enumerate() {
        if c.is_uppercase() && i > 0 {
            out.push('_');
        }
        out.extend(c.to_lowercase());
    }
    out
}

/// An entity of the application, with its name. It derefs to [`AnyEntity`].
#[derive(Debug, Clone)]
pub struct KnownEntity {
    resource: String,
    entity: Arc<dyn AnyEntity>,
    importable: bool,
}

impl std::ops::Deref for KnownEntity {
    type Target = dyn AnyEntity;

    fn deref(&self) -> &Self::Target {
        self.entity.as_ref()
    }
}

impl KnownEntity {
    /// The name for people and permissions: `crm.party`.
    #[must_use]
    pub fn resource(&self) -> &str {
        &self.resource
    }

    /// Whether files may be imported into it: it has generated routes that write, or its module says so.
    #[must_use]
    pub fn is_importable(&self) -> bool {
        self.importable
    }

    /// Has PostgreSQL count the table anew, for what adds many records and looks for some of them meanwhile: it plans
    /// by its last count, and counts by itself only after a minute. Passed over where others count already, in tables
    /// of others, and on SQLite, which does not plan by that.
    ///
    /// # Errors
    /// The database refuses the statement.
    pub fn count_anew(&self, tx: &mut Tx) -> Result<()> {
        if tx.backend() == Backend::Sqlite || self.meta().external.is_some() {
            return Ok(());
        }
        let statement = format!("ANALYZE (SKIP_LOCKED) \"{}\"", self.meta().table);
        tx.conn().batch_execute(&statement).map_err(from_diesel)
    }
}

impl Registry {
    /// The entity that is called `name`: `crm.party`, or its table `crm_parties`.
    ///
    /// # Errors
    /// [`Kind::NotFound`](cortex_core::Kind::NotFound) with the nearest name.
    pub fn entity(&self, name: &str) -> Result<&KnownEntity> {
        let found = self.any().iter().find(|known| known.resource == name || known.meta().table == name);
        found.ok_or_else(|| {
            let known: Vec<String> = self.any().iter().map(|known| known.resource.clone()).collect();
            // The search takes time in proportion to the length.
            let near = if name.len() > 64 { "" } else { name };
            Error::not_found("data.entity", format!("there is no entity `{name}`"))
                .with_help(suggest(near, &known, "entities"))
        })
    }

    /// The entity whose meta data this is, if a module registered it.
    #[must_use]
    pub fn entity_of(&self, meta: &'static Meta) -> Option<&KnownEntity> {
        self.any().iter().find(|known| known.meta().table == meta.table)
    }
}

impl FieldMeta {
    /// The value of its first column from text, as filters read it.
    ///
    /// # Errors
    /// What is wrong with it, for people.
    pub fn parse(&self, text: &str) -> Result<Value, String> {
        value_from_text(self.kind, text)
    }

    /// Its column values from a client's JSON, without its rules.
    ///
    /// # Errors
    /// What is wrong with it, for people.
    pub fn read_json(&self, json: &Json) -> Result<Row, String> {
        field_from_json(self, json)
    }
}
