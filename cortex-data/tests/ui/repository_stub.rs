//! After a mistake the entity's names still exist: only the mistake is reported, not its consequences.
use cortex_core::{Id, Result};
use cortex_data::{Entity, ReadTx, Repository};

#[derive(Debug, Clone, Repository)]
#[repository(tenant, crate = cortex_data)]
struct Vehicle {
    id: Id<Vehicle>,
    plate: String,
}

fn plate(tx: &mut ReadTx, id: Id<Vehicle>) -> Result<String> {
    let _ = (Vehicle::query(tx), Vehicle::META);
    Ok(Vehicle::get(tx, id)?.plate)
}

fn main() {
    let _ = plate;
}
