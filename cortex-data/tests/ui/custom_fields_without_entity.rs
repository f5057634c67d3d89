//! Fields belong to an entity, or the struct is one that holds them.
use cortex_data::CustomFields;

#[derive(CustomFields)]
struct Delivery {
    gate: Option<String>,
}

fn main() {}
