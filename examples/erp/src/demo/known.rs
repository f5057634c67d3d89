//! What the plan's names stand for in the database.

use std::collections::{BTreeMap, HashMap};

use codexion::prelude::*;
use crm::{Party, Product, PurchaseOrder, SalesOrder};
use finance::{Account, AccountId, Invoice, InvoiceKind};
use inventory::Location;

use super::catalog::{GOODS, SUPPLIERS};
use super::plan::{Plan, Store};

/// Ids by their places in the plan.
#[derive(Debug, Clone, Default)]
pub(super) struct Known {
    pub(super) accounts: HashMap<String, AccountId>,
    pub(super) places: Option<[Id<Location>; 2]>,
    pub(super) customers: Vec<Id<Party>>,
    pub(super) suppliers: Vec<Id<Party>>,
    pub(super) products: Vec<Id<Product>>,
    pub(super) orders: BTreeMap<usize, Id<SalesOrder>>,
    pub(super) purchases: BTreeMap<usize, Id<PurchaseOrder>>,
    /// Invoices of each order, the oldest first.
    pub(super) invoices: BTreeMap<usize, Vec<Id<Invoice>>>,
    /// Bills of each purchase, the oldest first.
    pub(super) bills: BTreeMap<usize, Vec<Id<Invoice>>>,
}

impl Known {
    /// Looks everything up that earlier units of work have made: a few questions, however much that is.
    pub(super) fn load(tx: &mut ReadTx, plan: &Plan, warehouse: &inventory::Setup) -> Result<Self> {
        let mut known = Self::default();
        known.learn_accounts(tx)?;
        if known.accounts.is_empty() {
            return Ok(known);
        }
        known.learn_places(tx, warehouse)?;
        let parties: HashMap<String, Id<Party>> =
            Party::list(tx, &Filter::All)?.into_iter().map(|party| (party.code, party.id)).collect();
        let party = |code: String| parties.get(&code).copied();
        known.customers = (0..plan.customers.len()).filter_map(|place| party(customer_code(place))).collect();
        known.suppliers = (0..SUPPLIERS.len()).filter_map(|place| party(supplier_code(place))).collect();
        let products: HashMap<String, Id<Product>> =
            Product::list(tx, &Filter::All)?.into_iter().map(|product| (product.sku, product.id)).collect();
        known.products = GOODS.iter().filter_map(|good| products.get(good.sku).copied()).collect();
        known.learn_documents(tx, plan)?;
        Ok(known)
    }

    fn learn_documents(&mut self, tx: &mut ReadTx, plan: &Plan) -> Result<()> {
        let mut of = HashMap::new();
        for (place, order) in plan.orders.iter().enumerate() {
            of.insert(order.number.as_str(), place);
        }
        SalesOrder::stream(tx, &Filter::All, |order| {
            if let Some(place) = order.reference.as_deref().and_then(|reference| of.get(reference)) {
                self.orders.insert(*place, order.id);
            }
            Ok(())
        })?;
        of.clear();
        for (place, purchase) in plan.purchases.iter().enumerate() {
            of.insert(purchase.number.as_str(), place);
        }
        PurchaseOrder::stream(tx, &Filter::All, |order| {
            if let Some(place) = order.reference.as_deref().and_then(|reference| of.get(reference)) {
                self.purchases.insert(*place, order.id);
            }
            Ok(())
        })?;
        self.learn_invoices(tx)
    }

    fn learn_invoices(&mut self, tx: &mut ReadTx) -> Result<()> {
        let sales: HashMap<_, _> = self.orders.iter().map(|(place, id)| (id.uuid(), *place)).collect();
        let purchases: HashMap<_, _> = self.purchases.iter().map(|(place, id)| (id.uuid(), *place)).collect();
        // By id, which is the order in which they were made.
        Invoice::stream(tx, &Filter::eq("kind", InvoiceKind::Invoice.as_str()), |invoice| {
            let Some(origin) = invoice.origin_id.map(Id::uuid) else { return Ok(()) };
            if let Some(place) = sales.get(&origin) {
                self.invoices.entry(*place).or_default().push(invoice.id);
            }
            if let Some(place) = purchases.get(&origin) {
                self.bills.entry(*place).or_default().push(invoice.id);
            }
            Ok(())
        })
    }

    pub(super) fn learn_accounts(&mut self, tx: &mut ReadTx) -> Result<()> {
        let accounts = Account::list(tx, &Filter::All)?;
        self.accounts = accounts.into_iter().map(|account| (account.code, account.id)).collect();
        Ok(())
    }

    pub(super) fn learn_places(&mut self, tx: &mut ReadTx, warehouse: &inventory::Setup) -> Result<()> {
        let [main, shop] = WAREHOUSES.map(|(code, _)| warehouse.places(tx, code));
        self.places = Some([main?.stock, shop?.stock]);
        Ok(())
    }

    pub(super) fn account(&self, code: &str) -> Result<AccountId> {
        self.accounts.get(code).copied().ok_or_else(|| unknown("account", code))
    }

    pub(super) fn place(&self, store: Store) -> Result<Id<Location>> {
        let [main, shop] = self.places.ok_or_else(|| unknown("warehouse", "MAIN"))?;
        Ok(match store {
            Store::Main => main,
            Store::Shop => shop,
        })
    }

    pub(super) fn customer(&self, place: usize) -> Result<Id<Party>> {
        self.customers.get(place).copied().ok_or_else(|| unknown("customer", &customer_code(place)))
    }

    pub(super) fn supplier(&self, place: usize) -> Result<Id<Party>> {
        self.suppliers.get(place).copied().ok_or_else(|| unknown("supplier", &supplier_code(place)))
    }

    pub(super) fn product(&self, place: usize) -> Result<Id<Product>> {
        self.products.get(place).copied().ok_or_else(|| unknown("product", &place.to_string()))
    }

    pub(super) fn order(&self, place: usize) -> Result<Id<SalesOrder>> {
        self.orders.get(&place).copied().ok_or_else(|| unknown("order", &place.to_string()))
    }

    pub(super) fn purchase(&self, place: usize) -> Result<Id<PurchaseOrder>> {
        self.purchases.get(&place).copied().ok_or_else(|| unknown("purchase", &place.to_string()))
    }

    pub(super) fn invoice(&self, order: usize, nth: usize) -> Result<Id<Invoice>> {
        let found = self.invoices.get(&order).and_then(|invoices| invoices.get(nth));
        found.copied().ok_or_else(|| unknown("invoice of order", &order.to_string()))
    }

    pub(super) fn bill(&self, purchase: usize, nth: usize) -> Result<Id<Invoice>> {
        let found = self.bills.get(&purchase).and_then(|bills| bills.get(nth));
        found.copied().ok_or_else(|| unknown("bill of purchase", &purchase.to_string()))
    }
}

/// Code and name of each warehouse; the first one is where goods arrive and leave.
pub(super) const WAREHOUSES: [(&str, &str); 2] = [("MAIN", "Central warehouse"), ("SHOP", "Shop Innsbruck")];

pub(super) fn customer_code(place: usize) -> String {
    format!("C-{place:03}")
}

pub(super) fn supplier_code(place: usize) -> String {
    format!("V-{place:02}")
}

fn unknown(what: &str, which: &str) -> Error {
    Error::internal("company.demo_plan", format!("the plan names {what} `{which}` before it is there"))
}

#[cfg(test)]
mod tests {
    use super::{customer_code, supplier_code};

    #[test]
    fn codes_sort_like_their_places() {
        assert_eq!((customer_code(7), supplier_code(7)), ("C-007".to_owned(), "V-07".to_owned()));
    }
}
