//! A default is written as the field reads it.
use cortex_core::{Decimal, Id, Money};
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
    #[field(default = "yes")]
    drop_off: bool,
    #[field(default = 1.5)]
    distance: Decimal,
    #[field(default = 7)]
    gate: String,
    #[field(default = "0 EUR")]
    fee: Money,
}

fn main() {}
