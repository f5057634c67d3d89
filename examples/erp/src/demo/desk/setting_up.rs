//! The first day: books, warehouses, people, products, and what is there already.

use codexion::prelude::*;
use crm::{Party, Product};
use crm_inventory::Shipping;
use finance::domain::Line;
use finance::{NewCompany, NewEntry, Tax, YearSpan};
use inventory::Receipt;

use super::{EUR, Shift, money, pieces, price};
use crate::delivery::{Delivery, SEASON, define_season};
use crate::demo::catalog::{GOODS, SUPPLIERS};
use crate::demo::known::{WAREHOUSES, customer_code, supplier_code};
use crate::demo::plan::{Customer, Store};
use crate::demo::{COMPANY, TAX_CODE, TAX_PERCENT};

/// Money in the bank on the first day, in cents.
const BANK: i64 = 16_500_000;
/// Shelves, vehicles, tills.
const EQUIPMENT: i64 = 6_400_000;
/// Owed to the bank.
const LOAN: i64 = 9_000_000;

impl Shift<'_> {
    pub(super) fn company(&mut self, tx: &mut Tx) -> Result<()> {
        let mut new = NewCompany::new(COMPANY, EUR, self.plan.first.year(), 0)?;
        for year in 0..self.plan.years {
            let first = self.plan.first.saturating_add(i32::from(year).years());
            let last = first.saturating_add(1.year()).saturating_sub(1.day());
            new.years.push(YearSpan { first, last });
        }
        self.desk.company.company(tx, &new)?;
        let percent = Decimal::from(TAX_PERCENT);
        Tax::insert(tx, &Tax::share(TAX_CODE, &format!("Value added tax {TAX_PERCENT} %"), Rate::percent(percent)?))?;
        self.desk.warehouse.base(tx)?;
        for (code, name) in WAREHOUSES {
            self.desk.warehouse.warehouse(tx, code, name)?;
        }
        self.known.learn_accounts(tx)?;
        self.known.learn_places(tx, &self.desk.warehouse)
    }

    pub(super) fn parties(&mut self, tx: &mut Tx) -> Result<()> {
        define_season(tx)?;
        let mut parties = Vec::new();
        for (place, customer) in self.plan.customers.iter().enumerate() {
            let mut party = shop(tx.new_id(), &customer_code(place), customer);
            let season = if place % 2 == 0 { "winter" } else { "summer" };
            party.extra.set(SEASON, &season.to_owned());
            Delivery { gate: Some(format!("Gate {}", place % 3 + 1)), drop_off: place % 4 == 0 }.put(&mut party);
            parties.push(party);
        }
        self.known.customers = parties.iter().map(|party| party.id).collect();
        for (place, (name, street, postal_code, city, days, _)) in SUPPLIERS.iter().enumerate() {
            let mut party = Party::company(tx.new_id(), &supplier_code(place), name).supplier();
            party.street = Some((*street).to_owned());
            party.postal_code = Some((*postal_code).to_owned());
            party.city = Some((*city).to_owned());
            party.country = Some("Austria".to_owned());
            party.payment_days = *days;
            self.known.suppliers.push(party.id);
            parties.push(party);
        }
        self.desk.parties.add_many(tx, &parties)
    }

    pub(super) fn products(&mut self, tx: &mut Tx) -> Result<()> {
        let tax = Rate::percent(Decimal::from(TAX_PERCENT))?;
        let mut products = Vec::with_capacity(GOODS.len());
        for good in GOODS {
            let product = Product::goods(tx.new_id(), good.sku, good.name, Unit::PIECE);
            let product = product.sold_for(price(good.price)).bought_for(price(good.cost)).taxed(TAX_CODE, tax);
            let category = Some(good.category.to_owned());
            products.push(Product { category, supplier: Some(self.known.supplier(good.supplier)?), ..product });
        }
        self.known.products = products.iter().map(|product| product.id).collect();
        self.desk.catalogue.add_many(tx, &products)
    }

    /// Stock, money, equipment and a loan; what is left belongs to the owners.
    pub(super) fn opening(&mut self, tx: &mut Tx, lines: &[(usize, i64)]) -> Result<()> {
        let (date, to) = (self.plan.first, self.known.place(Store::Main)?);
        let mut receipts = Vec::with_capacity(lines.len());
        for (product, count) in lines {
            let cost = GOODS.get(*product).map_or(0, |good| good.cost);
            receipts.push(Receipt {
                item: Shipping::item_of(self.known.product(*product)?),
                to,
                quantity: pieces(*count),
                unit_cost: price(cost),
                date,
                from: None,
                origin: Some("opening stock".to_owned()),
            });
        }
        let moved = self.desk.stock.receive_all(tx, &receipts)?;
        let stock = Money::sum(moved.iter().map(|moved| moved.value), EUR)?;
        let owned = stock.checked_add(money(BANK + EQUIPMENT - LOAN))?;
        let entry = vec![
            Line::debit(self.known.account("1110")?, money(BANK)),
            Line::debit(self.known.account("1510")?, money(EQUIPMENT)),
            // The receipts above put the stock into the books on the other side of this account.
            Line::debit(self.known.account("2120")?, stock),
            Line::credit(self.known.account("2510")?, money(LOAN)),
            Line::credit(self.known.account("3100")?, owned),
        ];
        self.desk.journal.write(tx, &NewEntry { date, text: "opening balances".to_owned(), lines: entry }).map(|_| ())
    }
}

fn shop(id: Id<Party>, code: &str, customer: &Customer) -> Party {
    let mut party = Party::company(id, code, &customer.name).customer();
    party.street = Some(customer.street.clone());
    party.postal_code = Some(customer.postal_code.to_owned());
    party.city = Some(customer.city.to_owned());
    party.country = Some("Austria".to_owned());
    party.payment_days = customer.days;
    party
}
