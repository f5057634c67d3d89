//! A section without a key.

use cortex_core::Config;

#[derive(Config)]
#[config(crate = cortex_core)]
struct Web {
    port: u16,
}

fn main() {}
