//! Brings the value ledger of one item up to date from a position on, a step at a time.
//!
//! Whatever happened (a move, a move of an earlier day, a cancelled one, a charge on an old receipt), the item is
//! marked from that position on and valued again from the checkpoint before it. What the ledger says and what is
//! due are compared entry by entry, and only differences are appended. The work ends at the last entry, or as soon
//! as the stock is again what a checkpoint says it was.

use codexion::core::Result;

use super::{Effect, Entry, Position, Valuation, Worth};

mod run;

use run::Run;

/// The part of an item's history whose valuation is in question.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Dirty {
    /// The first entry in question.
    pub from: Position,
    /// The last entry that changed. Behind it nothing is new, so the work may end where the stock is as it was.
    pub until: Position,
}

impl Dirty {
    /// One entry changed.
    #[must_use]
    pub const fn at(position: Position) -> Self {
        Self { from: position, until: position }
    }

    /// Both are in question.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        Self { from: self.from.min(other.from), until: self.until.max(other.until) }
    }
}

/// The stock after an entry, kept so that nobody needs to start from the first one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checkpoint {
    /// After which entry.
    pub at: Position,
    /// How many entries after the checkpoint before it.
    pub since: u32,
    /// The stock.
    pub state: Valuation,
}

/// An entry, and what the ledger says so far it did: per move, the sum of the rows that it caused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Booked {
    /// The entry.
    pub entry: Entry,
    /// Its effects as booked.
    pub effects: Vec<Effect>,
}

/// A customer's return and what it returns.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ReturnLink {
    /// The issue.
    pub issue: Position,
    /// The return of it.
    pub returned: Position,
}

/// The history and the value ledger of one item: a few tables, or a few maps in a test.
pub trait Journal {
    /// The valuation of no stock at all.
    fn empty(&self) -> Valuation;

    /// What is in question, if anything.
    ///
    /// # Errors
    /// When it cannot be read; so for every method below.
    fn dirty(&mut self) -> Result<Option<Dirty>>;

    /// Writes down what is in question.
    ///
    /// # Errors
    /// When it cannot be written; so for every method below.
    fn set_dirty(&mut self, dirty: Option<Dirty>) -> Result<()>;

    /// The last checkpoint before a position.
    ///
    /// # Errors
    /// As above.
    fn checkpoint_before(&mut self, position: Position) -> Result<Option<Checkpoint>>;

    /// The first checkpoint after a position, or the first of all.
    ///
    /// # Errors
    /// As above.
    fn checkpoint_after(&mut self, position: Option<Position>) -> Result<Option<Checkpoint>>;

    /// Keeps a checkpoint; it takes the place of one at the same position.
    ///
    /// # Errors
    /// As above.
    fn keep(&mut self, checkpoint: &Checkpoint) -> Result<()>;

    /// Drops the checkpoint at a position.
    ///
    /// # Errors
    /// As above.
    fn forget(&mut self, at: Position) -> Result<()>;

    /// The next entries after a position, or the first ones, in the order of their positions.
    ///
    /// # Errors
    /// As above.
    fn entries_after(&mut self, position: Option<Position>, entries_max: usize) -> Result<Vec<Booked>>;

    /// Every customer's return after a position, or every one.
    ///
    /// # Errors
    /// As above.
    fn returns_after(&mut self, position: Option<Position>) -> Result<Vec<ReturnLink>>;

    /// What of an issue was still out after the entry at `until`: the rows caused until then, of the issue and of
    /// its returns, with the sign turned.
    ///
    /// # Errors
    /// As above.
    fn worth(&mut self, issue: Position, until: Position) -> Result<Worth>;

    /// Appends rows to the value ledger.
    ///
    /// # Errors
    /// As above.
    fn append(&mut self, rows: &[Effect]) -> Result<()>;
}

/// How much is done at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pace {
    /// Entries valued before the work stops and says where to go on.
    pub entries_max: usize,
    /// Entries read, and rows written, at once.
    pub batch: usize,
    /// Entries between two checkpoints.
    pub spacing: u32,
}

impl Default for Pace {
    /// A step of 20,000 entries, short enough for one transaction beside others. A checkpoint every 512 entries
    /// costs little room and bounds what an append has to read.
    fn default() -> Self {
        Self { entries_max: 20_000, batch: 1_000, spacing: 512 }
    }
}

/// How far the work came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Progress {
    /// Ledger and history agree.
    Done {
        /// How many entries were looked at.
        entries: usize,
    },
    /// The step is used up; what it did is kept when its transaction commits, and the next step goes on.
    More {
        /// How many entries were looked at.
        entries: usize,
        /// The first entry not looked at.
        next: Position,
    },
}

/// Values what is in question, for at most one step.
///
/// # Errors
/// What the journal refuses, and [`ValuationError`](crate::ValuationError) when the history cannot be valued.
pub fn revalue<J: Journal>(journal: &mut J, pace: Pace) -> Result<Progress> {
    let Some(dirty) = journal.dirty()? else { return Ok(Progress::Done { entries: 0 }) };
    let start = journal.checkpoint_before(dirty.from)?;
    let mut run = Run::start(journal, start, dirty, pace)?;
    let mut entries = 0;
    loop {
        // One entry at least, or a step could end where it began.
        let left = pace.entries_max.max(1).saturating_sub(entries);
        let batch = run.next(left.clamp(1, pace.batch.max(1)))?;
        let Some(next) = batch.first().map(|booked| booked.entry.position) else { break };
        if left == 0 {
            run.pause(next)?;
            return Ok(Progress::More { entries, next });
        }
        for booked in &batch {
            entries += 1;
            if run.step(booked)? {
                run.settle()?;
                return Ok(Progress::Done { entries });
            }
        }
        run.flush()?;
    }
    run.finish()?;
    Ok(Progress::Done { entries })
}
