//! Parties, products, quotes and orders through the module's public services, on every database at hand.
#![expect(clippy::unwrap_used, reason = "a test that fails says where")]

mod amount;
mod catalogue;
mod http;
mod orders;
mod progress;
mod purchases;
mod quotes;
mod shop;
