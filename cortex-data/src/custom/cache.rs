//! Where units of work get the custom fields of their tenant from: a cache of the process, then the database.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::{Duration, Instant};

use cortex_core::{ModuleName, Result, TenantId};

use super::catalogue;
use super::field::CustomField;
use super::set::{FieldSet, TypedFields};
use crate::meta::Meta;
use crate::tx::ReadTx;

/// How long a process may not notice that another one changed a tenant's fields.
pub(crate) const FIELDS_TTL: Duration = Duration::from_secs(5);
/// Most sets in memory; those that were not read again for [`FIELDS_TTL`] go first.
const SETS_MAX: usize = 1_024;

/// What a module contributes by [`TypedFields`].
#[derive(Debug, Clone, Copy)]
pub(crate) struct CodeFields {
    pub(crate) meta: &'static Meta,
    definitions: fn() -> Vec<super::FieldDefinition>,
}

impl CodeFields {
    pub(crate) fn of<T: TypedFields>() -> Self {
        Self { meta: <T::Entity as crate::Entity>::META, definitions: T::definitions }
    }
}

/// Sets by tenant and table, each with when it was read.
type Sets = HashMap<(TenantId, &'static str), (Instant, Arc<FieldSet>)>;

/// The custom fields that an application knows: those of its modules, and a cache of those of tenants.
#[derive(Debug, Default)]
pub(crate) struct Fields {
    code: Vec<(ModuleName, &'static str, Arc<CustomField>)>,
    sets: RwLock<Sets>,
}

impl Fields {
    /// Reads what modules declare; references are looked for among `entities`.
    pub(crate) fn declared(
        contributed: impl Iterator<Item = (ModuleName, CodeFields)>,
        entities: &[(String, &'static Meta)],
    ) -> Result<Self> {
        let mut code: Vec<(ModuleName, &'static str, Arc<CustomField>)> = Vec::new();
        for (module, part) in contributed {
            for definition in (part.definitions)() {
                let taken = code
                    .iter()
                    .any(|(_, table, field)| *table == part.meta.table && field.definition.name == definition.name);
                if taken {
                    return Err(super::DefinitionError::Exists {
                        entity: part.meta.table.to_owned(),
                        name: definition.name,
                    }
                    .into());
                }
                if definition.indexed {
                    let problem = "is for the fields of tenants: a module creates indexes by its migrations".to_owned();
                    return Err(super::definition::invalid(vec![("indexed", problem)]));
                }
                let mut field = CustomField::compile(definition)?;
                field.module = Some(module.to_string());
                catalogue::resolve(&mut field, part.meta, entities)?;
                code.push((module, part.meta.table, Arc::new(field)));
            }
        }
        Ok(Self { code, sets: RwLock::default() })
    }

    fn known(&self, tenant: TenantId, table: &'static str) -> Option<Arc<FieldSet>> {
        let sets = self.sets.read().unwrap_or_else(PoisonError::into_inner);
        let (read, set) = sets.get(&(tenant, table))?;
        (read.elapsed() < FIELDS_TTL).then(|| Arc::clone(set))
    }

    fn keep(&self, tenant: TenantId, table: &'static str, set: &Arc<FieldSet>) {
        let mut sets = self.sets.write().unwrap_or_else(PoisonError::into_inner);
        if sets.len() >= SETS_MAX {
            sets.retain(|_, (read, _)| read.elapsed() < FIELDS_TTL);
        }
        if sets.len() >= SETS_MAX {
            sets.clear();
        }
        sets.insert((tenant, table), (Instant::now(), Arc::clone(set)));
    }

    /// After a change was committed.
    pub(crate) fn forget(&self, tenant: TenantId, table: &'static str) {
        self.sets.write().unwrap_or_else(PoisonError::into_inner).remove(&(tenant, table));
    }

    /// The fields of modules that work for `tenant`.
    pub(super) fn of_modules<'a>(
        &'a self,
        tx: &'a ReadTx,
        table: &'a str,
    ) -> impl Iterator<Item = &'a Arc<CustomField>> {
        let enabled = |module: ModuleName| tx.database().registry().is_enabled(module, tx.tenant());
        self.code.iter().filter(move |(module, of, _)| *of == table && enabled(*module)).map(|(.., field)| field)
    }
}

/// What one unit of work has read already.
#[derive(Debug, Default)]
pub(crate) struct Local {
    sets: Vec<(&'static str, Arc<FieldSet>)>,
    /// It changed fields itself, which nobody else may see before its commit.
    changed: bool,
}

impl Local {
    /// Part of the unit of work was undone: what it read of its own changes is not true any more.
    pub(crate) fn roll_back(&mut self) {
        if self.changed {
            self.sets.clear();
        }
    }

    pub(crate) fn change(&mut self) {
        self.sets.clear();
        self.changed = true;
    }
}

/// The custom fields of an entity for the tenant of `tx`, read once per unit of work.
pub(crate) fn load(tx: &mut ReadTx, meta: &'static Meta) -> Result<Arc<FieldSet>> {
    if meta.extra().is_none() {
        return Ok(Arc::default());
    }
    if let Some((_, set)) = tx.local().sets.iter().find(|(table, _)| *table == meta.table) {
        return Ok(Arc::clone(set));
    }
    let db = tx.database().clone();
    let known = if tx.local().changed { None } else { db.registry().fields().known(tx.tenant(), meta.table) };
    match known {
        Some(set) => {
            tx.local().sets.push((meta.table, Arc::clone(&set)));
            Ok(set)
        }
        None => reload(tx, meta),
    }
}

/// The same from the database: another process may have added a field just now.
pub(crate) fn reload(tx: &mut ReadTx, meta: &'static Meta) -> Result<Arc<FieldSet>> {
    let set = Arc::new(catalogue::read(tx, meta)?);
    tx.local().sets.retain(|(table, _)| *table != meta.table);
    tx.local().sets.push((meta.table, Arc::clone(&set)));
    if !tx.local().changed {
        let db = tx.database().clone();
        db.registry().fields().keep(tx.tenant(), meta.table, &set);
    }
    Ok(set)
}
