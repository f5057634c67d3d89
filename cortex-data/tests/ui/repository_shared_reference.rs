//! What all companies share does not refer to what one of them keeps.
use cortex_core::Id;
use cortex_data::Repository;

#[derive(Debug, Clone, Repository)]
#[repository(table = "fleet_depots", tenant, company, crate = cortex_data)]
struct Depot {
    id: Id<Depot>,
}

#[derive(Debug, Clone, Repository)]
#[repository(table = "fleet_lorries", tenant, crate = cortex_data)]
struct Lorry {
    id: Id<Lorry>,
    #[field(references = Depot)]
    depot: Id<Depot>,
}

fn main() {}
