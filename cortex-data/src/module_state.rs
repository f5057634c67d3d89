//! What the database remembers about modules: the version that last ran, and which tenants switched them off.

mod switches;
mod upgrade;
mod versions;

pub use switches::SwitchStore;
pub use upgrade::RegisterUpgrades;
pub use versions::ModuleVersions;
