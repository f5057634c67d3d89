use cortex_core::{Provider, Result};

#[derive(Provider)]
#[provider(scoped, init = connect, stop, crate = cortex_core)]
struct Ledger;

impl Ledger {
    async fn connect(&self) -> Result<()> {
        Ok(())
    }

    async fn stop(&self) -> Result<()> {
        Ok(())
    }
}

fn main() {}
