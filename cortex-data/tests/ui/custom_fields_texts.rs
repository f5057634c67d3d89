//! Rules of texts are for texts.
use cortex_core::{Decimal, Id};
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
    #[field(min_len = 1, max_len = 3)]
    boxes: Option<Decimal>,
    #[field(pattern = "[0-9]+")]
    drop_off: Option<bool>,
    #[field(one_of = ["a", "b"])]
    distance: Option<Decimal>,
}

fn main() {}
