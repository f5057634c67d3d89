//! The example through its library, on every database at hand.
#![expect(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test that fails says where")]
#![expect(clippy::print_stdout, reason = "a test that is skipped says so")]

mod demo;
mod imports;
mod northwind;
mod page;
mod posting;
mod retail;
