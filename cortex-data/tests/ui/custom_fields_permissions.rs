//! A permission names a kind of record and an act.
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
    #[field(read_permission = "see", write_permission = "set")]
    gate: Option<String>,
}

fn main() {}
