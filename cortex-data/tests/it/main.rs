//! Tests of the data layer at its public boundary.

mod repository;
mod support;
