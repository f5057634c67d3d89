//! Shipping and receiving where nobody keeps books.
#![expect(clippy::unwrap_used, reason = "a test that fails says where")]

mod http;
mod ship;
