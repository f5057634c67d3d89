//! JSON Schemas of the value types, for OpenAPI and tools.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};

use crate::{Currency, Id, Money, Price, Quantity, Rate, Unit};

macro_rules! schema {
    ($($rust:ty $(, $generic:ident)? => $name:literal, $schema:tt;)*) => {$(
        impl $(<$generic: ?Sized>)? JsonSchema for $rust {
            fn schema_name() -> Cow<'static, str> {
                $name.into()
            }

            fn inline_schema() -> bool {
                true
            }

            fn json_schema(_: &mut SchemaGenerator) -> Schema {
                json_schema!($schema)
            }
        }
    )*};
}

schema! {
    Id<T>, T => "Id", { "type": "string", "format": "uuid" };
    Currency => "Currency", { "type": "string", "pattern": "^[A-Z]{3}$", "description": "ISO 4217 code" };
    Unit => "Unit", { "type": "string", "minLength": 1, "maxLength": 8 };
    Rate => "Rate", { "type": "string", "pattern": "^-?[0-9]+(\\.[0-9]{1,10})?$", "description": "exact decimal" };
    Money => "Money", {
        "type": "object",
        "description": "An exact amount in major units",
        "properties": {
            "amount": { "type": "string", "pattern": "^-?[0-9]+(\\.[0-9]+)?$" },
            "currency": { "type": "string", "pattern": "^[A-Z]{3}$" }
        },
        "required": ["amount", "currency"]
    };
    Price => "Price", {
        "type": "object",
        "description": "An exact unit price",
        "properties": {
            "amount": { "type": "string", "pattern": "^-?[0-9]+(\\.[0-9]{1,6})?$" },
            "currency": { "type": "string", "pattern": "^[A-Z]{3}$" }
        },
        "required": ["amount", "currency"]
    };
    Quantity => "Quantity", {
        "type": "object",
        "properties": {
            "amount": { "type": "string", "pattern": "^-?[0-9]+(\\.[0-9]{1,6})?$" },
            "unit": { "type": "string", "minLength": 1, "maxLength": 8 }
        },
        "required": ["amount", "unit"]
    };
}
