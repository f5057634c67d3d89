//! Tests of what downstream tests are made of.

mod conformance;
