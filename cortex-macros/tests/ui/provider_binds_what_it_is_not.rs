use cortex_core::Provider;

trait Post: Send + Sync {}

#[derive(Provider)]
#[provider(singleton, binds = dyn Post, crate = cortex_core)]
struct Ledger;

fn main() {}
