//! What every module must be.

use cortex_testing::Conformance;
use crm::Crm;
use crm_inventory::CrmInventory;
use inventory::Inventory;

#[test]
fn the_module_conforms() {
    Conformance::of("crm_inventory", |app| app.module(Crm).module(Inventory).module(CrmInventory)).check();
}
