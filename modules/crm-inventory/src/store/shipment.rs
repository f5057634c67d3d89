//! Goods that leave for a sales order.

use codexion::prelude::*;
use crm::{SalesOrder, SalesOrderLine};
use diesel::prelude::*;
use inventory::{Item, Location, Move};

/// Whether the goods have left.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Choice)]
pub enum ShipmentState {
    /// They are to leave.
    Planned,
    /// They left.
    Done,
    /// They won't.
    Cancelled,
}

/// Goods that leave, or are to leave, for a sales order.
#[derive(Debug, Clone, PartialEq, Eq, Repository)]
#[repository(table = "crm_inventory_shipments", tenant, versioned, audited)]
pub struct Shipment {
    /// Its id.
    pub id: Id<Shipment>,
    /// The order's number, and which of its shipments this is.
    #[field(unique, max_len = 60)]
    pub number: String,
    /// For which order.
    #[field(references = SalesOrder)]
    pub sales_order: Id<SalesOrder>,
    /// Whether the goods have left.
    pub state: ShipmentState,
    /// The day for which it is planned.
    pub planned: Date,
    /// The day on which they left.
    pub date: Option<Date>,
    /// The place they left.
    #[field(references = Location)]
    pub place: Option<Id<Location>>,
    /// Of a back-order: the shipment that brought only a part.
    #[field(references = Shipment)]
    pub follows: Option<Id<Shipment>>,
}

/// What is in a shipment.
#[derive(Debug, Clone, PartialEq, Eq, Repository)]
#[repository(table = "crm_inventory_shipment_lines", tenant)]
pub struct ShipmentLine {
    /// Its id.
    pub id: Id<ShipmentLine>,
    /// In which shipment.
    #[field(references = Shipment)]
    pub shipment: Id<Shipment>,
    /// For which line of the order.
    #[field(references = SalesOrderLine)]
    pub line: Id<SalesOrderLine>,
    /// Counts from 1.
    pub position: i32,
    /// Of what.
    #[field(references = Item)]
    pub item: Id<Item>,
    /// How much.
    pub quantity: Quantity,
    /// The stock move, once the goods have left.
    #[field(references = Move)]
    pub movement: Option<Id<Move>>,
}

/// A shipment with its lines.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShipmentSheet {
    /// The shipment.
    pub shipment: Shipment,
    /// In order.
    pub lines: Vec<ShipmentLine>,
}

impl ShipmentSheet {
    /// The shipment with its lines: two questions.
    ///
    /// # Errors
    /// There is no such shipment.
    pub fn load(tx: &mut ReadTx, id: Id<Shipment>) -> Result<Self> {
        let shipment = Shipment::get(tx, id)?;
        let mut lines = ShipmentLine::list(tx, &Filter::eq("shipment", id))?;
        lines.sort_by_key(|line| line.position);
        Ok(Self { shipment, lines })
    }

    /// All shipments of an order with their lines, the oldest first: two questions.
    ///
    /// # Errors
    /// The database refuses a question.
    pub fn of_order(tx: &mut ReadTx, order: Id<SalesOrder>) -> Result<Vec<Self>> {
        let mut shipments = Shipment::list(tx, &Filter::eq("sales_order", order))?;
        if shipments.is_empty() {
            return Ok(Vec::new());
        }
        // The last part of the number counts.
        shipments.sort_by_key(|shipment| (shipment.number.len(), shipment.number.clone()));
        let values = shipments.iter().map(|shipment| shipment.id.into()).collect();
        let mut lines = ShipmentLine::list(tx, &Filter::In { column: "shipment", values })?;
        lines.sort_by_key(|line| line.position);
        let sheet = |shipment: Shipment| {
            let lines = lines.iter().filter(|line| line.shipment == shipment.id).cloned().collect();
            Self { shipment, lines }
        };
        Ok(shipments.into_iter().map(sheet).collect())
    }
}

/// Takes the planned lines off a shipment.
pub(crate) fn take_off_lines(tx: &mut Tx, shipment: Id<Shipment>) -> Result<()> {
    let planned = crm_inventory_shipment_lines::table.filter(ShipmentLine::scope(tx));
    diesel::delete(planned.filter(crm_inventory_shipment_lines::shipment.eq(arg(shipment)))).run(tx).map(|_| ())
}
