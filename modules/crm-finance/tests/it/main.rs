//! From order to cash and from purchase to payment, through the services of all modules, on every database at hand.
#![expect(clippy::unwrap_used, reason = "a test that fails says where")]

mod books;
mod company;
mod flow;
mod http;
mod purchase;
mod refused;
mod statements;
