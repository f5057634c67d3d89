use cortex_core::{Provider, Registrar};

trait Post: Send + Sync {}

#[derive(Provider)]
#[provider(singleton, crate = cortex_core)]
struct Ledger;

impl Post for Ledger {}

fn register(m: &mut Registrar) {
    m.replace::<dyn Post, Ledger>();
}

fn main() {}
