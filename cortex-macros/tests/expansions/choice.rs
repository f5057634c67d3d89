//! Shows what `#[derive(Choice)]` writes.

/// Where a vehicle is.
#[derive(Choice)]
pub enum Place {
    Yard,
    #[choice(name = "on_the_road")]
    Road,
}
