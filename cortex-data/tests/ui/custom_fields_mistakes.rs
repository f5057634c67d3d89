//! Several mistakes are all reported, each at its place.
use cortex_core::{Date, Decimal, Id, Money};
use cortex_data::{CustomFields, Extra, Repository};

#[derive(Debug, Clone, Repository, CustomFields)]
#[repository(table = "crm_parties", tenant, crate = cortex_data)]
#[custom_fields(crate = cortex_data)]
struct Party {
    id: Id<Party>,
    extra: Extra,
}

#[derive(CustomFields)]
#[custom_fields(entity = Party, table = "crm_parties", crate = cortex_data)]
struct Delivery {
    #[field(max_len = 3, min = 1, colour)]
    gate: Option<bool>,
    #[field(one_of = ["a"], default = 1.5)]
    distance: Decimal,
    #[field(references = "party", pattern = "[0-9]")]
    until: Option<Date>,
    Door: Option<String>,
    boxes: Option<i32>,
    #[field(default = "0 EUR")]
    fee: Money,
}

fn main() {}
