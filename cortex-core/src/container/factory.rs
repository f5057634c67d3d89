//! Factories: closures over their parts, for what has no constructor of its own.

use std::sync::Arc;

use crate::Result;
use crate::container::{Need, Part, Resolver};

/// A closure that makes a `T` from its arguments, each an `Arc<_>` or `Option<Arc<_>>`, at most eight.
#[diagnostic::on_unimplemented(
    message = "this is not a factory of `{T}`",
    label = "expected a closure of `Arc<_>` and `Option<Arc<_>>` arguments that answers `Result<Arc<{T}>>`",
    note = "name the types of the arguments, and the trait of a trait object: `|rates: Arc<dyn Rates>| Ok(Arc::new(Shop::new(rates)) as Arc<dyn Pricing>)`"
)]
pub trait Factory<T: ?Sized, A>: Send + Sync + 'static {
    /// What the arguments ask for.
    #[must_use]
    fn needs() -> Vec<Need>;

    /// Calls the closure.
    ///
    /// # Errors
    /// What the closure refuses.
    fn make(&self, from: &mut Resolver<'_>) -> Result<Arc<T>>;
}

macro_rules! factory {
    ($($part:ident)*) => {
        impl<T: ?Sized, F, $($part: Part),*> Factory<T, ($($part,)*)> for F
        where
            F: Fn($($part),*) -> Result<Arc<T>> + Send + Sync + 'static,
        {
            fn needs() -> Vec<Need> {
                vec![$($part::need()),*]
            }

            fn make(&self, _from: &mut Resolver<'_>) -> Result<Arc<T>> {
                self($($part::take(_from)?),*)
            }
        }
    };
}

factory!();
factory!(A);
factory!(A B);
factory!(A B C);
factory!(A B C D);
factory!(A B C D E);
factory!(A B C D E G);
factory!(A B C D E G H);
factory!(A B C D E G H I);
