//! `GET /vehicles` and `GET /vehicles/groups`: a page of records, and how many share the values of some fields.

use cortex_core::Result;
use cortex_data::{Entity, GroupQuery, GroupRequest, Groups, Page, PageQuery, PageRequest, Read, Repository, Work};
use schemars::JsonSchema;
use serde::Deserialize;

use crate::handler::Query;
use crate::rest::Target;

/// What a client may ask of a list.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ListParams {
    /// Which records, such as `seats >= 5 and plate ~ "B-*"`
    filter: Option<String>,
    /// In which order: names with commas between them, and `-` before those that go down: `-price,plate`
    sort: Option<String>,
    /// How many records on a page
    limit: Option<u32>,
    /// `next` of the page before, with the same filter and order
    cursor: Option<String>,
    /// Which fields, with commas between them
    select: Option<String>,
    /// Whether to count the records of all pages
    #[serde(default)]
    count: bool,
}

pub(crate) async fn list<E: Entity>(target: Target<E>, work: Work, query: Query<ListParams>) -> Result<Page<Read<E>>> {
    let params = query.0;
    work.read(move |tx| {
        target.may(tx, "list", &())?;
        let scope = Target::<E>::visible(tx)?;
        let (custom, hidden) = (tx.custom_fields(E::META)?, tx.hidden_fields(E::META)?);
        let hidden: Vec<&str> = hidden.iter().map(String::as_str).collect();
        let request = PageRequest::parse(
            E::META,
            &PageQuery {
                filter: params.filter.as_deref(),
                sort: params.sort.as_deref(),
                limit: params.limit,
                cursor: params.cursor.as_deref(),
                total: params.count,
                hidden: &hidden,
                custom: Some(&custom),
            },
        )?;
        let select = Target::<E>::select(tx, params.select.as_deref())?;
        Ok(E::page(tx, &request.and(scope))?.map(|record| Read::new(record, select.clone())))
    })
    .await
}

/// What a client may ask of groups.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct GroupParams {
    /// By which fields, with commas between them: `extra.color,branch`
    by: String,
    /// Which field to add up: a number, or an amount, whose currency or unit then is one of the keys
    sum: Option<String>,
    /// Which records, as in the list
    filter: Option<String>,
}

pub(crate) async fn groups<E: Entity>(target: Target<E>, work: Work, query: Query<GroupParams>) -> Result<Groups> {
    let params = query.0;
    work.read(move |tx| {
        target.may(tx, "list", &())?;
        let scope = Target::<E>::visible(tx)?;
        let (custom, hidden) = (tx.custom_fields(E::META)?, tx.hidden_fields(E::META)?);
        let hidden: Vec<&str> = hidden.iter().map(String::as_str).collect();
        let query = GroupQuery {
            by: &params.by,
            sum: params.sum.as_deref(),
            filter: params.filter.as_deref(),
            hidden: &hidden,
            custom: Some(&custom),
        };
        E::groups(tx, &GroupRequest::parse(E::META, &query)?.and(scope))
    })
    .await
}
