use cortex_core::Provider;

#[derive(Provider)]
#[provider(singleton, crate = cortex_core)]
enum Ledger {
    Real,
    Fake,
}

fn main() {}
