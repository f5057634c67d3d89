//! How the company begins: its books, whom it knows, what it sells, and what must have been in stock.

use codexion::prelude::{Id, Money, Price, Quantity, Repository, Result, Tx, Unit, Work};
use crm::{Party, Product};
use crm_inventory::Shipping;
use finance::domain::{Entry, Line};
use finance::{Company, NewCompany, Origin, Role};
use inventory::Receipt;

use super::survey::{ProductOf, Survey, is_goods};
use super::{CURRENCY, OnlineRetail, RETAILER};
use crate::import::ImportError;
use crate::store::RetailState;

/// What the opening stock and its entry come from.
const OPENING: &str = "retail.opening";

/// Receipts of one call.
const RECEIPTS: usize = 1_000;

/// How far the import of this file is, if it was begun.
pub(super) fn begun(work: &Work, survey: &Survey) -> Result<Option<RetailState>> {
    let (company, state) = work.read_blocking(|tx| {
        let (company, state) = (Company::of(tx.company()), RetailState::of(tx.tenant()));
        Ok((Company::find(tx, company)?, RetailState::find(tx, state)?))
    })?;
    match (company, state) {
        (None, _) => Ok(None),
        (Some(_), Some(state)) if state.fingerprint == survey.fingerprint => Ok(Some(state)),
        (Some(_), Some(_)) => Err(ImportError::OtherFile.into()),
        (Some(company), None) => Err(ImportError::OtherCompany { name: company.name }.into()),
    }
}

impl OnlineRetail {
    /// One unit of work, so that books that exist are whole.
    pub(super) fn open(&self, tx: &mut Tx, survey: &Survey) -> Result<()> {
        let (first, last) = survey.days.unwrap_or((tx.today(), tx.today()));
        let years = u8::try_from(last.year() - first.year() + 1).unwrap_or(1);
        self.books.company(tx, &NewCompany::new(RETAILER, CURRENCY, first.year(), years)?)?;
        self.places.warehouse(tx, &self.settings.warehouse, "Online Retail warehouse")?;
        let parties: Vec<Party> = survey
            .parties
            .iter()
            .map(|(code, of)| {
                let name = of
                    .customer
                    .as_ref()
                    .map_or_else(|| format!("Guests, {}", of.country), |number| format!("Customer {number}"));
                Party { country: Some(of.country.clone()), ..Party::company(tx.new_id(), code, &name).customer() }
            })
            .collect();
        self.parties.add_many(tx, &parties)?;
        let products = survey.products.iter().map(|(code, of)| product(tx.new_id(), code, of));
        let products = products.collect::<Result<Vec<_>>>()?;
        self.catalogue.add_many(tx, &products)?;
        self.stock_up(tx, survey, &products)?;
        let documents = i64::try_from(survey.documents()).unwrap_or(i64::MAX);
        let (id, fingerprint) = (RetailState::of(tx.tenant()), survey.fingerprint.clone());
        RetailState::insert(tx, &RetailState { id, fingerprint, documents, done: 0 })
    }

    /// What was ever missing was there when the books began, against what the owners brought in.
    fn stock_up(&self, tx: &mut Tx, survey: &Survey, products: &[Product]) -> Result<()> {
        let Some((date, _)) = survey.days else { return Ok(()) };
        let to = self.places.stock_of(tx, &self.settings.warehouse)?;
        let mut receipts = Vec::new();
        for (product, of) in products.iter().zip(survey.products.values()) {
            let Some(unit_cost) = product.purchase_price.filter(|_| product.stocked && of.least < 0) else { continue };
            let (item, origin) = (Shipping::item_of(product.id), Some(OPENING.to_owned()));
            receipts.push(Receipt { item, to, quantity: pieces(-of.least)?, unit_cost, date, from: None, origin });
        }
        let mut value = Money::zero(CURRENCY);
        for batch in receipts.chunks(RECEIPTS) {
            let moved = self.stock.receive_all(tx, batch)?;
            value = value.checked_add(Money::sum(moved.iter().map(|moved| moved.value), CURRENCY)?)?;
        }
        if value.is_zero() {
            return Ok(());
        }
        let accounts = self.ledger.accounts(tx, &[Role::GoodsReceivedNotInvoiced, Role::Equity])?;
        let sides = [Line::debit, Line::credit];
        let lines = accounts.iter().zip(sides).map(|(account, side)| side(*account, value)).collect();
        let entry = Entry::new(date, CURRENCY, "opening stock", lines)?;
        let company = Company::of(tx.company());
        self.ledger.post(tx, &entry, &Origin::of(OPENING, company)).map(|_| ())
    }
}

fn product(id: Id<Product>, code: &str, of: &ProductOf) -> Result<Product> {
    let name = of.name.as_deref().unwrap_or(code);
    let mut product = match is_goods(code) {
        true => Product::goods(id, code, name, Unit::PIECE),
        false => Product::service(id, code, name, Unit::PIECE),
    };
    product.sale_price = of.price.map(|price| Price::new(price, CURRENCY)).transpose()?;
    product.purchase_price = of.cost.map(|cost| Price::new(cost, CURRENCY)).transpose()?;
    Ok(product)
}

/// So many pieces.
pub(super) fn pieces(count: i64) -> Result<Quantity> {
    Ok(Quantity::new(count.into(), Unit::PIECE)?)
}
