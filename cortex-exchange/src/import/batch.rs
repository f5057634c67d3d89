//! One step of an import: rows become records, few statements for many of them, and every bad row is found.

use std::collections::{HashMap, HashSet};

use cortex_core::{Error, Result};
use cortex_data::{Meta, Row, Tx, Value};
use uuid::Uuid;

use super::key::Key;
use super::{Import, is_of_row, row_errors};
use crate::lookup::Lookups;
use crate::plan::{Draft, Plan};
use crate::read::Line;
use crate::report::{RowError, Tally};

/// Records per statement. Sizes are powers of two, so that a connection prepares few statements however many rows
/// are left out between.
const INSERT_MAX: usize = 512;
/// Keys per statement.
const KEYS_BATCH: usize = 200;
/// New records after which the database counts them, so that it finds those of a key by its index.
const COUNT_FIRST: u64 = 4_096;
/// How many times as many there are whenever it counts them again.
const COUNT_GROWTH: u64 = 4;

impl Import<'_> {
    /// Stores rows, and counts what became of each.
    pub(super) fn store(
        &self,
        tx: &mut Tx,
        plan: &Plan,
        lookups: &mut Lookups,
        lines: &[Line],
        tally: &mut Tally,
    ) -> Result<()> {
        let before = counts(tally.inserted);
        self.store_lines(tx, plan, lookups, lines, tally)?;
        if counts(tally.inserted) > before { self.entity.count_anew(tx) } else { Ok(()) }
    }

    fn store_lines(
        &self,
        tx: &mut Tx,
        plan: &Plan,
        lookups: &mut Lookups,
        lines: &[Line],
        tally: &mut Tally,
    ) -> Result<()> {
        tally.lines += lines.len() as u64;
        lookups.prepare(tx, plan.lookups(lines))?;
        let mut step = Step { import: self, plan, tally, new: Vec::new(), of: Vec::new() };
        if self.key.is_empty() {
            for line in lines {
                if let Some(draft) = step.draft(line, lookups) {
                    step.add(tx, line, draft)?;
                }
            }
            return step.flush(tx);
        }
        let mut keyed: Vec<(&Line, Draft, Key)> = Vec::new();
        let mut seen = HashSet::new();
        for line in lines {
            let Some(draft) = step.draft(line, lookups) else { continue };
            match self.key.of_draft(&self.entity, &draft) {
                Err(error) => step.tally.refuse(vec![plan.located(line, RowError { line: line.number, ..*error })]),
                Ok(key) => {
                    if !seen.insert(format!("{key:?}")) {
                        // The record that this row changes comes from a row before it.
                        step.upsert(tx, std::mem::take(&mut keyed))?;
                        seen = HashSet::from([format!("{key:?}")]);
                    }
                    keyed.push((line, draft, key));
                }
            }
        }
        step.upsert(tx, keyed)
    }

    /// The stored records of these keys.
    fn find(&self, tx: &mut Tx, keys: &[&Key]) -> Result<HashMap<String, Vec<Row>>> {
        let mut found: HashMap<String, Vec<Row>> = HashMap::new();
        for batch in keys.chunks(KEYS_BATCH) {
            for row in self.entity.list(tx, &self.key.filter(batch))? {
                found.entry(format!("{:?}", self.key.of_row(&row))).or_default().push(row);
            }
        }
        Ok(found)
    }
}

/// How often the database has counted when there are so many new records.
fn counts(inserted: u64) -> u32 {
    (inserted / COUNT_FIRST).checked_ilog(COUNT_GROWTH).map_or(0, |power| power + 1)
}

/// The key that a row says its record has, which no change may contain.
fn take_key(draft: &mut Draft, meta: &Meta) -> Option<Value> {
    let key = meta.key()?;
    let said = draft.object.remove(key.name).and_then(|json| key.read_json(&json).ok()?.into_iter().next());
    draft.id.map(Value::Guid).or(said)
}

/// One step while it runs.
struct Step<'a, 'i> {
    import: &'a Import<'i>,
    plan: &'a Plan,
    tally: &'a mut Tally,
    /// New records that are not stored yet, with their rows.
    new: Vec<Row>,
    of: Vec<&'a Line>,
}

impl<'a> Step<'a, '_> {
    /// The object of a row; a row that has none is refused.
    fn draft(&mut self, line: &'a Line, lookups: &Lookups) -> Option<Draft> {
        if let Some(problem) = &line.problem {
            self.tally.refuse(vec![problem.clone()]);
            return None;
        }
        match self.plan.draft(line, lookups) {
            Ok(draft) => Some(draft),
            Err(errors) => {
                self.tally.refuse(errors);
                None
            }
        }
    }

    /// Refuses a row for its own mistake; fails for any other.
    fn refuse(&mut self, line: &Line, error: Error) -> Result<()> {
        if !is_of_row(&error) {
            return Err(error);
        }
        self.tally.refuse(row_errors(self.plan, line, &error));
        Ok(())
    }

    /// Adds a new record to those that are stored by and by.
    fn add(&mut self, tx: &mut Tx, line: &'a Line, draft: Draft) -> Result<()> {
        let entity = &self.import.entity;
        let id = draft.id.unwrap_or_else(Uuid::now_v7);
        let row = entity.create(tx, draft.object, id).and_then(|row| {
            entity.authorize(tx, entity.resource(), "create", &row)?;
            Ok(row)
        });
        match row {
            Ok(row) => {
                self.new.push(row);
                self.of.push(line);
                Ok(())
            }
            Err(error) => self.refuse(line, error),
        }
    }

    /// Stores the new records.
    fn flush(&mut self, tx: &mut Tx) -> Result<()> {
        let (rows, lines) = (std::mem::take(&mut self.new), std::mem::take(&mut self.of));
        let (mut rows, mut lines) = (rows.as_slice(), lines.as_slice());
        while !rows.is_empty() {
            let size = (1_usize << rows.len().ilog2()).min(INSERT_MAX);
            let ((now, later), (of, rest)) = (rows.split_at(size), lines.split_at(size));
            self.insert(tx, now, of)?;
            (rows, lines) = (later, rest);
        }
        Ok(())
    }

    /// Stores records; where one of them is wrong, halves find it.
    fn insert(&mut self, tx: &mut Tx, rows: &[Row], lines: &[&'a Line]) -> Result<()> {
        let entity = &self.import.entity;
        let error = match tx.savepoint(|tx| entity.insert(tx, rows)) {
            Ok(()) => {
                self.tally.inserted += rows.len() as u64;
                return Ok(());
            }
            Err(error) => error,
        };
        match lines {
            [line] => self.refuse(line, error),
            _ if !is_of_row(&error) => Err(error),
            _ => {
                let half = rows.len() / 2;
                let ((first, second), (of_first, of_second)) = (rows.split_at(half), lines.split_at(half));
                self.insert(tx, first, of_first)?;
                self.insert(tx, second, of_second)
            }
        }
    }

    /// Changes the records that have the keys of these rows, and stores the others.
    fn upsert(&mut self, tx: &mut Tx, rows: Vec<(&'a Line, Draft, Key)>) -> Result<()> {
        let keys: Vec<&Key> = rows.iter().map(|(_, _, key)| key).collect();
        let found = self.import.find(tx, &keys)?;
        for (line, draft, key) in rows {
            match found.get(&format!("{key:?}")).map(Vec::as_slice) {
                None | Some([]) => self.add(tx, line, draft)?,
                Some([row]) => self.change(tx, line, draft, row)?,
                Some(several) => {
                    let message = format!("{} records have this key", several.len());
                    let error = RowError::new(line.number, "key", message).at(&self.import.key.names());
                    self.tally.refuse(vec![self.plan.located(line, error)]);
                }
            }
        }
        self.flush(tx)
    }

    fn change(&mut self, tx: &mut Tx, line: &'a Line, mut draft: Draft, stored: &Row) -> Result<()> {
        let entity = &self.import.entity;
        let name = entity.meta().key().map_or("id", |key| key.name);
        if take_key(&mut draft, entity.meta()).is_some_and(|said| stored.first() != Some(&said)) {
            let error = RowError::new(line.number, "key", format!("the record with this key has another {name}"));
            self.tally.refuse(vec![self.plan.located(line, error.at(name))]);
            return Ok(());
        }
        let changed = entity.authorize(tx, entity.resource(), "update", stored);
        let changed = changed.and_then(|()| entity.patch(tx, stored, draft.object.clone()));
        let result = match changed {
            Ok(row) if row == *stored => {
                self.tally.unchanged += 1;
                return Ok(());
            }
            Ok(_) => tx.savepoint(|tx| entity.update(tx, stored, draft.object)),
            Err(error) => Err(error),
        };
        match result {
            Ok(()) => {
                self.tally.updated += 1;
                Ok(())
            }
            Err(error) => self.refuse(line, error),
        }
    }
}
