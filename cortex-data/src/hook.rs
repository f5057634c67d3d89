//! Hooks: named points before and after a use case where other modules change a draft, veto or observe.

use std::any::{Any, TypeId};
use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;

use cortex_core::{Error, ModuleName, Result, TenantId};

use crate::tx::Tx;

/// A point in a use case at which other modules may act. The module that owns the use case declares it.
///
/// ```
/// # use cortex_data::HookPoint;
/// # pub struct EntryDraft;
/// /// Before an entry is posted: the draft may be changed or refused.
/// pub struct BeforePost;
///
/// impl HookPoint for BeforePost {
///     type Subject = EntryDraft;
///     const NAME: &'static str = "finance.entry.before_post";
/// }
/// ```
pub trait HookPoint: 'static {
    /// What the hooks see: a draft before, the result after.
    type Subject: 'static;
    /// The stable name: `module.subject.moment`.
    const NAME: &'static str;
}

type BeforeFn = dyn Fn(&mut Tx, &mut dyn Any) -> Result<()> + Send + Sync;
type AfterFn = dyn Fn(&mut Tx, &dyn Any) -> Result<()> + Send + Sync;
/// Says whether a module is switched on for a tenant.
pub(crate) type Enabled = dyn Fn(ModuleName, TenantId) -> bool + Send + Sync;

/// A hook as a module contributes it.
pub struct Hook {
    pub(crate) point: TypeId,
    pub(crate) name: &'static str,
    /// Lower runs first; hooks of the same order run in the modules' boot order.
    pub(crate) order: i32,
    run: Run,
}

enum Run {
    Before(Box<BeforeFn>),
    After(Box<AfterFn>),
}

impl fmt::Debug for Hook {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Hook({} @ {})", self.name, self.order)
    }
}

impl Hook {
    /// A hook that may change the subject, or veto by an error.
    pub fn before<H: HookPoint>(
        order: i32,
        f: impl Fn(&mut Tx, &mut H::Subject) -> Result<()> + Send + Sync + 'static,
    ) -> Self {
        let run = move |tx: &mut Tx, subject: &mut dyn Any| match subject.downcast_mut::<H::Subject>() {
            Some(subject) => f(tx, subject),
            None => Err(wrong_subject(H::NAME)),
        };
        Self { point: TypeId::of::<H>(), name: H::NAME, order, run: Run::Before(Box::new(run)) }
    }

    /// A hook that observes.
    pub fn after<H: HookPoint>(
        order: i32,
        f: impl Fn(&mut Tx, &H::Subject) -> Result<()> + Send + Sync + 'static,
    ) -> Self {
        let run = move |tx: &mut Tx, subject: &dyn Any| match subject.downcast_ref::<H::Subject>() {
            Some(subject) => f(tx, subject),
            None => Err(wrong_subject(H::NAME)),
        };
        Self { point: TypeId::of::<H>(), name: H::NAME, order, run: Run::After(Box::new(run)) }
    }
}

fn wrong_subject(point: &str) -> Error {
    Error::internal("data.hook", format!("the hook point `{point}` was given another subject than it declares"))
}

/// All hooks, by point, in order.
pub struct Hooks {
    points: HashMap<TypeId, Vec<(ModuleName, Arc<Hook>)>>,
    enabled: Arc<Enabled>,
}

impl fmt::Debug for Hooks {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map().entries(&self.points).finish()
    }
}

impl Hooks {
    /// Sorts `hooks`, each with its module, in the modules' boot order.
    pub(crate) fn new(hooks: Vec<(ModuleName, Arc<Hook>)>, enabled: Arc<Enabled>) -> Self {
        let mut points: HashMap<TypeId, Vec<(ModuleName, Arc<Hook>)>> = HashMap::new();
        for (module, hook) in hooks {
            points.entry(hook.point).or_default().push((module, hook));
        }
        for hooks in points.values_mut() {
            hooks.sort_by_key(|(_, hook)| hook.order);
        }
        Self { points, enabled }
    }

    pub(crate) fn is_enabled(&self, module: ModuleName, tenant: TenantId) -> bool {
        (self.enabled)(module, tenant)
    }

    fn at<H: HookPoint>(&self, tenant: TenantId) -> impl Iterator<Item = &Hook> {
        let hooks = self.points.get(&TypeId::of::<H>()).map_or(&[][..], Vec::as_slice);
        hooks.iter().filter(move |(module, _)| (self.enabled)(*module, tenant)).map(|(_, hook)| hook.as_ref())
    }

    pub(crate) fn run_before<H: HookPoint>(&self, tx: &mut Tx, subject: &mut H::Subject) -> Result<()> {
        for hook in self.at::<H>(tx.tenant()) {
            if let Run::Before(run) = &hook.run {
                run(tx, subject)?;
            }
        }
        Ok(())
    }

    pub(crate) fn run_after<H: HookPoint>(&self, tx: &mut Tx, subject: &H::Subject) -> Result<()> {
        for hook in self.at::<H>(tx.tenant()) {
            if let Run::After(run) = &hook.run {
                run(tx, subject)?;
            }
        }
        Ok(())
    }
}
