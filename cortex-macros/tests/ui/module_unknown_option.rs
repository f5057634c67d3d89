use cortex_core::{Module, Registers, Registrar};

#[derive(Module)]
#[module(name = "fleet", requires = ["finance"], needs = "finance", crate = cortex_core)]
struct Fleet;

impl Registers for Fleet {
    fn register(&self, _: &mut Registrar) {}
}

fn main() {}
