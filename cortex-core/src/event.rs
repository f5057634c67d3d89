//! Events: facts that a module states and others react to after the commit.

use serde::Serialize;
use serde::de::DeserializeOwned;

/// A fact that happened, named and versioned so that it can be stored and read by later programs.
///
/// Write it with `#[derive(Event)] #[event(name = "fleet.vehicle_sold", version = 1)]`. A change that
/// old readers cannot follow takes a new version.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not an event",
    label = "this is not an event",
    note = "add `#[derive(Serialize, Deserialize, Event)]` and `#[event(name = \"module.what_happened\", version = 1)]`"
)]
pub trait Event: Serialize + DeserializeOwned + Send + Sync + 'static {
    /// The stable name, dotted: `fleet.vehicle_sold`.
    const NAME: &'static str;
    /// The version of the shape, from 1.
    const VERSION: u32;
    /// What happened, for people: one line. The derive takes it from the doc comment.
    const ABOUT: &'static str = "";

    /// What the event is about. Events of one aggregate are delivered in the order in which they happened;
    /// `None` asks for no order.
    fn aggregate(&self) -> Option<String> {
        None
    }
}

/// An event without its type, for lists: what a module declares that it emits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EventInfo {
    /// The stable name: `fleet.vehicle_sold`.
    pub name: &'static str,
    /// The version of the shape.
    pub version: u32,
    /// What happened, for people.
    pub about: &'static str,
}

impl EventInfo {
    /// What is known of `E`.
    #[must_use]
    pub const fn of<E: Event>() -> Self {
        Self { name: E::NAME, version: E::VERSION, about: E::ABOUT }
    }
}
