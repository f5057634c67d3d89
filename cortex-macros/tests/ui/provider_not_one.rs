use cortex_core::Registrar;

struct Ledger;

fn register(m: &mut Registrar) {
    m.provide::<Ledger>();
}

fn main() {}
