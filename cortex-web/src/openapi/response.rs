//! Responses as the document describes them.

use aide::generate::GenContext;
use aide::openapi::{
    Components, Header, HeaderStyle, MediaType, Operation, ParameterSchemaOrContent, ReferenceOr, Response,
    SchemaObject, StatusCode as Code,
};
use axum::http::StatusCode;
use schemars::{JsonSchema, Schema, json_schema};

use crate::problem::{MEDIA_TYPE, Problem};

/// The name under which the document keeps what errors look like.
const PROBLEM: &str = "Problem";

/// A response whose body is a `T`.
pub(crate) fn json<T: JsonSchema>(ctx: &mut GenContext, operation: &mut Operation, status: StatusCode, about: &str) {
    let schema = ctx.schema.subschema_for::<T>();
    add(operation, status, content(about, "application/json", schema));
}

/// A response without a body.
pub(crate) fn empty(operation: &mut Operation, status: StatusCode, about: &str) {
    add(operation, status, Response { description: about.to_owned(), ..Response::default() });
}

/// Tells a header of a response that is described already.
pub(crate) fn header(operation: &mut Operation, status: StatusCode, name: &str, about: &str) {
    let responses = &mut operation.responses.get_or_insert_default().responses;
    if let Some(ReferenceOr::Item(response)) = responses.get_mut(&Code::Code(status.as_u16())) {
        let schema =
            SchemaObject { json_schema: json_schema!({ "type": "string" }), external_docs: None, example: None };
        let header = Header {
            description: Some(about.to_owned()),
            style: HeaderStyle::Simple,
            required: false,
            deprecated: None,
            format: ParameterSchemaOrContent::Schema(schema),
            example: None,
            examples: Default::default(),
            extensions: Default::default(),
        };
        response.headers.insert(name.to_owned(), ReferenceOr::Item(header));
    }
}

/// The errors that an operation can answer: those that follow from its shape by number, all others by default.
pub(crate) fn add_problems(operation: &mut Operation) {
    let has_path = operation
        .parameters
        .iter()
        .filter_map(ReferenceOr::as_item)
        .any(|parameter| matches!(parameter, aide::openapi::Parameter::Path { .. }));
    let reads = operation.request_body.is_some();
    let asks = !operation.parameters.is_empty();
    let statuses = [
        (StatusCode::UNAUTHORIZED, true),
        (StatusCode::FORBIDDEN, true),
        (StatusCode::NOT_FOUND, has_path),
        (StatusCode::BAD_REQUEST, reads || asks),
        (StatusCode::PAYLOAD_TOO_LARGE, reads),
        (StatusCode::UNSUPPORTED_MEDIA_TYPE, reads),
        (StatusCode::UNPROCESSABLE_ENTITY, reads || asks),
    ];
    for (status, applies) in statuses {
        if applies {
            problem(operation, status);
        }
    }
    operation.responses.get_or_insert_default().default = Some(reference());
}

/// An error of one status.
pub(crate) fn problem(operation: &mut Operation, status: StatusCode) {
    let responses = &mut operation.responses.get_or_insert_default().responses;
    responses.entry(Code::Code(status.as_u16())).or_insert_with(reference);
}

fn reference() -> ReferenceOr<Response> {
    ReferenceOr::Reference { reference: format!("#/components/responses/{PROBLEM}"), summary: None, description: None }
}

/// What operations refer to.
pub(crate) fn components(ctx: &mut GenContext, components: &mut Components) {
    let schema = ctx.schema.subschema_for::<Problem>();
    let response = content("What is wrong, as problem details (RFC 9457)", MEDIA_TYPE, schema);
    components.responses.insert(PROBLEM.to_owned(), ReferenceOr::Item(response));
}

fn content(about: &str, media: &str, json_schema: Schema) -> Response {
    let schema = Some(SchemaObject { json_schema, external_docs: None, example: None });
    let media_type = MediaType { schema, ..MediaType::default() };
    let content = [(media.to_owned(), media_type)].into_iter().collect();
    Response { description: about.to_owned(), content, ..Response::default() }
}

fn add(operation: &mut Operation, status: StatusCode, response: Response) {
    let responses = &mut operation.responses.get_or_insert_default().responses;
    responses.insert(Code::Code(status.as_u16()), ReferenceOr::Item(response));
}
