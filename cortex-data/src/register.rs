//! What modules say to the data layer: entities, policies, events, subscribers, hooks, jobs and seeds.

mod assemble;
mod hooks;
mod parts;

use std::any::type_name;

use cortex_core::{Error, Event, EventInfo, Registrar};

pub use assemble::{RegistryError, RegistryProblem};
pub(crate) use hooks::HookPart;
pub use hooks::{AfterHook, BeforeHook};
pub(crate) use parts::Injector;
pub use parts::Parts;

use crate::custom::{CodeFields, TypedFields};
use crate::dynamic::{AnyPart, Importable, resource};
use crate::entity::{Entity, Writable};
use crate::guard::Policy;
use crate::hook::HookPoint;
use crate::job::{self, Job};
use crate::seed::{Seed, SeedPart};
use crate::subscriber::{Subscriber, Subscription};

/// The methods that the data layer adds to the registrar. Everything is registered by hand, in one list:
///
/// ```
/// # use cortex_core::{Event, Inject, Registrar, Result};
/// # use cortex_data::{DataRegistrar, Tx};
/// # #[derive(serde::Serialize, serde::Deserialize)]
/// # struct PeriodClosed;
/// # impl Event for PeriodClosed { const NAME: &'static str = "finance.period_closed"; const VERSION: u32 = 1; }
/// # struct Costs;
/// fn recost_after_close(tx: &mut Tx, event: &PeriodClosed, costs: Inject<Costs>) -> Result<()> {
///     // ...
///     Ok(())
/// }
///
/// fn register(m: &mut Registrar) {
///     m.on(recost_after_close);
/// }
/// ```
pub trait DataRegistrar {
    /// Makes an entity known: its table is compared with the migrated schema.
    fn repository<E: Entity>(&mut self) -> &mut Self;

    /// Lets files be imported into `E`, record by record and field by field, as its generated routes do: for entities
    /// without verbs of their own that would have to be called. The permission is `<module>.<entity>.import`.
    fn importable<E: Writable>(&mut self) -> &mut Self;

    /// Adds the custom fields of a struct to its entity, for every tenant for which the module works.
    fn custom_fields<T: TypedFields>(&mut self) -> &mut Self;

    /// Declares the permission `resource.action` of a policy.
    fn policy<P: Policy>(&mut self) -> &mut Self;

    /// Declares that the module emits `E`. An event that no module declares can't be emitted.
    fn event<E: Event>(&mut self) -> &mut Self;

    /// Calls `subscriber` for every event of its type. It is known by its module and the name of the function:
    /// `inventory.recost_after_close`; deliveries that wait are lost sight of when the function gets another name.
    fn on<E: Event, A: Parts>(&mut self, subscriber: impl Subscriber<E, A>) -> &mut Self;

    /// The same under a name of its own: for closures, and for functions that were renamed.
    fn on_as<E: Event, A: Parts>(&mut self, name: &str, subscriber: impl Subscriber<E, A>) -> &mut Self;

    /// Calls `hook` before the use case that `H` names: `m.hook_before::<BeforePost, _>(10, check_budget)`. Lower
    /// orders run first.
    fn hook_before<H: HookPoint, A: Parts>(&mut self, order: i32, hook: impl BeforeHook<H::Subject, A>) -> &mut Self;

    /// Calls `hook` after the use case that `H` names.
    fn hook_after<H: HookPoint, A: Parts>(&mut self, order: i32, hook: impl AfterHook<H::Subject, A>) -> &mut Self;

    /// Handles the job `J`.
    fn job<J: Job>(&mut self) -> &mut Self;

    /// Writes what every tenant of the module starts with, once.
    fn seed<A: Parts>(&mut self, name: &'static str, seed: impl Seed<A>) -> &mut Self;
}

impl DataRegistrar for Registrar {
    fn repository<E: Entity>(&mut self) -> &mut Self {
        let permission = format!("{}.export", resource(self.module(), E::META));
        self.permission(permission, "Export records to files").contribute(E::META).contribute(AnyPart::of::<E>())
    }

    fn importable<E: Writable>(&mut self) -> &mut Self {
        let permission = format!("{}.import", resource(self.module(), E::META));
        self.permission(permission, "Import records from files").contribute(Importable(E::META))
    }

    fn custom_fields<T: TypedFields>(&mut self) -> &mut Self {
        self.contribute(CodeFields::of::<T>())
    }

    fn policy<P: Policy>(&mut self) -> &mut Self {
        self.permission(format!("{}.{}", P::RESOURCE, P::ACTION), P::ABOUT)
    }

    fn event<E: Event>(&mut self) -> &mut Self {
        self.contribute(EventInfo::of::<E>())
    }

    fn on<E: Event, A: Parts>(&mut self, subscriber: impl Subscriber<E, A>) -> &mut Self {
        match function_name(&subscriber) {
            Some(name) => self.on_as(name, subscriber),
            None => {
                let what = format!("a closure of module `{}` subscribes to `{}`", self.module(), E::NAME);
                self.refuse(
                    Error::config("data.closure", format!("{what} and has no name to be remembered by")).with_help(
                        "write a function, or give the closure a name: `m.on_as(\"recost_after_close\", ..)`",
                    ),
                )
            }
        }
    }

    fn on_as<E: Event, A: Parts>(&mut self, name: &str, subscriber: impl Subscriber<E, A>) -> &mut Self {
        let name = format!("{}.{name}", self.module());
        self.need(format!("the subscriber `{name}`"), A::needs());
        self.contribute(Subscription::to::<E, A>(name, subscriber))
    }

    fn hook_before<H: HookPoint, A: Parts>(&mut self, order: i32, hook: impl BeforeHook<H::Subject, A>) -> &mut Self {
        self.need(format!("a hook at `{}`", H::NAME), A::needs());
        self.contribute(HookPart::before::<H, A>(order, hook))
    }

    fn hook_after<H: HookPoint, A: Parts>(&mut self, order: i32, hook: impl AfterHook<H::Subject, A>) -> &mut Self {
        self.need(format!("a hook at `{}`", H::NAME), A::needs());
        self.contribute(HookPart::after::<H, A>(order, hook))
    }

    fn job<J: Job>(&mut self) -> &mut Self {
        self.need(format!("the job `{}`", J::NAME), <J::Needs as Parts>::needs());
        self.contribute(job::handler::<J>())
    }

    fn seed<A: Parts>(&mut self, name: &'static str, seed: impl Seed<A>) -> &mut Self {
        self.need(format!("the seed `{}.{name}`", self.module()), A::needs());
        self.contribute(SeedPart::of::<A>(name, seed))
    }
}

/// The last part of a function's path; `None` for a closure.
fn function_name<F>(_: &F) -> Option<&'static str> {
    let path = type_name::<F>();
    let path = path.split('<').next().unwrap_or(path);
    let name = path.rsplit("::").next().unwrap_or(path);
    let is_name = name.chars().all(|c| c.is_alphanumeric() || c == '_');
    (is_name && !name.is_empty()).then_some(name)
}

#[cfg(test)]
mod tests {
    use super::function_name;

    fn named() {}
    fn generic<T>() {}

    #[test]
    fn functions_have_names_and_closures_do_not() {
        assert_eq!(function_name(&named), Some("named"));
        assert_eq!(function_name(&generic::<Vec<u8>>), Some("generic"));
        assert_eq!(function_name(&|| ()), None);
    }
}
