//! What a nested section does not take.

use cortex_core::Config;

#[derive(Config)]
#[config(key = "web", nested, crate = cortex_core)]
struct Web {
    #[config(nested, default = 1)]
    tls: Tls,
    #[config(nested, required)]
    other: Tls,
}

#[derive(Config)]
#[config(nested, crate = cortex_core)]
struct Tls {
    certificate: String,
}

fn main() {}
