//! An option of the struct that does not exist.

use cortex_core::Config;

#[derive(Config)]
#[config(crate = cortex_core, name = "web")]
struct Web {
    port: u16,
}

fn main() {}
