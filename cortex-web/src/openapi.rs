//! The OpenAPI 3.1 document, from the types of the handlers.

pub(crate) mod parameter;
pub(crate) mod response;

use std::collections::HashMap;

use aide::generate::{GenContext, in_context, reset_context};
use aide::openapi::{
    Components, Info, OpenApi, Operation, PathItem, Paths, ReferenceOr, SchemaObject, SecurityScheme, Tag,
};
use axum::http::Method;
use cortex_core::{Error, Result};
use schemars::SchemaGenerator;
use schemars::generate::SchemaSettings;

use crate::route::Route;

/// The name of the only security scheme.
const SCHEME: &str = "bearer";

/// Describes all routes of the API.
///
/// # Errors
/// The document can't be written as JSON.
pub(crate) fn document(title: &str, version: &str, routes: &[&Route]) -> Result<String> {
    // The types describe themselves in a context of the thread, which others may have left full.
    reset_context();
    let api = in_context(|ctx| describe(ctx, title, version, routes));
    reset_context();
    serde_json::to_string(&api)
        .map_err(|error| Error::internal("openapi.json", "the API can't be described").with_source(error))
}

fn describe(ctx: &mut GenContext, title: &str, version: &str, routes: &[&Route]) -> OpenApi {
    ctx.schema = SchemaGenerator::new(SchemaSettings::draft2020_12().with(|settings| {
        settings.definitions_path = "#/components/schemas/".into();
        settings.meta_schema = None;
    }));
    let names = operation_ids(routes);
    let mut paths = Paths::default();
    let mut tags: Vec<Tag> = Vec::new();
    for (route, name) in routes.iter().zip(names) {
        let tag = route.module.as_str();
        if tags.iter().all(|known| known.name != tag) {
            tags.push(Tag { name: tag.to_owned(), ..Tag::default() });
        }
        let operation = operation(ctx, route, name);
        let item = paths.paths.entry(route.path.clone()).or_insert_with(|| ReferenceOr::Item(PathItem::default()));
        if let ReferenceOr::Item(item) = item
            && let Some(place) = place(item, &route.method)
        {
            *place = Some(operation);
        }
    }
    let mut components = Components::default();
    response::components(ctx, &mut components);
    let bearer = SecurityScheme::Http {
        scheme: "bearer".to_owned(),
        bearer_format: None,
        description: Some("The token that the server names when it starts".to_owned()),
        extensions: Default::default(),
    };
    components.security_schemes.insert(SCHEME.to_owned(), ReferenceOr::Item(bearer));
    for (name, schema) in ctx.schema.take_definitions(true) {
        if let Ok(json_schema) = schema.try_into() {
            components.schemas.insert(name, SchemaObject { json_schema, external_docs: None, example: None });
        }
    }
    let info = Info { title: title.to_owned(), version: version.to_owned(), ..Info::default() };
    OpenApi { info, paths: Some(paths), components: Some(components), tags, ..OpenApi::default() }
}

fn operation(ctx: &mut GenContext, route: &Route, name: String) -> Operation {
    let mut operation = Operation {
        tags: vec![route.module.as_str().to_owned()],
        summary: route.name.as_deref().map(words),
        ..Operation::default()
    };
    (route.describe)(ctx, &mut operation);
    operation.operation_id = Some(name);
    operation.security = vec![[(SCHEME.to_owned(), Vec::new())].into_iter().collect()];
    parameter::complete_path(&mut operation, &route.path);
    response::add_problems(&mut operation);
    operation
}

fn place<'a>(item: &'a mut PathItem, method: &Method) -> Option<&'a mut Option<Operation>> {
    match *method {
        Method::GET => Some(&mut item.get),
        Method::POST => Some(&mut item.post),
        Method::PUT => Some(&mut item.put),
        Method::PATCH => Some(&mut item.patch),
        Method::DELETE => Some(&mut item.delete),
        _ => None,
    }
}

/// `sell_vehicle` as people write it.
fn words(name: &str) -> String {
    let text = name.replace('_', " ");
    let mut letters = text.chars();
    letters.next().map_or(String::new(), |first| first.to_uppercase().chain(letters).collect())
}

/// `fleet_sell`, the module and the handler; where that is not unique, or the handler has no name, method and path.
fn operation_ids(routes: &[&Route]) -> Vec<String> {
    let short = |route: &Route| route.name.as_ref().map(|name| format!("{}_{name}", word(route.module.as_str())));
    let mut uses: HashMap<String, usize> = HashMap::new();
    for name in routes.iter().filter_map(|route| short(route)) {
        *uses.entry(name).or_default() += 1;
    }
    let long = |route: &Route| {
        let path = route.path.strip_prefix("/api/v1/").unwrap_or(&route.path);
        format!("{}_{}", route.method.as_str().to_lowercase(), word(path))
    };
    let unique = |name: &String| uses.get(name) == Some(&1);
    routes.iter().map(|route| short(route).filter(unique).unwrap_or_else(|| long(route))).collect()
}

/// `/vehicles/{id}` as `vehicles_id`.
pub(crate) fn word(text: &str) -> String {
    let parts = text.split(|c: char| !c.is_ascii_alphanumeric()).filter(|part| !part.is_empty());
    parts.collect::<Vec<_>>().join("_")
}
