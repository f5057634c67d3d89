//! Functions as hooks: what they look like, and how their injected arguments are found.

use std::sync::Arc;

use cortex_core::{Container, Need, Result};

use super::parts::{Injector, Parts};
use crate::hook::{Hook, HookPoint};
use crate::tx::Tx;

/// A function that may change the subject of a hook point, or veto by an error.
#[diagnostic::on_unimplemented(
    message = "this is not a hook before something that changes `{S}`",
    label = "expected a function of `&mut Tx`, `&mut {S}` and at most four injected arguments that answers `Result<()>`",
    note = "write `fn name(tx: &mut Tx, subject: &mut {S}, service: Inject<Service>) -> Result<()>`"
)]
pub trait BeforeHook<S, A>: Send + Sync + 'static {
    /// Changes `subject`, or refuses.
    ///
    /// # Errors
    /// What the function answers; the use case fails with it.
    fn call(&self, tx: &mut Tx, subject: &mut S, args: A) -> Result<()>;
}

/// A function that observes the subject of a hook point.
#[diagnostic::on_unimplemented(
    message = "this is not a hook after something that shows `{S}`",
    label = "expected a function of `&mut Tx`, `&{S}` and at most four injected arguments that answers `Result<()>`",
    note = "write `fn name(tx: &mut Tx, subject: &{S}, service: Inject<Service>) -> Result<()>`"
)]
pub trait AfterHook<S, A>: Send + Sync + 'static {
    /// Observes `subject`, inside the transaction.
    ///
    /// # Errors
    /// What the function answers; the use case fails with it.
    fn call(&self, tx: &mut Tx, subject: &S, args: A) -> Result<()>;
}

macro_rules! hook {
    ($name:ident, $subject:ty: $($arg:ident $part:ident),*) => {
        impl<F, S, $($part),*> $name<S, ($($part,)*)> for F
        where
            F: Fn(&mut Tx, $subject, $($part),*) -> Result<()> + Send + Sync + 'static,
        {
            fn call(&self, tx: &mut Tx, subject: $subject, ($($arg,)*): ($($part,)*)) -> Result<()> {
                self(tx, subject, $($arg),*)
            }
        }
    };
}

hook!(BeforeHook, &mut S:);
hook!(BeforeHook, &mut S: a A);
hook!(BeforeHook, &mut S: a A, b B);
hook!(BeforeHook, &mut S: a A, b B, c C);
hook!(BeforeHook, &mut S: a A, b B, c C, d D);
hook!(AfterHook, &S:);
hook!(AfterHook, &S: a A);
hook!(AfterHook, &S: a A, b B);
hook!(AfterHook, &S: a A, b B, c C);
hook!(AfterHook, &S: a A, b B, c C, d D);

/// A hook as a module contributes it.
pub(crate) struct HookPart {
    needs: Vec<Need>,
    bind: Box<dyn Fn(Injector) -> Hook + Send + Sync>,
}

impl HookPart {
    pub(crate) fn before<H: HookPoint, A: Parts>(order: i32, hook: impl BeforeHook<H::Subject, A>) -> Self {
        let hook = Arc::new(hook);
        let bind = move |injector: Injector| {
            let hook = Arc::clone(&hook);
            Hook::before::<H>(order, move |tx, subject| {
                let args = injector.take::<A>(tx.cx())?;
                hook.call(tx, subject, args)
            })
        };
        Self { needs: A::needs(), bind: Box::new(bind) }
    }

    pub(crate) fn after<H: HookPoint, A: Parts>(order: i32, hook: impl AfterHook<H::Subject, A>) -> Self {
        let hook = Arc::new(hook);
        let bind = move |injector: Injector| {
            let hook = Arc::clone(&hook);
            Hook::after::<H>(order, move |tx, subject| {
                let args = injector.take::<A>(tx.cx())?;
                hook.call(tx, subject, args)
            })
        };
        Self { needs: A::needs(), bind: Box::new(bind) }
    }

    pub(crate) fn bind(&self, container: &Container) -> Result<Hook> {
        Ok((self.bind)(Injector::new(container, &self.needs)?))
    }
}
