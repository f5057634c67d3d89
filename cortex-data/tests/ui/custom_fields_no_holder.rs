//! The entity must hold custom fields.
use cortex_core::Id;
use cortex_data::{CustomFields, Repository};

#[derive(Debug, Clone, Repository)]
#[repository(table = "crm_parties", tenant, crate = cortex_data)]
struct Party {
    id: Id<Party>,
}

#[derive(CustomFields)]
#[custom_fields(entity = Party, crate = cortex_data)]
struct Delivery {
    gate: Option<String>,
}

fn main() {}
