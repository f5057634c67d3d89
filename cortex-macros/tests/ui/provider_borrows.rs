use cortex_core::Provider;

#[derive(Provider)]
#[provider(singleton, crate = cortex_core)]
struct Ledger<'a> {
    name: &'a str,
}

fn main() {}
