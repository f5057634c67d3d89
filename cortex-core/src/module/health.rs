//! Health checks of modules: made when the container is, from what it provides.

use std::sync::Arc;

use crate::{HealthCheck, Need, Resolver, Result};

type Take = Box<dyn Fn(&mut Resolver<'_>) -> Result<Arc<dyn HealthCheck>> + Send + Sync>;

/// One check, as it is contributed.
pub(crate) struct HealthPart {
    need: Option<Need>,
    take: Take,
}

impl HealthPart {
    /// A check that exists already.
    pub(crate) fn of(check: impl HealthCheck) -> Self {
        let check: Arc<dyn HealthCheck> = Arc::new(check);
        Self { need: None, take: Box::new(move |_| Ok(Arc::clone(&check))) }
    }

    /// A check that the container provides.
    pub(crate) fn provided<P: HealthCheck>() -> Self {
        Self { need: Some(Need::of::<P>()), take: Box::new(|from| Ok(from.take::<Arc<P>>()?)) }
    }

    pub(crate) fn need(&self) -> Option<Need> {
        self.need
    }

    pub(crate) fn take(&self, from: &mut Resolver<'_>) -> Result<Arc<dyn HealthCheck>> {
        (self.take)(from)
    }
}
