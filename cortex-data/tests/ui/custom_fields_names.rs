//! Names are in snake case and not too long.
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
    #[allow(non_snake_case)]
    Gate: Option<String>,
    a_name_of_sixty_four_characters_which_is_one_more_than_is_allowed: Option<String>,
}

fn main() {}
