//! Every product that is kept in stock is an item of the warehouse, under the same id.

use codexion::prelude::*;
use crm::Product;
use inventory::{Costing, Item};

use super::Shipping;

impl Shipping {
    /// The item of a product.
    #[must_use]
    pub fn item_of(product: Id<Product>) -> Id<Item> {
        Id::from_uuid(product.uuid())
    }

    /// Creates or renames the item of a product; services have none. What an item is valued in stays as it was.
    ///
    /// # Errors
    /// The item's code is taken; the settings name no currency.
    pub fn keep_item(&self, tx: &mut Tx, product: &Product) -> Result<()> {
        if !product.stocked {
            return Ok(());
        }
        let id = Self::item_of(product.id);
        let (currency, removal, extra) = match Item::find(tx, id)? {
            Some(item) => (item.currency, item.removal, item.extra),
            None => (self.currency(product)?, Costing::default(), Extra::new()),
        };
        let (code, name) = (product.sku.clone(), product.name.clone());
        self.setup.item(tx, &Item { id, code, name, unit: product.unit, currency, removal, extra })
    }

    fn currency(&self, product: &Product) -> Result<Currency> {
        match product.purchase_price.or(product.sale_price) {
            Some(price) => Ok(price.currency()),
            None => Ok(Currency::parse(&self.settings.currency)?),
        }
    }
}
