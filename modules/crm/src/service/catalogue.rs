//! Products and their prices.

use codexion::prelude::{Filter, Id, Provider, ReadTx, Repository, Result, Tx};

use crate::error::CatalogueError;
use crate::hook::AfterProductSaved;
use crate::policy::KeepProduct;
use crate::store::Product;

/// Keeps products. Others are told of every change by [`AfterProductSaved`].
#[derive(Debug, Provider)]
#[provider(singleton)]
pub struct Catalogue {}

impl Catalogue {
    /// Adds a product.
    ///
    /// # Errors
    /// A field breaks a rule, the number is taken, or a hook refuses.
    pub fn add(&self, tx: &mut Tx, product: &Product) -> Result<()> {
        self.add_many(tx, std::slice::from_ref(product))
    }

    /// Adds products, a few statements for all of them.
    ///
    /// # Errors
    /// As [`add`](Self::add).
    pub fn add_many(&self, tx: &mut Tx, products: &[Product]) -> Result<()> {
        for product in products {
            tx.authorize::<KeepProduct>(product)?;
        }
        Product::insert_many(tx, products)?;
        for product in products {
            tx.after::<AfterProductSaved>(product)?;
        }
        Ok(())
    }

    /// Changes a product. What it is counted in stays: orders and stock are counted in it.
    ///
    /// # Errors
    /// There is none, what `change` returns, [`CatalogueError::UnitFixed`], a field breaks a rule, a hook refuses.
    pub fn change(
        &self,
        tx: &mut Tx,
        id: Id<Product>,
        change: impl FnOnce(&mut Product) -> Result<()>,
    ) -> Result<Product> {
        let product = Product::update(tx, id, |product| {
            let unit = product.unit;
            change(product)?;
            if product.unit == unit {
                return Ok(());
            }
            Err(CatalogueError::UnitFixed { sku: product.sku.clone(), unit }.into())
        })?;
        tx.authorize::<KeepProduct>(&product)?;
        tx.after::<AfterProductSaved>(&product)?;
        Ok(product)
    }

    /// The product that people know by `sku`.
    ///
    /// # Errors
    /// The database refuses the question.
    pub fn by_sku(&self, tx: &mut ReadTx, sku: &str) -> Result<Option<Product>> {
        Ok(Product::list(tx, &Filter::eq("sku", sku))?.pop())
    }
}
