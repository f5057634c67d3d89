//! From order to cash and from purchase to payment, through the services of all modules, on every database at hand.

mod books;
mod company;
mod flow;
mod purchase;
mod refused;
