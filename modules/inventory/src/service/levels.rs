//! What is there, and what it is worth.

use codexion::prelude::*;
use schemars::JsonSchema;
use serde::Serialize;

use super::Stock;
use crate::policy::ReadStock;
use crate::store::{Item, ItemValuation, Level, Location, read};

/// What the stock of one item is worth.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, JsonSchema)]
pub struct ItemValue {
    /// The item.
    pub item: Id<Item>,
    /// How much there is.
    pub quantity: Quantity,
    /// What it is worth.
    pub value: Money,
}

/// What the stock is worth at the end of a day, by item; items that never moved are left out.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct StockValue {
    /// The day.
    pub as_of: Date,
    /// The items.
    pub items: Vec<ItemValue>,
}

impl StockValue {
    /// What everything is worth that is valued in `currency`.
    ///
    /// # Errors
    /// An overflow.
    pub fn total(&self, currency: Currency) -> Result<Money> {
        let values = self.items.iter().map(|item| item.value).filter(|value| value.currency() == currency);
        Ok(Money::sum(values, currency)?)
    }
}

impl Stock {
    /// What there is of an item, in all places of ours together.
    ///
    /// # Errors
    /// [`Kind::NotFound`] when there is no such item; [`Kind::Forbidden`].
    pub fn on_hand(&self, tx: &mut ReadTx, item: Id<Item>) -> Result<Quantity> {
        tx.check::<ReadStock>(&())?;
        let unit = Item::get(tx, item)?.unit;
        let levels = Level::list(tx, &Filter::eq("item", item))?;
        Ok(Quantity::sum(levels.iter().map(|level| level.on_hand), unit)?)
    }

    /// What there is of an item in one place.
    ///
    /// # Errors
    /// As [`on_hand`](Self::on_hand).
    pub fn on_hand_at(&self, tx: &mut ReadTx, item: Id<Item>, place: Id<Location>) -> Result<Quantity> {
        tx.check::<ReadStock>(&())?;
        let unit = Item::get(tx, item)?.unit;
        let levels = Level::list(tx, &Filter::eq("item", item).and(Filter::eq("location", place)))?;
        Ok(Quantity::sum(levels.iter().map(|level| level.on_hand), unit)?)
    }

    /// What is where of some items: at most [`MANY_MAX`](codexion::data::MANY_MAX) records.
    ///
    /// # Errors
    /// More records; [`Kind::Forbidden`].
    pub fn levels(&self, tx: &mut ReadTx, items: &[Id<Item>]) -> Result<Vec<Level>> {
        tx.check::<ReadStock>(&())?;
        let values = items.iter().map(|item| (*item).into()).collect();
        Level::list(tx, &Filter::In { column: "item", values })
    }

    /// What an item's stock is worth now; nothing that never moved is worth something.
    ///
    /// # Errors
    /// [`Kind::NotFound`] when there is no such item; [`Kind::Forbidden`].
    pub fn valuation(&self, tx: &mut ReadTx, item: Id<Item>) -> Result<ItemValue> {
        tx.check::<ReadStock>(&())?;
        let item = Item::get(tx, item)?;
        let row = ItemValuation::list(tx, &Filter::eq("item", item.id))?.pop();
        Ok(ItemValue {
            item: item.id,
            quantity: row.as_ref().map_or(Quantity::zero(item.unit), |row| row.quantity),
            value: row.map_or(Money::zero(item.currency), |row| row.value),
        })
    }

    /// What the stock was worth at the end of a day, as it is known now: one statement over the value ledger.
    ///
    /// # Errors
    /// [`Kind::Forbidden`]; the database refuses the statement.
    pub fn stock_value(&self, tx: &mut ReadTx, as_of: Date) -> Result<StockValue> {
        tx.check::<ReadStock>(&())?;
        let items = read::values(tx, as_of)?.into_iter();
        let items = items.map(|(item, quantity, value)| ItemValue { item, quantity, value }).collect();
        Ok(StockValue { as_of, items })
    }
}
