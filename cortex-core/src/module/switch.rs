//! Which modules a tenant has switched off.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, PoisonError, RwLock};

use crate::module::Modules;
use crate::{Kind, ModuleName, Refusal, TenantId};

/// Modules enabled and disabled per tenant at run time. All are enabled until somebody says otherwise.
///
/// What is switched off is kept elsewhere and given to [`load`](Self::load); reading is a look at a snapshot.
#[derive(Debug)]
pub struct ModuleSwitch {
    modules: Modules,
    off: RwLock<Arc<Off>>,
    /// Most applications switch nothing off: then a look costs one load.
    any_off: AtomicBool,
}

type Off = BTreeSet<(TenantId, ModuleName)>;

impl ModuleSwitch {
    /// Everything enabled.
    #[must_use]
    pub fn new(modules: &Modules) -> Self {
        Self { modules: modules.clone(), off: RwLock::new(Arc::new(Off::new())), any_off: AtomicBool::new(false) }
    }

    /// Whether `module` works for `tenant`.
    #[must_use]
    pub fn is_enabled(&self, module: ModuleName, tenant: TenantId) -> bool {
        !self.any_off.load(Ordering::Acquire) || !self.snapshot().contains(&(tenant, module))
    }

    /// Everything that is switched off, to be kept.
    #[must_use]
    pub fn disabled(&self) -> Vec<(TenantId, ModuleName)> {
        self.snapshot().iter().copied().collect()
    }

    /// Takes over what was kept. Names that are no module any more are passed over.
    pub fn load<'a>(&self, disabled: impl IntoIterator<Item = (TenantId, &'a str)>) {
        let known = disabled.into_iter().filter_map(|(tenant, name)| Some((tenant, self.modules.get(name)?.name)));
        let off: Off = known.collect();
        self.change(|set| *set = off);
    }

    /// Switches a module off.
    ///
    /// # Errors
    /// [`SwitchError`] when there is no such module, when it is part of the framework, or when another one that
    /// is enabled needs it.
    pub fn disable(&self, module: &str, tenant: TenantId) -> Result<(), SwitchError> {
        let name = self.switchable(module)?;
        let users = self.modules.switchable().filter(|other| other.needs.iter().any(|need| need.name == name));
        let users: Vec<_> = users.filter(|other| self.is_enabled(other.name, tenant)).map(|other| other.name).collect();
        if let Some(user) = users.first() {
            return Err(SwitchError::Needed { module: module.to_owned(), by: user.to_string() });
        }
        self.change(|set| {
            set.insert((tenant, name));
        });
        Ok(())
    }

    /// Switches a module on.
    ///
    /// # Errors
    /// [`SwitchError`] when there is no such module, or when one that it needs is disabled.
    pub fn enable(&self, module: &str, tenant: TenantId) -> Result<(), SwitchError> {
        let name = self.switchable(module)?;
        let needs = self.modules.get(module).map_or(&[][..], |manifest| manifest.needs);
        if let Some(need) = needs.iter().find(|need| !self.is_enabled(need.name, tenant)) {
            return Err(SwitchError::Needs { module: module.to_owned(), need: need.name.to_string() });
        }
        self.change(|set| {
            set.remove(&(tenant, name));
        });
        Ok(())
    }

    fn switchable(&self, module: &str) -> Result<ModuleName, SwitchError> {
        let found = self.modules.switchable().find(|manifest| manifest.name.as_str() == module);
        match found {
            Some(manifest) => Ok(manifest.name),
            None if self.modules.get(module).is_some() => Err(SwitchError::Framework { module: module.to_owned() }),
            None => Err(SwitchError::Unknown { module: module.to_owned() }),
        }
    }

    fn snapshot(&self) -> Arc<Off> {
        // A panic while the lock was held left a whole set behind: it is replaced in one step.
        Arc::clone(&self.off.read().unwrap_or_else(PoisonError::into_inner))
    }

    fn change(&self, change: impl FnOnce(&mut Off)) {
        let mut off = self.off.write().unwrap_or_else(PoisonError::into_inner);
        let mut next = Off::clone(&off);
        change(&mut next);
        self.any_off.store(!next.is_empty(), Ordering::Release);
        *off = Arc::new(next);
    }
}

/// A module cannot be switched.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SwitchError {
    /// There is no such module.
    #[error("there is no module `{module}`")]
    Unknown {
        /// The name that was given.
        module: String,
    },
    /// It is part of the framework.
    #[error("`{module}` is part of the framework and cannot be switched")]
    Framework {
        /// The module.
        module: String,
    },
    /// Another one that is enabled needs it.
    #[error("`{by}` needs `{module}`")]
    Needed {
        /// The module to switch off.
        module: String,
        /// The module that needs it.
        by: String,
    },
    /// One that it needs is disabled.
    #[error("`{module}` needs `{need}`, which is disabled")]
    Needs {
        /// The module to switch on.
        module: String,
        /// The module that it needs.
        need: String,
    },
}

impl Refusal for SwitchError {
    fn kind(&self) -> Kind {
        match self {
            Self::Unknown { .. } => Kind::NotFound,
            Self::Framework { .. } => Kind::Invalid,
            Self::Needed { .. } | Self::Needs { .. } => Kind::Refused,
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::Unknown { .. } => "modules.unknown",
            Self::Framework { .. } => "modules.framework",
            Self::Needed { .. } => "modules.needed",
            Self::Needs { .. } => "modules.needs",
        }
    }

    fn help(&self) -> Option<String> {
        match self {
            Self::Needed { by, .. } => Some(format!("disable `{by}` first")),
            Self::Needs { need, .. } => Some(format!("enable `{need}` first")),
            Self::Unknown { .. } | Self::Framework { .. } => None,
        }
    }
}
