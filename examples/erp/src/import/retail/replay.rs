//! The documents as they came, written day by day.

use std::collections::HashMap;

use codexion::prelude::{Choice, Error, Filter, Id, Money, Price, Quantity, ReadTx, Repository, Result, Tx, Work};
use crm::{LineDraft, OrderDraft, Party, Product};
use crm_finance::Charge;
use crm_inventory::{Dispatch, Shipping};
use finance::domain::{Entry, Line as EntryLine};
use finance::{InvoiceKind, NewInvoice, NewInvoiceLine, Origin, Role};
use inventory::{Location, LocationKind, Receipt};

use super::documents::{Days, Document};
use super::file::RetailFile;
use super::opening::{begun, pieces};
use super::survey::Survey;
use super::{CURRENCY, OnlineRetail};
use crate::import::{ImportError, Step};
use crate::store::RetailState;

/// Lines after which a unit of work ends: many enough that waiting for the disk does not count, few enough that others
/// who write meanwhile wait for about a second.
const BATCH_LINES: usize = 1_000;

/// What documents name.
struct Names {
    parties: HashMap<String, Id<Party>>,
    products: HashMap<String, Product>,
    /// Where goods are kept.
    stock: Id<Location>,
    /// Where goods that come back come from.
    customers: Id<Location>,
}

/// Documents of one unit of work, and how many are done before it.
struct Batch<'a> {
    done: i64,
    documents: &'a [Document],
}

impl OnlineRetail {
    /// Writes the documents that are not there yet, and says how many.
    pub(super) fn replay(
        &self,
        work: &Work,
        file: &RetailFile,
        survey: &Survey,
        told: &mut dyn FnMut(Step) -> Result<()>,
    ) -> Result<u64> {
        let mut done = begun(work, survey)?.map_or(0, |state| state.done);
        let names = work.read_blocking(|tx| self.names(tx))?;
        let (mut days, of) = (Days::of(file)?, survey.documents());
        let (mut before, mut written) = (0, 0);
        while let Some(day) = days.next()? {
            let known = usize::try_from(done - before).unwrap_or(0).min(day.documents.len());
            before += count(day.documents.len());
            let mut rest = day.documents.get(known..).unwrap_or_default();
            while !rest.is_empty() {
                let (documents, later) = rest.split_at(batch(rest));
                let batch = Batch { done, documents };
                work.write_blocking(|tx| self.write(tx, &batch, &names))?;
                done += count(documents.len());
                written += documents.len() as u64;
                rest = later;
                told(Step { done: done.unsigned_abs(), of, date: day.date })?;
            }
        }
        Ok(written)
    }

    fn names(&self, tx: &mut ReadTx) -> Result<Names> {
        let parties = Party::list(tx, &Filter::eq("customer", true))?;
        let products = Product::list(tx, &Filter::All)?;
        let outside = Location::list(tx, &Filter::eq("kind", LocationKind::Customer.as_str()))?;
        Ok(Names {
            parties: parties.into_iter().map(|party| (party.code, party.id)).collect(),
            products: products.into_iter().map(|product| (product.sku.clone(), product)).collect(),
            stock: self.places.stock_of(tx, &self.settings.warehouse)?,
            customers: outside.first().map(|place| place.id).ok_or_else(|| gone("place", "customers"))?,
        })
    }

    /// One unit of work. What it notes first is locked by it, so that of two imports at once one waits and then stops.
    fn write(&self, tx: &mut Tx, batch: &Batch<'_>, names: &Names) -> Result<()> {
        let id = RetailState::of(tx.tenant());
        RetailState::update(tx, id, |state| {
            if state.done != batch.done {
                return Err(ImportError::Elsewhere.into());
            }
            state.done += count(batch.documents.len());
            Ok(())
        })?;
        let sales: Vec<&Document> = batch.documents.iter().filter(|document| !document.is_credit).collect();
        let drafts = sales.iter().map(|document| names.order(document)).collect::<Result<Vec<_>>>()?;
        let mut orders = self.orders.draft_many(tx, &drafts)?.into_iter();
        for document in batch.documents {
            if document.is_credit {
                self.credit(tx, document, names)?;
                continue;
            }
            let Some(order) = orders.next() else { continue };
            self.orders.confirm(tx, order, document.date)?;
            if names.has_goods(document)? {
                self.shipping.ship_order(tx, order, &Dispatch::all(document.date))?;
            }
            self.billing.invoice(tx, order, &Charge::all(document.date))?;
        }
        Ok(())
    }

    /// A cancellation is a credit note of its own, since it does not name the invoice that it takes back.
    fn credit(&self, tx: &mut Tx, document: &Document, names: &Names) -> Result<()> {
        let party = Id::from_uuid(names.party(document)?.uuid());
        let mut note = NewInvoice::customer(party, document.date, CURRENCY);
        note.kind = InvoiceKind::CreditNote;
        note.reference.clone_from(&document.number);
        note.text = format!("cancellation {}", document.number);
        let mut back = Vec::new();
        for line in &document.lines {
            let product = names.product(&line.code)?;
            let price = Price::new(line.price, CURRENCY)?;
            note.lines.push(NewInvoiceLine::new(&product.name, pieces(line.quantity)?, price));
            if product.stocked {
                back.push(names.back(document, product, pieces(-line.quantity)?)?);
            }
        }
        let (note, _) = self.invoices.issue(tx, &note)?;
        let moved = self.stock.receive_all(tx, &back)?;
        let value = Money::sum(moved.iter().map(|moved| moved.value), CURRENCY)?;
        if value.is_zero() {
            return Ok(());
        }
        // Goods that arrive wait for a bill. These don't: they were sold, and cost nothing after all.
        let accounts = self.ledger.accounts(tx, &[Role::GoodsReceivedNotInvoiced, Role::CostOfGoodsSold])?;
        let sides = [EntryLine::debit, EntryLine::credit];
        let lines = accounts.iter().zip(sides).map(|(account, side)| side(*account, value)).collect();
        let entry = Entry::new(document.date, CURRENCY, &format!("goods of {}", document.number), lines)?;
        self.ledger.post(tx, &entry, &Origin::of("finance.invoice", note.id)).map(|_| ())
    }
}

/// How many of the documents are the next unit of work.
fn batch(documents: &[Document]) -> usize {
    let mut lines = 0;
    let fits = documents.iter().take_while(|document| {
        let first = lines == 0;
        lines += document.lines.len();
        first || lines <= BATCH_LINES
    });
    fits.count()
}

impl Names {
    fn party(&self, document: &Document) -> Result<Id<Party>> {
        self.parties.get(&document.party).copied().ok_or_else(|| gone("customer", &document.party))
    }

    fn product(&self, code: &str) -> Result<&Product> {
        self.products.get(code).ok_or_else(|| gone("product", code))
    }

    fn has_goods(&self, document: &Document) -> Result<bool> {
        let mut stocked = document.lines.iter().map(|line| Ok(self.product(&line.code)?.stocked));
        stocked.try_fold(false, |any, stocked: Result<bool>| Ok(any || stocked?))
    }

    fn order(&self, document: &Document) -> Result<OrderDraft> {
        let mut lines = Vec::with_capacity(document.lines.len());
        for line in &document.lines {
            let draft = LineDraft::of(self.product(&line.code)?.id, pieces(line.quantity)?);
            lines.push(draft.at(Price::new(line.price, CURRENCY)?));
        }
        let mut draft = OrderDraft::new(self.party(document)?, document.date, CURRENCY, lines);
        draft.reference = Some(document.number.clone());
        draft.ship_to = Some(document.country.clone());
        Ok(draft)
    }

    fn back(&self, document: &Document, product: &Product, quantity: Quantity) -> Result<Receipt> {
        let unit_cost = product.purchase_price.ok_or_else(|| gone("cost of the product", &product.sku))?;
        let (item, origin) = (Shipping::item_of(product.id), Some(format!("cancellation {}", document.number)));
        let (to, from, date) = (self.stock, Some(self.customers), document.date);
        Ok(Receipt { item, to, quantity, unit_cost, date, from, origin })
    }
}

fn count(documents: usize) -> i64 {
    i64::try_from(documents).unwrap_or(i64::MAX)
}

fn gone(what: &str, code: &str) -> Error {
    let message = format!("the {what} `{code}` is no longer in the books");
    Error::refused("import.gone", message).with_help("start over with `--fresh`")
}
