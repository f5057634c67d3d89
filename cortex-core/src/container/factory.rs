//! Factories: closures over their parts, for what has no constructor of its own.

use std::sync::Arc;

use crate::Result;
use crate::container::{Part, Parts};

/// A closure that makes a `T` from its arguments, each an `Arc<_>` or `Option<Arc<_>>`, at most eight.
#[diagnostic::on_unimplemented(
    message = "this is not a factory of `{T}`",
    label = "expected a closure of `Arc<_>` and `Option<Arc<_>>` arguments that answers `Result<Arc<{T}>>`",
    note = "name the types of the arguments, and the trait of a trait object: `|rates: Arc<dyn Rates>| Ok(Arc::new(Shop::new(rates)) as Arc<dyn Pricing>)`"
)]
pub trait Factory<T: ?Sized, A>: Send + Sync + 'static {
    /// The arguments.
    type Parts: Parts;

    /// Calls the closure.
    ///
    /// # Errors
    /// What the closure refuses.
    fn make(&self, parts: Self::Parts) -> Result<Arc<T>>;
}

macro_rules! factory {
    ($($part:ident $value:ident)*) => {
        impl<T: ?Sized, F, $($part: Part),*> Factory<T, ($($part,)*)> for F
        where
            F: Fn($($part),*) -> Result<Arc<T>> + Send + Sync + 'static,
        {
            type Parts = ($($part,)*);

            fn make(&self, ($($value,)*): Self::Parts) -> Result<Arc<T>> {
                self($($value),*)
            }
        }
    };
}

factory!();
factory!(A a);
factory!(A a B b);
factory!(A a B b C c);
factory!(A a B b C c D d);
factory!(A a B b C c D d E e);
factory!(A a B b C c D d E e G g);
factory!(A a B b C c D d E e G g H h);
factory!(A a B b C c D d E e G g H h I i);
