//! The definition of a custom field as people write it, and what can be wrong with it.

use std::collections::BTreeMap;

use cortex_core::{Error, FieldError, Kind, Refusal};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use super::extra::ExtraValue;
use super::kind::CustomKind;

/// What a custom field is: its kind, its rules and how it is shown.
///
/// Bounds and the default are written as clients write values: `"12.50"`, `"2026-03-01"`,
/// `{"amount": "12.50", "currency": "EUR"}`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FieldDefinition {
    /// The name: lower-case letters, digits and `_`.
    pub name: String,
    /// What it holds.
    pub kind: CustomKind,
    /// What people read, by locale: `{"en": "Colour", "de": "Farbe"}`.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub labels: BTreeMap<String, String>,
    /// Fields of one group are shown together.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub group: Option<String>,
    /// Smaller comes first.
    #[serde(default)]
    pub position: i32,
    /// Whether every record must have a value.
    #[serde(default)]
    pub required: bool,
    /// What a new record gets that says nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub default: Option<Json>,
    /// Whether no two records have the same value.
    #[serde(default)]
    pub unique: bool,
    /// The smallest value.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub min: Option<String>,
    /// The largest value.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max: Option<String>,
    /// Fewest characters of a text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub min_len: Option<u32>,
    /// Most characters of a text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_len: Option<u32>,
    /// A regular expression that a text matches as a whole.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pattern: Option<String>,
    /// The accepted names of a choice.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub choices: Vec<String>,
    /// The entity that a reference refers to: `crm.party`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub references: Option<String>,
    /// The permission without which an actor can't read it: `crm.party.see_salary`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub read_permission: Option<String>,
    /// The permission without which an actor can't set it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub write_permission: Option<String>,
    /// The class of personal data that it holds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pii: Option<String>,
    /// Whether records are looked for by it, so that it gets an index.
    #[serde(default)]
    pub indexed: bool,
}

impl FieldDefinition {
    /// A field without rules.
    #[must_use]
    pub fn new(name: impl Into<String>, kind: CustomKind) -> Self {
        Self {
            name: name.into(),
            kind,
            labels: BTreeMap::new(),
            group: None,
            position: 0,
            required: false,
            default: None,
            unique: false,
            min: None,
            max: None,
            min_len: None,
            max_len: None,
            pattern: None,
            choices: Vec::new(),
            references: None,
            read_permission: None,
            write_permission: None,
            pii: None,
            indexed: false,
        }
    }

    /// A field for values of a Rust type, without rules.
    #[must_use]
    pub fn of<T: ExtraValue>(name: impl Into<String>) -> Self {
        let choices = T::CHOICES.iter().map(|name| (*name).to_owned()).collect();
        Self { choices, ..Self::new(name, T::KIND) }
    }
}

/// Why a custom field can't be defined or changed like this.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum DefinitionError {
    /// There is no such entity, or it holds no custom fields.
    #[error("`{0}` is no entity with custom fields")]
    Entity(String),
    /// A field of this name exists.
    #[error("`{entity}` has a field `{name}` already")]
    Exists {
        /// The entity's name.
        entity: String,
        /// The field's.
        name: String,
    },
    /// There is no such field.
    #[error("`{entity}` has no custom field `{name}`")]
    Unknown {
        /// The entity's name.
        entity: String,
        /// The field's.
        name: String,
    },
    /// The field is declared by a module.
    #[error("the field `{0}` is declared by a module and can't be changed here")]
    Declared(String),
    /// The entity has as many fields as are possible.
    #[error("an entity has at most {max} fields of a tenant")]
    TooMany {
        /// The limit.
        max: usize,
    },
}

impl Refusal for DefinitionError {
    fn kind(&self) -> Kind {
        match self {
            Self::Entity(_) | Self::Unknown { .. } => Kind::NotFound,
            Self::Exists { .. } => Kind::Conflict,
            Self::Declared(_) | Self::TooMany { .. } => Kind::Refused,
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::Entity(_) => "custom.entity",
            Self::Exists { .. } => "custom.exists",
            Self::Unknown { .. } => "custom.unknown",
            Self::Declared(_) => "custom.declared",
            Self::TooMany { .. } => "custom.limit",
        }
    }

    fn help(&self) -> Option<String> {
        Some(match self {
            Self::Entity(_) => "name it by module and entity: `crm.party`".to_owned(),
            Self::Exists { .. } => {
                "change that field, bring it back if it is archived, or take another name".to_owned()
            }
            Self::Unknown { .. } => "list the fields of the entity to see their names".to_owned(),
            Self::Declared(_) => "define a field of your own under another name".to_owned(),
            Self::TooMany { .. } => {
                "archiving frees no place; keep what belongs together in a field of kind `json`".to_owned()
            }
        })
    }
}

/// All that is wrong with a definition, each with the member that it concerns.
pub(super) fn invalid(problems: Vec<(&'static str, String)>) -> Error {
    let problem =
        |(path, message): (&'static str, String)| FieldError { path: path.to_owned(), code: "definition", message };
    Error::fields_invalid(problems.into_iter().map(problem).collect())
}
