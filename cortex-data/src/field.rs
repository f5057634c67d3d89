//! The Rust types that a field of an entity can have, and their way to column values and back.

use std::vec::IntoIter;

use cortex_core::{Choice, Currency, Date, Decimal, Error, Id, Money, Price, Quantity, Rate, Result, Timestamp, Unit};

use uuid::Uuid;

use crate::conn::MultiRawValue;
use crate::meta::FieldKind;
use crate::source::Source;
use crate::value::Value;

/// A type that a field of an entity can have.
#[diagnostic::on_unimplemented(
    message = "`{Self}` can't be a field of an entity",
    label = "this type has no column",
    note = "use `Id<T>`, `String`, `bool`, `i32`, `i64`, `Timestamp`, `Date`, `Decimal`, `Money`, `Price`, `Quantity`, \
            `Rate`, `Currency`, `Unit`, `serde_json::Value`, an enum with `#[derive(Choice)]`, or an `Option` of these"
)]
pub trait Field: Sized {
    /// What it holds.
    const KIND: FieldKind;
    /// Whether it may be absent.
    const NULLABLE: bool = false;

    /// Appends its column values.
    fn put(&self, out: &mut Vec<Value>);

    /// Takes its columns, the reverse of [`put`](Field::put).
    ///
    /// # Errors
    /// The columns are of other types or out of range.
    fn take<S: Source>(from: &mut S) -> Result<Self, S::Error>;
}

/// Column values being taken apart, in the order of the columns.
#[derive(Debug)]
pub struct Values(IntoIter<Value>);

impl Values {
    /// The values of one record.
    #[must_use]
    pub fn new(values: Vec<Value>) -> Self {
        Self(values.into_iter())
    }

    /// The next value.
    ///
    /// # Errors
    /// There is none left.
    pub fn next_value(&mut self) -> Result<Value> {
        self.0.next().ok_or_else(|| mismatch("the record has too few values"))
    }

    /// Whether the next `count` values are all absent; if so they are skipped.
    pub(crate) fn skip_nulls(&mut self, count: usize) -> bool {
        let next = self.0.as_slice().get(..count);
        let absent = next.is_some_and(|next| next.iter().all(Value::is_null));
        if absent {
            self.0.by_ref().take(count).for_each(drop);
        }
        absent
    }
}

fn mismatch(what: &str) -> Error {
    Error::internal("data.mismatch", what)
}

macro_rules! simple_field {
    ($($rust:ty: $kind:ident, $variant:ident);* $(;)?) => {$(
        impl Field for $rust {
            const KIND: FieldKind = FieldKind::$kind;

            fn put(&self, out: &mut Vec<Value>) {
                out.push(Value::$variant(self.clone()));
            }

            fn take<S: Source>(from: &mut S) -> Result<Self, S::Error> {
                from.column()
            }
        }
    )*};
}

simple_field! {
    bool: Bool, Bool;
    i32: Int, Int;
    i64: BigInt, BigInt;
    String: Text, Text;
    Timestamp: Instant, Instant;
    Date: Day, Day;
    Decimal: Decimal, Fixed;
    Rate: Rate, Fine;
    serde_json::Value: Json, Json;
}

impl<T: ?Sized> Field for Id<T> {
    const KIND: FieldKind = FieldKind::Id;

    fn put(&self, out: &mut Vec<Value>) {
        out.push(Value::Guid(self.uuid()));
    }

    fn take<S: Source>(from: &mut S) -> Result<Self, S::Error> {
        from.column::<Uuid>().map(Self::from_uuid)
    }
}

impl Field for Currency {
    const KIND: FieldKind = FieldKind::Currency;

    fn put(&self, out: &mut Vec<Value>) {
        out.push((*self).into());
    }

    fn take<S: Source>(from: &mut S) -> Result<Self, S::Error> {
        Ok(Self::parse(&from.column::<String>()?).map_err(Error::from)?)
    }
}

impl Field for Unit {
    const KIND: FieldKind = FieldKind::Unit;

    fn put(&self, out: &mut Vec<Value>) {
        out.push((*self).into());
    }

    fn take<S: Source>(from: &mut S) -> Result<Self, S::Error> {
        Ok(Self::parse(&from.column::<String>()?).map_err(Error::from)?)
    }
}

impl Field for Money {
    const KIND: FieldKind = FieldKind::Money;

    fn put(&self, out: &mut Vec<Value>) {
        out.push(Value::BigInt(self.minor()));
        self.currency().put(out);
    }

    fn take<S: Source>(from: &mut S) -> Result<Self, S::Error> {
        Ok(Self::from_minor(from.column()?, Currency::take(from)?))
    }
}

impl Field for Price {
    const KIND: FieldKind = FieldKind::Price;

    fn put(&self, out: &mut Vec<Value>) {
        out.push(Value::Fixed(self.amount()));
        self.currency().put(out);
    }

    fn take<S: Source>(from: &mut S) -> Result<Self, S::Error> {
        Ok(Self::new(from.column()?, Currency::take(from)?).map_err(Error::from)?)
    }
}

impl Field for Quantity {
    const KIND: FieldKind = FieldKind::Quantity;

    fn put(&self, out: &mut Vec<Value>) {
        out.push(Value::Fixed(self.amount()));
        self.unit().put(out);
    }

    fn take<S: Source>(from: &mut S) -> Result<Self, S::Error> {
        Ok(Self::new(from.column()?, Unit::take(from)?).map_err(Error::from)?)
    }
}

impl<F: Field> Field for Option<F> {
    const KIND: FieldKind = F::KIND;
    const NULLABLE: bool = true;

    fn put(&self, out: &mut Vec<Value>) {
        match self {
            Some(value) => value.put(out),
            None => out.extend(F::KIND.columns().iter().map(|of| Value::Null(*of))),
        }
    }

    fn take<S: Source>(from: &mut S) -> Result<Self, S::Error> {
        if from.skip_absent(F::KIND.columns().len()) { Ok(None) } else { F::take(from).map(Some) }
    }
}

/// Maps an enum with `#[derive(Choice)]` to a text column. The derive calls it.
#[macro_export]
#[doc(hidden)]
macro_rules! choice_sql {
    ($rust:ty) => {
        const _: () = {
            use diesel::{deserialize, serialize, sql_types::Text};
            use $crate::__private::{core, data, diesel};

            impl data::Field for $rust {
                const KIND: data::FieldKind = data::FieldKind::Choice(<$rust as core::Choice>::NAMES);

                fn put(&self, out: &mut ::std::vec::Vec<data::Value>) {
                    out.push(data::Value::from(core::Choice::as_str(self)));
                }

                fn take<S: data::Source>(from: &mut S) -> core::Result<Self, S::Error> {
                    data::take_choice(from)
                }
            }

            impl data::ExtraValue for $rust {
                const KIND: data::CustomKind = data::CustomKind::Choice;
                const CHOICES: &'static [&'static str] = <$rust as core::Choice>::NAMES;

                fn to_stored(&self) -> data::__private::serde_json::Value {
                    core::Choice::as_str(self).into()
                }

                fn from_stored(stored: &data::__private::serde_json::Value) -> ::std::option::Option<Self> {
                    stored.as_str().and_then(core::Choice::parse)
                }
            }

            impl serialize::ToSql<Text, data::Db> for $rust {
                fn to_sql<'b>(&'b self, out: &mut serialize::Output<'b, '_, data::Db>) -> serialize::Result {
                    out.set_value((Text, core::Choice::as_str(self)));
                    Ok(serialize::IsNull::No)
                }
            }

            impl deserialize::FromSql<Text, data::Db> for $rust {
                fn from_sql(bytes: data::DbValue<'_>) -> deserialize::Result<Self> {
                    data::read_choice(bytes)
                }
            }

            impl deserialize::Queryable<Text, data::Db> for $rust {
                type Row = Self;

                fn build(row: Self) -> deserialize::Result<Self> {
                    Ok(row)
                }
            }

            impl diesel::expression::AsExpression<Text> for $rust {
                type Expression = diesel::internal::derives::as_expression::Bound<Text, Self>;

                fn as_expression(self) -> Self::Expression {
                    diesel::internal::derives::as_expression::Bound::new(self)
                }
            }
        };
    };
}

/// Reads a choice from its column.
///
/// # Errors
/// The text is none of the choices.
#[doc(hidden)]
pub fn take_choice<C: Choice, S: Source>(from: &mut S) -> Result<C, S::Error> {
    let text: String = from.column()?;
    C::parse(&text).ok_or_else(|| mismatch("a stored choice is none of the declared ones").into())
}

/// Reads a choice from the database.
///
/// # Errors
/// The text is none of the choices.
#[doc(hidden)]
pub fn read_choice<C: Choice>(bytes: MultiRawValue<'_>) -> diesel::deserialize::Result<C> {
    let text = bytes.from_sql::<String, diesel::sql_types::Text>()?;
    C::parse(&text).ok_or_else(|| format!("`{text}` is none of the declared choices").into())
}
