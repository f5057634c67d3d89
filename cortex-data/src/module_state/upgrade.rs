//! Upgrades of a module's data inside one transaction.

use cortex_core::{Actor, Container, Contributions, Cx, Id, ModuleName, Modules, Registrar, Result};
use semver::Version;

use super::versions;
use crate::database::{Backend, Database};
use crate::tx::Tx;

/// What a module does to its data when the stored version is older than the running one.
type Run = fn(&mut Tx, from: &Version) -> Result<()>;

/// One upgrade, as it is contributed.
struct DataUpgrade(Run);

/// Lets a module upgrade its data.
pub trait RegisterUpgrades {
    /// Runs `upgrade` with the stored version when that is older than the running one.
    ///
    /// All upgrades of a module that are registered here run in one transaction, which also remembers the running
    /// version: once, also when two processes start at the same time or one dies in the middle. They run for the
    /// installation, not for a tenant, so their statements go through `tx.unscoped`. They end before upgrades run
    /// that the same module registers after them by `upgrade`.
    fn upgrade_data(&mut self, upgrade: Run) -> &mut Self;
}

impl RegisterUpgrades for Registrar {
    fn upgrade_data(&mut self, upgrade: Run) -> &mut Self {
        let module = self.module();
        self.contribute(DataUpgrade(upgrade));
        self.upgrade(move |container, _| run_all(container, module))
    }
}

/// The first of a module's upgrades runs them all; the others find nothing left to do.
async fn run_all(container: Container, module: ModuleName) -> Result<()> {
    let db = container.get::<Database>()?;
    let (modules, contributions) = (container.get::<Modules>()?, container.get::<Contributions>()?);
    let Some(running) = modules.version(module).cloned() else { return Ok(()) };
    let upgrades: Vec<Run> =
        contributions.of::<DataUpgrade>().filter(|(by, _)| *by == module).map(|(_, u)| u.0).collect();
    let cx = Cx::new(Id::from_uuid(uuid::Uuid::nil()), Actor::system("upgrade"));
    db.work(cx).write(move |tx| upgrade(tx, module, &running, &upgrades)).await
}

fn upgrade(tx: &mut Tx, module: ModuleName, running: &Version, upgrades: &[Run]) -> Result<()> {
    let lock = match tx.backend() {
        Backend::Sqlite => "",
        Backend::Postgres => " FOR UPDATE",
    };
    let now = tx.now();
    let Some(from) = versions::stored(tx.conn_mut(), module.as_str(), lock)? else { return Ok(()) };
    if from >= *running {
        return Ok(());
    }
    for upgrade in upgrades {
        upgrade(tx, &from)?;
    }
    versions::record(tx.conn_mut(), module.as_str(), running, now)
}
