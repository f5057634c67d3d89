//! Integration tests of finance, one binary.

#[cfg(test)]
mod domain;
