//! Pages of a list: filtered, sorted, and continued from where the last page ended.
//!
//! The next page starts after the last record of this one, by its values and not by a number of rows to skip: it
//! costs the same however deep it is, and no record is shown twice or left out because others came or went.

mod cursor;
mod error;
mod keyset;
pub(crate) mod narrow;
mod sort;

pub use error::PageError;
pub use narrow::UNINDEXED_ROWS_MAX;
pub use sort::SortKey;

use std::collections::BTreeMap;

use cortex_core::Result;
use schemars::JsonSchema;
use serde::Serialize;

use crate::custom::{Column, FieldSet, IndexState};
use crate::entity::Entity;
use crate::filter::{Filter, Names};
use crate::meta::Meta;
use crate::record::Record;
use crate::repository::Repository;
use crate::repository::read::{self, read_record};
use crate::tx::ReadTx;

/// Records on a page unless asked for otherwise.
pub const PAGE_LIMIT_DEFAULT: u32 = 50;
/// Most records on a page.
pub const PAGE_LIMIT_MAX: u32 = 500;
/// Most columns to sort by; money, prices and quantities count twice.
pub const SORT_KEYS_MAX: usize = 8;
/// Longest cursor: it travels in a URL.
pub const CURSOR_LENGTH_MAX: usize = 4_096;

/// A request for a page as a client wrote it.
#[derive(Debug, Clone, Copy, Default)]
pub struct PageQuery<'a> {
    /// Which records: see [`Filter::parse`].
    pub filter: Option<&'a str>,
    /// In which order: names, each with `-` before it for descending, such as `-price,plate`.
    pub sort: Option<&'a str>,
    /// How many.
    pub limit: Option<u32>,
    /// [`Page::next`] of the page before, with the same filter and order.
    pub cursor: Option<&'a str>,
    /// Whether to count all records that satisfy the filter.
    pub total: bool,
    /// Fields that this client may not read, as [`Guard::mask`](crate::Guard::mask) names them. It may not filter or
    /// sort by them either, since that would tell their values.
    pub hidden: &'a [&'a str],
    /// The custom fields of its tenant: [`ReadTx::custom_fields`].
    pub custom: Option<&'a FieldSet>,
}

/// A request for a page.
#[derive(Debug, Clone)]
pub struct PageRequest {
    /// Which records.
    pub filter: Filter,
    /// In which order; records that are equal in all of it come by id.
    ///
    /// An absent value is larger than every other: last ascending, first descending. Texts are ordered by their
    /// bytes in UTF-8. Money, prices and quantities are ordered by currency or unit first.
    pub sort: Vec<SortKey>,
    /// How many.
    pub limit: u32,
    /// Where the page before ended.
    pub cursor: Option<String>,
    /// Whether to count all records that satisfy the filter.
    pub total: bool,
    /// What the client may see at all; it is no part of what a cursor belongs to.
    scope: Filter,
}

impl Default for PageRequest {
    /// The first page of all records by id.
    fn default() -> Self {
        Self {
            filter: Filter::All,
            sort: Vec::new(),
            limit: PAGE_LIMIT_DEFAULT,
            cursor: None,
            total: false,
            scope: Filter::All,
        }
    }
}

impl PageRequest {
    /// The first page of the records that satisfy `filter`, in the order of `sort`: for code.
    #[must_use]
    pub fn new(filter: Filter, sort: Vec<SortKey>) -> Self {
        Self { filter, sort, ..Self::default() }
    }

    /// Reads a client's request.
    ///
    /// # Errors
    /// The filter or the order can't be understood; the limit is zero or above [`PAGE_LIMIT_MAX`].
    pub fn parse(meta: &'static Meta, query: &PageQuery<'_>) -> Result<Self, PageError> {
        let names = Names { meta, hidden: query.hidden, custom: query.custom };
        let limit = query.limit.unwrap_or(PAGE_LIMIT_DEFAULT);
        if !(1..=PAGE_LIMIT_MAX).contains(&limit) {
            return Err(PageError::Limit(limit));
        }
        Ok(Self {
            filter: Filter::parse_visible(meta, query.hidden, query.custom, query.filter.unwrap_or_default())?,
            sort: sort::parse(names, query.sort.unwrap_or_default())?,
            limit,
            cursor: query.cursor.filter(|c| !c.is_empty()).map(str::to_owned),
            total: query.total,
            scope: Filter::All,
        })
    }

    /// The same for records that also satisfy `scope`: what a policy lets the client see.
    #[must_use]
    pub fn and(mut self, scope: Filter) -> Self {
        self.scope = self.scope.and(scope);
        self
    }
}

/// A page of a list.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct Page<T> {
    /// The records.
    pub items: Vec<T>,
    /// The cursor of the next page; absent on the last one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
    /// How many records there are on all pages, if that was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub total: Option<i64>,
    /// Custom fields that were asked for and whose index does not answer yet, such as `extra.color: building`.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub index: BTreeMap<String, IndexState>,
}

impl<T> Page<T> {
    /// The same page of something else.
    pub fn map<U>(self, f: impl FnMut(T) -> U) -> Page<U> {
        let items = self.items.into_iter().map(f).collect();
        Page { items, next: self.next, total: self.total, index: self.index }
    }
}

/// Reads a page.
pub(crate) fn page<E: Entity>(tx: &mut ReadTx, request: &PageRequest) -> Result<Page<Record<E>>> {
    let keys = sort::columns(E::META, &request.sort)?;
    let sorted = request.sort.iter().filter_map(|key| match &key.column {
        Column::Custom(column) => Some(column.field()),
        Column::Own(_) => None,
    });
    let index = narrow::check(tx, E::META, &request.filter, sorted)?;
    let fingerprint = cursor::fingerprint(E::META, request);
    let limit = request.limit.clamp(1, PAGE_LIMIT_MAX);
    let mut sql = read::select(E::META, tx, true);
    for part in [&request.filter, &request.scope].into_iter().filter(|part| **part != Filter::All) {
        sql.push(" AND ");
        part.push_to(tx.backend(), &mut sql);
    }
    if let Some(text) = &request.cursor {
        let last = cursor::read(text, fingerprint, &keys)?;
        sql.push(" AND ");
        keyset::push_after(&keys, &last, tx.backend(), &mut sql);
    }
    keyset::push_order(&keys, tx.backend(), &mut sql);
    // One more than asked for tells whether there is another page.
    sql.push(" LIMIT ").bind(i64::from(limit) + 1);
    if request.filter != Filter::All {
        sql.uncached();
    }
    let mut items = sql.load(tx.conn(), read_record::<E>)?;
    let wanted = usize::try_from(limit).unwrap_or(usize::MAX);
    let more = items.len() > wanted;
    items.truncate(wanted);
    let next = match items.last() {
        Some(last) if more => Some(cursor::write(&sort::values(&keys, last), fingerprint)?),
        _ => None,
    };
    let total = match request.total {
        true => Some(E::count(tx, &request.filter.clone().and(request.scope.clone()))?),
        false => None,
    };
    Ok(Page { items, next, total, index })
}
