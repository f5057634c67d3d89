//! The tables that entities expect, and whether the database has them.

mod compare;
mod create;
mod external;
pub(crate) mod found;
mod mend;

use std::fmt;

use cortex_core::{Kind, Refusal, Result};

use crate::meta::Meta;
use crate::tx::ReadTx;

pub use create::create_table_sql;

/// Most columns of a table, system columns counted: what the queries of this build can read at once.
pub const COLUMNS_MAX: usize = 32;

/// One thing in which a table differs from its entity.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SchemaProblem {
    /// The table.
    pub table: String,
    /// The column, where it is about one.
    pub column: Option<String>,
    /// What the entity needs.
    pub expected: String,
    /// What the database has.
    pub found: String,
    /// SQL for this database that mends it, to be looked at and put into a migration.
    pub mend: String,
}

impl fmt::Display for SchemaProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.column {
            Some(column) => write!(f, "`{}.{column}`", self.table)?,
            None => write!(f, "`{}`", self.table)?,
        }
        write!(f, ": expected {}, found {}", self.expected, self.found)
    }
}

/// Compares the tables of `entities` with the migrated schema.
///
/// # Errors
/// The schema can't be read. What differs is no error but the answer.
pub fn check_schema(tx: &mut ReadTx, entities: &[&Meta]) -> Result<Vec<SchemaProblem>> {
    let backend = tx.backend();
    let mut problems = Vec::new();
    for meta in entities {
        let table = found::table(tx.conn(), meta.table)?;
        problems.extend(compare::compare(meta, table.as_ref(), backend));
    }
    Ok(problems)
}

/// Refuses to go on where a table differs from its entity.
///
/// # Errors
/// [`SchemaError`] with all that differs; the schema can't be read.
pub fn require_schema(tx: &mut ReadTx, entities: &[&Meta]) -> Result<()> {
    let problems = check_schema(tx, entities)?;
    if problems.is_empty() { Ok(()) } else { Err(SchemaError { problems }.into()) }
}

/// Tables differ from their entities.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SchemaError {
    problems: Vec<SchemaProblem>,
}

impl SchemaError {
    /// Everything that differs.
    #[must_use]
    pub fn problems(&self) -> &[SchemaProblem] {
        &self.problems
    }
}

impl fmt::Display for SchemaError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the database does not have the tables that the program expects")?;
        for problem in &self.problems {
            write!(f, "\n  - {problem}")?;
        }
        Ok(())
    }
}

impl std::error::Error for SchemaError {}

impl Refusal for SchemaError {
    fn kind(&self) -> Kind {
        Kind::Internal
    }

    fn code(&self) -> &'static str {
        "schema.differs"
    }

    fn help(&self) -> Option<String> {
        let mends: Vec<_> = self.problems.iter().map(|problem| problem.mend.as_str()).collect();
        Some(format!("mend it, for example by a migration\n{}", mends.join("\n")))
    }
}
