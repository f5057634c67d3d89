use cortex_core::{Module, Registers, Registrar};

#[derive(Module)]
#[module(
    name = "fleet",
    needs = ["finance >1 <2", "Crm", "fleet", "stock"],
    optional = ["stock ^1"],
    version = "one",
    crate = cortex_core
)]
struct Fleet;

impl Registers for Fleet {
    fn register(&self, _: &mut Registrar) {}
}

fn main() {}
