//! A small company on Codexion Cortex: finance, inventory, CRM and the bridges between them, with a year of demo data.
//!
//! `cargo run --release -p erp` makes the company on an embedded database, shows that its books tie out, and serves.
//! What is here besides the list of modules is the demo company ([`demo`]), its figures ([`report`]) and the start
//! page.

#![warn(clippy::float_arithmetic)]

mod company;
mod delivery;
pub mod demo;
pub mod import;
mod page;
pub mod report;
mod store;

use codexion::App;
use codexion::core::Application;
use codexion::exchange::ExchangeModule;
use crm::Crm;
use crm_finance::CrmFinance;
use crm_inventory::CrmInventory;
use finance::Finance;
use finance_inventory::FinanceInventory;
use inventory::Inventory;

pub use company::{Company, CompanyConfig};
pub use delivery::{Delivery, SEASON};
pub use page::render;
pub use store::{DemoState, RetailState};

/// The application of `main`.
pub fn app() -> App {
    App::new()
        .module(Finance)
        .module(Inventory)
        .module(Crm)
        .module(FinanceInventory)
        .module(CrmInventory)
        .module(CrmFinance)
        .module(ExchangeModule)
        .module(Company)
}

/// The same modules, for tests.
pub fn modules(application: Application) -> Application {
    application
        .module(Finance)
        .module(Inventory)
        .module(Crm)
        .module(FinanceInventory)
        .module(CrmInventory)
        .module(CrmFinance)
        .module(ExchangeModule)
        .module(Company)
}
