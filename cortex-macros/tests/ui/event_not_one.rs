use cortex_core::Event;

struct Sold;

fn emit(_: &impl Event) {}

fn main() {
    emit(&Sold);
}
