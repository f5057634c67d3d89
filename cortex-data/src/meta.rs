//! What the framework knows about an entity: its table, its fields and their rules.

mod external;

pub(crate) use external::require_tenant;
pub use external::{External, ExternalError};

use crate::entity::{Entity, RefersTo};
use crate::value::ColumnType;

/// The column that says whose a row is.
pub(crate) const TENANT: &str = "tenant_id";
/// The column that says which company keeps it.
pub(crate) const COMPANY: &str = "company_id";

/// An entity as data. The derive builds it as a constant.
#[derive(Debug)]
pub struct Meta {
    /// The type's name: `Vehicle`.
    pub name: &'static str,
    /// The table's name: `fleet_vehicles`.
    pub table: &'static str,
    /// The fields in the order of the struct; the first is the key.
    pub fields: &'static [FieldMeta],
    /// Rows belong to a tenant (column `tenant_id`).
    pub tenant: bool,
    /// Rows belong to one company of the tenant (column `company_id`).
    pub company: bool,
    /// Rows have a version for optimistic locking (column `version`).
    pub versioned: bool,
    /// Rows have created and updated stamps, and every change is kept.
    pub audited: bool,
    /// Deleting marks the row (column `deleted_at`) instead of removing it.
    pub soft_delete: bool,
    /// The table belongs to others: it is mapped, and never migrated.
    pub external: Option<External>,
}

impl Meta {
    /// The field that tells records apart: the first.
    #[must_use]
    pub fn key(&self) -> Option<&FieldMeta> {
        self.fields.first()
    }

    /// The column of the key: `id`, but for tables of others.
    #[must_use]
    pub fn key_column(&self) -> &'static str {
        self.key().map_or("id", FieldMeta::column)
    }

    /// Whether `field` is the key.
    #[must_use]
    pub fn is_key(&self, field: &FieldMeta) -> bool {
        self.key().is_some_and(|key| key.name == field.name)
    }

    /// Whether keys are ids, which the program gives.
    #[must_use]
    pub fn has_ids(&self) -> bool {
        self.key().is_some_and(|key| matches!(key.kind, FieldKind::Id))
    }

    /// Whether new records have no key until the database gives one.
    #[must_use]
    pub fn generates_keys(&self) -> bool {
        self.external.is_some_and(|external| external.generates_keys)
    }

    /// Whether clients give the keys of new records.
    #[must_use]
    pub fn takes_keys(&self) -> bool {
        !self.has_ids() && !self.generates_keys()
    }
    /// The field called `name`.
    #[must_use]
    pub fn field(&self, name: &str) -> Option<&FieldMeta> {
        self.fields.iter().find(|f| f.name == name)
    }

    /// Where the values of the custom fields stand among the values of a record.
    pub(crate) fn extra(&self) -> Option<usize> {
        let mut at = 0;
        for field in self.fields {
            if matches!(field.kind, FieldKind::Extra) {
                return Some(at);
            }
            at += field.columns.len();
        }
        None
    }

    /// `SalesOrder` as `sales_order`.
    #[must_use]
    pub fn snake_name(&self) -> String {
        let mut out = String::new();
        for (i, c) in self.name.chars().enumerate() {
            if c.is_uppercase() && i > 0 {
                out.push('_');
            }
            out.extend(c.to_lowercase());
        }
        out
    }

    /// Columns of the fields, in order, without the system columns.
    pub fn columns(&self) -> impl Iterator<Item = (&'static str, ColumnType)> + '_ {
        self.fields.iter().flat_map(FieldMeta::typed_columns)
    }

    /// Columns that the framework keeps beside the fields.
    pub fn system_columns(&self) -> impl Iterator<Item = (&'static str, ColumnType, bool)> + use<> {
        let columns = [
            (self.tenant, (TENANT, ColumnType::Guid, false)),
            (self.company, (COMPANY, ColumnType::Guid, false)),
            (self.versioned, ("version", ColumnType::BigInt, false)),
            (self.audited, ("created_at", ColumnType::Instant, false)),
            (self.audited, ("created_by", ColumnType::Guid, false)),
            (self.audited, ("updated_at", ColumnType::Instant, false)),
            (self.audited, ("updated_by", ColumnType::Guid, false)),
            (self.soft_delete, ("deleted_at", ColumnType::Instant, true)),
        ];
        columns.into_iter().filter_map(|(kept, column)| kept.then_some(column))
    }
}

/// A field of an entity.
#[derive(Debug)]
pub struct FieldMeta {
    /// The field's name, also its (first) column's unless the table belongs to others.
    pub name: &'static str,
    /// Column names: two for money, prices and quantities.
    pub columns: &'static [&'static str],
    /// What it holds.
    pub kind: FieldKind,
    /// Whether it may be absent.
    pub nullable: bool,
    /// What its values must satisfy.
    pub rules: Rules,
}

impl FieldMeta {
    /// A field of Rust type `F`.
    #[must_use]
    pub const fn of<F: crate::field::Field>(name: &'static str, columns: &'static [&'static str]) -> Self {
        Self { name, columns, kind: F::KIND, nullable: F::NULLABLE, rules: Rules::NONE }
    }

    /// The same where clients can't set it.
    #[must_use]
    pub const fn read_only(mut self) -> Self {
        self.rules.read_only = true;
        self
    }

    /// The same where clients can't read it.
    #[must_use]
    pub const fn write_only(mut self) -> Self {
        self.rules.write_only = true;
        self
    }

    /// The same where no two records of a tenant (or of a company, where it keeps them) share it.
    #[must_use]
    pub const fn unique(mut self) -> Self {
        self.rules.unique = true;
        self
    }

    /// The same with at most `characters` in its text.
    #[must_use]
    pub const fn max_len(mut self, characters: u32) -> Self {
        self.rules.max_len = Some(characters);
        self
    }

    /// The same with no number below this.
    #[must_use]
    pub const fn min(mut self, decimal: &'static str) -> Self {
        self.rules.min = Some(decimal);
        self
    }

    /// The same with no number above this.
    #[must_use]
    pub const fn max(mut self, decimal: &'static str) -> Self {
        self.rules.max = Some(decimal);
        self
    }

    /// The same with texts that match the regular expression as a whole.
    #[must_use]
    pub const fn pattern(mut self, expression: &'static str) -> Self {
        self.rules.pattern = Some(expression);
        self
    }

    /// The same with these texts and no other.
    #[must_use]
    pub const fn one_of(mut self, texts: &'static [&'static str]) -> Self {
        self.rules.one_of = texts;
        self
    }

    /// The same with keys of `E`; its type is `F`.
    #[must_use]
    pub const fn references<F: RefersTo<E>, E: Entity>(mut self) -> Self {
        self.rules.references = Some(|| E::META);
        self
    }

    /// The same with personal data of this class.
    #[must_use]
    pub const fn pii(mut self, class: &'static str) -> Self {
        self.rules.pii = Some(class);
        self
    }

    /// Its first column.
    #[must_use]
    pub fn column(&self) -> &'static str {
        self.columns.first().copied().unwrap_or(self.name)
    }

    /// Its columns with their types.
    pub fn typed_columns(&self) -> impl Iterator<Item = (&'static str, ColumnType)> + '_ {
        self.columns.iter().copied().zip(self.kind.columns().iter().copied())
    }
}

/// What a field holds.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
#[expect(missing_docs, reason = "the variants are the field types")]
pub enum FieldKind {
    Bool,
    Int,
    BigInt,
    Text,
    Id,
    Instant,
    Day,
    Decimal,
    Rate,
    Money,
    Price,
    Quantity,
    Currency,
    Unit,
    Json,
    /// The values of custom fields.
    Extra,
    /// One of a closed list of names.
    Choice(&'static [&'static str]),
}

impl FieldKind {
    /// Types of the columns that hold it.
    #[must_use]
    pub const fn columns(self) -> &'static [ColumnType] {
        match self {
            Self::Bool => &[ColumnType::Bool],
            Self::Int => &[ColumnType::Int],
            Self::BigInt => &[ColumnType::BigInt],
            Self::Text | Self::Currency | Self::Unit | Self::Choice(_) => &[ColumnType::Text],
            Self::Id => &[ColumnType::Guid],
            Self::Instant => &[ColumnType::Instant],
            Self::Day => &[ColumnType::Day],
            Self::Decimal => &[ColumnType::Fixed],
            Self::Rate => &[ColumnType::Fine],
            Self::Json | Self::Extra => &[ColumnType::Json],
            Self::Money => &[ColumnType::BigInt, ColumnType::Text],
            Self::Price | Self::Quantity => &[ColumnType::Fixed, ColumnType::Text],
        }
    }
}

/// What the values of a field must satisfy, and who may set them.
#[derive(Debug, Clone, Copy)]
pub struct Rules {
    /// Clients can't set it.
    pub read_only: bool,
    /// Clients can't read it.
    pub write_only: bool,
    /// No two records of a tenant (or of a company, where it keeps them) share it.
    pub unique: bool,
    /// Most characters of a text.
    pub max_len: Option<u32>,
    /// Smallest number, as a decimal in text.
    pub min: Option<&'static str>,
    /// Largest number, as a decimal in text.
    pub max: Option<&'static str>,
    /// A regular expression that a text matches as a whole.
    pub pattern: Option<&'static str>,
    /// The accepted texts.
    pub one_of: &'static [&'static str],
    /// The entity that a key belongs to.
    pub references: Option<fn() -> &'static Meta>,
    /// The class of personal data it holds.
    pub pii: Option<&'static str>,
}

impl Rules {
    /// No rules.
    pub const NONE: Self = Self {
        read_only: false,
        write_only: false,
        unique: false,
        max_len: None,
        min: None,
        max: None,
        pattern: None,
        one_of: &[],
        references: None,
        pii: None,
    };
}
