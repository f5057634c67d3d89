//! With `own_default` the attributes state no defaults.

use cortex_core::Config;

#[derive(Config)]
#[config(key = "web", own_default, crate = cortex_core)]
struct Web {
    #[config(default = 8080)]
    port: u16,
}

impl Default for Web {
    fn default() -> Self {
        Self { port: 1 }
    }
}

fn main() {}
