use cortex_core::Event;
use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize, Event)]
#[event(name = "fleet.sold", version = 1, aggregate = "vehicle", crate = cortex_core)]
struct Sold {
    id: u64,
}

#[derive(Serialize, Deserialize, Event)]
#[event(name = "fleet.moved", version = 1, aggregate = "id", crate = cortex_core)]
enum Moved {
    Here,
}

fn main() {}
