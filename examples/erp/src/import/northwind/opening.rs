//! How the company begins: its books, whom it knows, what it sells, and what is in stock.

use std::collections::HashMap;

use codexion::core::QuantityError;
use codexion::prelude::{Date, Id, Money, Quantity, Repository, Result, Tx, Work};
use crm::{Contact, Party, Product};
use finance::domain::{Entry, Line};
use finance::{Company, NewCompany, Numbering, Origin, Role};
use inventory::{Location, Receipt};

use super::data::{NorthwindData, PartyRow};
use super::{COMPANY, CURRENCY, Northwind, RoundingRule};
use crate::import::ImportError;

/// What the opening stock and its entry come from.
const OPENING: &str = "northwind.opening";

/// The company whose books the tenant has.
pub(super) fn kept(work: &Work) -> Result<Option<Company>> {
    work.read_blocking(|tx| {
        let id = Company::of(tx.company());
        Company::find(tx, id)
    })
}

/// Whether an import may go on in these books.
pub(super) fn check(kept: &Company, asked: Option<RoundingRule>) -> Result<()> {
    if kept.name != COMPANY {
        return Err(ImportError::OtherCompany { name: kept.name.clone() }.into());
    }
    let rule = RoundingRule::of(kept.tax_rounding()?);
    match asked {
        Some(asked) if rule != Some(asked) => {
            let kept = rule.map_or("otherwise", RoundingRule::in_words);
            Err(ImportError::OtherRounding { kept, asked: asked.in_words() }.into())
        }
        _ => Ok(()),
    }
}

impl Northwind {
    /// One unit of work, so that books that exist are whole.
    pub(super) fn open(&self, tx: &mut Tx, data: &NorthwindData, rounding: RoundingRule) -> Result<()> {
        let day = first_of_year(data.first_day().unwrap_or_else(|| tx.today()));
        let last = data.last_day().unwrap_or(day);
        let years = u8::try_from(last.year() - day.year() + 1).unwrap_or(1);
        let mut company = NewCompany::new(COMPANY, CURRENCY, day.year(), years)?;
        company.numbering = Numbering::ByDate;
        company.rounding = rounding.tax_rounding();
        self.books.company(tx, &company)?;
        let place = self.places.warehouse(tx, &self.settings.warehouse, "Northwind warehouse")?.stock;

        let suppliers = self.add_parties(tx, data)?;
        let products = self.add_products(tx, data, &suppliers)?;
        self.stock_up(tx, data, &Arrival { day, place, products })
    }

    /// The ids of the suppliers by their codes.
    fn add_parties(&self, tx: &mut Tx, data: &NorthwindData) -> Result<HashMap<String, Id<Party>>> {
        let (mut parties, mut contacts) = (Vec::new(), Vec::new());
        let customers = data.customers.iter().map(|row| (row, Party::customer as fn(Party) -> Party));
        let suppliers = data.suppliers.iter().map(|row| (row, Party::supplier as fn(Party) -> Party));
        for (row, side) in customers.chain(suppliers) {
            let party = side(party(tx.new_id(), row));
            if let Some(name) = &row.contact {
                let role = row.title.clone();
                contacts.push(Contact { role, ..Contact::new(tx.new_id(), party.id, name) });
            }
            parties.push(party);
        }
        self.parties.add_many(tx, &parties)?;
        self.parties.add_contacts(tx, &contacts)?;
        Ok(parties.into_iter().map(|party| (party.code, party.id)).collect())
    }

    fn add_products(
        &self,
        tx: &mut Tx,
        data: &NorthwindData,
        suppliers: &HashMap<String, Id<Party>>,
    ) -> Result<Vec<Product>> {
        let products: Vec<Product> = data
            .products
            .iter()
            .map(|row| {
                let goods = Product::goods(tx.new_id(), &row.code, &row.name, row.in_stock.unit());
                Product {
                    description: row.packing.clone(),
                    category: Some(row.category.clone()),
                    supplier: suppliers.get(&row.supplier).copied(),
                    active: !row.discontinued,
                    ..goods.sold_for(row.price)
                }
            })
            .collect();
        self.catalogue.add_many(tx, &products)?;
        Ok(products)
    }

    /// What is in stock now and what was shipped was there when the books began, against what the owners brought in.
    fn stock_up(&self, tx: &mut Tx, data: &NorthwindData, arrival: &Arrival) -> Result<()> {
        let opening = opening_stock(data)?;
        let mut receipts = Vec::new();
        for product in &arrival.products {
            let Some((quantity, unit_cost)) = opening.get(product.sku.as_str()).copied().zip(product.sale_price) else {
                continue;
            };
            if quantity.is_positive() {
                let (item, origin) = (crm_inventory::Shipping::item_of(product.id), Some(OPENING.to_owned()));
                let (to, date) = (arrival.place, arrival.day);
                receipts.push(Receipt { item, to, quantity, unit_cost, date, from: None, origin });
            }
        }
        let moves = self.stock.receive_all(tx, &receipts)?;
        let value = Money::sum(moves.iter().map(|moved| moved.value), CURRENCY)?;
        if value.is_zero() {
            return Ok(());
        }
        let accounts = self.ledger.accounts(tx, &[Role::GoodsReceivedNotInvoiced, Role::Equity])?;
        let sides = [Line::debit, Line::credit];
        let lines = accounts.iter().zip(sides).map(|(account, side)| side(*account, value)).collect();
        let entry = Entry::new(arrival.day, CURRENCY, "opening stock", lines)?;
        let company = Company::of(tx.company());
        self.ledger.post(tx, &entry, &Origin::of(OPENING, company))?;
        Ok(())
    }
}

/// When, where and of what the opening stock is.
struct Arrival {
    day: Date,
    place: Id<Location>,
    products: Vec<Product>,
}

/// By product: what is left and what was shipped.
fn opening_stock(data: &NorthwindData) -> Result<HashMap<&str, Quantity>, QuantityError> {
    let mut stock: HashMap<&str, Quantity> =
        data.products.iter().map(|product| (product.code.as_str(), product.in_stock)).collect();
    for line in data.orders.iter().filter(|order| order.shipped.is_some()).flat_map(|order| &order.lines) {
        let product = stock.entry(&line.product).or_insert(Quantity::zero(line.quantity.unit()));
        *product = product.checked_add(line.quantity)?;
    }
    Ok(stock)
}

fn party(id: Id<Party>, row: &PartyRow) -> Party {
    Party {
        phone: row.phone.clone(),
        fax: row.fax.clone(),
        street: row.street.clone(),
        postal_code: row.postal_code.clone(),
        city: row.city.clone(),
        region: row.region.clone(),
        country: row.country.clone(),
        ..Party::company(id, &row.code, &row.name)
    }
}

fn first_of_year(day: Date) -> Date {
    day.first_of_year()
}
