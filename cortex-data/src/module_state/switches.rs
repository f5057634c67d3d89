//! Which modules tenants switched off, kept across starts.

use std::sync::Arc;

use cortex_core::{ModuleSwitch, Modules, Result, SwitchError, TenantId};
use diesel::sql_types::Text;
use uuid::Uuid;

use crate::database::{Backend, Database};
use crate::sqltype::{Guid, Json};
use crate::statement::Statement;
use crate::tx::{ReadTx, Tx};

/// Where the directory keeps what a tenant switched off, in its settings.
const MODULES_OFF: &str = "modules_off";

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
    /// For tenants with databases of their own the directory is asked, so that those need not be opened.
    ///
    /// # Errors
    /// The database can't be read.
    pub fn load(&self, tx: &mut ReadTx) -> Result<()> {
        let sql = Statement::new("SELECT tenant_id, module FROM cortex_module_switches WHERE NOT enabled");
        let mut kept = sql.rows::<(Guid, Text), (Uuid, String)>(tx.conn())?;
        let sql = Statement::new("SELECT id, settings FROM cortex_tenants WHERE placement = 'database'");
        for (tenant, settings) in sql.rows::<(Guid, Json), (Uuid, serde_json::Value)>(tx.conn())? {
            let off = settings.get(MODULES_OFF).and_then(serde_json::Value::as_array);
            let names = off.into_iter().flatten().filter_map(serde_json::Value::as_str);
            kept.extend(names.map(|name| (tenant, name.to_owned())));
        }
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

        let (switch, module, db) = (Arc::clone(&self.switch), module.to_owned(), tx.database().clone());
        tx.after_commit(move || {
            if let Err(error) = change(&switch, &module, tenant) {
                tracing::warn!(%error, module, "switches were changed elsewhere; load them again");
            }
            if let Err(error) = tell_directory(&db, &switch, tenant) {
                tracing::warn!(?error, module, "the directory does not know of a switch; switch it again");
            }
        });
        Ok(())
    }
}

/// Writes what a tenant switched off into its row of the directory, where it has one: whoever moves it into a
/// database of its own, and every start after that, finds it there.
fn tell_directory(db: &Database, switch: &ModuleSwitch, tenant: TenantId) -> Result<()> {
    let directory = db.directory();
    if directory.find_blocking(tenant)?.is_none() {
        return Ok(());
    }
    let off = switch.disabled().into_iter().filter(|(of, _)| *of == tenant).map(|(_, module)| module.to_string());
    let off: Vec<String> = off.collect();
    directory.work("switches").write_blocking(|tx| {
        directory.update(tx, tenant, |row| {
            if let Some(settings) = row.settings.as_object_mut() {
                settings.insert(MODULES_OFF.to_owned(), off.clone().into());
            }
            Ok(())
        })
    })?;
    Ok(())
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
