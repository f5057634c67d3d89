use cortex_core::Event;
use serde::{Deserialize, Serialize};

#[derive(Serialize, Deserialize, Event)]
#[event(crate = cortex_core)]
struct Sold;

#[derive(Serialize, Deserialize, Event)]
#[event(name = "VehicleSold", version = 0, crate = cortex_core)]
struct Bought;

fn main() {}
