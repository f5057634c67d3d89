//! After a mistake the trait still exists: only the mistake is reported, not its consequences.
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
    #[field(min_len = 1)]
    drop_off: Option<bool>,
}

fn main() {
    let _ = <Delivery as cortex_data::TypedFields>::definitions;
}
