//! Types that are none of a custom field.
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
    boxes: Option<u32>,
    distance: Option<f64>,
    rate: Option<cortex_core::Rate>,
    gate: Option<&'static str>,
    parts: Option<std::collections::HashMap<String, String>>,
}

fn main() {}
