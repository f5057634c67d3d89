//! What this company keeps of its customers beside what the CRM does: a field of its own code, and one that it added
//! while it ran.

use codexion::data::{CustomKind, Entity, FieldCatalogue};
use codexion::prelude::*;
use crm::Party;

/// How goods reach a customer.
#[derive(Debug, Clone, PartialEq, Eq, CustomFields)]
#[custom_fields(entity = Party)]
pub struct Delivery {
    /// Gate or dock.
    #[field(max_len = 40, group = "Delivery")]
    pub gate: Option<String>,
    /// May be left at the door.
    #[field(default = false, group = "Delivery", position = 1)]
    pub drop_off: bool,
}

/// The field that says when a customer buys most.
pub const SEASON: &str = "season";

/// Adds [`SEASON`] to the tenant's parties, as people do it by the API, and has it indexed.
pub(crate) fn define_season(tx: &mut Tx) -> Result<()> {
    if tx.custom_fields(Party::META)?.get(SEASON).is_some() {
        return Ok(());
    }
    let choices = ["summer", "winter"].map(str::to_owned).to_vec();
    let labels = [("en", "Season"), ("de", "Saison")].map(|(locale, label)| (locale.to_owned(), label.to_owned()));
    let definition = FieldDefinition {
        choices,
        labels: labels.into(),
        indexed: true,
        ..FieldDefinition::new(SEASON, CustomKind::Choice)
    };
    FieldCatalogue::define(tx, Party::META, definition).map(drop)
}
