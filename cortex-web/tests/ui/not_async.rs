//! A handler that is no `async fn`.

use cortex_core::Registrar;
use cortex_web::{Answer, WebRegistrar};

fn sell() -> Answer<i64> {
    Ok(1)
}

fn main() {
    let _ = |m: &mut Registrar| {
        m.post("/sell", sell);
    };
}
