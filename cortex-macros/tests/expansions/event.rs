//! Shows what `#[derive(Event)]` writes.

/// A vehicle was sold,
/// to whoever paid most.
#[derive(Serialize, Deserialize, Event)]
#[event(name = "fleet.vehicle_sold", version = 1, aggregate = "vehicle")]
pub struct VehicleSold {
    vehicle: Id<Vehicle>,
    price: Money,
}
