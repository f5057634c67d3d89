//! One step of valuing an item again.

use std::collections::BTreeMap;

use codexion::core::{Money, Quantity, Result};

use super::{Booked, Checkpoint, Dirty, Journal, Pace};
use crate::domain::{Change, Effect, Position, Valuation, Worth};

/// Open layers that one new entry pays for: a head of more layers is written after several entries only, so that
/// an item with thousands of open receipts does not rewrite them all for each move.
const LAYERS_PER_ENTRY: usize = 64;

pub(super) struct Run<'j, J> {
    journal: &'j mut J,
    pace: Pace,
    until: Position,
    /// The checkpoint this step started from.
    start: Option<Position>,
    /// The last checkpoint that is right: where it is and how many entries it covers.
    kept: Option<(Position, u32)>,
    /// The next checkpoint of the time before.
    old: Option<Checkpoint>,
    at: Option<Position>,
    since: u32,
    state: Valuation,
    /// Issues that are returned after the start, with the last return of each.
    returns: BTreeMap<Position, Position>,
    /// What is still out of those.
    worths: BTreeMap<Position, Worth>,
    rows: Vec<Effect>,
}

impl<'j, J: Journal> Run<'j, J> {
    pub(super) fn start(journal: &'j mut J, start: Option<Checkpoint>, dirty: Dirty, pace: Pace) -> Result<Self> {
        let (at, kept, state) = match start {
            Some(checkpoint) => (Some(checkpoint.at), Some((checkpoint.at, checkpoint.since)), checkpoint.state),
            None => (None, None, journal.empty()),
        };
        let old = journal.checkpoint_after(at)?;
        let mut returns = BTreeMap::new();
        for link in journal.returns_after(at)? {
            let last = returns.entry(link.issue).or_insert(link.returned);
            *last = link.returned.max(*last);
        }
        let (worths, rows) = (BTreeMap::new(), Vec::new());
        Ok(Self { journal, pace, until: dirty.until, start: at, kept, old, at, since: 0, state, returns, worths, rows })
    }

    pub(super) fn next(&mut self, entries_max: usize) -> Result<Vec<Booked>> {
        self.journal.entries_after(self.at, entries_max)
    }

    /// Values one entry; true when everything behind it is as it was.
    pub(super) fn step(&mut self, booked: &Booked) -> Result<bool> {
        let position = booked.entry.position;
        let returned = match booked.entry.change {
            Change::CustomerReturn { issue, .. } => Some(issue),
            _ => None,
        };
        let worth = match returned {
            Some(issue) => Some(self.worth(issue)?),
            None => None,
        };
        let due = self.state.apply(&booked.entry, worth)?;
        for effect in &due {
            let issue = if effect.of == position { returned.unwrap_or(effect.of) } else { effect.of };
            if self.returns.contains_key(&issue) {
                let worth = self.worth(issue)?;
                let quantity = worth.quantity.checked_sub(effect.quantity)?;
                let value = worth.value.checked_sub(effect.value)?;
                self.worths.insert(issue, Worth { quantity, value });
            }
        }
        self.correct(&booked.effects, &due)?;
        self.at = Some(position);
        self.since = self.since.saturating_add(1);
        self.pass(position)
    }

    /// Appends what the ledger lacks.
    pub(super) fn flush(&mut self) -> Result<()> {
        if !self.rows.is_empty() {
            self.journal.append(&self.rows)?;
            self.rows.clear();
        }
        Ok(())
    }

    /// The step is used up before the entry `next`.
    pub(super) fn pause(&mut self, next: Position) -> Result<()> {
        self.flush()?;
        self.keep_here()?;
        self.journal.set_dirty(Some(Dirty { from: next, until: self.until.max(next) }))
    }

    /// The rest of the history is valued rightly.
    pub(super) fn settle(&mut self) -> Result<()> {
        self.flush()?;
        self.journal.set_dirty(None)
    }

    /// The last entry is valued.
    pub(super) fn finish(&mut self) -> Result<()> {
        let entries = usize::try_from(self.since).unwrap_or(usize::MAX);
        if entries.saturating_mul(LAYERS_PER_ENTRY) >= self.state.layers().len() {
            let replaced = self.kept.filter(|(_, since)| *since < self.pace.spacing);
            self.since = self.since.saturating_add(replaced.map_or(0, |(_, since)| since));
            if self.keep_here()?
                && let Some((at, _)) = replaced
            {
                self.journal.forget(at)?;
            }
        }
        self.settle()
    }

    /// Compares with, or replaces, the checkpoint of the time before at this place; else keeps one now and then.
    fn pass(&mut self, position: Position) -> Result<bool> {
        while let Some(old) = self.old.take_if(|old| old.at <= position) {
            if old.at == position {
                if position >= self.until && old.state == self.state {
                    return Ok(true);
                }
                self.keep_here()?;
            } else {
                self.journal.forget(old.at)?;
            }
            self.old = self.journal.checkpoint_after(Some(old.at))?;
        }
        if self.since >= self.pace.spacing {
            self.keep_here()?;
        }
        Ok(false)
    }

    /// Keeps a checkpoint at this place, unless there is one already.
    fn keep_here(&mut self) -> Result<bool> {
        let Some(at) = self.at.filter(|at| self.kept.is_none_or(|(kept, _)| kept != *at)) else { return Ok(false) };
        let checkpoint = Checkpoint { at, since: self.since, state: self.state.clone() };
        self.journal.keep(&checkpoint)?;
        self.kept = Some((at, self.since));
        self.since = 0;
        Ok(true)
    }

    /// What is still out of an issue: what the ledger said before this step, and what the step did since.
    fn worth(&mut self, issue: Position) -> Result<Worth> {
        if let Some(worth) = self.worths.get(&issue) {
            return Ok(*worth);
        }
        let worth = match self.start.filter(|start| issue <= *start) {
            Some(start) => self.journal.worth(issue, start)?,
            None => {
                let (quantity, value) = (self.state.quantity(), self.state.value());
                Worth { quantity: Quantity::zero(quantity.unit()), value: Money::zero(value.currency()) }
            }
        };
        self.worths.insert(issue, worth);
        Ok(worth)
    }

    /// Notes the differences between what is booked and what is due.
    fn correct(&mut self, booked: &[Effect], due: &[Effect]) -> Result<()> {
        if booked == due {
            return Ok(());
        }
        for effect in due {
            let row = match booked.iter().find(|row| row.of == effect.of) {
                Some(row) => Effect {
                    quantity: effect.quantity.checked_sub(row.quantity)?,
                    value: effect.value.checked_sub(row.value)?,
                    ..*effect
                },
                None => *effect,
            };
            self.note(row);
        }
        for row in booked.iter().filter(|row| due.iter().all(|effect| effect.of != row.of)) {
            let (quantity, value) = (row.quantity.checked_neg()?, row.value.checked_neg()?);
            self.note(Effect { quantity, value, ..*row });
        }
        Ok(())
    }

    /// A changed issue changes its returns, so the work may not end before the last of them.
    fn note(&mut self, row: Effect) {
        if row.is_zero() {
            return;
        }
        if let Some(last) = self.returns.get(&row.of) {
            self.until = self.until.max(*last);
        }
        self.rows.push(row);
    }
}
