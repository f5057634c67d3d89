//! What the benchmarks share: databases, applications on them, and the table of ratios.
#![expect(clippy::panic, clippy::print_stdout, reason = "a benchmark that can't be set up stops, and says why")]

mod bare;
mod floor;
mod place;
mod product;
mod ratio;

pub use bare::{Bare, BarePosting, BareStatement};
pub use floor::{FloorProduct, floor_postgres, floor_sqlite};
pub use place::{CONNECTIONS, Place, places};
pub use product::{Product, product};
pub use ratio::{Ratio, print_ratios};
