//! How much of an order has moved, been invoiced and been paid, and which move belongs to which invoice line.

use codexion::core::QuantityError;
use codexion::prelude::{Choice, Id, Quantity};

use super::state::{InvoiceOn, Progress, ShipOn};
use crate::error::StepError;

/// A shipment, a receipt, an invoice or a bill, whichever module keeps it; never constructed.
#[derive(Debug)]
pub enum Document {}

/// A line of a [`Document`], or the stock move behind it; never constructed.
#[derive(Debug)]
pub enum DocumentLine {}

/// What happened to a part of an order line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Choice)]
pub enum StepKind {
    /// Goods left or arrived.
    Moved,
    /// An invoice or a bill was made.
    Invoiced,
}

/// One thing that happened to an order line with a key `K`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Step<K> {
    /// The order line.
    pub line: K,
    /// What happened.
    pub kind: StepKind,
    /// To how much of it.
    pub quantity: Quantity,
    /// The line of the other module's document.
    pub document_line: Id<DocumentLine>,
    /// Whether the invoice is paid.
    pub paid: bool,
}

/// How far an order line has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LineProgress<K> {
    /// The order line.
    pub line: K,
    /// As agreed.
    pub ordered: Quantity,
    /// Left or arrived.
    pub moved: Quantity,
    /// On invoices or bills.
    pub invoiced: Quantity,
    /// On invoices or bills that are paid.
    pub paid: Quantity,
}

/// A part of an invoice line and the move that it charges for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Link<K> {
    /// The order line of both.
    pub line: K,
    /// The move.
    pub movement: Id<DocumentLine>,
    /// The invoice line.
    pub invoice_line: Id<DocumentLine>,
    /// How much they have in common.
    pub quantity: Quantity,
}

impl<K: Copy + PartialEq> LineProgress<K> {
    /// How far a line of an order has come by `steps`, which may hold those of other lines.
    ///
    /// # Errors
    /// [`QuantityError`] when the steps are in another unit than the line.
    pub fn of(line: K, ordered: Quantity, steps: &[Step<K>]) -> Result<Self, QuantityError> {
        let zero = Quantity::zero(ordered.unit());
        let mut progress = Self { line, ordered, moved: zero, invoiced: zero, paid: zero };
        for step in steps.iter().filter(|step| step.line == line) {
            progress.add(step)?;
        }
        Ok(progress)
    }

    fn add(&mut self, step: &Step<K>) -> Result<(), QuantityError> {
        match step.kind {
            StepKind::Moved => self.moved = self.moved.checked_add(step.quantity)?,
            StepKind::Invoiced => {
                self.invoiced = self.invoiced.checked_add(step.quantity)?;
                if step.paid {
                    self.paid = self.paid.checked_add(step.quantity)?;
                }
            }
        }
        Ok(())
    }

    /// What may move now, not below zero.
    ///
    /// # Errors
    /// [`QuantityError`] as above.
    pub fn to_move(&self, on: ShipOn) -> Result<Quantity, QuantityError> {
        let due = match on {
            ShipOn::Order => self.ordered,
            ShipOn::Payment => self.paid,
        };
        above_zero(due.checked_sub(self.moved)?)
    }

    /// What may be invoiced now, not below zero.
    ///
    /// # Errors
    /// [`QuantityError`] as above.
    pub fn to_invoice(&self, on: InvoiceOn) -> Result<Quantity, QuantityError> {
        let due = match on {
            InvoiceOn::Order => self.ordered,
            InvoiceOn::Shipment => self.moved,
        };
        above_zero(due.checked_sub(self.invoiced)?)
    }

    /// Adds a step, if the line has room for it: nothing is moved or invoiced that was not ordered.
    ///
    /// # Errors
    /// [`StepError`] when the quantity is not above zero, in another unit, or more than is open.
    pub fn take(&mut self, step: &Step<K>) -> Result<(), StepError> {
        if !step.quantity.is_positive() {
            return Err(StepError::NotPositive { quantity: step.quantity });
        }
        let done = match step.kind {
            StepKind::Moved => self.moved,
            StepKind::Invoiced => self.invoiced,
        };
        let open = self.ordered.checked_sub(done)?;
        if step.quantity.checked_cmp(open)?.is_gt() {
            return Err(StepError::TooMuch { quantity: step.quantity, open });
        }
        Ok(self.add(step)?)
    }
}

fn above_zero(quantity: Quantity) -> Result<Quantity, QuantityError> {
    Ok(if quantity.is_negative() { Quantity::zero(quantity.unit()) } else { quantity })
}

/// How far an order has come in each respect.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Overall {
    /// Left or arrived.
    pub moved: Progress,
    /// On invoices or bills.
    pub invoiced: Progress,
    /// On invoices or bills that are paid.
    pub paid: Progress,
}

impl Overall {
    /// Nothing came of it yet.
    pub const OPEN: Self = Self { moved: Progress::Open, invoiced: Progress::Open, paid: Progress::Open };

    /// Of all lines, and of those with goods as to what moves.
    #[must_use]
    pub fn of<K: Copy>(lines: &[LineProgress<K>], goods: impl Fn(K) -> bool) -> Self {
        let movable: Vec<_> = lines.iter().filter(|line| goods(line.line)).copied().collect();
        Self {
            moved: overall(&movable, |line| line.moved),
            invoiced: overall(lines, |line| line.invoiced),
            paid: overall(lines, |line| line.paid),
        }
    }

    /// Whether nothing is left to do.
    #[must_use]
    pub fn is_whole(self) -> bool {
        [self.moved, self.invoiced, self.paid].iter().all(|progress| *progress == Progress::Whole)
    }
}

/// How far all of `lines` have come, given what was `done` of each; no lines are whole.
#[must_use]
pub fn overall<K>(lines: &[LineProgress<K>], done: impl Fn(&LineProgress<K>) -> Quantity) -> Progress {
    if lines.iter().all(|line| done(line).scaled() >= line.ordered.scaled()) {
        return Progress::Whole;
    }
    if lines.iter().all(|line| done(line).is_zero()) { Progress::Open } else { Progress::Partly }
}

/// Which move each invoice line charges for: for each order line, the oldest move meets the oldest invoice line.
///
/// # Errors
/// [`QuantityError`] when the steps of a line are in different units.
pub fn links<K: Copy + PartialEq>(steps: &[Step<K>]) -> Result<Vec<Link<K>>, QuantityError> {
    let mut moves = rest_of(steps, StepKind::Moved);
    let mut links = Vec::new();
    for (invoiced, mut open) in rest_of(steps, StepKind::Invoiced) {
        for (moved, left) in moves.iter_mut().filter(|(moved, _)| moved.line == invoiced.line) {
            let quantity = if left.checked_cmp(open)?.is_lt() { *left } else { open };
            if !quantity.is_positive() {
                continue;
            }
            *left = left.checked_sub(quantity)?;
            open = open.checked_sub(quantity)?;
            let (movement, invoice_line) = (moved.document_line, invoiced.document_line);
            links.push(Link { line: invoiced.line, movement, invoice_line, quantity });
        }
    }
    Ok(links)
}

/// The steps of a kind with what is not linked yet.
fn rest_of<K>(steps: &[Step<K>], kind: StepKind) -> Vec<(&Step<K>, Quantity)> {
    steps.iter().filter(|step| step.kind == kind).map(|step| (step, step.quantity)).collect()
}
