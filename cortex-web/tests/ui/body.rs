//! A body that can't be read.

use cortex_core::Registrar;
use cortex_web::{Answer, Body, WebRegistrar};

#[derive(Debug)]
struct SellRequest {
    price: i64,
}

async fn sell(body: Body<SellRequest>) -> Answer<i64> {
    Ok(body.price)
}

fn main() {
    let _ = |m: &mut Registrar| {
        m.post("/sell", sell);
    };
}
