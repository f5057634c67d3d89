//! The table has no name.
use cortex_core::Id;
use cortex_data::Repository;

#[derive(Debug, Clone, Repository)]
#[repository(tenant, crate = cortex_data)]
struct Vehicle {
    id: Id<Vehicle>,
    plate: String,
}

fn main() {}
