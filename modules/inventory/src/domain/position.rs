//! Where a move stands in the history of its item.

use codexion::core::{Date, Id};
use uuid::Uuid;

/// The place of a move among all moves of its item: by date, then by the id it was given when it was created.
///
/// INVARIANT: a position never changes. Whatever order moves become known in, their history reads the same, and
/// so does every figure derived from it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Position {
    /// The day the goods moved.
    pub date: Date,
    /// The move. Ids are ordered by time of creation, and both databases order them as Rust does.
    pub id: Uuid,
}

impl Position {
    /// The move with this id, on this day.
    #[must_use]
    pub const fn new(date: Date, id: Uuid) -> Self {
        Self { date, id }
    }

    /// The position of a record.
    #[must_use]
    pub const fn of<T: ?Sized>(date: Date, id: Id<T>) -> Self {
        Self::new(date, id.uuid())
    }

    /// Before every move of this day.
    #[must_use]
    pub const fn start_of(date: Date) -> Self {
        Self::new(date, Uuid::nil())
    }

    /// After every move of this day.
    #[must_use]
    pub const fn end_of(date: Date) -> Self {
        Self::new(date, Uuid::max())
    }
}
