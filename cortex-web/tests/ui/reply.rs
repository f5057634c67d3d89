//! An answer that can't be sent.

use cortex_core::Registrar;
use cortex_web::{Answer, WebRegistrar};

struct Sale;

async fn sell() -> Answer<Sale> {
    Ok(Sale)
}

fn main() {
    let _ = |m: &mut Registrar| {
        m.post("/sell", sell);
    };
}
