//! A company belongs to a tenant, and its column is the framework's.
use cortex_core::Id;
use cortex_data::Repository;

#[derive(Debug, Clone, Repository)]
#[repository(table = "fleet_depots", company, crate = cortex_data)]
struct Depot {
    id: Id<Depot>,
}

#[derive(Debug, Clone, Repository)]
#[repository(table = "fleet_lorries", tenant, crate = cortex_data)]
struct Lorry {
    id: Id<Lorry>,
    company_id: Id<Depot>,
}

fn main() {}
