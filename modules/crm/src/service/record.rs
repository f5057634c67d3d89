//! What other modules report about an order: parts of its lines that moved or were invoiced.

use codexion::prelude::{Date, Id, Quantity};

use crate::domain::progress::{Document, DocumentLine, LineProgress, Step, StepKind};
use crate::error::StepError;

/// A part of an order line that a document of another module takes care of.
#[derive(Debug, PartialEq, Eq)]
pub struct Part<L> {
    /// The order line.
    pub line: Id<L>,
    /// How much of it.
    pub quantity: Quantity,
    /// The stock move, or the line of the invoice.
    pub document_line: Id<DocumentLine>,
}

/// The parts of an order that one document takes care of.
#[derive(Debug, PartialEq, Eq)]
pub struct Taken<'a, L> {
    /// The shipment, receipt, invoice or bill.
    pub document: Id<Document>,
    /// Its date.
    pub date: Date,
    /// What it takes.
    pub parts: &'a [Part<L>],
}

impl<L> Part<L> {
    pub(super) const fn step(&self, kind: StepKind) -> Step<Id<L>> {
        let (line, quantity, document_line) = (self.line, self.quantity, self.document_line);
        Step { line, kind, quantity, document_line, paid: false }
    }
}

/// Adds the parts to the progress of their lines; none may take more than is open.
pub(super) fn take<L>(
    progress: &mut [LineProgress<Id<L>>],
    parts: &[Part<L>],
    kind: StepKind,
) -> Result<(), StepError> {
    if parts.is_empty() {
        return Err(StepError::Nothing);
    }
    for part in parts {
        let line = progress.iter_mut().find(|line| line.line == part.line);
        let line = line.ok_or_else(|| StepError::UnknownLine { line: part.line.to_string() })?;
        line.take(&part.step(kind))?;
    }
    Ok(())
}
