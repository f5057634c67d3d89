use std::sync::Arc;

use cortex_core::Provider;

#[derive(Provider)]
#[provider(single, singleton, lazy = true, crate = cortex_core)]
struct Ledger {
    #[provider(optional)]
    journal: Arc<String>,
}

fn main() {}
