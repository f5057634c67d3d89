//! The first field is not the id.
use cortex_data::Repository;

#[derive(Debug, Clone, Repository)]
#[repository(table = "vehicles", tenant, crate = cortex_data)]
struct Vehicle {
    plate: String,
}

fn main() {}
