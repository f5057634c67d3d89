//! Shipping and receiving where nobody keeps books.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that fails says where")]

mod http;
mod ship;
