//! Tests of what downstream tests are made of.

#[cfg(test)]
mod companies;
#[cfg(test)]
mod conformance;
#[cfg(test)]
mod tenancy;
