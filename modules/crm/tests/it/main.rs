//! Parties, products, quotes and orders through the module's public services, on every database at hand.

mod amount;
mod catalogue;
mod orders;
mod progress;
mod purchases;
mod quotes;
mod shop;
