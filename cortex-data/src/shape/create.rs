//! A new record from a client's JSON object.

use std::marker::PhantomData;

use cortex_core::{Error, FieldError, Result};
use serde_json::json;

use super::{Object, is_settable, object_shape, problem, read_field, refuse_unknown};
use crate::custom::{self, EXTRA};
use crate::entity::Entity;
use crate::field::{Field, Values};
use crate::meta::{FieldKind, FieldMeta};
use crate::tx::ReadTx;
use crate::validate::check_field;
use crate::value::{ColumnType, Value};

/// What a client sends to create an `E`: any JSON object, checked by [`to_entity`](Self::to_entity).
pub struct Create<E> {
    pub(super) object: Object,
    preset: Vec<(String, Vec<Value>)>,
    entity: PhantomData<fn() -> E>,
}

object_shape!(Create);

impl<E> Create<E> {
    fn empty() -> Self {
        Self { object: Object::new(), preset: Vec::new(), entity: PhantomData }
    }
}

impl<E: Entity> Create<E> {
    /// The record, with `key` and with the custom fields of the tenant of `tx`. `None` stands for a key that the client
    /// or the database gives.
    ///
    /// # Errors
    /// As [`to_entity`](Self::to_entity), with what is wrong with custom fields among the rest.
    pub fn to_entity_in(&self, tx: &mut ReadTx, key: impl Into<Option<E::Key>>) -> Result<E> {
        let mut problems = Vec::new();
        let mut values = self.values(key.into().as_ref(), &mut problems)?;
        custom::give(tx, E::META, self.object.get(EXTRA), None, &mut values, &mut problems)?;
        refuse_unknown(E::META, &self.object, &mut problems);
        if problems.is_empty() {
            E::from_values(&mut Values::new(values))
        } else {
            Err(Error::fields_invalid(problems))
        }
    }

    /// The record of `object`, all at once.
    ///
    /// # Errors
    /// As [`to_entity`](Self::to_entity).
    pub fn from_json(object: Object, key: impl Into<Option<E::Key>>) -> Result<E> {
        Self::from(object).to_entity(key)
    }

    /// Sets a field on behalf of the client, who may then leave it out: what a route knows, or a read-only field.
    #[must_use]
    pub fn preset<F: Field>(mut self, field: &str, value: &F) -> Self {
        let mut values = Vec::new();
        value.put(&mut values);
        self.preset.push((field.to_owned(), values));
        self
    }

    /// The record, with `key`, for entities without custom fields.
    ///
    /// A field that is left out is absent. A read-only field that can't be absent starts as the server's initial
    /// value: `false`, zero, the empty text, an empty JSON object or the first choice.
    ///
    /// # Errors
    /// [`Kind::Invalid`](cortex_core::Kind::Invalid) with every unknown, missing, read-only, mistyped field and
    /// every broken rule; [`Kind::Internal`](cortex_core::Kind::Internal) when a read-only field has no initial
    /// value and was not preset.
    pub fn to_entity(&self, key: impl Into<Option<E::Key>>) -> Result<E> {
        let mut problems = Vec::new();
        let values = self.values(key.into().as_ref(), &mut problems)?;
        custom::refuse_given(E::META, self.object.get(EXTRA), &mut problems);
        refuse_unknown(E::META, &self.object, &mut problems);
        if problems.is_empty() {
            E::from_values(&mut Values::new(values))
        } else {
            Err(Error::fields_invalid(problems))
        }
    }

    /// The values of the record but for its custom fields.
    fn values(&self, key: Option<&E::Key>, problems: &mut Vec<FieldError>) -> Result<Vec<Value>> {
        let mut all = Vec::new();
        for field in E::META.fields {
            if matches!(field.kind, FieldKind::Extra) {
                all.push(Value::Json(json!({})));
                continue;
            }
            let given =
                self.object.get(field.name).map(|json| read_field(field, is_settable(E::META, field), json, problems));
            let preset = self.preset.iter().rev().find(|(name, _)| name == field.name);
            let values = match (given, preset) {
                (Some(values), _) if values.is_some() || preset.is_none() => values,
                (_, Some((_, values))) => {
                    check_field(field, values, problems);
                    Some(values.clone())
                }
                _ if E::META.is_key(field) && !E::META.takes_keys() => Some(match key {
                    Some(key) => vec![key.clone().into()],
                    None => vec![initial(field).ok_or_else(|| no_initial::<E>(field))?],
                }),
                _ if field.nullable => Some(absent(field)),
                _ if field.rules.read_only => Some(vec![initial(field).ok_or_else(|| no_initial::<E>(field))?]),
                _ => {
                    problems.push(problem(field.name, "required", "is required"));
                    None
                }
            };
            all.extend(values.unwrap_or_else(|| absent(field)));
        }
        Ok(all)
    }
}

fn absent(field: &FieldMeta) -> Vec<Value> {
    field.kind.columns().iter().map(|of| Value::Null(*of)).collect()
}

/// The value of a field before anybody set it.
fn initial(field: &FieldMeta) -> Option<Value> {
    match field.kind {
        FieldKind::Choice(names) => names.first().map(|name| Value::from(*name)),
        kind => match kind.columns() {
            [ColumnType::Bool] => Some(Value::Bool(false)),
            [ColumnType::Int] => Some(Value::Int(0)),
            [ColumnType::BigInt] => Some(Value::BigInt(0)),
            [ColumnType::Text] if matches!(kind, FieldKind::Text) => Some(Value::Text(String::new())),
            [ColumnType::Fixed] => Some(Value::Fixed(cortex_core::Decimal::ZERO)),
            [ColumnType::Json] => Some(Value::Json(json!({}))),
            _ => None,
        },
    }
}

fn no_initial<E: Entity>(field: &FieldMeta) -> Error {
    let message = format!("the read-only field `{}` of `{}` has no initial value", field.name, E::META.table);
    Error::internal("shape.initial", message).with_help("preset it, make it optional, or write the route by hand")
}
