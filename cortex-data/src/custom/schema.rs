//! JSON Schemas of custom fields, for the description of the API as one tenant sees it.

use serde_json::{Map, Value as Json, json};

use super::definition::FieldDefinition;
use super::kind::CustomKind;
use super::set::FieldSet;

/// What a schema is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FieldsFor {
    /// Creating a record.
    Create,
    /// Changing one.
    Patch,
    /// Reading one.
    Read,
}

impl FieldSet {
    /// The schema of `extra` (draft 2020-12), without the fields in `hidden`.
    #[must_use]
    pub fn json_schema(&self, purpose: FieldsFor, hidden: &[String]) -> Json {
        let visible = || self.iter().filter(|field| !hidden.iter().any(|path| path == field.path()));
        let property = |field: &FieldDefinition| {
            let mut schema = schema(field);
            if purpose == FieldsFor::Patch {
                schema = json!({ "anyOf": [schema, { "type": "null" }] });
            }
            (field.name.clone(), schema)
        };
        let properties: Map<String, Json> = visible().map(|field| property(&field.definition)).collect();
        let mut object = json!({ "type": "object", "description": "Custom fields, by name", "properties": properties });
        let needed = visible().filter(|field| field.definition.required && field.default().is_none());
        let needed: Vec<&str> = needed.map(|field| field.definition.name.as_str()).collect();
        if let Json::Object(object) = &mut object {
            if purpose != FieldsFor::Read {
                object.insert("additionalProperties".into(), false.into());
            }
            if purpose == FieldsFor::Create && !needed.is_empty() {
                object.insert("required".into(), needed.into());
            }
        }
        object
    }
}

fn schema(field: &FieldDefinition) -> Json {
    let mut schema = match field.kind {
        CustomKind::Text => json!({ "type": "string" }),
        CustomKind::Number => json!({ "type": "string", "format": "decimal" }),
        CustomKind::Money => json!({
            "type": "object", "additionalProperties": false, "required": ["amount", "currency"],
            "properties": { "amount": { "type": "string", "format": "decimal" }, "currency": { "type": "string" } },
        }),
        CustomKind::Date => json!({ "type": "string", "format": "date" }),
        CustomKind::DateTime => json!({ "type": "string", "format": "date-time" }),
        CustomKind::Boolean => json!({ "type": "boolean" }),
        CustomKind::Choice => json!({ "type": "string", "enum": field.choices }),
        CustomKind::MultiChoice => {
            json!({ "type": "array", "uniqueItems": true, "items": { "type": "string", "enum": field.choices } })
        }
        CustomKind::Reference => json!({ "type": "string", "format": "uuid" }),
        CustomKind::Json => json!({}),
    };
    let Json::Object(object) = &mut schema else { return schema };
    for (key, bound) in [("minLength", field.min_len), ("maxLength", field.max_len)] {
        if let Some(bound) = bound {
            object.insert(key.into(), bound.into());
        }
    }
    if let Some(pattern) = &field.pattern {
        object.insert("pattern".into(), format!("^(?:{pattern})$").into());
    }
    if let Some(default) = &field.default {
        object.insert("default".into(), default.clone());
    }
    if let Some(title) = field.labels.get("en").or_else(|| field.labels.values().next()) {
        object.insert("title".into(), title.as_str().into());
    }
    let mut notes = Vec::new();
    notes.extend(field.min.as_ref().map(|min| format!("at least {min}")));
    notes.extend(field.max.as_ref().map(|max| format!("at most {max}")));
    notes.extend(field.unique.then(|| "unique".to_owned()));
    notes.extend(field.references.as_ref().map(|entity| format!("id of a record of `{entity}`")));
    if !notes.is_empty() {
        object.insert("description".into(), notes.join(", ").into());
    }
    schema
}
