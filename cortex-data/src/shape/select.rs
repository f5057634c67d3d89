//! Which fields of a record a client asked for and may see.

use std::marker::PhantomData;
use std::sync::Arc;

use cortex_core::{Kind, Refusal};

use crate::custom::{EXTRA, FieldSet, Shown};
use crate::entity::Entity;
use crate::filter::{Names, nearest};
use crate::meta::FieldKind;
use crate::record::SYSTEM_FIELDS;

/// Where the key stands among the fields.
const KEY: usize = 0;

/// The chosen fields of an `E`. The key is always among them, fields that clients can't read never.
pub struct Select<E> {
    /// One bit per field: tables have at most 32 columns.
    fields: u64,
    /// One bit per system field.
    system: u64,
    /// The custom fields of the tenant.
    custom: Option<Arc<Shown>>,
    entity: PhantomData<fn() -> E>,
}

impl<E> Clone for Select<E> {
    fn clone(&self) -> Self {
        Self { custom: self.custom.clone(), ..*self }
    }
}

impl<E> std::fmt::Debug for Select<E> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Select({:b}, {:b})", self.fields, self.system)
    }
}

impl<E: Entity> Select<E> {
    /// Every field but those in `hidden`, which this client may not read: [`Guard::mask`](crate::Guard::mask).
    #[must_use]
    pub fn all(hidden: &[&str]) -> Self {
        let names = Names { meta: E::META, hidden, custom: None };
        let visible = E::META.fields.iter().enumerate().filter(|(_, field)| E::META.is_key(field) || names.sees(field));
        Self {
            fields: visible.fold(0, |bits, (i, _)| bits | bit(i)),
            system: u64::MAX,
            custom: None,
            entity: PhantomData,
        }
    }

    /// The same with the custom fields of a tenant: [`ReadTx::custom_fields`](crate::ReadTx::custom_fields).
    #[must_use]
    pub fn all_with(custom: Arc<FieldSet>, hidden: &[&str]) -> Self {
        Self { custom: Some(Arc::new(Shown::all(custom, hidden))), ..Self::all(hidden) }
    }

    /// Reads `plate,price`.
    ///
    /// # Errors
    /// A name is no field, or none that this client may read.
    pub fn parse(text: &str, hidden: &[&str]) -> Result<Self, SelectError> {
        Self::choose(Self::all(hidden), None, text)
    }

    /// The same with the custom fields of a tenant, which the client names `extra.color`.
    ///
    /// # Errors
    /// As [`parse`](Self::parse).
    pub fn parse_with(custom: Arc<FieldSet>, text: &str, hidden: &[&str]) -> Result<Self, SelectError> {
        let shown = Shown::all(Arc::clone(&custom), hidden);
        Self::choose(Self::all_with(custom, hidden), Some(shown), text)
    }

    fn choose(all: Self, shown: Option<Shown>, text: &str) -> Result<Self, SelectError> {
        let mut chosen = Self { fields: 0, system: 0, custom: None, entity: PhantomData };
        let mut names: Vec<String> = Vec::new();
        let extra = E::META.fields.iter().position(|field| matches!(field.kind, FieldKind::Extra));
        for name in text.split(',').map(str::trim).filter(|name| !name.is_empty()) {
            if let (Some(i), Some(shown), Some((EXTRA, custom))) = (extra, &shown, name.split_once('.'))
                && shown.sees(custom)
            {
                chosen.fields |= bit(i);
                names.push(custom.to_owned());
                continue;
            }
            let field = E::META.fields.iter().position(|f| f.name == name).filter(|i| all.has_field(*i));
            let system = SYSTEM_FIELDS.iter().position(|f| *f == name).filter(|_| kept::<E>(name));
            match (field, system) {
                (Some(i), _) => chosen.fields |= bit(i),
                (None, Some(i)) => chosen.system |= bit(i),
                (None, None) => return Err(SelectError::UnknownField { name: name.to_owned(), help: all.help(name) }),
            }
        }
        if chosen.fields == 0 && chosen.system == 0 {
            return Ok(all);
        }
        let custom = match shown {
            Some(shown) if !names.is_empty() => Some(Arc::new(shown.only(names))),
            _ => all.custom,
        };
        Ok(Self { fields: chosen.fields | bit(KEY), custom, ..chosen })
    }

    pub(super) fn has_field(&self, index: usize) -> bool {
        self.fields & bit(index) != 0
    }

    pub(super) fn custom(&self) -> Option<&Shown> {
        self.custom.as_deref()
    }

    pub(super) fn has_system(&self, name: &str) -> bool {
        SYSTEM_FIELDS.iter().position(|f| *f == name).is_some_and(|i| self.system & bit(i) != 0)
    }

    fn help(&self, wrong: &str) -> String {
        let fields = E::META.fields.iter().enumerate().filter(|(i, _)| self.has_field(*i)).map(|(_, f)| f.name);
        let system = SYSTEM_FIELDS.into_iter().filter(|name| kept::<E>(name));
        let custom = self.custom.iter().flat_map(|shown| shown.paths());
        let known: Vec<String> = fields.chain(system).map(str::to_owned).chain(custom).collect();
        nearest(wrong, &known, "accepted names")
    }
}

fn bit(index: usize) -> u64 {
    u32::try_from(index).ok().and_then(|shift| 1_u64.checked_shl(shift)).unwrap_or(0)
}

/// Whether the entity has this system column.
fn kept<E: Entity>(name: &str) -> bool {
    E::META.system_columns().any(|(column, ..)| column == name)
}

/// Why a choice of fields can't be understood.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SelectError {
    /// There is no such field, or not for this client.
    #[error("`{name}` is not a field of this record")]
    UnknownField {
        /// The name.
        name: String,
        /// The nearest name and all accepted ones.
        help: String,
    },
}

impl Refusal for SelectError {
    fn kind(&self) -> Kind {
        Kind::Invalid
    }

    fn code(&self) -> &'static str {
        "select.field"
    }

    fn help(&self) -> Option<String> {
        let Self::UnknownField { help, .. } = self;
        Some(help.clone())
    }
}
