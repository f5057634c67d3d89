//! The orders as they came and went, replayed day by day.

use std::collections::{BTreeSet, HashMap};

use codexion::prelude::{Choice, Date, Error, Filter, Id, Repository, Result, Tx, Value, Work};
use crm::{LineDraft, OrderDraft, Party, Product, Progress, SalesOrder, SalesStep, StepKind};
use crm_finance::Charge;
use crm_inventory::Dispatch;

use super::data::{NorthwindData, OrderRow};
use super::{CURRENCY, Northwind};
use crate::import::Step;

/// Steps per unit of work: many enough that waiting for the disk does not count, few enough that others who write
/// meanwhile wait for less than a second.
const BATCH: usize = 32;

/// What happened to an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum What {
    /// It came in, and was confirmed and invoiced.
    Ordered,
    /// It left, and was paid.
    Shipped,
}

/// What happened to which order, and when.
#[derive(Debug, Clone, Copy)]
struct Happening<'a> {
    date: Date,
    what: What,
    order: &'a OrderRow,
}

/// Whom and what the orders name.
struct Names {
    customers: HashMap<String, Id<Party>>,
    products: HashMap<String, Id<Product>>,
}

impl Northwind {
    /// Takes the steps that are not taken yet, and says how many.
    pub(super) fn replay(
        &self,
        work: &Work,
        data: &NorthwindData,
        told: &mut dyn FnMut(Step) -> Result<()>,
    ) -> Result<u64> {
        let happenings = happenings(data);
        let names = work.read_blocking(|tx| {
            let parties = Party::list(tx, &Filter::eq("customer", true))?;
            let products = Product::list(tx, &Filter::All)?;
            Ok(Names {
                customers: parties.into_iter().map(|party| (party.code, party.id)).collect(),
                products: products.into_iter().map(|product| (product.sku, product.id)).collect(),
            })
        })?;
        let of = 1 + count(happenings.len());
        let (mut done, mut taken) = (1, 0);
        if let Some(first) = happenings.first() {
            told(Step { done, of, date: first.date })?;
        }
        for batch in happenings.chunks(BATCH) {
            taken += work.write_blocking(|tx| self.happen(tx, batch, &names))?;
            done += count(batch.len());
            let date = batch.last().map_or_else(Date::default, |last| last.date);
            told(Step { done, of, date })?;
        }
        Ok(taken)
    }

    fn happen(&self, tx: &mut Tx, batch: &[Happening<'_>], names: &Names) -> Result<u64> {
        let mut known = known(tx, batch)?;
        let mut taken = 0;
        let new: Vec<&OrderRow> = batch
            .iter()
            .filter(|happening| happening.what == What::Ordered && !known.contains_key(&happening.order.number))
            .map(|happening| happening.order)
            .collect();
        let drafts = new.iter().map(|order| draft(order, names)).collect::<Result<Vec<_>>>()?;
        let ids = self.orders.draft_many(tx, &drafts)?;
        let drafted: HashMap<&str, Id<SalesOrder>> = new.iter().map(|order| order.number.as_str()).zip(ids).collect();
        for Happening { date, what, order } in batch {
            match what {
                What::Ordered => {
                    let Some(id) = drafted.get(order.number.as_str()) else { continue };
                    self.orders.confirm(tx, *id, *date)?;
                    self.billing.invoice(tx, *id, &Charge::all(*date))?;
                    known.insert(order.number.clone(), (*id, false));
                }
                What::Shipped => {
                    let Some((id, false)) = known.get(&order.number) else { continue };
                    self.shipping.ship_order(tx, *id, &Dispatch::all(*date))?;
                    self.pay(tx, *id, *date)?;
                }
            }
            taken += 1;
        }
        Ok(taken)
    }

    /// Records that the invoices of an order were paid.
    fn pay(&self, tx: &mut Tx, order: Id<SalesOrder>, date: Date) -> Result<()> {
        let unpaid = Filter::eq("kind", StepKind::Invoiced.as_str()).and(Filter::eq("paid", false));
        let steps = SalesStep::list(tx, &Filter::eq("sales_order", order).and(unpaid))?;
        let invoices: BTreeSet<_> = steps.iter().map(|step| step.document).collect();
        for invoice in invoices {
            self.billing.pay_in_full(tx, Id::from_uuid(invoice.uuid()), date)?;
        }
        Ok(())
    }
}

/// Everything that happened, in its order.
fn happenings(data: &NorthwindData) -> Vec<Happening<'_>> {
    let ordered = data.orders.iter().map(|order| Happening { date: order.ordered, what: What::Ordered, order });
    let shipped = data.orders.iter().filter_map(|order| {
        let date = order.shipped?;
        Some(Happening { date, what: What::Shipped, order })
    });
    let mut all: Vec<_> = ordered.chain(shipped).collect();
    // On the same day an order comes in before it leaves; otherwise the order of the files stays.
    all.sort_by_key(|happening| (happening.date, happening.what));
    all
}

/// The orders of a batch that are there already, and whether they left.
fn known(tx: &mut Tx, batch: &[Happening<'_>]) -> Result<HashMap<String, (Id<SalesOrder>, bool)>> {
    let values = batch.iter().map(|happening| Value::from(happening.order.number.as_str())).collect();
    let orders = SalesOrder::list(tx, &Filter::In { column: "reference", values })?;
    let known = |order: SalesOrder| Some((order.reference?, (order.id, order.shipped == Progress::Whole)));
    Ok(orders.into_iter().filter_map(known).collect())
}

fn draft(order: &OrderRow, names: &Names) -> Result<OrderDraft> {
    let missing = |what: &str, code: &str| {
        let message = format!("the {what} `{code}` is no longer in the books");
        Error::refused("import.gone", message).with_help("start over with `--fresh`")
    };
    let customer = *names.customers.get(&order.customer).ok_or_else(|| missing("customer", &order.customer))?;
    let mut lines = Vec::with_capacity(order.lines.len());
    for line in &order.lines {
        let product = *names.products.get(&line.product).ok_or_else(|| missing("product", &line.product))?;
        lines.push(LineDraft::of(product, line.quantity).at(line.price).less(line.discount));
    }
    let mut draft = OrderDraft::new(customer, order.ordered, CURRENCY, lines);
    draft.reference = Some(order.number.clone());
    draft.requested = Some(order.required);
    draft.freight = Some(order.freight);
    draft.ship_to = Some(order.ship_to.clone()).filter(|address| !address.is_empty());
    Ok(draft)
}

fn count(length: usize) -> u64 {
    u64::try_from(length).unwrap_or(u64::MAX)
}
