//! Custom fields are those of a struct with named fields and without parameters.
use cortex_data::CustomFields;

#[derive(CustomFields)]
#[custom_fields(entity = Party)]
enum Delivery {
    Gate,
}

#[derive(CustomFields)]
#[custom_fields(entity = Party)]
struct Gate(String);

#[derive(CustomFields)]
#[custom_fields(entity = Party)]
struct Dock<T> {
    name: Option<T>,
}

fn main() {}
