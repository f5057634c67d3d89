//! The example through its library, on every database at hand.
#![expect(clippy::unwrap_used, reason = "a test that fails says where")]

mod demo;
mod page;
