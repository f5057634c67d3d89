//! Shipments that are planned: when an order is confirmed, when it is paid, and for what a shipment left over.

use std::collections::HashMap;

use codexion::prelude::*;
use crm::{OrderSheet, SalesOrder, SalesOrderLine};

use super::Shipping;
use crate::store::{Shipment, ShipmentLine, ShipmentSheet, ShipmentState};

/// What is to leave of an order line.
pub(super) struct Load {
    pub(super) line: Id<SalesOrderLine>,
    pub(super) item: Id<inventory::Item>,
    pub(super) quantity: Quantity,
}

impl Shipping {
    /// Plans a shipment of everything that may leave and is not planned yet; `None` when there is nothing.
    ///
    /// # Errors
    /// A product of the order is no item of the warehouse.
    pub fn plan(&self, tx: &mut Tx, order: &OrderSheet) -> Result<Option<Id<Shipment>>> {
        let open = order.to_move()?;
        if open.is_empty() {
            return Ok(None);
        }
        let shipments = ShipmentSheet::of_order(tx, order.order.id)?;
        let mut planned: HashMap<Id<SalesOrderLine>, Quantity> = HashMap::new();
        for line in open_lines(&shipments) {
            let sum = planned.entry(line.line).or_insert(Quantity::zero(line.quantity.unit()));
            *sum = sum.checked_add(line.quantity)?;
        }
        let mut loads = Vec::new();
        for (line, open) in open {
            let quantity = match planned.get(&line.id) {
                Some(planned) => open.checked_sub(*planned)?,
                None => open,
            };
            if quantity.is_positive() {
                loads.push(Load { line: line.id, item: Self::item_of(line.product), quantity });
            }
        }
        if loads.is_empty() {
            return Ok(None);
        }
        let planned = order.order.requested.unwrap_or(order.order.date);
        let number = number(order.order.number.as_deref(), shipments.len() + 1);
        insert(tx, &Plan { order: order.order.id, number, planned, follows: None }, &loads).map(Some)
    }

    /// Cancels what is planned of an order.
    ///
    /// # Errors
    /// The database refuses a statement.
    pub fn cancel_planned(&self, tx: &mut Tx, order: Id<SalesOrder>) -> Result<()> {
        for sheet in planned(tx, order)? {
            set_state(tx, sheet.shipment.id, ShipmentState::Cancelled)?;
        }
        Ok(())
    }
}

/// A shipment that is to be planned.
pub(super) struct Plan {
    pub(super) order: Id<SalesOrder>,
    pub(super) number: String,
    pub(super) planned: Date,
    pub(super) follows: Option<Id<Shipment>>,
}

/// The order's number and which of its shipments this is.
pub(super) fn number(order: Option<&str>, count: usize) -> String {
    format!("{}/{count}", order.unwrap_or_default())
}

pub(super) fn insert(tx: &mut Tx, plan: &Plan, loads: &[Load]) -> Result<Id<Shipment>> {
    let id = tx.new_id();
    let shipment = Shipment {
        id,
        number: plan.number.clone(),
        sales_order: plan.order,
        state: ShipmentState::Planned,
        planned: plan.planned,
        date: None,
        place: None,
        follows: plan.follows,
    };
    Shipment::insert(tx, &shipment)?;
    let mut lines = Vec::with_capacity(loads.len());
    for (load, position) in loads.iter().zip(1..) {
        let (line, item, quantity) = (load.line, load.item, load.quantity);
        lines.push(ShipmentLine { id: tx.new_id(), shipment: id, line, position, item, quantity, movement: None });
    }
    ShipmentLine::insert_many(tx, &lines)?;
    Ok(id)
}

/// What is planned of an order, the oldest first.
pub(super) fn planned(tx: &mut ReadTx, order: Id<SalesOrder>) -> Result<Vec<ShipmentSheet>> {
    let mut shipments = ShipmentSheet::of_order(tx, order)?;
    shipments.retain(|sheet| sheet.shipment.state == ShipmentState::Planned);
    Ok(shipments)
}

/// Locks the first of the shipments that are planned, puts everything into it, and cancels the others. What a planned
/// shipment holds changes only here, and then it leaves in the same unit of work: what was read before is what it
/// holds, as long as it is still planned.
pub(super) fn merge(tx: &mut Tx, planned: Vec<ShipmentSheet>) -> Result<Option<ShipmentSheet>> {
    let mut planned = planned.into_iter();
    let Some(mut first) = planned.next() else { return Ok(None) };
    first.shipment = Shipment::update(tx, first.shipment.id, |_| Ok(()))?;
    let mut position = first.lines.last().map_or(0, |line| line.position);
    let mut lines = Vec::new();
    for other in planned {
        set_state(tx, other.shipment.id, ShipmentState::Cancelled)?;
        for line in other.lines {
            position += 1;
            lines.push(ShipmentLine { id: tx.new_id(), shipment: first.shipment.id, position, ..line });
        }
    }
    ShipmentLine::insert_many(tx, &lines)?;
    first.lines.extend(lines);
    Ok(Some(first))
}

fn set_state(tx: &mut Tx, id: Id<Shipment>, state: ShipmentState) -> Result<()> {
    Shipment::update(tx, id, |shipment| {
        shipment.state = state;
        Ok(())
    })
    .map(|_| ())
}

fn open_lines(shipments: &[ShipmentSheet]) -> impl Iterator<Item = &ShipmentLine> {
    let planned = shipments.iter().filter(|sheet| sheet.shipment.state == ShipmentState::Planned);
    planned.flat_map(|sheet| &sheet.lines)
}
