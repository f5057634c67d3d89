use cortex_core::Provider;

#[derive(Provider)]
#[provider(crate = cortex_core)]
struct Ledger;

#[derive(Provider)]
#[provider(singleton, scoped, crate = cortex_core)]
struct Journal;

fn main() {}
