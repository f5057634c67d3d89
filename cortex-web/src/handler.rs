//! Handlers: plain `async fn`s whose arguments say what they need and what the documentation says about them.

mod body;
mod call;
mod inject;
mod once;
mod path;
mod query;
mod raw;
mod reply;
mod streamed;
mod work;

pub use body::{Body, Input};
pub use call::Call;
pub(crate) use call::call_body;
pub(crate) use once::IDEMPOTENCY_KEY;
pub use once::Once;
pub(crate) use path::path_segment;
pub use path::{PathId, PathKey};
pub use query::Query;
pub use raw::Raw;
pub use reply::{Answers, Created, Html, NoContent, Reply};
pub use streamed::Streamed;

pub(crate) use reply::{bytes_response, json_response};

use std::future::Future;

use aide::generate::GenContext;
use aide::openapi::Operation;
use cortex_core::Need;

use crate::problem::Rejection;

/// One argument of a handler.
#[diagnostic::on_unimplemented(
    message = "a handler cannot take `{Self}` as an argument",
    label = "this handler has an argument of type `{Self}`",
    note = "a handler takes `Work`, `Inject<T>`, `PathId<T>`, `Body<T>` and `Query<T>` (where `T: Deserialize + \
            JsonSchema`), `Once`, or `Raw<T>` around an extractor of axum"
)]
pub trait Arg: Sized + Send + 'static {
    /// What it needs from the container, in the order in which [`take`](Self::take) takes it.
    fn needs(_: &mut Vec<Need>) {}

    /// What the documentation says about it.
    fn describe(_: &mut GenContext, _: &mut Operation) {}

    /// Whether it handles idempotency keys.
    const ONCE: bool = false;

    /// Takes it from the call.
    ///
    /// # Errors
    /// The answer to the client where it can't be taken.
    fn take(call: &mut Call<'_>) -> impl Future<Output = Result<Self, Rejection>> + Send;
}

/// All arguments of a handler: a tuple of at most eight [`Arg`]s.
pub trait Args: Sized + Send + 'static {
    /// Whether one of them handles idempotency keys.
    const ONCE: bool;

    /// What they need from the container, in order.
    fn needs(out: &mut Vec<Need>);

    /// What the documentation says about them.
    fn describe(ctx: &mut GenContext, operation: &mut Operation);

    /// Takes all of them from the call, in order.
    ///
    /// # Errors
    /// The answer to the client where one of them can't be taken.
    fn take(call: &mut Call<'_>) -> impl Future<Output = Result<Self, Rejection>> + Send;
}

/// The shape of a handler. It asks nothing of the arguments, so that a wrong one is reported as such.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a handler",
    label = "expected an `async fn` of at most 8 arguments",
    note = "write `async fn name(work: Work, ..) -> Answer<T>`"
)]
pub trait Handler<A>: Clone + Send + Sync + 'static {
    /// The future that it answers.
    type Future: Future<Output = Self::Output> + Send;
    /// What the future ends in.
    type Output;

    /// Calls it.
    fn call(self, args: A) -> Self::Future;
}

macro_rules! handler {
    ($($arg:ident $value:ident)*) => {
        impl<F, Fut, $($arg),*> Handler<($($arg,)*)> for F
        where
            F: Fn($($arg),*) -> Fut + Clone + Send + Sync + 'static,
            Fut: Future + Send,
        {
            type Future = Fut;
            type Output = Fut::Output;

            fn call(self, ($($value,)*): ($($arg,)*)) -> Fut {
                self($($value),*)
            }
        }

        impl<$($arg: Arg),*> Args for ($($arg,)*) {
            const ONCE: bool = false $(|| $arg::ONCE)*;

            fn needs(_out: &mut Vec<Need>) {
                $($arg::needs(_out);)*
            }

            fn describe(_ctx: &mut GenContext, _operation: &mut Operation) {
                $($arg::describe(_ctx, _operation);)*
            }

            async fn take(_call: &mut Call<'_>) -> Result<Self, Rejection> {
                Ok(($($arg::take(_call).await?,)*))
            }
        }
    };
}

handler!();
handler!(A a);
handler!(A a B b);
handler!(A a B b C c);
handler!(A a B b C c D d);
handler!(A a B b C c D d E e);
handler!(A a B b C c D d E e G g);
handler!(A a B b C c D d E e G g H h);
handler!(A a B b C c D d E e G g H h I i);
