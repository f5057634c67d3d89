//! Lines as they are asked for, and what they become once product, price and tax are known.

use std::collections::HashMap;

use codexion::prelude::{Currency, Filter, Id, Price, Quantity, Rate, ReadTx, Repository, Result, Value};
use schemars::JsonSchema;
use serde::Deserialize;

use crate::error::DraftError;
use crate::store::{LineTerms, Party, Product};

/// Most lines of one document: more is an import that forgot to group by document.
pub const LINES_MAX: usize = 1_000;

/// References per question.
const REFERENCES_BATCH: usize = 500;

/// A line as it is asked for.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct LineDraft {
    /// What.
    pub product: Id<Product>,
    /// How much, in the product's unit.
    pub quantity: Quantity,
    /// For one unit; the product's price where it is not given.
    #[serde(default)]
    pub price: Option<Price>,
    /// Taken off the price.
    #[serde(default)]
    pub discount: Rate,
    /// The tax charged on it; the product's where it is not given.
    #[serde(default)]
    pub tax: Option<TaxTerm>,
}

/// A tax as it was agreed.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TaxTerm {
    /// The code that the books know it by; none where nothing is charged.
    #[serde(default)]
    pub code: Option<String>,
    /// How much.
    pub rate: Rate,
}

impl LineDraft {
    /// So much of a product at its own price and tax.
    #[must_use]
    pub const fn of(product: Id<Product>, quantity: Quantity) -> Self {
        Self { product, quantity, price: None, discount: Rate::ZERO, tax: None }
    }

    /// The same for another price.
    #[must_use]
    pub const fn at(mut self, price: Price) -> Self {
        self.price = Some(price);
        self
    }

    /// The same with a share taken off the price.
    #[must_use]
    pub const fn less(mut self, discount: Rate) -> Self {
        self.discount = discount;
        self
    }

    /// The same under another tax.
    #[must_use]
    pub fn taxed(mut self, code: &str, rate: Rate) -> Self {
        self.tax = Some(TaxTerm { code: Some(code.to_owned()), rate });
        self
    }
}

/// Which of a product's prices counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Side {
    Sale,
    Purchase,
}

/// A line with everything known.
#[derive(Debug, Clone, Copy)]
pub(super) struct Resolved<'a> {
    pub(super) terms: LineTerms<'a>,
    pub(super) stocked: bool,
}

/// The products of all lines of all drafts, in one question.
pub(super) fn products_of<'a>(
    tx: &mut ReadTx,
    lines: impl Iterator<Item = &'a LineDraft>,
) -> Result<HashMap<Id<Product>, Product>> {
    let mut ids: Vec<Id<Product>> = lines.map(|line| line.product).collect();
    ids.sort_unstable();
    ids.dedup();
    Ok(Product::get_many(tx, &ids)?.into_iter().map(|product| (product.id, product)).collect())
}

/// The parties of all drafts, in one question, each of which must be what `side` needs.
pub(super) fn check_parties(tx: &mut ReadTx, ids: impl Iterator<Item = Id<Party>>, side: Side) -> Result<()> {
    let mut ids: Vec<Id<Party>> = ids.collect();
    ids.sort_unstable();
    ids.dedup();
    let parties = Party::get_many(tx, &ids)?;
    if let Some(id) = ids.iter().find(|id| !parties.iter().any(|party| party.id == **id)) {
        return Err(DraftError::UnknownParty { party: id.to_string() }.into());
    }
    let unfit = |party: &&Party| match side {
        Side::Sale => !party.customer,
        Side::Purchase => !party.supplier,
    };
    match parties.iter().find(unfit).map(|party| party.code.clone()) {
        None => Ok(()),
        Some(code) if side == Side::Sale => Err(DraftError::NotCustomer { code }.into()),
        Some(code) => Err(DraftError::NotSupplier { code }.into()),
    }
}

/// Refuses references that an `E` has already, in one question.
pub(super) fn check_references<'a, E: Repository>(
    tx: &mut ReadTx,
    references: impl Iterator<Item = &'a str>,
    of: impl Fn(E) -> Option<String>,
) -> Result<()> {
    let values: Vec<Value> = references.map(Value::from).collect();
    for batch in values.chunks(REFERENCES_BATCH) {
        let taken: Vec<E> = E::list(tx, &Filter::In { column: "reference", values: batch.to_vec() })?;
        if let Some(reference) = taken.into_iter().find_map(&of) {
            return Err(DraftError::ReferenceTaken { reference }.into());
        }
    }
    Ok(())
}

/// Finds product, price and tax of each line.
pub(super) fn resolve<'a>(
    lines: &'a [LineDraft],
    products: &'a HashMap<Id<Product>, Product>,
    currency: Currency,
    side: Side,
) -> Result<Vec<Resolved<'a>>, DraftError> {
    if lines.is_empty() {
        return Err(DraftError::Empty);
    }
    if lines.len() > LINES_MAX {
        return Err(DraftError::TooManyLines { lines: lines.len(), max: LINES_MAX });
    }
    lines.iter().zip(1..).map(|(line, number)| resolve_one(line, number, products, currency, side)).collect()
}

fn resolve_one<'a>(
    draft: &'a LineDraft,
    line: usize,
    products: &'a HashMap<Id<Product>, Product>,
    currency: Currency,
    side: Side,
) -> Result<Resolved<'a>, DraftError> {
    let product = products.get(&draft.product);
    let product = product.ok_or_else(|| DraftError::UnknownProduct { line, product: draft.product.to_string() })?;
    let sku = || product.sku.clone();
    if !draft.quantity.is_positive() {
        return Err(DraftError::NotPositive { line });
    }
    if draft.quantity.unit() != product.unit {
        let (expected, found) = (product.unit, draft.quantity.unit());
        return Err(DraftError::OtherUnit { line, sku: sku(), expected, found });
    }
    let listed = match side {
        Side::Sale => product.sale_price,
        Side::Purchase => product.purchase_price,
    };
    let price = draft.price.or(listed).ok_or_else(|| DraftError::NoPrice { line, sku: sku() })?;
    if price.currency() != currency {
        return Err(DraftError::OtherCurrency { line, expected: currency, found: price.currency() });
    }
    let (tax_code, tax_rate) = match &draft.tax {
        Some(tax) => (tax.code.as_deref(), tax.rate),
        None => (product.tax_code.as_deref(), product.tax_rate),
    };
    let terms = LineTerms {
        // At most LINES_MAX.
        position: i32::try_from(line).unwrap_or(i32::MAX),
        product: product.id,
        description: &product.name,
        quantity: draft.quantity,
        price,
        discount: draft.discount,
        tax_code,
        tax_rate,
    };
    Ok(Resolved { terms, stocked: product.stocked })
}
