//! Integration tests of the core, one binary.

#[cfg(test)]
mod values;
