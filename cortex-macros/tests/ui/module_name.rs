use cortex_core::{Module, Registers, Registrar};

#[derive(Module)]
#[module(crate = cortex_core)]
struct Fleet;

#[derive(Module)]
#[module(name = "Fleet Cars", crate = cortex_core)]
struct Cars;

impl Registers for Fleet {
    fn register(&self, _: &mut Registrar) {}
}

impl Registers for Cars {
    fn register(&self, _: &mut Registrar) {}
}

fn main() {}
