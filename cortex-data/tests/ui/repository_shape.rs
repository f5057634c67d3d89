//! What can't be an entity at all.
use cortex_core::Id;
use cortex_data::Repository;

#[derive(Debug, Clone, Repository)]
#[repository(table = "states", crate = cortex_data)]
enum State {
    Open,
}

#[derive(Debug, Clone, Repository)]
#[repository(table = "pairs", crate = cortex_data)]
struct Pair(i32, i32);

#[derive(Debug, Clone, Repository)]
#[repository(table = "boxes", crate = cortex_data)]
struct Boxed<T> {
    id: Id<Boxed<T>>,
    value: T,
}

fn main() {}
