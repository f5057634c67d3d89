//! An argument that is none.

use cortex_core::Registrar;
use cortex_data::Work;
use cortex_web::{Answer, WebRegistrar};

async fn sell(work: Work, price: i64) -> Answer<i64> {
    drop(work);
    Ok(price)
}

fn main() {
    let _ = |m: &mut Registrar| {
        m.post("/sell", sell);
    };
}
