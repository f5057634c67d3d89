//! A struct without the derive is not a section.

use cortex_core::{Config, Result};

struct Web;

fn main() {
    let _: Result<Web> = Config::load().and_then(|config| config.section::<Web>());
}
