//! Import and export as a module of an application.

use cortex_core::{Module, Registers, Registrar};
use cortex_data::DataRegistrar;

use crate::config::ExchangeConfig;
use crate::import::Run;
use crate::service::Exchange;
use crate::{api, command};

/// Adds imports and exports to an application: the service [`Exchange`], its routes below
/// `/api/v1/exchange`, and the command `data`.
#[derive(Debug, Clone, Copy, Default, Module)]
#[module(name = "exchange", migrations = "migrations", crate = cortex_core)]
pub struct ExchangeModule;

impl Registers for ExchangeModule {
    fn register(&self, m: &mut Registrar) {
        m.errors(include_str!("../docs/errors.md")).config::<ExchangeConfig>();
        m.repository::<Run>().provide::<Exchange>();
        api::register(m);
        command::register(m);
    }
}
