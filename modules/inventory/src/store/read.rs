//! Questions to the tables that are more than a filter.

use codexion::data::Statement;
use codexion::data::sqltype::{Fixed, Guid};
use codexion::prelude::*;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Nullable, Text};
use uuid::Uuid;

use super::{Item, Location, Move};

/// What each item's stock was worth at the end of a day: one statement over the value ledger.
pub(crate) fn values(tx: &mut ReadTx, as_of: Date) -> Result<Vec<(Id<Item>, Quantity, Money)>> {
    let mut sql = Statement::new(
        "SELECT item, quantity_unit AS unit, value_currency AS currency, sum(quantity) AS quantity, \
         CAST(sum(value) AS bigint) AS value FROM inventory_value_entries WHERE tenant_id = ",
    );
    sql.bind(tx.tenant()).push(" AND date <= ").bind(as_of);
    sql.push(" GROUP BY item, quantity_unit, value_currency ORDER BY item");
    let rows = sql.rows::<ValueRow>(tx)?.into_iter();
    rows.map(|row| {
        let quantity = Quantity::new(row.quantity, row.unit)?;
        Ok((Id::from_uuid(row.item), quantity, Money::from_minor(row.value, row.currency)))
    })
    .collect()
}

/// How much of the goods of a move went or came back.
pub(crate) fn returned(tx: &mut ReadTx, movement: &Move) -> Result<Quantity> {
    let mut sql =
        Statement::new("SELECT sum(quantity) AS quantity FROM inventory_moves WHERE state = 'done' AND tenant_id = ");
    sql.bind(tx.tenant()).push(" AND returned_move = ").bind(movement.id);
    let sum = sql.rows::<SumRow>(tx)?.pop().and_then(|row| row.quantity).unwrap_or(Decimal::ZERO);
    Ok(Quantity::new(sum, movement.quantity.unit())?)
}

/// A place and those within it, as far as the item was ever there.
pub(crate) fn places_within(tx: &mut ReadTx, item: Id<Item>, within: Id<Location>) -> Result<Vec<Id<Location>>> {
    let tenant = tx.tenant();
    let mut sql =
        Statement::new("WITH RECURSIVE inside (id) AS (SELECT l.id FROM inventory_locations l WHERE l.tenant_id = ");
    sql.bind(tenant).push(" AND l.id = ").bind(within);
    sql.push(" UNION SELECT l.id FROM inventory_locations l JOIN inside ON l.parent = inside.id WHERE l.tenant_id = ");
    sql.bind(tenant);
    sql.push(") SELECT v.location FROM inventory_levels v JOIN inside ON inside.id = v.location WHERE v.tenant_id = ");
    sql.bind(tenant).push(" AND v.item = ").bind(item).push(" ORDER BY v.location");
    Ok(sql.rows::<PlaceRow>(tx)?.into_iter().map(|row| Id::from_uuid(row.location)).collect())
}

#[derive(QueryableByName)]
struct ValueRow {
    #[diesel(sql_type = Guid)]
    item: Uuid,
    #[diesel(sql_type = Text)]
    unit: Unit,
    #[diesel(sql_type = Text)]
    currency: Currency,
    #[diesel(sql_type = Fixed)]
    quantity: Decimal,
    #[diesel(sql_type = BigInt)]
    value: i64,
}

#[derive(QueryableByName)]
struct SumRow {
    #[diesel(sql_type = Nullable<Fixed>)]
    quantity: Option<Decimal>,
}

#[derive(QueryableByName)]
struct PlaceRow {
    #[diesel(sql_type = Guid)]
    location: Uuid,
}
