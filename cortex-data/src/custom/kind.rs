//! What a custom field can hold.

use cortex_core::Choice;

/// What a custom field holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Choice)]
#[choice(crate = crate)]
pub enum CustomKind {
    /// A text.
    Text,
    /// An exact decimal number with up to six digits after the point.
    Number,
    /// An amount with its currency.
    Money,
    /// A calendar day.
    Date,
    /// A point in time.
    DateTime,
    /// Yes or no.
    Boolean,
    /// One of a list of names.
    Choice,
    /// Any of a list of names.
    MultiChoice,
    /// The id of a record.
    Reference,
    /// Any JSON value.
    Json,
}

impl CustomKind {
    /// Whether its values have a smaller and a larger, so that `min` and `max` mean something.
    #[must_use]
    pub const fn has_bounds(self) -> bool {
        matches!(self, Self::Number | Self::Money | Self::Date | Self::DateTime)
    }

    /// Whether an index can find its values.
    #[must_use]
    pub const fn can_be_indexed(self) -> bool {
        !matches!(self, Self::MultiChoice | Self::Json)
    }

    /// Whether it is one or more of a list of names.
    #[must_use]
    pub const fn has_choices(self) -> bool {
        matches!(self, Self::Choice | Self::MultiChoice)
    }
}
