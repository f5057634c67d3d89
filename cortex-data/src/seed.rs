//! Seeds: data that every tenant starts with, written once for each.

use std::fmt;
use std::sync::Arc;

use cortex_core::{Actor, Container, Cx, ModuleName, Need, Result, TenantId};

use crate::database::Database;
use crate::register::{Injector, Parts};
use crate::statement::Statement;
use crate::tenancy::Placement;
use crate::tx::Tx;
use crate::work::Work;

/// A function that writes what a tenant starts with: `fn chart(tx: &mut Tx) -> Result<()>`.
#[diagnostic::on_unimplemented(
    message = "this is not a seed",
    label = "expected a function of `&mut Tx` and at most four injected arguments that answers `Result<()>`",
    note = "write `fn name(tx: &mut Tx, service: Inject<Service>) -> Result<()>`"
)]
pub trait Seed<A>: Send + Sync + 'static {
    /// Writes the data.
    ///
    /// # Errors
    /// What the function answers; nothing is written then.
    fn call(&self, tx: &mut Tx, args: A) -> Result<()>;
}

macro_rules! seed {
    ($($arg:ident $part:ident),*) => {
        impl<F, $($part),*> Seed<($($part,)*)> for F
        where
            F: Fn(&mut Tx, $($part),*) -> Result<()> + Send + Sync + 'static,
        {
            fn call(&self, tx: &mut Tx, ($($arg,)*): ($($part,)*)) -> Result<()> {
                self(tx, $($arg),*)
            }
        }
    };
}

seed!();
seed!(a A);
seed!(a A, b B);
seed!(a A, b B, c C);
seed!(a A, b B, c C, d D);

type Run = dyn Fn(&mut Tx, &Injector) -> Result<()> + Send + Sync;

/// A seed as a module contributes it.
pub(crate) struct SeedPart {
    pub(crate) name: &'static str,
    needs: Vec<Need>,
    run: Arc<Run>,
}

impl SeedPart {
    pub(crate) fn of<A: Parts>(name: &'static str, seed: impl Seed<A>) -> Self {
        let run = move |tx: &mut Tx, injector: &Injector| {
            let args = injector.take::<A>(tx.cx())?;
            seed.call(tx, args)
        };
        Self { name, needs: A::needs(), run: Arc::new(run) }
    }

    pub(crate) fn bind(&self, module: ModuleName, container: &Container) -> Result<BoundSeed> {
        let injector = Injector::new(container, &self.needs)?;
        Ok(BoundSeed { module, name: self.name, injector, run: Arc::clone(&self.run) })
    }
}

/// A seed that can be written.
pub(crate) struct BoundSeed {
    module: ModuleName,
    name: &'static str,
    injector: Injector,
    run: Arc<Run>,
}

impl fmt::Debug for BoundSeed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.module, self.name)
    }
}

impl Database {
    /// Writes every seed that `tenant` does not have yet, in the order of the modules, each in a transaction of its
    /// own; answers their names (`module.seed`). Modules that are disabled for the tenant are passed over.
    ///
    /// # Errors
    /// What a seed refuses; those before it stay.
    pub fn seed(&self, tenant: TenantId) -> Result<Vec<String>> {
        self.seed_by(tenant, |cx| self.work(cx))
    }

    /// The same at a place, for a tenant that nobody is let into yet.
    pub(crate) fn seed_at(&self, place: &Placement, tenant: TenantId) -> Result<Vec<String>> {
        self.seed_by(tenant, |cx| self.work_at(place, cx))
    }

    fn seed_by(&self, tenant: TenantId, work: impl Fn(Cx) -> Work) -> Result<Vec<String>> {
        let mut written = Vec::new();
        for seed in self.registry().seeds() {
            if !self.registry().is_enabled(seed.module, tenant) {
                continue;
            }
            let work = work(Cx::new(tenant, Actor::system(seed.module.as_str())));
            let ran = work.write_blocking(|tx| {
                let first = note(tx, seed)?;
                if first {
                    (seed.run)(tx, &seed.injector)?;
                }
                Ok(first)
            })?;
            if ran {
                written.push(format!("{}.{}", seed.module, seed.name));
            }
        }
        Ok(written)
    }
}

/// Writes down that the tenant has the seed; `false` if it had it before. Of two at the same time the second waits
/// here for the first.
fn note(tx: &mut Tx, seed: &BoundSeed) -> Result<bool> {
    let mut sql = Statement::new("INSERT INTO cortex_seeds (tenant_id, module, name, seeded_at) VALUES (");
    sql.bind(tx.tenant()).push(", ").bind(seed.module.as_str()).push(", ").bind(seed.name);
    sql.push(", ").bind(tx.now()).push(") ON CONFLICT DO NOTHING");
    sql.execute(tx.conn_mut()).map(|rows| rows > 0)
}
