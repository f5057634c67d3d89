//! Only a struct with named fields and without parameters is a section.

use cortex_core::Config;

#[derive(Config)]
#[config(key = "a", crate = cortex_core)]
enum A {}

#[derive(Config)]
#[config(key = "b", crate = cortex_core)]
struct B(u16);

#[derive(Config)]
#[config(key = "c", crate = cortex_core)]
struct C<T: Default + Send + Sync + 'static> {
    field: T,
}

fn main() {}
