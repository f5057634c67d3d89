//! An answer that can't fail in the framework's way.

use cortex_core::Registrar;
use cortex_web::WebRegistrar;

async fn sell() -> i64 {
    1
}

fn main() {
    let _ = |m: &mut Registrar| {
        m.post("/sell", sell);
    };
}
