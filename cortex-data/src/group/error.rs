//! What can be wrong with a request for groups.

use cortex_core::{Kind, Refusal};

use super::GROUP_FIELDS_MAX;
use crate::filter::FilterError;

/// Why records can't be grouped like this.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum GroupError {
    /// The filter can't be understood.
    #[error(transparent)]
    Filter(#[from] FilterError),
    /// No field is named.
    #[error("no field to group by is named")]
    NoField,
    /// Too many are.
    #[error("records are grouped by at most {GROUP_FIELDS_MAX} fields, with the currency or unit of what is added up")]
    TooMany,
    /// There is no such field, or not for this client.
    #[error("`{name}` is not a field of this list")]
    Unknown {
        /// The name.
        name: String,
        /// The nearest name and all accepted ones.
        help: String,
    },
    /// A field is named twice.
    #[error("the records are grouped by `{0}` twice")]
    Twice(String),
    /// Its values can't be told apart.
    #[error("records can't be grouped by `{0}`")]
    Ungroupable(String),
    /// Its values can't be added up.
    #[error("`{0}` can't be added up")]
    Unsummable(String),
}

impl Refusal for GroupError {
    fn kind(&self) -> Kind {
        if let Self::Filter(error) = self { error.kind() } else { Kind::Invalid }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::Filter(error) => error.code(),
            Self::Unsummable(_) => "group.sum",
            _ => "group.by",
        }
    }

    fn help(&self) -> Option<String> {
        Some(match self {
            Self::Filter(error) => return error.help(),
            Self::Unknown { help, .. } => help.clone(),
            Self::NoField | Self::TooMany | Self::Twice(_) => {
                "name one to three fields with commas between them: `extra.color,branch`".to_owned()
            }
            Self::Ungroupable(_) => "group by a field that is neither a list nor JSON".to_owned(),
            Self::Unsummable(_) => "name a number, an amount or a quantity".to_owned(),
        })
    }
}
