use cortex_core::Provider;

#[derive(Provider)]
#[provider(singleton, init = connect, stop = close, crate = cortex_core)]
struct Ledger;

impl Ledger {
    async fn connect(&self) {}
}

fn main() {}
