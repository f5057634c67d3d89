use cortex_core::Module;

#[derive(Module)]
#[module(name = "fleet", crate = cortex_core)]
struct Fleet;

fn main() {}
