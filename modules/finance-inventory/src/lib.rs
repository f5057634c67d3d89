//! Where stock meets the books: every change of the stock's value is posted.
//!
//! Inventory tells of its changes inside the transaction that makes them, and here they are posted in the same one.
//! So the stock account is what the stock is worth, on every day and at every moment; a change that cannot be posted
//! (its period is closed) does not happen.
//!
//! What one call did to the stock on one day, for one document and one reason, is one entry: a shipment of ten items
//! has one. The entry names the first of the moves; what each of them was worth is in inventory's ledger of values.
//!
//! | what changed | debit | credit |
//! |---|---|---|
//! | goods arrived | stock | goods received, not invoiced |
//! | goods left | cost of goods sold | stock |
//! | a count found more | stock | stock adjustment |
//!
//! A change the other way round, such as a return or a loss, stands on the other sides. What is valued again is
//! posted where the move itself was, on the day of the change.

mod posting;

use codexion::prelude::{DataRegistrar, Module, Registers, Registrar};
use inventory::AfterValued;

/// Posts the changes of the stock's value.
#[derive(Debug, Clone, Copy, Default, Module)]
#[module(name = "finance_inventory", needs = ["finance", "inventory"])]
pub struct FinanceInventory;

impl Registers for FinanceInventory {
    fn register(&self, m: &mut Registrar) {
        m.hook_after::<AfterValued, _>(0, posting::post);
    }
}
