//! A list says what it may hold, and is neither unique nor a reference.
use cortex_core::Id;
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
    days: Option<Vec<String>>,
    #[field(unique, one_of = ["a", "b"])]
    gates: Option<Vec<String>>,
}

fn main() {}
