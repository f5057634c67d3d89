//! What tables of others can't be is said at the place.
use cortex_core::{Date, Money};
use cortex_data::{Extra, Repository};

/// Nobody said whose rows these are, and the framework has no columns there.
#[derive(Debug, Clone, Repository)]
#[repository(table = "KUN\"DEN", external, versioned, crate = cortex_data)]
struct Customer {
    number: Option<i32>,
    #[field(column = ["a", "b"])]
    name: String,
    #[field(column = "PREIS")]
    price: Money,
    #[field(generated)]
    points: i64,
    extra: Extra,
}

/// A day tells nothing apart.
#[derive(Debug, Clone, Repository)]
#[repository(table = "TAGE", external, all_tenants, one_tenant, crate = cortex_data)]
struct Day {
    day: Date,
}

/// Nothing new is written to it.
#[derive(Debug, Clone, Repository)]
#[repository(table = "NAMEN", external, all_tenants, read_only, crate = cortex_data)]
struct Name {
    #[field(generated)]
    number: i64,
}

/// It is no table of others.
#[derive(Debug, Clone, Repository)]
#[repository(table = "notes", all_tenants, read_only, crate = cortex_data)]
struct Note {
    id: cortex_core::Id<Note>,
    #[field(column = "TEXT")]
    text: String,
    #[field(generated)]
    number: i64,
}

fn main() {}
