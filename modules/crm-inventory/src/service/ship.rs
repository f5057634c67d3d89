//! Shipping what is planned: goods leave the stock, the order hears of it, the rest becomes a back-order.

use codexion::prelude::*;
use crm::{OrderSheet, Part, SalesOrderLine, Taken};
use inventory::{Issue, Location, Moved};

use super::plan::{Load, Plan, insert, number};
use super::{Dispatch, Piece, Shipped, Shipping};
use crate::ShippingError;
use crate::policy::ShipGoods;
use crate::store::{Shipment, ShipmentLine, ShipmentSheet, ShipmentState, take_off_lines};

impl Shipping {
    /// Ships a planned shipment, all of it or the parts that `dispatch` names. What stays behind is planned again as
    /// a back-order.
    ///
    /// # Errors
    /// [`ShippingError`]; as [`Stock::issue`](inventory::Stock::issue) when there is not enough;
    /// as [`Orders::ship`](crm::Orders::ship).
    pub fn ship(&self, tx: &mut Tx, id: Id<Shipment>, dispatch: &Dispatch<SalesOrderLine>) -> Result<Shipped> {
        let sheet = locked(tx, id)?;
        self.ship_sheet(tx, &sheet, dispatch)
    }

    /// Ships a shipment that is locked.
    pub(super) fn ship_sheet(
        &self,
        tx: &mut Tx,
        sheet: &ShipmentSheet,
        dispatch: &Dispatch<SalesOrderLine>,
    ) -> Result<Shipped> {
        let id = sheet.shipment.id;
        tx.authorize::<ShipGoods>(&sheet.shipment)?;
        if sheet.shipment.state != ShipmentState::Planned {
            return Err(ShippingError::NotPlanned { state: sheet.shipment.state }.into());
        }
        let place = self.place(tx, dispatch)?;
        let (leaving, staying) = divide(sheet, &dispatch.parts)?;
        let moves = self.issue(tx, &sheet.shipment, &leaving, place, dispatch.date)?;
        let shipment = Shipment::update(tx, id, |shipment| {
            shipment.state = ShipmentState::Done;
            (shipment.date, shipment.place) = (Some(dispatch.date), Some(place));
            Ok(())
        })?;
        let lines = replace_lines(tx, id, &leaving, &moves)?;
        let parts: Vec<_> = lines.iter().zip(&moves).map(|(line, moved)| part(line, moved)).collect();
        let taken = Taken { document: Id::from_uuid(id.uuid()), date: dispatch.date, parts: &parts };
        let order = self.orders.ship(tx, shipment.sales_order, &taken)?;
        let back_order = back_order(tx, &order, &shipment, &staying)?;
        Ok(Shipped { sheet: ShipmentSheet { shipment, lines }, back_order })
    }

    fn issue(
        &self,
        tx: &mut Tx,
        shipment: &Shipment,
        loads: &[Load],
        from: Id<Location>,
        date: Date,
    ) -> Result<Vec<Moved>> {
        let origin = Some(format!("crm_inventory.shipment {}", shipment.number));
        let issue = |load: &Load| Issue {
            item: load.item,
            from,
            quantity: load.quantity,
            date,
            to: None,
            origin: origin.clone(),
            reserved: None,
        };
        let issues: Vec<Issue> = loads.iter().map(issue).collect();
        self.stock.issue_all(tx, &issues)
    }
}

/// The shipment with its row locked until the commit, so that goods leave once.
fn locked(tx: &mut Tx, id: Id<Shipment>) -> Result<ShipmentSheet> {
    let shipment = Shipment::update(tx, id, |_| Ok(()))?;
    let mut lines = ShipmentLine::list(tx, &Filter::eq("shipment", id))?;
    lines.sort_by_key(|line| line.position);
    Ok(ShipmentSheet { shipment, lines })
}

/// What leaves, and what stays behind.
fn divide(sheet: &ShipmentSheet, parts: &[Piece<SalesOrderLine>]) -> Result<(Vec<Load>, Vec<Load>)> {
    let of_line = |line: Id<SalesOrderLine>| sheet.lines.iter().any(|planned| planned.line == line);
    if let Some(part) = parts.iter().find(|part| !of_line(part.line)) {
        return Err(ShippingError::UnknownLine { line: part.line.to_string() }.into());
    }
    let (mut leaving, mut staying) = (Vec::new(), Vec::new());
    for line in &sheet.lines {
        let zero = Quantity::zero(line.quantity.unit());
        let asked = parts.iter().filter(|part| part.line == line.line).map(|part| part.quantity);
        let quantity = match parts {
            [] => line.quantity,
            _ => Quantity::sum(asked, zero.unit())?,
        };
        let rest = line.quantity.checked_sub(quantity)?;
        if rest.is_negative() {
            return Err(ShippingError::MoreThanPlanned { quantity, planned: line.quantity }.into());
        }
        if quantity.is_positive() {
            leaving.push(Load { line: line.line, item: line.item, quantity });
        }
        if rest.is_positive() {
            staying.push(Load { line: line.line, item: line.item, quantity: rest });
        }
    }
    Ok((leaving, staying))
}

/// Writes what left in the place of what was planned.
fn replace_lines(tx: &mut Tx, shipment: Id<Shipment>, loads: &[Load], moves: &[Moved]) -> Result<Vec<ShipmentLine>> {
    take_off_lines(tx, shipment)?;
    let mut lines = Vec::with_capacity(loads.len());
    for ((load, moved), position) in loads.iter().zip(moves).zip(1..) {
        let (line, item, quantity, movement) = (load.line, load.item, load.quantity, Some(moved.movement));
        lines.push(ShipmentLine { id: tx.new_id(), shipment, line, position, item, quantity, movement });
    }
    ShipmentLine::insert_many(tx, &lines)?;
    Ok(lines)
}

fn part(line: &ShipmentLine, moved: &Moved) -> Part<SalesOrderLine> {
    let document_line = Id::from_uuid(moved.movement.uuid());
    Part { line: line.line, quantity: line.quantity, document_line }
}

fn back_order(tx: &mut Tx, order: &OrderSheet, shipment: &Shipment, staying: &[Load]) -> Result<Option<Id<Shipment>>> {
    if staying.is_empty() {
        return Ok(None);
    }
    let count = Shipment::count(tx, &Filter::eq("sales_order", order.order.id))?;
    let number = number(order.order.number.as_deref(), usize::try_from(count).unwrap_or(usize::MAX).saturating_add(1));
    let plan = Plan { order: order.order.id, number, planned: shipment.planned, follows: Some(shipment.id) };
    insert(tx, &plan, staying).map(Some)
}
