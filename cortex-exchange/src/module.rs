//! Import and export as a module of an application.

use cortex_core::{Module, Registers, Registrar};
use cortex_data::DataRegistrar;

use crate::import::Run;
use crate::service::Exchange;

/// Adds imports and exports to an application: the service [`Exchange`].
#[derive(Debug, Clone, Copy, Default, Module)]
#[module(name = "exchange", migrations = "migrations", crate = cortex_core)]
pub struct ExchangeModule;

impl Registers for ExchangeModule {
    fn register(&self, m: &mut Registrar) {
        m.repository::<Run>().provide::<Exchange>();
    }
}
