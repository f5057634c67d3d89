//! The history of items in places, as far as it lies behind a move of the past.

use std::collections::BTreeMap;

use codexion::data::Statement;
use codexion::data::sqltype::{Day, Fixed, Guid};
use codexion::prelude::*;
use diesel::prelude::*;
use diesel::sql_types::Text;
use uuid::Uuid;

use super::sql::{ROWS_MAX, push_position};
use super::{Item, Location};
use crate::domain::Position;

/// An item in a place.
pub(crate) type Pair = (Id<Item>, Id<Location>);

/// What a move did to the quantity in one place.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Past {
    pub(crate) position: Position,
    pub(crate) quantity: Quantity,
    /// Of a count: what was found.
    pub(crate) counted: Option<Quantity>,
}

#[derive(QueryableByName)]
struct Row {
    #[diesel(sql_type = Guid)]
    item: Uuid,
    #[diesel(sql_type = Guid)]
    location: Uuid,
    #[diesel(sql_type = Day)]
    date: Date,
    #[diesel(sql_type = Guid)]
    movement: Uuid,
    #[diesel(sql_type = Text)]
    kind: String,
    #[diesel(sql_type = Text)]
    state: String,
    #[diesel(sql_type = Fixed)]
    found: Decimal,
    #[diesel(sql_type = Text)]
    unit: Unit,
    #[diesel(sql_type = Fixed)]
    quantity: Decimal,
}

/// What happened in each place from a position on.
pub(crate) fn since(tx: &mut ReadTx, from: &[(Pair, Position)]) -> Result<BTreeMap<Pair, Vec<Past>>> {
    let mut history: BTreeMap<_, Vec<Past>> = BTreeMap::new();
    for from in from.chunks(ROWS_MAX) {
        let mut sql = Statement::new(
            "SELECT e.item, e.location, e.date, e.move AS movement, m.kind, m.state, m.quantity AS found, \
             e.quantity_unit AS unit, sum(e.quantity) AS quantity FROM inventory_stock_entries e \
             JOIN inventory_moves m ON m.tenant_id = e.tenant_id AND m.id = e.move WHERE e.tenant_id = ",
        );
        sql.bind(tx.tenant()).push(" AND (");
        for (i, ((item, place), position)) in from.iter().enumerate() {
            sql.push(if i > 0 { " OR (" } else { "(" });
            sql.push("e.item = ").bind(*item).push(" AND e.location = ").bind(*place).push(" AND ");
            push_position(&mut sql, "(e.date, e.move)", " >= ", *position);
            sql.push(")");
        }
        sql.push(
            ") GROUP BY e.item, e.location, e.date, e.move, m.kind, m.state, m.quantity, e.quantity_unit \
             ORDER BY e.item, e.location, e.date, e.move",
        );
        for row in sql.rows::<Row>(tx)? {
            let counted = row.kind == "count" && row.state == "done";
            let past = Past {
                position: Position::new(row.date, row.movement),
                quantity: Quantity::new(row.quantity, row.unit)?,
                counted: counted.then(|| Quantity::new(row.found, row.unit)).transpose()?,
            };
            history.entry((Id::from_uuid(row.item), Id::from_uuid(row.location))).or_default().push(past);
        }
    }
    Ok(history)
}
