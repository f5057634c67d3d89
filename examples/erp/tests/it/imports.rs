//! What the tests of imports share.
use std::path::PathBuf;
use codexion::core::Application;

/// The folder of a data set, where test data is at hand.
pub(crate) fn data(test: &str, name: &str) -> Option<PathBuf> {
    let root = std::env::var_os("CORTEX_TEST_DATA").map_or_else(|| PathBuf::from("/work/shared/data"), PathBuf::from);
    let folder = root.join(name);
    if folder.is_dir() { return Some(folder); }
    println!("skipped: {test} needs {name}");
    None
}
pub(crate) fn everything(application: Application) -> Application {
    application.module(finance::Finance).module(inventory::Inventory).module(crm::Crm).module(finance_inventory::FinanceInventory).module(crm_inventory::CrmInventory).module(crm_finance::CrmFinance).module(erp::Erp)
}
