//! What can be wrong with a request for a page.

use cortex_core::{Kind, Refusal};

use super::{CURSOR_LENGTH_MAX, PAGE_LIMIT_MAX, SORT_KEYS_MAX, UNINDEXED_ROWS_MAX};
use crate::filter::FilterError;

/// Why a page can't be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PageError {
    /// The filter can't be understood.
    #[error(transparent)]
    Filter(#[from] FilterError),
    /// There is no such field, or not for this client.
    #[error("`{name}` is not a field of this list")]
    UnknownField {
        /// The name.
        name: String,
        /// The nearest name and all accepted ones.
        help: String,
    },
    /// The field has no order.
    #[error("this list can't be sorted by `{0}`")]
    Unsortable(String),
    /// A field is named twice.
    #[error("the list is sorted by `{0}` twice")]
    SortedTwice(String),
    /// Too many fields.
    #[error("a list can be sorted by at most {SORT_KEYS_MAX} columns")]
    TooManyKeys,
    /// No number of records.
    #[error("a page can't have {0} records")]
    Limit(u32),
    /// The cursor is none, or was changed on its way.
    #[error("the cursor is damaged")]
    DamagedCursor,
    /// The cursor comes from a page with another filter or order, or of other records.
    #[error("the cursor belongs to another list")]
    ForeignCursor,
    /// Too many records would have to be looked at one by one.
    #[error("more than {UNINDEXED_ROWS_MAX} records would have to be looked through for `{path}`, which has no index")]
    Unindexed {
        /// The custom field.
        path: String,
        /// Whether its index is being built.
        building: bool,
    },
    /// The values to go on from are too long for a cursor.
    #[error("the last record of the page has too long values to go on from")]
    LongCursor,
}

impl Refusal for PageError {
    fn kind(&self) -> Kind {
        match self {
            Self::Filter(error) => error.kind(),
            Self::LongCursor | Self::Unindexed { .. } => Kind::TooLarge,
            _ => Kind::Invalid,
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::Filter(error) => error.code(),
            Self::UnknownField { .. } | Self::Unsortable(_) | Self::SortedTwice(_) | Self::TooManyKeys => "page.sort",
            Self::Limit(_) => "page.limit",
            Self::Unindexed { .. } => "page.unindexed",
            Self::DamagedCursor | Self::ForeignCursor | Self::LongCursor => "page.cursor",
        }
    }

    fn help(&self) -> Option<String> {
        Some(match self {
            Self::Filter(error) => return error.help(),
            Self::UnknownField { help, .. } => help.clone(),
            Self::Unsortable(_) | Self::SortedTwice(_) | Self::TooManyKeys => {
                "write names with commas between them, and `-` before a name for descending: `-price,plate`".to_owned()
            }
            Self::Limit(_) => format!("ask for 1 to {PAGE_LIMIT_MAX} records"),
            Self::DamagedCursor => {
                "pass `next` of the page before as it is, or start again without a cursor".to_owned()
            }
            Self::ForeignCursor => {
                "repeat the filter and the order of the page that it came with, or start again without a cursor"
                    .to_owned()
            }
            Self::Unindexed { building: true, .. } => {
                "its index is being built: repeat the request later, or narrow it by another field".to_owned()
            }
            Self::Unindexed { building: false, .. } => {
                "have it indexed (`\"indexed\": true` in its definition), or narrow the list by another field"
                    .to_owned()
            }
            Self::LongCursor => format!("sort by fields whose values fit {CURSOR_LENGTH_MAX} characters together"),
        })
    }
}
