//! `/products`: added and changed by the catalogue, so that others hear of it.

use codexion::prelude::{Answer, Body, Created, Id, Inject, PathId, Price, Rate, Result, Tx, Unit, Work};
use codexion::web::Once;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::service::Catalogue;
use crate::store::{Party, Product};

/// A product that is to be added.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewProduct {
    sku: String,
    name: String,
    unit: Unit,
    #[serde(default = "yes")]
    stocked: bool,
    #[serde(flatten)]
    terms: Terms,
}

/// What can be said of a product at any time; what is left out stays as it is.
#[derive(Debug, Default, Clone, Deserialize, JsonSchema)]
pub(super) struct Terms {
    #[serde(default)]
    description: Option<String>,
    #[serde(default)]
    category: Option<String>,
    #[serde(default)]
    sale_price: Option<Price>,
    #[serde(default)]
    purchase_price: Option<Price>,
    #[serde(default)]
    tax_code: Option<String>,
    #[serde(default)]
    tax_rate: Option<Rate>,
    #[serde(default)]
    supplier: Option<Id<Party>>,
    #[serde(default)]
    active: Option<bool>,
}

/// What is to be changed of a product.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ProductChange {
    #[serde(default)]
    sku: Option<String>,
    #[serde(default)]
    name: Option<String>,
    #[serde(flatten)]
    terms: Terms,
}

/// A product.
#[derive(Debug, Serialize, Deserialize, JsonSchema)]
pub(super) struct ProductView {
    id: Id<Product>,
    sku: String,
    name: String,
    description: Option<String>,
    category: Option<String>,
    unit: Unit,
    sale_price: Option<Price>,
    purchase_price: Option<Price>,
    tax_code: Option<String>,
    tax_rate: Rate,
    supplier: Option<Id<Party>>,
    stocked: bool,
    active: bool,
}

/// Adds a product.
pub(super) async fn add(
    work: Work,
    catalogue: Inject<Catalogue>,
    once: Once,
    body: Body<NewProduct>,
) -> Answer<Created<ProductView>> {
    let add = move |tx: &mut Tx| {
        let mut product = Product::goods(tx.new_id(), &body.sku, &body.name, body.unit);
        product.stocked = body.stocked;
        body.terms.clone().put(&mut product);
        catalogue.add(tx, &product)?;
        Ok(ProductView::from(product))
    };
    work.write(move |tx| once.run(tx, &add)).await.map(Created::new)
}

/// Changes a product.
pub(super) async fn change(
    work: Work,
    catalogue: Inject<Catalogue>,
    id: PathId<Product>,
    body: Body<ProductChange>,
) -> Answer<ProductView> {
    work.write(move |tx| {
        let change = |product: &mut Product| -> Result<()> {
            set(&mut product.sku, body.sku.clone());
            set(&mut product.name, body.name.clone());
            body.terms.clone().put(product);
            Ok(())
        };
        catalogue.change(tx, *id, change).map(ProductView::from)
    })
    .await
}

const fn yes() -> bool {
    true
}

fn set<T>(field: &mut T, value: Option<T>) {
    if let Some(value) = value {
        *field = value;
    }
}

impl Terms {
    fn put(self, product: &mut Product) {
        set(&mut product.description, self.description.map(Some));
        set(&mut product.category, self.category.map(Some));
        set(&mut product.sale_price, self.sale_price.map(Some));
        set(&mut product.purchase_price, self.purchase_price.map(Some));
        set(&mut product.tax_code, self.tax_code.map(Some));
        set(&mut product.tax_rate, self.tax_rate);
        set(&mut product.supplier, self.supplier.map(Some));
        set(&mut product.active, self.active);
    }
}

impl From<Product> for ProductView {
    fn from(product: Product) -> Self {
        let Product { id, sku, name, description, category, unit, sale_price, purchase_price, .. } = product;
        let Product { tax_code, tax_rate, supplier, stocked, active, .. } = product;
        Self {
            id,
            sku,
            name,
            description,
            category,
            unit,
            sale_price,
            purchase_price,
            tax_code,
            tax_rate,
            supplier,
            stocked,
            active,
        }
    }
}
