//! What the benchmarks share: databases, applications on them, the floors, and the table of ratios.
#![expect(clippy::panic, clippy::print_stdout, reason = "a benchmark that can't be set up stops, and says why")]

mod bare;
mod floor;
pub mod graph;
mod place;
mod posting;
mod product;
mod ratio;
mod shop;

pub use bare::{Bare, BarePosting, BareStatement};
pub use place::{CONNECTIONS, Place, places};
pub use posting::{ByHand, Company, LINES};
pub use product::{Product, product};
pub use ratio::{Ratio, print_ratios};
pub use shop::{Asked, Shop, boot};
