//! The fields that tenants define at run time: defined, changed, archived, brought back and listed.

use std::sync::Arc;

use cortex_core::{Error, Id, Result, Timestamp};
use serde_json::Value as Json;

use super::cache::reload;
use super::definition::{DefinitionError, FieldDefinition};
use super::event::{FieldChange, FieldChanged};
use super::field::{CustomField, IndexState};
use super::report::{ChangeReport, check_stored, convert};
use super::set::FieldSet;
use super::{CUSTOM_FIELDS_MAX, index, unique};
use crate::filter::Filter;
use crate::guard::Policy;
use crate::meta::Meta;
use crate::repository::Repository as _;
use crate::tx::{ReadTx, Tx};

/// Defining and changing custom fields.
#[derive(Debug, Clone, Copy)]
pub struct ManageFields;

impl Policy for ManageFields {
    type Resource = ();
    const RESOURCE: &'static str = "cortex.field";
    const ACTION: &'static str = "manage";
    const ABOUT: &'static str = "Define, change and archive custom fields";
}

/// A custom field of a tenant, as it is stored.
#[derive(Debug, Clone, PartialEq, cortex_macros::Repository)]
#[repository(table = "cortex_fields", tenant, versioned, audited, crate = crate)]
pub(crate) struct StoredField {
    pub(crate) id: Id<StoredField>,
    /// The table of the entity.
    #[field(max_len = 63)]
    pub(crate) entity: String,
    #[field(max_len = 63)]
    pub(crate) name: String,
    pub(crate) definition: serde_json::Value,
    #[field(read_only)]
    pub(crate) index_state: IndexState,
    #[field(read_only)]
    pub(crate) index_problem: Option<String>,
    #[field(read_only)]
    pub(crate) archived_at: Option<Timestamp>,
}

impl StoredField {
    fn definition(&self) -> Result<FieldDefinition> {
        serde_json::from_value(self.definition.clone()).map_err(|e| {
            Error::internal("custom.stored_definition", "a stored definition can't be read").with_source(e)
        })
    }
}

/// Finds the entity of a reference.
pub(super) fn resolve(field: &mut CustomField, of: &Meta, entities: &[(String, &'static Meta)]) -> Result<()> {
    if let Some(name) = &field.definition.references {
        // What all companies share can't refer to what one of them keeps.
        let seen = |meta: &Meta| meta.tenant && (of.company || !meta.company);
        let found = entities.iter().find(|(module, meta)| seen(meta) && is_called(module, meta, name));
        let problem = || super::definition::invalid(vec![("references", format!("`{name}` is no entity"))]);
        field.references = Some(found.ok_or_else(problem)?.1);
    }
    Ok(())
}

fn is_called(module: &str, meta: &Meta, name: &str) -> bool {
    name.split_once('.').is_some_and(|(of, entity)| of == module && entity == meta.snake_name())
}

/// Reads the fields of an entity: those of modules, then those of the tenant.
pub(super) fn read(tx: &mut ReadTx, meta: &'static Meta) -> Result<FieldSet> {
    let db = tx.database().clone();
    let registry = db.registry();
    let mut fields: Vec<Arc<CustomField>> = registry.fields().of_modules(tx, meta.table).cloned().collect();
    for stored in StoredField::list(tx, &Filter::eq("entity", meta.table))? {
        if fields.iter().any(|field| field.definition.name == stored.name) {
            tracing::warn!(
                entity = meta.table,
                field = stored.name,
                "a module declares a field that a tenant defined before"
            );
            continue;
        }
        match compiled(&stored, meta, registry.entities()) {
            Ok(field) => fields.push(Arc::new(field)),
            // Its values are kept; everything else goes on without it.
            Err(error) => {
                tracing::error!(?error, entity = meta.table, field = stored.name, "a custom field can't be used")
            }
        }
    }
    Ok(FieldSet::new(fields))
}

fn compiled(stored: &StoredField, of: &Meta, entities: &[(String, &'static Meta)]) -> Result<CustomField> {
    let mut field = CustomField::compile(stored.definition()?)?;
    field.index = stored.index_state;
    field.index_problem.clone_from(&stored.index_problem);
    field.archived = stored.archived_at.is_some();
    resolve(&mut field, of, entities)?;
    Ok(field)
}

/// Asks anew for the indexes of all fields: of a tenant whose data came to another place. Where the place has too many
/// already, the field says so and works without.
pub(crate) fn wish_indexes(tx: &mut Tx) -> Result<()> {
    let db = tx.database().clone();
    let entities = db.registry().entities();
    for stored in StoredField::list(tx, &Filter::All)?.into_iter().filter(|stored| stored.archived_at.is_none()) {
        let Some((_, meta)) = entities.iter().find(|(_, meta)| meta.table == stored.entity) else { continue };
        let Ok(field) = compiled(&stored, meta, entities) else { continue };
        let (state, problem) = match index::wish(tx, meta, &field) {
            Ok(state) => (state, None),
            Err(error) if error.code() == index::FULL => (IndexState::Failed, Some(error.message().to_owned())),
            Err(error) => return Err(error),
        };
        if state != stored.index_state {
            index::note(tx, meta, &stored.name, state, problem.as_deref())?;
        }
    }
    Ok(())
}

/// Defines custom fields at run time. Every verb needs the permission `cortex.field.manage`, but for listing.
#[derive(Debug, Clone, Copy, Default)]
pub struct FieldCatalogue;

impl FieldCatalogue {
    /// The entity called `crm.party`, if it holds custom fields.
    ///
    /// # Errors
    /// [`DefinitionError::Entity`].
    pub fn entity(tx: &ReadTx, name: &str) -> Result<&'static Meta> {
        let db = tx.database();
        let found = db.registry().entities().iter().find(|(module, meta)| is_called(module, meta, name));
        match found {
            Some((_, meta)) if meta.extra().is_some() => Ok(meta),
            _ => Err(DefinitionError::Entity(name.to_owned()).into()),
        }
    }

    /// All fields of an entity: those of modules and those of the tenant, with the archived ones.
    ///
    /// # Errors
    /// The database refuses the statement.
    pub fn list(tx: &mut ReadTx, entity: &'static Meta) -> Result<Arc<FieldSet>> {
        reload(tx, entity)
    }

    /// Adds a field: no table changes for it, and records that exist are left alone.
    ///
    /// # Errors
    /// [`Kind::Invalid`](cortex_core::Kind::Invalid) with all that is wrong with the definition; the name is taken;
    /// [`CUSTOM_FIELDS_MAX`] is reached; the field is required, has no default, and there are records already.
    pub fn define(tx: &mut Tx, entity: &'static Meta, definition: FieldDefinition) -> Result<CustomField> {
        tx.authorize::<ManageFields>(&())?;
        let db = tx.database().clone();
        let mut field = CustomField::compile(definition)?;
        resolve(&mut field, entity, db.registry().entities())?;
        let name = field.definition.name.clone();
        // Not by the whole set: a tenant with a thousand fields adds one as fast as the first.
        let own = Filter::eq("entity", entity.table);
        let declared = db.registry().fields().of_modules(tx, entity.table).any(|field| field.definition.name == name);
        if declared || StoredField::count(tx, &own.clone().and(Filter::eq("name", name.as_str())))? > 0 {
            return Err(DefinitionError::Exists { entity: entity.name.to_owned(), name }.into());
        }
        if usize::try_from(StoredField::count(tx, &own)?).is_ok_and(|known| known >= CUSTOM_FIELDS_MAX) {
            return Err(DefinitionError::TooMany { max: CUSTOM_FIELDS_MAX }.into());
        }
        // A new name has no values yet: only what says something about records without one concerns them.
        if field.definition.required && field.default().is_none() {
            check_stored(tx, entity, None, &field)?.refuse()?;
        }
        field.index = index::wish(tx, entity, &field)?;
        let stored = StoredField {
            id: tx.new_id(),
            entity: entity.table.to_owned(),
            name,
            definition: to_json(&field.definition)?,
            index_state: field.index,
            index_problem: None,
            archived_at: None,
        };
        StoredField::insert(tx, &stored)?;
        Self::tell(tx, entity, &field, FieldChange::Defined);
        Ok(field)
    }

    /// What stored values say about a changed definition, without changing anything.
    ///
    /// # Errors
    /// As [`define`](Self::define).
    pub fn check(tx: &mut ReadTx, entity: &'static Meta, definition: FieldDefinition) -> Result<ChangeReport> {
        let db = tx.database().clone();
        let mut field = CustomField::compile(definition)?;
        resolve(&mut field, entity, db.registry().entities())?;
        let set = reload(tx, entity)?;
        let old = Arc::clone(own(&set, entity, &field.definition.name)?);
        check_stored(tx, entity, Some(&old), &field)
    }

    /// Changes rules or kind of a field, once every stored value fits; values are converted to another kind.
    ///
    /// # Errors
    /// As [`check`](Self::check); [`Kind::Conflict`](cortex_core::Kind::Conflict) with code `custom.stored` when
    /// stored values break it.
    pub fn change(tx: &mut Tx, entity: &'static Meta, definition: FieldDefinition) -> Result<ChangeReport> {
        tx.authorize::<ManageFields>(&())?;
        let db = tx.database().clone();
        let mut field = CustomField::compile(definition)?;
        resolve(&mut field, entity, db.registry().entities())?;
        let set = reload(tx, entity)?;
        let old = Arc::clone(own(&set, entity, &field.definition.name)?);
        let mut report = check_stored(tx, entity, Some(&old), &field)?;
        report.refuse()?;
        if old.definition.kind != field.definition.kind {
            report.converted = convert(tx, entity, &old, &field)?;
        }
        if field.definition.unique {
            unique::rebuild(tx, entity, &field)?;
        } else if old.definition.unique {
            unique::forget(tx, entity, &field.definition.name)?;
        }
        let same_index = old.definition.indexed == field.definition.indexed
            && old.column(super::Part::Value) == field.column(super::Part::Value);
        let state = if same_index { old.index } else { index::wish(tx, entity, &field)? };
        let stored = Self::stored(tx, entity, &field.definition.name)?;
        let json = to_json(&field.definition)?;
        StoredField::update(tx, stored.id, |stored| {
            stored.definition = json.clone();
            stored.index_state = state;
            stored.index_problem = None;
            Ok(())
        })?;
        if !same_index && old.definition.indexed {
            index::unwish(tx, entity);
        }
        Self::tell(tx, entity, &field, FieldChange::Changed);
        Ok(report)
    }

    /// Takes a field out of use: its values stay, hidden, and it can be brought back.
    ///
    /// # Errors
    /// There is no such field of the tenant.
    pub fn archive(tx: &mut Tx, entity: &'static Meta, name: &str) -> Result<()> {
        tx.authorize::<ManageFields>(&())?;
        let set = reload(tx, entity)?;
        let field = Arc::clone(own(&set, entity, name)?);
        let stored = Self::stored(tx, entity, name)?;
        let now = tx.now();
        StoredField::update(tx, stored.id, |stored| {
            stored.archived_at = Some(now);
            stored.index_state = IndexState::None;
            Ok(())
        })?;
        if field.definition.indexed {
            index::unwish(tx, entity);
        }
        Self::tell(tx, entity, &field, FieldChange::Archived);
        Ok(())
    }

    /// Asks again for the indexes that fields wish and that are not there: after the last attempt failed, or after the
    /// records came here from another database. How many were asked for.
    ///
    /// # Errors
    /// The table has as many indexes as are possible.
    pub fn index_again(tx: &mut Tx, entity: &'static Meta) -> Result<u64> {
        tx.authorize::<ManageFields>(&())?;
        let mut asked = 0;
        for stored in StoredField::list(tx, &Filter::eq("entity", entity.table))? {
            let field = compiled(&stored, entity, tx.database().clone().registry().entities())?;
            if field.archived || !field.definition.indexed {
                continue;
            }
            let state = index::wish(tx, entity, &field)?;
            asked += u64::from(state == IndexState::Building);
            StoredField::update(tx, stored.id, |stored| {
                stored.index_state = state;
                Ok(())
            })?;
        }
        Self::changed(tx, entity);
        Ok(asked)
    }

    /// Brings an archived field back, with the values that records still have.
    ///
    /// # Errors
    /// There is no such field of the tenant; values break its rules by now, such as those of a record that came
    /// meanwhile without a required one.
    pub fn restore(tx: &mut Tx, entity: &'static Meta, name: &str) -> Result<()> {
        tx.authorize::<ManageFields>(&())?;
        let set = reload(tx, entity)?;
        let field = Arc::clone(own(&set, entity, name)?);
        check_stored(tx, entity, None, &field)?.refuse()?;
        let state = index::wish(tx, entity, &field)?;
        let stored = Self::stored(tx, entity, name)?;
        StoredField::update(tx, stored.id, |stored| {
            stored.archived_at = None;
            stored.index_state = state;
            Ok(())
        })?;
        Self::tell(tx, entity, &field, FieldChange::Restored);
        Ok(())
    }

    pub(super) fn stored(tx: &mut ReadTx, entity: &'static Meta, name: &str) -> Result<StoredField> {
        let filter = Filter::eq("entity", entity.table).and(Filter::eq("name", name));
        let unknown = || DefinitionError::Unknown { entity: entity.name.to_owned(), name: name.to_owned() };
        Ok(StoredField::list(tx, &filter)?.pop().ok_or_else(unknown)?)
    }

    fn tell(tx: &mut Tx, entity: &'static Meta, field: &CustomField, change: FieldChange) {
        let name = field.definition.name.clone();
        tx.emit(FieldChanged { entity: entity.table.to_owned(), name, change });
        Self::changed(tx, entity);
    }

    pub(super) fn changed(tx: &mut Tx, entity: &'static Meta) {
        tx.local().change();
        let (db, tenant) = (tx.database().clone(), tx.tenant());
        tx.after_commit(move || db.registry().fields().forget(tenant, entity.table));
    }
}

/// The field of the tenant; those of modules can't be changed.
fn own<'a>(set: &'a FieldSet, entity: &'static Meta, name: &str) -> Result<&'a Arc<CustomField>> {
    match set.any(name) {
        None => Err(DefinitionError::Unknown { entity: entity.name.to_owned(), name: name.to_owned() }.into()),
        Some(field) if field.module.is_some() => Err(DefinitionError::Declared(name.to_owned()).into()),
        Some(field) => Ok(field),
    }
}

fn to_json(definition: &FieldDefinition) -> Result<Json> {
    serde_json::to_value(definition)
        .map_err(|e| Error::internal("custom.stored_definition", "a definition can't be written").with_source(e))
}
