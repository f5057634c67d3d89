//! The columns of an export: every field that the actor may see, amounts with their currency or unit beside them.

mod custom;

use cortex_core::config::suggest;
use cortex_core::{Currency, Money, Result};
use cortex_data::{EXTRA, FieldKind, FieldSet, KnownEntity, Value};

pub(crate) use custom::CustomPart;

use crate::error::ExchangeError;
use crate::plan::second;

/// What the values of a column are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Holds {
    /// Any text: it may look like a formula.
    Text,
    /// A text that a rule limits: an id, a code, a choice.
    Name,
    Bool,
    Int,
    BigInt,
    /// A decimal with six digits after the point, or an amount of money.
    Decimal,
    /// A decimal with ten digits after the point.
    Rate,
    Day,
    Instant,
    Json,
}

impl Holds {
    fn of(kind: FieldKind) -> Self {
        match kind {
            FieldKind::Bool => Self::Bool,
            FieldKind::Int => Self::Int,
            FieldKind::BigInt => Self::BigInt,
            FieldKind::Text => Self::Text,
            FieldKind::Instant => Self::Instant,
            FieldKind::Day => Self::Day,
            FieldKind::Decimal | FieldKind::Money | FieldKind::Price | FieldKind::Quantity => Self::Decimal,
            FieldKind::Rate => Self::Rate,
            FieldKind::Json => Self::Json,
            _ => Self::Name,
        }
    }
}

/// Where the values of a column come from.
#[derive(Debug, Clone)]
enum From {
    /// The column of the table, by its place.
    Place(usize),
    /// An amount of money, whose currency is at the next place.
    Money(usize),
    /// A custom field in the object at this place, or a part of one.
    Custom(usize, CustomPart),
}

/// A column of an export.
#[derive(Debug, Clone)]
pub(crate) struct Column {
    /// `price`, `price.currency`, `extra.color`
    pub(crate) name: String,
    pub(crate) holds: Holds,
    #[cfg_attr(not(feature = "parquet"), expect(dead_code, reason = "only Parquet tells it"))]
    pub(crate) nullable: bool,
    from: From,
}

impl Column {
    /// The value of a record. Money is a decimal in major units.
    pub(crate) fn value(&self, row: &[Value]) -> Value {
        let null = || Value::Null(cortex_data::ColumnType::Text);
        match &self.from {
            From::Custom(at, part) => row.get(*at).and_then(|extra| part.value(extra)).unwrap_or_else(null),
            From::Place(at) => row.get(*at).cloned().unwrap_or_else(null),
            From::Money(at) => match (row.get(*at), row.get(*at + 1)) {
                (Some(Value::BigInt(minor)), Some(Value::Text(code))) => match Currency::parse(code) {
                    Ok(currency) => Value::Fixed(Money::from_minor(*minor, currency).to_decimal()),
                    Err(_) => null(),
                },
                _ => null(),
            },
        }
    }
}

/// Which columns.
#[derive(Debug)]
pub(crate) struct Columns {
    pub(crate) all: Vec<Column>,
    /// The fields that they come from.
    pub(crate) fields: Vec<String>,
}

impl Columns {
    /// The columns of `wanted` fields, or of all that the actor may see.
    pub(crate) fn of(entity: &KnownEntity, custom: &FieldSet, wanted: &[String], hidden: &[&str]) -> Result<Self> {
        let mut columns = Self { all: Vec::new(), fields: Vec::new() };
        let mut at = 0;
        for field in entity.meta().fields {
            let place = at;
            at += field.columns.len();
            if matches!(field.kind, FieldKind::Extra) {
                columns.add_custom(custom, place, wanted, hidden);
                continue;
            }
            let seen = !field.rules.write_only && (entity.meta().is_key(field) || !hidden.contains(&field.name));
            if !seen || !(wanted.is_empty() || wanted.iter().any(|name| name == field.name)) {
                continue;
            }
            columns.fields.push(field.name.to_owned());
            let from = if matches!(field.kind, FieldKind::Money) { From::Money(place) } else { From::Place(place) };
            let (holds, nullable) = (Holds::of(field.kind), field.nullable);
            columns.all.push(Column { name: field.name.to_owned(), holds, nullable, from });
            if let Some(second) = second(field.kind) {
                let name = format!("{}.{second}", field.name);
                columns.all.push(Column { name, holds: Holds::Name, nullable, from: From::Place(place + 1) });
            }
        }
        let all_custom = |name: &str| name == EXTRA && entity.meta().field(EXTRA).is_some();
        match wanted.iter().find(|name| !columns.fields.contains(name) && !all_custom(name)) {
            None => Ok(columns),
            Some(name) => {
                let all = visible(entity, custom, hidden);
                let wrong = if name.len() > 64 { "" } else { name };
                let help = suggest(wrong, &all, "columns");
                Err(ExchangeError::Column { name: name.clone(), help }.into())
            }
        }
    }

    /// The custom fields that were asked for, each by its name or all together.
    fn add_custom(&mut self, custom: &FieldSet, place: usize, wanted: &[String], hidden: &[&str]) {
        let asked = |path: &str| wanted.is_empty() || wanted.iter().any(|name| name == path || name == EXTRA);
        for field in custom.iter().filter(|field| asked(field.path()) && !hidden.contains(&field.path())) {
            self.fields.push(field.path().to_owned());
            for part in CustomPart::of(field) {
                let (name, holds) = (part.name(), part.holds());
                self.all.push(Column { name, holds, nullable: true, from: From::Custom(place, part) });
            }
        }
    }
}

fn visible(entity: &KnownEntity, custom: &FieldSet, hidden: &[&str]) -> Vec<String> {
    let fields = entity.meta().fields.iter().filter(|field| !field.rules.write_only && !hidden.contains(&field.name));
    let custom = custom.iter().map(|field| field.path()).filter(|path| !hidden.contains(path));
    fields.map(|field| field.name).chain(custom).map(str::to_owned).collect()
}
