//! Which columns a field of a Rust type has.

use proc_macro2::TokenStream;
use quote::quote;
use syn::{GenericArgument, PathArguments, Type};

/// What the derive must know of a field's type; the trait `Field` decides the rest.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Id,
    Text,
    Bool,
    Int,
    BigInt,
    Instant,
    Day,
    Decimal,
    Rate,
    Json,
    /// The values of custom fields.
    Extra,
    /// Short codes kept as text: a currency, a unit.
    Code,
    Money,
    /// A decimal with a currency or a unit: a price, a quantity.
    Measure,
    /// Anything else: an enum with `#[derive(Choice)]`.
    Choice,
}

impl Kind {
    /// SQL types of its columns.
    pub(crate) fn sql(self) -> Vec<TokenStream> {
        match self {
            Self::Id => vec![quote!(Guid)],
            Self::Text | Self::Code | Self::Choice => vec![quote!(Text)],
            Self::Bool => vec![quote!(Bool)],
            Self::Int => vec![quote!(Integer)],
            Self::BigInt => vec![quote!(BigInt)],
            Self::Instant => vec![quote!(Instant)],
            Self::Day => vec![quote!(Day)],
            Self::Decimal => vec![quote!(Fixed)],
            Self::Rate => vec![quote!(Fine)],
            Self::Json | Self::Extra => vec![quote!(Json)],
            Self::Money => vec![quote!(BigInt), quote!(Text)],
            Self::Measure => vec![quote!(Fixed), quote!(Text)],
        }
    }

    /// Whether values are ordered numbers.
    pub(crate) fn is_number(self) -> bool {
        matches!(self, Self::Int | Self::BigInt | Self::Decimal | Self::Rate | Self::Money | Self::Measure)
    }
}

/// The kind of a type, and for a two-column type the name that its second column adds.
pub(crate) fn kind(ty: &Type) -> Result<(Kind, Option<&'static str>), String> {
    let Type::Path(path) = ty else {
        return Err("an entity owns its fields: use `String`, a number, `Id<T>` or another type with a column".into());
    };
    let Some(last) = path.path.segments.last() else { return Err("this type has no name".into()) };
    Ok(match last.ident.to_string().as_str() {
        "Id" | "TenantId" => (Kind::Id, None),
        "String" => (Kind::Text, None),
        "bool" => (Kind::Bool, None),
        "i32" => (Kind::Int, None),
        "i64" => (Kind::BigInt, None),
        "Timestamp" => (Kind::Instant, None),
        "Date" => (Kind::Day, None),
        "Decimal" => (Kind::Decimal, None),
        "Rate" => (Kind::Rate, None),
        "Value" => (Kind::Json, None),
        "Extra" => (Kind::Extra, None),
        "Currency" | "Unit" => (Kind::Code, None),
        "Money" => (Kind::Money, Some("currency")),
        "Price" => (Kind::Measure, Some("currency")),
        "Quantity" => (Kind::Measure, Some("unit")),
        "f32" | "f64" => return Err("floating point is not exact: use `Decimal`, `Money`, `Quantity` or `Rate`".into()),
        "u8" | "u16" | "u32" | "u64" | "usize" | "i8" | "i16" | "i128" | "u128" | "isize" => {
            return Err(
                "databases have no such number: use `i32` or `i64`, with `#[field(min = 0)]` where it fits".into()
            );
        }
        "Vec" | "HashMap" | "BTreeMap" | "HashSet" | "BTreeSet" => {
            return Err(
                "a list is an entity of its own that refers to this one; loose data is `serde_json::Value`".into()
            );
        }
        _ => (Kind::Choice, None),
    })
}

/// The type inside an `Option`.
pub(crate) fn inside_option(ty: &Type) -> Option<&Type> {
    let Type::Path(path) = ty else { return None };
    let last = path.path.segments.last().filter(|segment| segment.ident == "Option")?;
    let PathArguments::AngleBracketed(args) = &last.arguments else { return None };
    match args.args.first()? {
        GenericArgument::Type(inner) => Some(inner),
        _ => None,
    }
}
