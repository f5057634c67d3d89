//! An id says what it refers to, and nothing else does.
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
    carrier: Option<Id<Party>>,
    #[field(references = "party")]
    broker: Option<Id<Party>>,
    #[field(references = "crm.party")]
    name: Option<String>,
}

fn main() {}
