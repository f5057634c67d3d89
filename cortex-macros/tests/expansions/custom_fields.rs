//! Shows what `#[derive(CustomFields)]` writes for fields that a module adds to an entity.

/// How goods reach a customer.
#[derive(Clone, CustomFields)]
#[custom_fields(entity = crm::Party)]
pub struct Delivery {
    /// Gate or dock.
    #[field(max_len = 40, group = "Delivery", pii = "place")]
    pub gate: Option<String>,
    #[field(default = "front", one_of = ["front", "back"])]
    pub door: String,
    #[field(default = 5, min = 0, max = "99.5", position = 1)]
    pub distance: Decimal,
    #[field(required, references = "fleet.vehicle", labels(en = "Lorry", de = "Lastwagen"))]
    pub lorry: Option<Id<Vehicle>>,
}
