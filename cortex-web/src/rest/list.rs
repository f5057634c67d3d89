//! `GET /vehicles`: a page of records.

use cortex_core::Result;
use cortex_data::{Entity, Page, PageQuery, PageRequest, Read, Repository, Select, Work};
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
        let (scope, hidden) = Target::<E>::visible(&tx.cx().clone(), tx)?;
        let request = PageRequest::parse(
            E::META,
            &PageQuery {
                filter: params.filter.as_deref(),
                sort: params.sort.as_deref(),
                limit: params.limit,
                cursor: params.cursor.as_deref(),
                total: params.count,
                hidden: &hidden,
            },
        )?;
        let select = match &params.select {
            Some(text) => Select::<E>::parse(text, &hidden)?,
            None => Select::all(&hidden),
        };
        Ok(E::page(tx, &request.and(scope))?.map(|record| Read::new(record, select)))
    })
    .await
}
