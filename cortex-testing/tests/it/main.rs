//! Tests of what downstream tests are made of.

#[cfg(test)]
mod conformance;
#[cfg(test)]
mod tenancy;
