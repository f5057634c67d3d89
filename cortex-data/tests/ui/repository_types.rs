//! Types that have no column.
use cortex_core::Id;
use cortex_data::Repository;

#[derive(Debug, Clone, Repository)]
#[repository(table = "vehicles", tenant, crate = cortex_data)]
struct Vehicle {
    id: Id<Vehicle>,
    weight: f64,
    seats: u32,
    tags: Vec<String>,
    name: &'static str,
}

fn main() {}
