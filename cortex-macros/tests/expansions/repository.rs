//! Shows what `#[derive(Repository)]` writes for an entity of ten fields.

/// A vehicle of the fleet.
#[derive(Clone, Repository)]
#[repository(table = "fleet_vehicles", tenant, versioned, audited, soft_delete)]
pub struct Vehicle {
    pub id: Id<Vehicle>,
    #[field(unique, max_len = 12, pattern = "[A-Z0-9-]+")]
    pub plate: String,
    #[field(references = Branch)]
    pub branch: Option<Id<Branch>>,
    pub place: Place,
    #[field(min = 0)]
    pub price: Money,
    pub tank: Option<Quantity>,
    #[field(min = 1, max = 60)]
    pub seats: i32,
    pub registered_on: Date,
    #[field(pii = "person", max_len = 100)]
    pub driver: Option<String>,
    #[field(read_only)]
    pub sold: bool,
}
