//! What selling and buying have in common: drafting, confirming, giving up, and noting what came of an order.

use codexion::data::Entity;
use codexion::prelude::{Currency, Date, Id, Money, Policy, Repository, Result, Rounding, Tx};

use super::draft::{LineDraft, Side, check_parties, check_references, products_of, resolve};
use super::record::{Taken, take};
use crate::domain::amount::{TotalRule, totals};
use crate::domain::progress::{Document, Overall, StepKind};
use crate::error::OrderError;
use crate::store::{LineTerms, Locked, NewStep, Order, OrderLine, OrderStep, Party, mark_paid, next_number};

/// An order as it is asked for.
pub(super) trait Asked {
    /// What it becomes.
    type Order: Order;
    /// Which of a product's prices counts.
    const SIDE: Side;

    /// What of it the rules need to know.
    fn head(&self) -> AskedHead<'_>;

    /// The order, given what its lines come to.
    fn order(&self, id: Id<Self::Order>, net: Money) -> Self::Order;
}

/// What of an order that is asked for the rules need to know.
pub(super) struct AskedHead<'a> {
    pub(super) party: Id<Party>,
    pub(super) reference: Option<&'a str>,
    pub(super) currency: Currency,
    pub(super) lines: &'a [LineDraft],
}

/// Drafts orders, in a number of statements that grows with neither orders nor lines.
pub(super) fn draft_many<A: Asked, P: Policy<Resource = A::Order>>(
    tx: &mut Tx,
    drafts: &[A],
) -> Result<Vec<Id<A::Order>>> {
    let heads: Vec<AskedHead<'_>> = drafts.iter().map(A::head).collect();
    check_parties(tx, heads.iter().map(|head| head.party), A::SIDE)?;
    let references = heads.iter().filter_map(|head| head.reference);
    check_references(tx, references, |order: A::Order| order.head().reference.map(str::to_owned))?;
    let products = products_of(tx, heads.iter().flat_map(|head| head.lines))?;
    let (mut orders, mut lines) = (Vec::with_capacity(drafts.len()), Vec::new());
    for (draft, head) in drafts.iter().zip(&heads) {
        let resolved = resolve(head.lines, &products, head.currency, A::SIDE)?;
        let order = draft.order(tx.new_id(), net(resolved.iter().map(|line| line.terms), head.currency)?);
        tx.authorize::<P>(&order)?;
        for line in resolved {
            lines.push(OrderLine::new(tx.new_id(), order.key(), line.terms, line.stocked));
        }
        orders.push(order);
    }
    A::Order::insert_many(tx, &orders)?;
    <A::Order as Order>::Line::insert_many(tx, &lines)?;
    Ok(orders.iter().map(|order| order.key()).collect())
}

/// What lines come to without tax, each rounded half up.
fn net<'a>(lines: impl Iterator<Item = LineTerms<'a>>, currency: Currency) -> Result<Money> {
    let rule = TotalRule::per_line(Rounding::HalfUp);
    Ok(totals(lines.map(|line| line.figures()), Money::zero(currency), rule)?.net)
}

/// Confirms an order and gives it its number: its reference where it has one, else the next of the series. Answers
/// the number.
pub(super) fn confirm<O: Order>(tx: &mut Tx, sheet: &mut Locked<O>, series: &str, date: Date) -> Result<String> {
    let (state, overall) = (sheet.order.head().state.confirm()?, sheet.overall()?);
    let number = match sheet.order.head().reference {
        Some(reference) if reference.chars().count() <= NUMBER_MAX => reference.to_owned(),
        _ => next_number(tx, series)?,
    };
    sheet.change(tx, |order| {
        order.confirm(&number, date);
        order.advance(state, overall);
    })?;
    Ok(number)
}

/// Longest number of an order.
const NUMBER_MAX: usize = 40;

/// Gives an order up of which nothing has moved or been invoiced.
pub(super) fn cancel<O: Order>(tx: &mut Tx, sheet: &mut Locked<O>) -> Result<()> {
    let state = sheet.order.head().state.cancel()?;
    if !sheet.steps.is_empty() {
        return Err(OrderError::Begun.into());
    }
    sheet.change(tx, |order| order.advance(state, Overall::OPEN))
}

/// What is noted of an order, and how it is called where the order's state does not allow it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Act {
    pub(super) kind: StepKind,
    pub(super) name: &'static str,
}

/// Checks the parts against what is open and notes them as steps. Answers how far the order has come.
pub(super) fn record<O: Order>(
    tx: &mut Tx,
    sheet: &mut Locked<O>,
    act: Act,
    taken: &Taken<'_, O::Line>,
) -> Result<Overall> {
    take(&mut sheet.progress()?, taken.parts, act.kind)?;
    let first = sheet.steps.last().map_or(1, |step| step.position() + 1);
    let (order, date, document) = (sheet.order.key(), taken.date, taken.document);
    let mut steps = Vec::with_capacity(taken.parts.len());
    for (part, position) in taken.parts.iter().zip(first..) {
        let step = part.step(act.kind);
        steps.push(O::Step::new(tx.new_id(), NewStep { order, position, date, document, step }));
    }
    O::Step::insert_many(tx, &steps)?;
    sheet.extend(steps);
    save(tx, sheet, act.name)
}

/// Notes that an invoice of an order is paid; answers whether that was not known.
pub(super) fn settle<O: Order>(tx: &mut Tx, sheet: &mut Locked<O>, invoice: Id<Document>) -> Result<bool> {
    if !sheet.pay(invoice) {
        return Ok(false);
    }
    mark_paid::<O::Step>(tx, invoice)?;
    save(tx, sheet, "pay")?;
    Ok(true)
}

/// Writes how far the order has come by its steps.
fn save<O: Order>(tx: &mut Tx, sheet: &mut Locked<O>, act: &'static str) -> Result<Overall> {
    let overall = sheet.overall()?;
    let state = sheet.order.head().state.advance(act, overall.is_whole())?;
    sheet.change(tx, |order| order.advance(state, overall))?;
    Ok(overall)
}
