//! An order of either side with its lines and what happened to them.

use std::collections::HashMap;
use std::ops::Deref;

use codexion::core::QuantityError;
use codexion::data::{Entity, Statement};
use codexion::prelude::{Choice, Execute, Id, Quantity, ReadTx, Result, Tx, Value};

use super::all_of;
use super::order::{Order, OrderLine, OrderStep};
use crate::domain::amount::{TotalRule, Totals, totals};
use crate::domain::progress::{Document, LineProgress, Link, Overall, Step, StepKind, links};
use crate::domain::state::InvoiceOn;
use crate::error::AmountError;

/// An order with its lines and what happened to them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sheet<O: Order> {
    /// The order.
    pub order: O,
    /// In order.
    pub lines: Vec<O::Line>,
    /// In the order in which they happened.
    pub steps: Vec<O::Step>,
}

impl<O: Order> Sheet<O> {
    /// The order with its lines and steps: three questions.
    ///
    /// # Errors
    /// There is no such order.
    pub fn load(tx: &mut ReadTx, id: Id<O>) -> Result<Self> {
        let order = O::get(tx, id)?;
        Self::complete(tx, order)
    }

    /// The orders with their lines and steps, in the order of `ids`: three questions for all of them. Those that
    /// don't exist are left out.
    ///
    /// # Errors
    /// More ids than one call of [`Repository::get_many`](codexion::prelude::Repository::get_many) takes.
    pub fn load_many(tx: &mut ReadTx, ids: &[Id<O>]) -> Result<Vec<Self>> {
        let orders = O::get_many(tx, ids)?;
        let keys: Vec<Value> = orders.iter().map(|order| order.key().into()).collect();
        let mut lines: HashMap<_, Vec<O::Line>> = HashMap::new();
        for line in all_of::<O::Line>(tx, O::COLUMN, &keys)? {
            lines.entry(line.order()).or_default().push(line);
        }
        let mut steps: HashMap<_, Vec<O::Step>> = HashMap::new();
        for step in all_of::<O::Step>(tx, O::COLUMN, &keys)? {
            steps.entry(step.order()).or_default().push(step);
        }
        let sheet = |order: O| {
            let (lines, steps) = (lines.remove(&order.key()), steps.remove(&order.key()));
            Self::sorted(order, lines.unwrap_or_default(), steps.unwrap_or_default())
        };
        Ok(orders.into_iter().map(sheet).collect())
    }

    /// The same with the order's row locked until the commit, so that its steps are taken one after the other.
    ///
    /// # Errors
    /// As [`load`](Self::load).
    pub fn lock(tx: &mut Tx, id: Id<O>) -> Result<Locked<O>> {
        let order = O::update(tx, id, |_| Ok(()))?;
        Self::complete(tx, order).map(Locked)
    }

    fn complete(tx: &mut ReadTx, order: O) -> Result<Self> {
        let lines = all_of(tx, O::COLUMN, &[order.key().into()])?;
        let steps = all_of(tx, O::COLUMN, &[order.key().into()])?;
        Ok(Self::sorted(order, lines, steps))
    }

    fn sorted(order: O, mut lines: Vec<O::Line>, mut steps: Vec<O::Step>) -> Self {
        lines.sort_by_key(|line| line.terms().position);
        steps.sort_by_key(OrderStep::position);
        Self { order, lines, steps }
    }

    /// A line of it.
    #[must_use]
    pub fn line(&self, id: Id<O::Line>) -> Option<&O::Line> {
        self.lines.iter().find(|line| line.key() == id)
    }

    /// What it comes to.
    ///
    /// # Errors
    /// [`AmountError`] when an amount does not fit.
    pub fn totals(&self, rule: TotalRule) -> Result<Totals, AmountError> {
        totals(self.lines.iter().map(|line| line.terms().figures()), self.order.head().freight, rule)
    }

    /// How far each line has come.
    ///
    /// # Errors
    /// [`QuantityError`] when a step is in another unit than its line.
    pub fn progress(&self) -> Result<Vec<LineProgress<Id<O::Line>>>, QuantityError> {
        let steps = self.domain_steps();
        self.lines.iter().map(|line| LineProgress::of(line.key(), line.terms().quantity, &steps)).collect()
    }

    /// How far the whole order has come. Services don't move.
    ///
    /// # Errors
    /// As [`progress`](Self::progress).
    pub fn overall(&self) -> Result<Overall, QuantityError> {
        Ok(Overall::of(&self.progress()?, |line| self.line(line).is_some_and(O::Line::stocked)))
    }

    /// What may be shipped or received now: lines with something open, and how much of each. Services don't move.
    ///
    /// # Errors
    /// As [`progress`](Self::progress).
    pub fn to_move(&self) -> Result<Vec<(&O::Line, Quantity)>, QuantityError> {
        let goods = self.lines.iter().zip(self.progress()?).filter(|(line, _)| line.stocked());
        above_zero(goods.map(|(line, progress)| Ok((line, progress.to_move(self.order.head().ship_on)?))))
    }

    /// What may be invoiced or billed now: lines with something open, and how much of each. Services don't wait for
    /// a shipment.
    ///
    /// # Errors
    /// As [`progress`](Self::progress).
    pub fn to_invoice(&self) -> Result<Vec<(&O::Line, Quantity)>, QuantityError> {
        let open = self.lines.iter().zip(self.progress()?).map(|(line, progress)| {
            let on = if line.stocked() { self.order.head().invoice_on } else { InvoiceOn::Order };
            Ok((line, progress.to_invoice(on)?))
        });
        above_zero(open)
    }

    /// Which stock move each line of an invoice or a bill charges for.
    ///
    /// # Errors
    /// As [`progress`](Self::progress).
    pub fn links(&self) -> Result<Vec<Link<Id<O::Line>>>, QuantityError> {
        links(&self.domain_steps())
    }

    fn domain_steps(&self) -> Vec<Step<Id<O::Line>>> {
        self.steps.iter().map(OrderStep::step).collect()
    }
}

/// A sheet whose order's row is locked until the commit, by [`Sheet::lock`]: what it says is what is stored.
#[derive(Debug)]
pub struct Locked<O: Order>(Sheet<O>);

impl<O: Order> Locked<O> {
    /// The sheet.
    #[must_use]
    pub fn into_sheet(self) -> Sheet<O> {
        self.0
    }

    /// Changes the order, stored and here.
    pub(crate) fn change(&mut self, tx: &mut Tx, change: impl FnOnce(&mut O)) -> Result<()> {
        self.0.order = O::update(tx, self.0.order.key(), |order| {
            change(order);
            Ok(())
        })?;
        Ok(())
    }

    /// Adds steps that are stored.
    pub(crate) fn extend(&mut self, steps: Vec<O::Step>) {
        self.0.steps.extend(steps);
    }

    /// Notes here that an invoice is paid; answers whether there was something of it to be paid.
    pub(crate) fn pay(&mut self, invoice: Id<Document>) -> bool {
        let of_invoice = |step: &&mut O::Step| step.step().kind == StepKind::Invoiced && step.document() == invoice;
        let unpaid = self.0.steps.iter_mut().filter(of_invoice).filter(|step| !step.step().paid);
        unpaid.map(OrderStep::pay).count() > 0
    }

    /// The sheet, for hooks that may not keep what they change.
    pub(crate) fn as_mut(&mut self) -> &mut Sheet<O> {
        &mut self.0
    }
}

impl<O: Order> Deref for Locked<O> {
    type Target = Sheet<O>;

    fn deref(&self) -> &Sheet<O> {
        &self.0
    }
}

/// Notes that an invoice is paid, in one statement.
pub(crate) fn mark_paid<S: OrderStep>(tx: &mut Tx, document: Id<Document>) -> Result<()> {
    let mut sql = Statement::new("UPDATE ");
    sql.name(S::META.table).push(" SET paid = ").bind(true).push(" WHERE tenant_id = ").bind(tx.tenant());
    sql.push(" AND document = ").bind(document).push(" AND kind = ").bind(StepKind::Invoiced.as_str());
    sql.run(tx).map(|_| ())
}

/// What is open of lines, without those of which nothing is.
fn above_zero<L>(
    open: impl Iterator<Item = Result<(L, Quantity), QuantityError>>,
) -> Result<Vec<(L, Quantity)>, QuantityError> {
    open.filter(|item| item.as_ref().is_ok_and(|(_, quantity)| quantity.is_positive()) || item.is_err()).collect()
}
