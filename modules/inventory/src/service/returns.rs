//! Goods that come or go back.

use codexion::prelude::*;

use super::draft::{Draft, Place};
use super::stock::one;
use super::{Moved, Returned, Stock, engine};
use crate::policy::{IssueStock, ReceiveStock};
use crate::store::{Move, MoveKind, MoveState, read};
use crate::{MoveError, ValuationError};

impl Stock {
    /// Takes goods of an issue back in, at what they cost when they left.
    ///
    /// # Errors
    /// [`MoveError::NotReturnable`] unless the move is an issue that was done;
    /// [`ValuationError`](crate::ValuationError) when more comes back than is still out.
    pub fn take_back(&self, tx: &mut Tx, returned: &Returned) -> Result<Moved> {
        let issue = returnable(tx, returned.movement, MoveKind::Issue)?;
        let (source, destination) = (Place::At(issue.destination), Place::At(returned.place));
        let draft = draft(MoveKind::CustomerReturn, &issue, returned, source, destination);
        let moved = one(engine::execute::<IssueStock>(tx, &self.settings, &[draft])?)?;
        // Valuation refuses it too, but looks at later returns only when it comes to them, which may be in a job.
        let (quantity, total) = (returned.quantity, read::returned(tx, &issue)?);
        if total.checked_cmp(issue.quantity)?.is_gt() {
            let left = issue.quantity.checked_sub(total.checked_sub(quantity)?)?;
            return Err(ValuationError::ReturnTooLarge { returned: quantity, left }.into());
        }
        Ok(moved)
    }

    /// Sends goods of a receipt back to where they came from, at what they cost then as far as they are still there.
    ///
    /// # Errors
    /// [`MoveError::NotReturnable`] unless the move is a receipt that was done; [`MoveError::ReturnTooLarge`];
    /// otherwise as [`issue`](Self::issue).
    pub fn send_back(&self, tx: &mut Tx, returned: &Returned) -> Result<Moved> {
        let receipt = returnable(tx, returned.movement, MoveKind::Receipt)?;
        let (source, destination) = (Place::At(returned.place), Place::At(receipt.source));
        let draft = draft(MoveKind::SupplierReturn, &receipt, returned, source, destination);
        let moved = one(engine::execute::<ReceiveStock>(tx, &self.settings, &[draft])?)?;
        // Under the lock that the move took, so that two returns at once are counted both.
        if read::returned(tx, &receipt)?.checked_cmp(receipt.quantity)?.is_gt() {
            return Err(MoveError::ReturnTooLarge.into());
        }
        Ok(moved)
    }
}

fn returnable(tx: &mut ReadTx, id: Id<Move>, kind: MoveKind) -> Result<Move> {
    let movement = Move::find(tx, id)?.ok_or(MoveError::NoMove(id.uuid()))?;
    match movement.kind == kind && movement.state == MoveState::Done {
        true => Ok(movement),
        false => Err(MoveError::NotReturnable.into()),
    }
}

fn draft(kind: MoveKind, of: &Move, returned: &Returned, source: Place, destination: Place) -> Draft {
    Draft {
        kind,
        item: of.item,
        source,
        destination,
        quantity: returned.quantity,
        unit_cost: None,
        returned: Some(of.id),
        date: returned.date,
        origin: returned.origin.clone(),
        reserved: None,
    }
}
