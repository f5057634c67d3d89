//! A rule or an option that does not exist.
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
#[custom_fields(of = Party, entity = Party, crate = cortex_data)]
struct Delivery {
    #[field(uniqe, label = 5)]
    gate: Option<String>,
}

fn main() {}
