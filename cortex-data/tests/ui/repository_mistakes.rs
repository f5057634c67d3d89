//! Several mistakes are all reported, each at its place.
use cortex_core::Id;
use cortex_data::Repository;

#[derive(Debug, Clone, Repository)]
#[repository(table = "Fleet-Vehicles", tenants, crate = cortex_data)]
struct Vehicle {
    id: Id<Vehicle>,
    #[field(min = 1, uniqe)]
    plate: String,
    #[field(max_len = 3, pattern = "[0-9]")]
    seats: i32,
    #[field(min = "many")]
    doors: i32,
    #[field(references = Vehicle)]
    branch: String,
    #[field(one_of = ["a"])]
    level: i64,
    #[field(read_only, write_only)]
    secret: String,
    version: i64,
}

fn main() {}
