//! `/api/v1/cortex/fields`: the custom fields of an entity, defined and changed at run time.

use axum::http::Method;
use cortex_core::{Registrar, Result};
use cortex_data::{ChangeReport, CustomField, FieldCatalogue, FieldDefinition, IndexState, ManageFields, Tx, Work};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::handler::{Answers, Args, Body, Created, Handler, NoContent, Query};
use crate::registrar;
use crate::route::Route;

const PATH: &str = "/api/v1/cortex/fields";

/// The entity whose fields are meant.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Of {
    /// Module and entity: `crm.party`
    entity: String,
}

/// A field by its name.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Named {
    /// Module and entity: `crm.party`
    entity: String,
    /// The field's name.
    name: String,
}

/// A custom field as clients see it.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct FieldView {
    /// The name in filters, orders and errors: `extra.color`.
    pub path: String,
    /// What it is.
    #[serde(flatten)]
    pub definition: FieldDefinition,
    /// How far its index is.
    pub index: IndexState,
    /// Why it could not be built at the last attempt.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub index_problem: Option<String>,
    /// Whether it was taken out of use.
    pub archived: bool,
    /// The module that declares it, if it is not the tenant's own.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub module: Option<String>,
}

impl From<&CustomField> for FieldView {
    fn from(field: &CustomField) -> Self {
        Self {
            path: field.path().to_owned(),
            definition: field.definition().clone(),
            index: field.index(),
            index_problem: field.index_problem().map(str::to_owned),
            archived: field.is_archived(),
            module: field.module().map(str::to_owned),
        }
    }
}

async fn list_fields(work: Work, of: Query<Of>) -> Result<Vec<FieldView>> {
    work.read(move |tx| {
        let entity = FieldCatalogue::entity(tx, &of.entity)?;
        let (set, hidden) = (FieldCatalogue::list(tx, entity)?, tx.hidden_fields(entity)?);
        let visible = set.all().iter().filter(|field| !hidden.iter().any(|path| path == field.path()));
        Ok(visible.map(|field| FieldView::from(field.as_ref())).collect())
    })
    .await
}

async fn define_field(work: Work, of: Query<Of>, body: Body<FieldDefinition>) -> Result<Created<FieldView>> {
    let define = move |tx: &mut Tx| {
        let entity = FieldCatalogue::entity(tx, &of.entity)?;
        FieldCatalogue::define(tx, entity, body.0.clone()).map(|field| FieldView::from(&field))
    };
    work.write(define).await.map(Created::new)
}

async fn change_field(work: Work, of: Query<Of>, body: Body<FieldDefinition>) -> Result<ChangeReport> {
    work.write(move |tx| {
        let entity = FieldCatalogue::entity(tx, &of.entity)?;
        FieldCatalogue::change(tx, entity, body.0.clone())
    })
    .await
}

async fn check_field(work: Work, of: Query<Of>, body: Body<FieldDefinition>) -> Result<ChangeReport> {
    work.read(move |tx| {
        let entity = FieldCatalogue::entity(tx, &of.entity)?;
        tx.check::<ManageFields>(&())?;
        FieldCatalogue::check(tx, entity, body.0.clone())
    })
    .await
}

async fn archive_field(work: Work, body: Body<Named>) -> Result<NoContent> {
    let archive = move |tx: &mut Tx| {
        let entity = FieldCatalogue::entity(tx, &body.entity)?;
        FieldCatalogue::archive(tx, entity, &body.name)
    };
    work.write(archive).await?;
    Ok(NoContent)
}

async fn restore_field(work: Work, body: Body<Named>) -> Result<NoContent> {
    let restore = move |tx: &mut Tx| {
        let entity = FieldCatalogue::entity(tx, &body.entity)?;
        FieldCatalogue::restore(tx, entity, &body.name)
    };
    work.write(restore).await?;
    Ok(NoContent)
}

/// What was asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
struct Asked {
    /// Indexes that are built now.
    indexes: u64,
}

async fn index_fields(work: Work, of: Query<Of>) -> Result<Asked> {
    let again = move |tx: &mut Tx| {
        let entity = FieldCatalogue::entity(tx, &of.entity)?;
        FieldCatalogue::index_again(tx, entity)
    };
    work.write(again).await.map(|indexes| Asked { indexes })
}

/// Registers the routes of custom fields, once per application: the application itself calls it.
pub fn register_fields(m: &mut Registrar) {
    add(m, Method::GET, "", list_fields);
    add(m, Method::POST, "", define_field);
    add(m, Method::PUT, "", change_field);
    add(m, Method::POST, "/check", check_field);
    add(m, Method::POST, "/index", index_fields);
    add(m, Method::POST, "/archive", archive_field);
    add(m, Method::POST, "/restore", restore_field);
}

fn add<H, A>(m: &mut Registrar, method: Method, path: &str, handler: H)
where
    H: Handler<A>,
    A: Args,
    H::Output: Answers,
{
    let full = format!("{PATH}{path}");
    let route = Route::new(m.module(), method, full.clone(), handler);
    registrar::register(m, &full, route);
}
