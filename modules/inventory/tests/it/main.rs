//! What inventory promises: its rules in memory, and the service on every database.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that fails says where")]

mod http;
mod landed;
mod ledger;
mod measure;
mod memory;
mod model;
mod random;
mod reserve;
mod stock;
mod timeline;
mod valuation;
