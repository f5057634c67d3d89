//! Only an enum with variants and without parameters is a choice.

use cortex_core::Choice;

#[derive(Choice)]
#[choice(crate = cortex_core, core_only)]
struct A;

#[derive(Choice)]
#[choice(crate = cortex_core, core_only)]
enum B {}

#[derive(Choice)]
#[choice(crate = cortex_core, core_only, other)]
enum C<const N: usize> {
    One,
}

fn main() {}
