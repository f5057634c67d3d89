//! Bounds are for what is smaller and larger.
use cortex_core::{Date, Decimal, Id};
use cortex_data::{CustomFields, Extra, Repository};

#[derive(Debug, Clone, Repository, CustomFields)]
#[repository(table = "crm_parties", tenant, crate = cortex_data)]
#[custom_fields(crate = cortex_data)]
struct Party {
    id: Id<Party>,
    extra: Extra,
}

#[derive(CustomFields)]
#[custom_fields(entity = Party, crate = cortex_data)]
struct Delivery {
    #[field(min = 1)]
    gate: Option<String>,
    #[field(max = "many")]
    boxes: Option<Decimal>,
    #[field(min = 2026)]
    until: Option<Date>,
}

fn main() {}
