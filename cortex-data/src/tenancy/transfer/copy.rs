//! Copies the rows of a tenant from one place to another, and compares both sides afterwards.

use cortex_core::{Actor, Cx, Result, TenantId};
use diesel::connection::SimpleConnection;

use super::error::TransferError;
use super::fill::{Filler, encode_without};
use super::layout::{Layout, Part, Table};
use super::source::{PlaceSource, Source};
use super::sum::Sum;
use crate::database::{Backend, Database};
use crate::error::from_diesel;
use crate::tenancy::Placement;
use crate::tx::ReadTx;

/// How sessions of transfers call themselves at a server: nobody waits for them as for a writer.
pub(crate) const SESSION: &str = "cortex transfer";

/// A copy of a tenant.
pub(crate) struct Copy<'a> {
    pub(crate) db: &'a Database,
    pub(crate) from: &'a Placement,
    pub(crate) to: &'a Placement,
    pub(crate) tenant: TenantId,
    /// The tenant that the copy belongs to.
    pub(crate) copy: TenantId,
}

/// What was copied.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Copied {
    pub(crate) tables: usize,
    pub(crate) rows: u64,
}

impl Copy<'_> {
    /// Copies everything that the source has at one moment. Rows are at the target then, and are the same on both
    /// sides.
    ///
    /// # Errors
    /// [`TransferError`]; a database can't be reached. What is at the target then must be removed.
    pub(crate) fn run(&self) -> Result<Copied> {
        let (here, there) = (Layout::load(self.db, self.from)?, Layout::load(self.db, self.to)?);
        let tables: Vec<&Table> = here.part(self.part()).filter(|table| self.takes(table)).collect();
        for table in &tables {
            check_same(table, there.table(&table.name))?;
        }
        let filler = Filler::new(self.db, self.to, self.copy);
        let read = self.db.work_at(self.from, Cx::new(self.tenant, Actor::system("transfer")));
        let sums = read.snapshot_blocking(|tx| {
            name_session(tx)?;
            filler.fill(&tables, &mut PlaceSource { tx, tenant: self.copy })
        })?;
        check_arrived(self.db, self.to, self.copy, &tables, &sums)?;
        Ok(Copied { tables: tables.len(), rows: sums.iter().map(|sum| sum.rows).sum() })
    }

    /// Tables of the framework stay where they are when both places are in the main database.
    fn part(&self) -> Part {
        let in_main = |place: &Placement| !matches!(place, Placement::Database(_));
        match in_main(self.from) && in_main(self.to) && self.tenant == self.copy {
            true => Part::Modules,
            false => Part::All,
        }
    }

    fn takes(&self, table: &Table) -> bool {
        self.tenant == self.copy || !table.is_of_the_original()
    }
}

/// Whether a place holds what was sent there.
///
/// # Errors
/// [`TransferError::Differs`].
pub(crate) fn check_arrived(
    db: &Database,
    place: &Placement,
    tenant: TenantId,
    tables: &[&Table],
    sent: &[Sum],
) -> Result<()> {
    let there = sum_of(db, place, tenant, tables)?;
    for ((table, here), there) in tables.iter().zip(sent).zip(there) {
        if *here != there {
            let table = table.name.clone();
            return Err(TransferError::Differs { table, here: here.rows, there: there.rows }.into());
        }
    }
    Ok(())
}

/// What a place holds of a tenant, table by table.
fn sum_of(db: &Database, place: &Placement, tenant: TenantId, tables: &[&Table]) -> Result<Vec<Sum>> {
    let read = db.work_at(place, Cx::new(tenant, Actor::system("transfer")));
    read.snapshot_blocking(|tx| {
        name_session(tx)?;
        let mut source = PlaceSource { tx, tenant };
        let mut sums = Vec::with_capacity(tables.len());
        for table in tables {
            let (mut sum, given) = (Sum::default(), table.given());
            source.each(table, &mut |rows| {
                rows.iter().for_each(|row| sum.add(&encode_without(table, row, &given)));
                Ok(())
            })?;
            sums.push(sum);
        }
        Ok(sums)
    })
}

/// Says who reads for so long; it is forgotten with the transaction.
pub(crate) fn name_session(tx: &mut ReadTx) -> Result<()> {
    match tx.backend() {
        Backend::Sqlite => Ok(()),
        Backend::Postgres => {
            let sql = format!("SET LOCAL application_name = '{SESSION}'");
            tx.conn().batch_execute(&sql).map_err(from_diesel)
        }
    }
}

/// Whether the target has the same table.
///
/// # Errors
/// [`TransferError::Schema`].
fn check_same(table: &Table, there: Option<&Table>) -> Result<(), TransferError> {
    let differs = |what: String| TransferError::Schema { table: table.name.clone(), what };
    let Some(there) = there else { return Err(differs("it is in one of them only".to_owned())) };
    for column in &table.columns {
        match there.columns.iter().find(|other| other.name == column.name) {
            None => return Err(differs(format!("the column `{}` is in one of them only", column.name))),
            Some(other) if other.of != column.of => {
                return Err(differs(format!("the column `{}` has another type", column.name)));
            }
            Some(_) => {}
        }
    }
    match there.columns.iter().find(|other| table.place(&other.name).is_none()) {
        None => Ok(()),
        Some(other) => Err(differs(format!("the column `{}` is in one of them only", other.name))),
    }
}
