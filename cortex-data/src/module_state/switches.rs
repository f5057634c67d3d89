//! Which modules tenants switched off, kept across starts.

use std::sync::Arc;

use cortex_core::{ModuleSwitch, Modules, Result, SwitchError, TenantId};
use diesel::sql_types::Text;
use uuid::Uuid;

use crate::database::Backend;
use crate::sqltype::Guid;
use crate::statement::Statement;
use crate::tx::{ReadTx, Tx};

/// Keeps the switches of modules in the table `cortex_module_switches`.
#[derive(Debug, Clone)]
pub struct SwitchStore {
    switch: Arc<ModuleSwitch>,
    modules: Arc<Modules>,
}

impl SwitchStore {
    /// Keeps what `switch` says, for the same `modules`.
    #[must_use]
    pub fn new(switch: Arc<ModuleSwitch>, modules: Arc<Modules>) -> Self {
        Self { switch, modules }
    }

    /// Takes over what is kept, for all tenants: at start, and whenever another process may have switched something.
    ///
    /// # Errors
    /// The database can't be read.
    pub fn load(&self, tx: &mut ReadTx) -> Result<()> {
        let sql = Statement::new("SELECT tenant_id, module FROM cortex_module_switches WHERE NOT enabled");
        let kept = sql.rows::<(Guid, Text), (Uuid, String)>(tx.conn())?;
        self.switch.load(kept.iter().map(|(tenant, module)| (TenantId::from_uuid(*tenant), module.as_str())));
        Ok(())
    }

    /// Switches `module` on for the tenant of `tx`; it counts in this process once `tx` is committed.
    ///
    /// # Errors
    /// [`SwitchError`] when there is no such module, or when one that it needs is off.
    pub fn enable(&self, tx: &mut Tx, module: &str) -> Result<()> {
        self.change(tx, module, true, ModuleSwitch::enable)
    }

    /// Switches `module` off for the tenant of `tx`; it counts in this process once `tx` is committed.
    ///
    /// # Errors
    /// [`SwitchError`] when there is no such module, when it is part of the framework, or when another one that is
    /// on needs it.
    pub fn disable(&self, tx: &mut Tx, module: &str) -> Result<()> {
        self.change(tx, module, false, ModuleSwitch::disable)
    }

    /// Tries the change on what this transaction sees, keeps it, and repeats it in memory after the commit.
    fn change(&self, tx: &mut Tx, module: &str, enabled: bool, change: Change) -> Result<()> {
        let tenant = tx.tenant();
        let seen = ModuleSwitch::new(&self.modules);
        let kept = disabled(tx)?;
        seen.load(kept.iter().map(|module| (tenant, module.as_str())));
        change(&seen, module, tenant)?;
        save(tx, module, enabled)?;

        let (switch, module) = (Arc::clone(&self.switch), module.to_owned());
        tx.after_commit(move || {
            if let Err(error) = change(&switch, &module, tenant) {
                tracing::warn!(%error, module, "switches were changed elsewhere; load them again");
            }
        });
        Ok(())
    }
}

type Change = fn(&ModuleSwitch, &str, TenantId) -> Result<(), SwitchError>;

/// What the tenant switched off. Locked: two changes at a time could break a need that each alone keeps.
fn disabled(tx: &mut Tx) -> Result<Vec<String>> {
    let tenant = tx.tenant();
    let mut sql = Statement::new("SELECT module FROM cortex_module_switches WHERE NOT enabled AND tenant_id = ");
    sql.bind(tenant).push(" ORDER BY module");
    if tx.backend() == Backend::Postgres {
        sql.push(" FOR UPDATE");
    }
    Ok(sql.rows::<(Text,), (String,)>(tx.conn())?.into_iter().map(|(module,)| module).collect())
}

fn save(tx: &mut Tx, module: &str, enabled: bool) -> Result<()> {
    let tenant = tx.tenant();
    let mut sql = Statement::new("INSERT INTO cortex_module_switches (tenant_id, module, enabled) VALUES (");
    sql.bind(tenant).push(", ").bind(module).push(", ").bind(enabled);
    sql.push(") ON CONFLICT (tenant_id, module) DO UPDATE SET enabled = excluded.enabled");
    sql.execute(tx.conn_mut()).map(|_| ())
}
