//! The provider of what can be done with stock, and its simplest verbs.

use std::sync::Arc;

use codexion::prelude::*;

use super::draft::{Draft, Place};
use super::{Count, Issue, Moved, Receipt, Transfer, engine};
use crate::policy::{CountStock, IssueStock, ReceiveStock, TransferStock};
use crate::settings::InventorySettings;
use crate::store::{LocationKind, MoveKind};

/// What can be done with stock. Every verb runs in the caller's unit of work; those that take many moves need the
/// same few statements as for one.
///
/// A move of an earlier day is put where it belongs: later counts absorb it, and what it changes in the value of
/// later moves is corrected in the same unit of work, up to the setting `revalue_moves_max`; a job values the rest.
#[derive(Debug, Provider)]
#[provider(singleton)]
pub struct Stock {
    pub(super) settings: Arc<InventorySettings>,
}

impl Stock {
    /// Stock under these settings, for use without a container.
    #[must_use]
    pub fn new(settings: InventorySettings) -> Self {
        Self { settings: Arc::new(settings) }
    }

    /// Takes goods in.
    ///
    /// # Errors
    /// [`MoveError`](crate::MoveError) when item or places do not exist or don't fit;
    /// [`ValuationError`](crate::ValuationError) for a quantity that is not above zero or a cost in another currency;
    /// [`MeasureError`](crate::MeasureError) when the unit does not convert to the item's.
    pub fn receive(&self, tx: &mut Tx, receipt: &Receipt) -> Result<Moved> {
        one(self.receive_all(tx, std::slice::from_ref(receipt))?)
    }

    /// Takes goods in, many at once.
    ///
    /// # Errors
    /// As [`receive`](Self::receive); then none is received once the unit of work fails.
    pub fn receive_all(&self, tx: &mut Tx, receipts: &[Receipt]) -> Result<Vec<Moved>> {
        let drafts: Vec<_> = receipts.iter().map(Draft::from).collect();
        engine::execute::<ReceiveStock>(tx, &self.settings, &drafts)
    }

    /// Takes goods out, and says at what cost.
    ///
    /// # Errors
    /// As [`receive`](Self::receive); [`StockError::Negative`](crate::StockError) when there would be less than
    /// nothing on that day or a later one and negative stock is not allowed;
    /// [`ReservationError`](crate::ReservationError) when the goods are promised to others.
    pub fn issue(&self, tx: &mut Tx, issue: &Issue) -> Result<Moved> {
        one(self.issue_all(tx, std::slice::from_ref(issue))?)
    }

    /// Takes goods out, many at once.
    ///
    /// # Errors
    /// As [`issue`](Self::issue); then none is issued once the unit of work fails.
    pub fn issue_all(&self, tx: &mut Tx, issues: &[Issue]) -> Result<Vec<Moved>> {
        let drafts: Vec<_> = issues.iter().map(Draft::from).collect();
        engine::execute::<IssueStock>(tx, &self.settings, &drafts)
    }

    /// Moves goods between places of ours; their value stays as it is.
    ///
    /// # Errors
    /// As [`issue`](Self::issue).
    pub fn transfer(&self, tx: &mut Tx, transfer: &Transfer) -> Result<Moved> {
        one(self.transfer_all(tx, std::slice::from_ref(transfer))?)
    }

    /// Moves goods between places of ours, many at once.
    ///
    /// # Errors
    /// As [`issue`](Self::issue); then none is moved once the unit of work fails.
    pub fn transfer_all(&self, tx: &mut Tx, transfers: &[Transfer]) -> Result<Vec<Moved>> {
        let drafts: Vec<_> = transfers.iter().map(Draft::from).collect();
        engine::execute::<TransferStock>(tx, &self.settings, &drafts)
    }

    /// Corrects what there is in a place to what was counted. What becomes known later of days before the count
    /// changes the correction, not the stock after it.
    ///
    /// # Errors
    /// As [`receive`](Self::receive); [`StockError`](crate::StockError) for a count below zero.
    pub fn adjust(&self, tx: &mut Tx, count: &Count) -> Result<Moved> {
        one(self.adjust_all(tx, std::slice::from_ref(count))?)
    }

    /// Corrects what there is to what was counted, many at once.
    ///
    /// # Errors
    /// As [`adjust`](Self::adjust); then nothing is corrected once the unit of work fails.
    pub fn adjust_all(&self, tx: &mut Tx, counts: &[Count]) -> Result<Vec<Moved>> {
        let drafts: Vec<_> = counts.iter().map(Draft::from).collect();
        engine::execute::<CountStock>(tx, &self.settings, &drafts)
    }
}

pub(super) fn one(moved: Vec<Moved>) -> Result<Moved> {
    moved.into_iter().next().ok_or_else(|| Error::internal("inventory.no_move", "no move was done"))
}

impl From<&Receipt> for Draft {
    fn from(receipt: &Receipt) -> Self {
        Self {
            kind: MoveKind::Receipt,
            item: receipt.item,
            source: (receipt.from, LocationKind::Supplier).into(),
            destination: Place::At(receipt.to),
            quantity: receipt.quantity,
            unit_cost: Some(receipt.unit_cost),
            returned: None,
            date: receipt.date,
            origin: receipt.origin.clone(),
            reserved: None,
        }
    }
}

impl From<&Issue> for Draft {
    fn from(issue: &Issue) -> Self {
        Self {
            kind: MoveKind::Issue,
            item: issue.item,
            source: Place::At(issue.from),
            destination: (issue.to, LocationKind::Customer).into(),
            quantity: issue.quantity,
            unit_cost: None,
            returned: None,
            date: issue.date,
            origin: issue.origin.clone(),
            reserved: issue.reserved,
        }
    }
}

impl From<&Transfer> for Draft {
    fn from(transfer: &Transfer) -> Self {
        Self {
            kind: MoveKind::Transfer,
            item: transfer.item,
            source: Place::At(transfer.from),
            destination: Place::At(transfer.to),
            quantity: transfer.quantity,
            unit_cost: None,
            returned: None,
            date: transfer.date,
            origin: transfer.origin.clone(),
            reserved: None,
        }
    }
}

impl From<&Count> for Draft {
    fn from(count: &Count) -> Self {
        Self {
            kind: MoveKind::Count,
            item: count.item,
            source: Place::Usual(LocationKind::Loss),
            destination: Place::At(count.place),
            quantity: count.found,
            unit_cost: count.unit_cost,
            returned: None,
            date: count.date,
            origin: count.origin.clone(),
            reserved: None,
        }
    }
}
