//! Receiving purchase orders: goods are put into stock at what they were bought for.

use codexion::prelude::*;
use crm::{Part, PurchaseOrder, PurchaseOrderLine, PurchaseSheet, Taken};
use inventory::{Moved, Receipt};

use super::{Dispatch, Piece, Shipping};
use crate::ShippingError;
use crate::policy::ReceiveGoods;
use crate::store::{GoodsReceipt, GoodsReceiptLine};

impl Shipping {
    /// Puts the goods of a purchase order into stock, all that are open or the parts that `dispatch` names, at the
    /// order's prices less its discounts.
    ///
    /// # Errors
    /// [`ShippingError`]; as [`Purchases::receive`](crm::Purchases::receive) when more arrived than was ordered; as
    /// [`Stock::receive`](inventory::Stock::receive) when a price is in another currency than the stock's value.
    pub fn receive(
        &self,
        tx: &mut Tx,
        id: Id<PurchaseOrder>,
        dispatch: &Dispatch<PurchaseOrderLine>,
    ) -> Result<GoodsReceipt> {
        let order = PurchaseSheet::lock(tx, id)?;
        let arrived = arrived(&order, &dispatch.parts)?;
        let place = self.place(tx, dispatch)?;
        let count = GoodsReceipt::count(tx, &Filter::eq("purchase_order", id))?.saturating_add(1);
        let number = format!("{}/{count}", order.order.number.as_deref().unwrap_or_default());
        let receipt = GoodsReceipt { id: tx.new_id(), number, purchase_order: id, date: dispatch.date, place };
        tx.authorize::<ReceiveGoods>(&receipt)?;
        let origin = Some(format!("crm_inventory.receipt {}", receipt.number));
        let mut receipts = Vec::with_capacity(arrived.len());
        for (line, quantity) in &arrived {
            receipts.push(Receipt {
                item: Id::from_uuid(line.product.uuid()),
                to: place,
                quantity: *quantity,
                unit_cost: unit_cost(line)?,
                date: dispatch.date,
                from: None,
                origin: origin.clone(),
            });
        }
        let moves = self.stock.receive_all(tx, &receipts)?;
        GoodsReceipt::insert(tx, &receipt)?;
        let mut lines = Vec::with_capacity(arrived.len());
        for (((line, quantity), moved), position) in arrived.iter().zip(&moves).zip(1..) {
            lines.push(received(tx.new_id(), &receipt, (line, *quantity), moved, position));
        }
        GoodsReceiptLine::insert_many(tx, &lines)?;
        let parts: Vec<_> = lines.iter().map(part).collect();
        let taken = Taken { document: Id::from_uuid(receipt.id.uuid()), date: dispatch.date, parts: &parts };
        self.purchases.receive_locked(tx, order, &taken)?;
        Ok(receipt)
    }
}

/// The lines that arrived, and how much of each.
fn arrived<'a>(
    order: &'a PurchaseSheet,
    parts: &[Piece<PurchaseOrderLine>],
) -> Result<Vec<(&'a PurchaseOrderLine, Quantity)>> {
    let open = order.to_move()?;
    if open.is_empty() {
        return Err(ShippingError::NothingOpen { number: order.order.number.clone().unwrap_or_default() }.into());
    }
    if parts.is_empty() {
        return Ok(open);
    }
    let found = parts.iter().map(|part| {
        let line = order.lines.iter().find(|line| line.id == part.line && line.stocked);
        let line = line.ok_or_else(|| ShippingError::UnknownLine { line: part.line.to_string() })?;
        Ok((line, part.quantity))
    });
    found.collect()
}

/// What one unit costs after the discount.
fn unit_cost(line: &PurchaseOrderLine) -> Result<Price> {
    let left = Decimal::ONE - line.discount.to_decimal();
    let cost = line.price.amount().checked_mul(left).ok_or(codexion::core::MoneyError::Overflow)?;
    Ok(Price::new(Rounding::HalfUp.round(cost, Price::DIGITS), line.price.currency())?)
}

fn received(
    id: Id<GoodsReceiptLine>,
    receipt: &GoodsReceipt,
    (line, quantity): (&PurchaseOrderLine, Quantity),
    moved: &Moved,
    position: i32,
) -> GoodsReceiptLine {
    let item = Id::from_uuid(line.product.uuid());
    GoodsReceiptLine { id, receipt: receipt.id, line: line.id, position, item, quantity, movement: moved.movement }
}

fn part(line: &GoodsReceiptLine) -> Part<PurchaseOrderLine> {
    Part { line: line.line, quantity: line.quantity, document_line: Id::from_uuid(line.movement.uuid()) }
}
