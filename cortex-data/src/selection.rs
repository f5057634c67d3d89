//! The columns that an entity is read from, as a value made of their types alone.

/// A tuple of columns; diesel's are values without content.
pub trait Selection {
    /// The tuple.
    fn selection() -> Self;
}

/// The value of a tuple of columns: what `Selectable` asks for.
#[must_use]
pub fn selection<S: Selection>() -> S {
    S::selection()
}

/// Calls a macro with the names of as many types as a table has columns, for every number of them.
macro_rules! for_each_tuple {
    ($macro:ident) => {
        $crate::selection::for_each_tuple!(
            $macro: A B C D F G H I J K L M N O P Q R S T U V W X Y Z AA AB AC AD AF AG AH
        );
    };
    ($macro:ident: $first:ident $($rest:ident)*) => {
        $macro!($first $($rest)*);
        $crate::selection::for_each_tuple!($macro: $($rest)*);
    };
    ($macro:ident:) => {};
}
pub(crate) use for_each_tuple;

macro_rules! selection {
    ($($column:ident)*) => {
        impl<$($column: Default),*> Selection for ($($column,)*) {
            fn selection() -> Self {
                ($($column::default(),)*)
            }
        }
    };
}

for_each_tuple!(selection);
