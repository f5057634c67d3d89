//! The verbs of shipping and receiving.

mod items;
mod plan;
mod receive;
mod ship;

use std::sync::Arc;

use codexion::prelude::*;
use crm::{Orders, Purchases, SalesOrder, SalesOrderLine};
use inventory::{Location, Setup, Stock};

use crate::settings::ShippingSettings;
use crate::store::{Shipment, ShipmentSheet};

/// Ships sales orders and receives purchase orders. Shipments are planned as soon as goods may leave.
#[derive(Debug, Provider)]
#[provider(singleton)]
pub struct Shipping {
    orders: Arc<Orders>,
    purchases: Arc<Purchases>,
    stock: Arc<Stock>,
    setup: Arc<Setup>,
    settings: Arc<ShippingSettings>,
}

/// When and where goods move, and which.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dispatch<L> {
    /// The day; it may lie in the past.
    pub date: Date,
    /// The place of ours that they leave or are put; the stock of the usual warehouse where it is not given.
    pub place: Option<Id<Location>>,
    /// Lines of the order, and how much of each; everything that is open where none is given.
    pub parts: Vec<Piece<L>>,
}

/// A part of an order line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Piece<L> {
    /// The order line.
    pub line: Id<L>,
    /// How much of it.
    pub quantity: Quantity,
}

/// What was shipped.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shipped {
    /// What left.
    pub sheet: ShipmentSheet,
    /// What is planned for the rest.
    pub back_order: Option<Id<Shipment>>,
}

impl<L> Dispatch<L> {
    /// Everything that is open, on a day, at the usual place.
    #[must_use]
    pub const fn all(date: Date) -> Self {
        Self { date, place: None, parts: Vec::new() }
    }

    /// The same at another place.
    #[must_use]
    pub const fn at(mut self, place: Id<Location>) -> Self {
        self.place = Some(place);
        self
    }

    /// The same with only these parts.
    #[must_use]
    pub fn only(mut self, parts: impl IntoIterator<Item = (Id<L>, Quantity)>) -> Self {
        self.parts.extend(parts.into_iter().map(|(line, quantity)| Piece { line, quantity }));
        self
    }
}

impl Shipping {
    /// The place of a dispatch.
    fn place<L>(&self, tx: &mut ReadTx, dispatch: &Dispatch<L>) -> Result<Id<Location>> {
        match dispatch.place {
            Some(place) => Ok(place),
            None => self.setup.stock_of(tx, &self.settings.warehouse),
        }
    }

    /// Ships what is planned of an order, all of it or the parts that `dispatch` names.
    ///
    /// # Errors
    /// [`ShippingError::NothingOpen`](crate::ShippingError::NothingOpen) when nothing is planned; as
    /// [`ship`](Self::ship).
    pub fn ship_order(
        &self,
        tx: &mut Tx,
        order: Id<SalesOrder>,
        dispatch: &Dispatch<SalesOrderLine>,
    ) -> Result<Shipped> {
        let planned = plan::planned(tx, order)?;
        let Some(whole) = plan::merge(tx, planned)? else {
            let number = SalesOrder::get(tx, order)?.number.unwrap_or_default();
            return Err(crate::ShippingError::NothingOpen { number }.into());
        };
        self.ship_sheet(tx, &whole, dispatch)
    }
}
