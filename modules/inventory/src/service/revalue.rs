//! What changes the value of the past: charges on old receipts, and the rest of what a move of the past changed.

use codexion::prelude::*;
use serde::{Deserialize, Serialize};

use super::{Stock, value};
use crate::MoveError;
use crate::policy::{ChargeStock, RevalueStock};
use crate::store::{Item, Move, MoveKind, MoveState, book};

impl Stock {
    /// Adds a charge such as freight to what a receipt cost; what left since is valued again.
    ///
    /// # Errors
    /// [`MoveError::NotChargeable`] unless the move is a receipt that was done; a charge in another currency.
    pub fn charge(&self, tx: &mut Tx, receipt: Id<Move>, charge: Money) -> Result<()> {
        let found = Move::find(tx, receipt)?.ok_or(MoveError::NoMove(receipt.uuid()))?;
        if found.kind != MoveKind::Receipt || found.state != MoveState::Done {
            return Err(MoveError::NotChargeable.into());
        }
        tx.authorize::<ChargeStock>(&found)?;
        let item = Item::get(tx, found.item)?;
        if charge.currency() != item.currency {
            let (expected, found) = (item.currency, charge.currency());
            return Err(crate::ValuationError::Currency { expected, found }.into());
        }
        let mut books = book::open(tx, vec![item])?;
        let changed = Move::update(tx, receipt, |movement| {
            let before = movement.charge.unwrap_or(Money::zero(charge.currency()));
            movement.charge = Some(before.checked_add(charge)?);
            Ok(())
        })?;
        if let Some(book) = books.get_mut(&changed.item) {
            book.touch(changed.position());
        }
        let rows = value::run(tx, &self.settings, &mut books)?;
        value::tell(tx, &[changed], &rows)
    }

    /// Values what waits of an item's history, for one step; answers whether something is left.
    ///
    /// # Errors
    /// [`Kind::NotFound`] when there is no such item; [`ValuationError`](crate::ValuationError) when its history
    /// cannot be valued.
    pub fn value_pending(&self, tx: &mut Tx, item: Id<Item>) -> Result<bool> {
        let item = Item::get(tx, item)?;
        tx.authorize::<RevalueStock>(&item)?;
        let mut books = book::open(tx, vec![item])?;
        let rows = value::run(tx, &self.settings, &mut books)?;
        value::tell(tx, &[], &rows)?;
        Ok(books.values().any(|book| book.dirty().is_some()))
    }
}

/// Values the rest of what a move of the past changed, a step per job.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ValueItem {
    /// Of which item.
    pub item: Id<Item>,
}

impl Job for ValueItem {
    type Needs = Inject<Stock>;
    const NAME: &'static str = "inventory.value_item";

    fn run(&self, tx: &mut Tx, stock: Self::Needs) -> Result<()> {
        stock.value_pending(tx, self.item).map(|_| ())
    }
}
