//! What the example stores itself, and the questions that it asks across the modules.

pub(crate) mod figures;
mod state;

pub use state::{DemoState, RetailState};
