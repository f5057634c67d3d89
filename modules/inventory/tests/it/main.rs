//! Integration tests of inventory.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that fails says where")]

mod landed;
mod ledger;
mod measure;
mod memory;
mod model;
mod random;
mod reserve;
mod timeline;
mod valuation;
