//! Parameters as the document describes them.

use aide::openapi::{
    HeaderStyle, Operation, Parameter, ParameterData, ParameterSchemaOrContent, PathStyle, ReferenceOr, SchemaObject,
};
use cortex_data::FieldKind;
use schemars::{Schema, json_schema};

/// The id in the path.
pub(crate) fn path_id(operation: &mut Operation) {
    path(operation, "id", json_schema!({ "type": "string", "format": "uuid" }));
}

/// The key in the path.
pub(crate) fn path_key(operation: &mut Operation, kind: FieldKind) {
    match kind {
        FieldKind::Id => path_id(operation),
        FieldKind::Int | FieldKind::BigInt => path(operation, "id", json_schema!({ "type": "integer" })),
        _ => path(operation, "id", json_schema!({ "type": "string" })),
    }
}

/// A header that may be sent.
pub(crate) fn header(operation: &mut Operation, name: &str, description: &str) {
    let data = data(name, Some(description), false, json_schema!({ "type": "string" }));
    add(operation, Parameter::Header { parameter_data: data, style: HeaderStyle::Simple });
}

/// Parameters of the path that no argument describes.
pub(crate) fn complete_path(operation: &mut Operation, path_text: &str) {
    for segment in path_text.split('/') {
        if let Some(name) = segment.strip_prefix('{').and_then(|rest| rest.strip_suffix('}')) {
            path(operation, name, json_schema!({ "type": "string" }));
        }
    }
}

fn path(operation: &mut Operation, name: &str, schema: Schema) {
    let parameter_data = data(name, None, true, schema);
    add(operation, Parameter::Path { parameter_data, style: PathStyle::Simple });
}

fn data(name: &str, description: Option<&str>, required: bool, json_schema: Schema) -> ParameterData {
    ParameterData {
        name: name.to_owned(),
        description: description.map(str::to_owned),
        required,
        deprecated: None,
        format: ParameterSchemaOrContent::Schema(SchemaObject { json_schema, external_docs: None, example: None }),
        example: None,
        examples: Default::default(),
        explode: None,
        extensions: Default::default(),
    }
}

/// Adds a parameter, once.
fn add(operation: &mut Operation, parameter: Parameter) {
    let (place, name) = identity(&parameter);
    let known = operation.parameters.iter().filter_map(ReferenceOr::as_item);
    if known.map(identity).all(|other| other != (place, name)) {
        operation.parameters.push(ReferenceOr::Item(parameter));
    }
}

fn identity(parameter: &Parameter) -> (u8, &str) {
    let place = match parameter {
        Parameter::Query { .. } => 0,
        Parameter::Header { .. } => 1,
        Parameter::Path { .. } => 2,
        Parameter::Cookie { .. } => 3,
    };
    (place, &parameter.parameter_data_ref().name)
}
