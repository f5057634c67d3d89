use cortex_core::Event;

#[derive(Event)]
#[event(name = "fleet.sold", version = 1, topic = "fleet", crate = cortex_core)]
struct Sold<T> {
    what: T,
}

fn main() {}
