//! JSON Schemas of the shapes (draft 2020-12), for OpenAPI, forms and tools.

use std::borrow::Cow;

use cortex_core::{Currency, Date, Decimal, Id, Money, Price, Quantity, Rate, Timestamp, Unit};
use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde_json::{Value as Json, json};

use super::{Create, GivenExtra, Object, Patch, Read, ShownExtra, is_changeable, is_settable};
use crate::entity::Entity;
use crate::meta::{FieldKind, FieldMeta, Meta, Rules};
use crate::repository::read::lower;

macro_rules! shape_schema {
    ($shape:ident, $suffix:literal, $object:path) => {
        impl<E: Entity> JsonSchema for $shape<E> {
            fn schema_name() -> Cow<'static, str> {
                format!("{}{}", E::META.name, $suffix).into()
            }

            // Entities of two modules may share a name, but not a table.
            fn schema_id() -> Cow<'static, str> {
                format!("{}/{}", E::META.table, Self::schema_name()).into()
            }

            fn json_schema(generator: &mut SchemaGenerator) -> Schema {
                $object(E::META, generator).into()
            }
        }
    };
}

shape_schema!(Create, "Create", create);
shape_schema!(Patch, "Patch", patch);
shape_schema!(Read, "", read);

fn create(meta: &Meta, generator: &mut SchemaGenerator) -> Object {
    let required = meta
        .fields
        .iter()
        .filter(|f| is_settable(meta, f) && !f.nullable && !matches!(f.kind, FieldKind::Extra))
        .map(|f| f.name)
        .collect();
    let mut object = writable(meta, "create", is_settable, required, generator);
    object.insert("description".into(), format!("What it takes to create a {}", lower(meta.name)).into());
    object
}

fn patch(meta: &Meta, generator: &mut SchemaGenerator) -> Object {
    let mut object = writable(meta, "patch", is_changeable, Vec::new(), generator);
    let description = format!("Fields of a {} to change; `null` clears an optional one", lower(meta.name));
    object.insert("description".into(), description.into());
    object
}

fn writable(
    meta: &Meta,
    purpose: &str,
    may: fn(&Meta, &FieldMeta) -> bool,
    required: Vec<&'static str>,
    generator: &mut SchemaGenerator,
) -> Object {
    let mut properties = Object::new();
    for field in meta.fields.iter().filter(|f| may(meta, f)) {
        let mut schema = field_schema(field, generator);
        add_mark(field, meta, purpose, &mut schema);
        if field.rules.write_only {
            schema.insert("writeOnly".into(), true.into());
        }
        properties.insert(field.name.to_owned(), schema.into());
    }
    let mut object = object_schema(properties, required);
    object.insert("additionalProperties".into(), false.into());
    object
}

fn read(meta: &Meta, generator: &mut SchemaGenerator) -> Object {
    let mut properties = Object::new();
    for field in meta.fields.iter().filter(|f| !f.rules.write_only) {
        let mut schema = field_schema(field, generator);
        add_mark(field, meta, "read", &mut schema);
        if !is_settable(meta, field) {
            schema.insert("readOnly".into(), true.into());
        }
        properties.insert(field.name.to_owned(), schema.into());
    }
    for (name, kind) in [
        ("version", FieldKind::BigInt),
        ("created_at", FieldKind::Instant),
        ("created_by", FieldKind::Id),
        ("updated_at", FieldKind::Instant),
        ("updated_by", FieldKind::Id),
        ("deleted_at", FieldKind::Instant),
    ] {
        if meta.system_columns().any(|(column, ..)| column == name) {
            let mut schema = kind_schema(kind, &Rules::NONE, generator);
            schema.insert("readOnly".into(), true.into());
            properties.insert(name.to_owned(), schema.into());
        }
    }
    // Which fields a client gets is up to its choice and its rights, so that only the key is certain.
    object_schema(properties, meta.key().map(|key| key.name).into_iter().collect())
}

/// Where the description of a tenant's API puts its custom fields, and which.
const MARK: &str = "x-cortex-fields";

fn add_mark(field: &FieldMeta, meta: &Meta, purpose: &str, schema: &mut Object) {
    if matches!(field.kind, FieldKind::Extra) {
        schema.extend(extra(meta, purpose));
    }
}

/// The place of custom fields.
fn extra(meta: &Meta, purpose: &str) -> Object {
    let mut schema = Object::new();
    schema.insert("type".into(), "object".into());
    schema.insert("additionalProperties".into(), true.into());
    schema.insert("description".into(), "Custom fields, by name".into());
    schema.insert(MARK.into(), json!({ "table": meta.table, "for": purpose }));
    schema
}

macro_rules! extra_schema {
    ($shape:ident, $purpose:literal) => {
        impl<E: Entity> JsonSchema for $shape<E> {
            fn schema_name() -> Cow<'static, str> {
                format!("{}{}", E::META.name, stringify!($shape)).into()
            }

            // Where it stands is where the tenant's fields are put.
            fn inline_schema() -> bool {
                true
            }

            fn json_schema(_: &mut SchemaGenerator) -> Schema {
                extra(E::META, $purpose).into()
            }
        }
    };
}

extra_schema!(GivenExtra, "create");
extra_schema!(ShownExtra, "read");

fn object_schema(properties: Object, required: Vec<&'static str>) -> Object {
    let mut object = Object::new();
    object.insert("type".into(), "object".into());
    object.insert("properties".into(), properties.into());
    if !required.is_empty() {
        object.insert("required".into(), required.into());
    }
    object
}

/// The schema of one field: its type with its rules, `null` added where it may be absent.
fn field_schema(field: &FieldMeta, generator: &mut SchemaGenerator) -> Object {
    let mut schema = kind_schema(field.kind, &field.rules, generator);
    if field.nullable {
        if let Some(of) = schema.get_mut("type") {
            *of = json!([of.take(), "null"]);
        }
        if let Some(Json::Array(choices)) = schema.get_mut("enum") {
            choices.push(Json::Null);
        }
    }
    schema
}

fn kind_schema(kind: FieldKind, rules: &Rules, generator: &mut SchemaGenerator) -> Object {
    let schema = match kind {
        FieldKind::Bool => bool::json_schema(generator),
        FieldKind::Int => i32::json_schema(generator),
        FieldKind::BigInt => i64::json_schema(generator),
        FieldKind::Text => String::json_schema(generator),
        FieldKind::Id => <Id<()>>::json_schema(generator),
        FieldKind::Instant => Timestamp::json_schema(generator),
        FieldKind::Day => Date::json_schema(generator),
        FieldKind::Decimal => Decimal::json_schema(generator),
        FieldKind::Rate => Rate::json_schema(generator),
        FieldKind::Money => Money::json_schema(generator),
        FieldKind::Price => Price::json_schema(generator),
        FieldKind::Quantity => Quantity::json_schema(generator),
        FieldKind::Currency => Currency::json_schema(generator),
        FieldKind::Unit => Unit::json_schema(generator),
        // Any JSON value.
        FieldKind::Json => Schema::default(),
        FieldKind::Extra => schemars::json_schema!({ "type": "object" }),
        FieldKind::Choice(names) => schemars::json_schema!({ "type": "string", "enum": names }),
    };
    let Json::Object(mut object) = schema.to_value() else { return Object::new() };
    if matches!(kind, FieldKind::Decimal) {
        // In requests and answers alike: a JSON number has been a binary float somewhere.
        object.insert("type".into(), "string".into());
    }
    add_rules(kind, rules, &mut object);
    object
}

fn add_rules(kind: FieldKind, rules: &Rules, object: &mut Object) {
    if let Some(max) = rules.max_len {
        object.insert("maxLength".into(), max.into());
    }
    if let Some(pattern) = rules.pattern {
        object.insert("pattern".into(), format!("^(?:{pattern})$").into());
    }
    if !rules.one_of.is_empty() {
        object.insert("enum".into(), rules.one_of.into());
    }
    let mut notes = Vec::new();
    for (key, word, bound) in [("minimum", "at least", rules.min), ("maximum", "at most", rules.max)] {
        let Some(bound) = bound else { continue };
        match bound.parse::<i64>() {
            Ok(number) if matches!(kind, FieldKind::Int | FieldKind::BigInt) => {
                object.insert(key.into(), number.into());
            }
            // Decimals travel as strings, for which JSON Schema knows no bounds.
            _ => notes.push(format!("{word} {bound}")),
        }
    }
    if rules.unique {
        notes.push("unique".to_owned());
    }
    if let Some(other) = rules.references {
        notes.push(format!("{} of a {}", other().key().map_or("id", |key| key.name), lower(other().name)));
    }
    if !notes.is_empty() {
        object.insert("description".into(), notes.join(", ").into());
    }
}
