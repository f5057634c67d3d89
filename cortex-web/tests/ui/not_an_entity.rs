//! Generated REST of something that is not stored.

use cortex_core::Registrar;
use cortex_web::WebRegistrar;

#[derive(Clone)]
struct Vehicle;

fn main() {
    let _ = |m: &mut Registrar| {
        m.rest::<Vehicle>("/vehicles");
    };
}
