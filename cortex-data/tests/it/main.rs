//! Tests of the data layer at its public boundary.

mod derive;
mod repository;
mod support;
