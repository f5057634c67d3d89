//! What is there, and what it is worth.

use codexion::prelude::*;

use super::view::{AsOf, LevelView, StockValueView, StockView};
use crate::service::Stock;
use crate::store::Item;

/// What there is of an item: altogether, in each place, and what it is worth.
pub(super) async fn on_hand(work: Work, stock: Inject<Stock>, id: PathId<Item>) -> Answer<StockView> {
    work.read(move |tx| {
        let worth = stock.valuation(tx, *id)?;
        let levels = stock.levels(tx, &[*id])?;
        let on_hand = Quantity::sum(levels.iter().map(|level| level.on_hand), worth.quantity.unit())?;
        Ok(StockView { on_hand, value: worth.value, levels: levels.into_iter().map(LevelView::from).collect() })
    })
    .await
}

/// What the stock was worth at the end of a day.
pub(super) async fn value(work: Work, stock: Inject<Stock>, query: Query<AsOf>) -> Answer<StockValueView> {
    work.read(move |tx| {
        let worth = stock.stock_value(tx, query.as_of.unwrap_or(tx.today()))?;
        let mut currencies: Vec<Currency> = worth.items.iter().map(|item| item.value.currency()).collect();
        currencies.sort_unstable();
        currencies.dedup();
        let totals = currencies.into_iter().map(|currency| worth.total(currency)).collect::<Result<_>>()?;
        Ok(StockValueView { as_of: worth.as_of, totals, items: worth.items })
    })
    .await
}
