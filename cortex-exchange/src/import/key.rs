//! The key of an import: the fields whose values say which record a row is about.

use std::sync::Arc;

use cortex_core::Result;
use cortex_data::{
    CustomColumn, CustomField, CustomKind, CustomTest, EXTRA, FieldMeta, FieldPart, Filter, KnownEntity, Row, Value,
    Work,
};
use serde_json::Value as Json;

use crate::error::ExchangeError;
use crate::plan::{Draft, second};
use crate::report::RowError;

/// The values of a key.
pub(super) type Key = Vec<Value>;

/// The fields of a key; none where every row is a new record.
#[derive(Debug, Default)]
pub(super) struct KeyFields(Vec<KeyField>);

/// A field of a key.
#[derive(Debug)]
enum KeyField {
    /// A field of the entity, and the place of its value in a row.
    Own(&'static FieldMeta, usize),
    /// A custom field, its values in filters, and the place of all custom fields in a row.
    Custom(Arc<CustomField>, CustomColumn, usize),
}

impl KeyFields {
    /// The fields with these names, if they can tell records from each other.
    pub(super) fn find(work: &Work, entity: &KnownEntity, names: &[String]) -> Result<Self> {
        let custom = |name: &&str| name.strip_prefix(EXTRA).is_some_and(|rest| rest.starts_with('.'));
        let own = |name: &str| own(entity, name);
        if !names.iter().map(String::as_str).any(|name| custom(&name)) {
            return Ok(Self(names.iter().map(|name| own(name)).collect::<Result<_, _>>()?));
        }
        let set = work.read_blocking(|tx| tx.custom_fields(entity.meta()))?;
        let field = |name: &String| match name.split_once('.').filter(|_| custom(&name.as_str())) {
            None => own(name),
            Some((_, inner)) => {
                let field = set.get(inner).ok_or_else(|| wrong(name, "there is no such field"))?;
                let at = entity.meta().columns().position(|(column, _)| column == EXTRA).unwrap_or_default();
                let several =
                    matches!(field.definition().kind, CustomKind::Money | CustomKind::MultiChoice | CustomKind::Json);
                let column = field.column(FieldPart::Value).filter(|_| !several);
                let column = column.ok_or_else(|| wrong(name, "it holds more than one value"))?;
                Ok(KeyField::Custom(Arc::clone(field), column, at))
            }
        };
        Ok(Self(names.iter().map(field).collect::<Result<_, ExchangeError>>()?))
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Their names, for people.
    pub(super) fn names(&self) -> String {
        self.0.iter().map(KeyField::name).collect::<Vec<_>>().join(", ")
    }

    /// The key that a row of the file says.
    pub(super) fn of_draft(&self, entity: &KnownEntity, draft: &Draft) -> Result<Key, Box<RowError>> {
        let value = |field: &KeyField| {
            let wrong = |message: String| Box::new(RowError::new(0, "key", message).at(field.name()));
            match field.of_draft(entity, draft).map_err(wrong)? {
                Some(value) if !value.is_null() && value != Value::from("") => Ok(value),
                _ => Err(wrong("is needed to find the record".to_owned())),
            }
        };
        self.0.iter().map(value).collect()
    }

    /// The key of a stored record.
    pub(super) fn of_row(&self, row: &Row) -> Key {
        self.0.iter().map(|field| field.of_row(row)).collect()
    }

    /// The records that have one of these keys.
    pub(super) fn filter(&self, keys: &[&Key]) -> Filter {
        match self.0.as_slice() {
            [field] => field.among(keys.iter().filter_map(|key| key.first().cloned()).collect()),
            fields => {
                let equal = |key: &&Key| {
                    let parts = fields.iter().zip(key.iter()).map(|(field, value)| field.among(vec![value.clone()]));
                    Filter::And(parts.collect())
                };
                Filter::Or(keys.iter().map(equal).collect())
            }
        }
    }
}

impl KeyField {
    fn name(&self) -> &str {
        match self {
            Self::Own(field, _) => field.name,
            Self::Custom(field, ..) => field.path(),
        }
    }

    fn of_draft(&self, entity: &KnownEntity, draft: &Draft) -> Result<Option<Value>, String> {
        match self {
            Self::Own(field, _) if entity.meta().has_ids() && entity.meta().is_key(field) => {
                Ok(draft.id.map(Value::Guid))
            }
            Self::Own(field, _) => {
                let json = draft.object.get(field.name).unwrap_or(&Json::Null);
                Ok(field.read_json(json)?.into_iter().next())
            }
            Self::Custom(field, column, _) => {
                let extra = draft.object.get(EXTRA).and_then(|extra| extra.get(&field.definition().name));
                let given = extra.filter(|json| !json.is_null());
                Ok(given.map(|json| field.to_stored(json)).transpose()?.map(|stored| column.bound(&stored)))
            }
        }
    }

    fn of_row(&self, row: &Row) -> Value {
        let (Self::Own(_, at) | Self::Custom(_, _, at)) = self;
        match (self, row.get(*at)) {
            (Self::Custom(_, column, _), Some(Value::Json(Json::Object(extra)))) => column.value(extra),
            (Self::Custom(_, column, _), _) => Value::Null(column.column_type()),
            (Self::Own(..), value) => value.cloned().unwrap_or(Value::from("")),
        }
    }

    fn among(&self, values: Vec<Value>) -> Filter {
        match self {
            Self::Own(field, _) => Filter::In { column: field.column(), values },
            Self::Custom(_, column, _) => Filter::Custom { column: column.clone(), test: CustomTest::In(values) },
        }
    }
}

fn wrong(name: &str, reason: &'static str) -> ExchangeError {
    ExchangeError::Key { name: name.to_owned(), reason }
}

fn own(entity: &KnownEntity, name: &str) -> Result<KeyField, ExchangeError> {
    let meta = entity.meta();
    let field = meta.fields.iter().find(|field| field.name == name);
    let field = field.ok_or_else(|| wrong(name, "there is no such field"))?;
    if second(field.kind).is_some() || field.columns.len() != 1 {
        return Err(wrong(name, "it holds more than one value"));
    }
    if field.rules.read_only || field.rules.write_only {
        return Err(wrong(name, "a file can't set and see it"));
    }
    let at = meta.columns().position(|(column, _)| column == field.column());
    Ok(KeyField::Own(field, at.ok_or_else(|| wrong(name, "it has no column"))?))
}
