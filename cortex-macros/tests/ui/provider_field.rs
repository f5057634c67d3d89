use std::sync::{Arc, Mutex};

use cortex_core::Provider;

#[derive(Provider)]
#[provider(singleton, crate = cortex_core)]
struct Ledger {
    name: String,
    journal: Arc<u8>,
    #[provider(default)]
    seen: Mutex<u64>,
}

fn main() {}
