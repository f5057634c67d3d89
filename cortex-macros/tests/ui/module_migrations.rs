use cortex_core::{Module, Registers, Registrar};

#[derive(Module)]
#[module(name = "fleet", migrations = "no-such-folder", crate = cortex_core)]
struct Fleet;

impl Registers for Fleet {
    fn register(&self, _: &mut Registrar) {}
}

fn main() {}
