//! What functions are given by the container beside their own arguments.

use std::fmt;
use std::sync::Arc;

use cortex_core::{Container, Cx, Error, Inject, Need, Part, Resolver, Result, Slots, WeakContainer};

/// The injected arguments of a subscriber, hook, job or seed: none up to four, each a [`Part`].
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a list of injected arguments",
    label = "expected a tuple of at most four `Inject<T>`",
    note = "write `()` for none, `Inject<T>` for one, `(Inject<A>, Inject<B>)` for two"
)]
pub trait Parts: Sized {
    /// What they ask for; checked when the application starts.
    #[must_use]
    fn needs() -> Vec<Need>;

    /// Takes them.
    ///
    /// # Errors
    /// What a scoped constructor refuses.
    fn take(from: &mut Resolver<'_>) -> Result<Self>;
}

macro_rules! parts {
    ($($part:ident)*) => {
        impl<$($part: Part),*> Parts for ($($part,)*) {
            fn needs() -> Vec<Need> {
                vec![$($part::need()),*]
            }

            fn take(_from: &mut Resolver<'_>) -> Result<Self> {
                Ok(($($part::take(_from)?,)*))
            }
        }
    };
}

parts!();
parts!(A);
parts!(A B);
parts!(A B C);
parts!(A B C D);

impl<T: ?Sized + Send + Sync + 'static> Parts for Inject<T> {
    fn needs() -> Vec<Need> {
        vec![<Self as Part>::need()]
    }

    fn take(from: &mut Resolver<'_>) -> Result<Self> {
        <Self as Part>::take(from)
    }
}

/// Where the injected arguments of one function are found, looked up once at start.
///
/// It doesn't keep the container alive: the database keeps the functions, and the container the database.
#[derive(Clone)]
pub(crate) struct Injector {
    container: WeakContainer,
    slots: Slots,
}

impl Injector {
    pub(crate) fn new(container: &Container, needs: &[Need]) -> Result<Self> {
        Ok(Self { container: container.downgrade(), slots: container.slots(needs)? })
    }

    /// The arguments for one call in the context `cx`; what lives in a scope is made for this call.
    pub(crate) fn take<A: Parts>(&self, cx: &Cx) -> Result<A> {
        let Some(container) = self.container.upgrade() else {
            return Err(Error::unavailable("data.stopped", "the application has stopped"));
        };
        if !self.slots.need_scope() {
            return A::take(&mut container.resolver(&self.slots));
        }
        let scope = container.scope();
        scope.supply(Arc::new(cx.clone()))?;
        A::take(&mut scope.resolver(&self.slots))
    }
}

impl fmt::Debug for Injector {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Injector")
    }
}
