//! Where each migration stands, for people and for `migrate status`.

use std::fmt;

use cortex_core::Timestamp;

use super::Source;
use super::store::Applied;

/// Where a migration stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MigrationStatus {
    /// The module.
    pub module: String,
    /// The migration.
    pub name: String,
    /// Where it stands.
    pub state: MigrationState,
}

/// The states of a migration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MigrationState {
    /// The database does not have it yet.
    Pending,
    /// The database has it.
    Applied {
        /// When it was applied.
        at: Timestamp,
        /// How long it took.
        took_ms: i64,
    },
    /// The database has it, and this program has another text of it.
    Changed,
    /// The database has it, and this program does not know it.
    Unknown,
}

impl fmt::Display for MigrationStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}: ", self.module, self.name)?;
        match &self.state {
            MigrationState::Pending => f.write_str("pending"),
            MigrationState::Applied { at, took_ms } => write!(f, "applied {at} in {took_ms} ms"),
            MigrationState::Changed => f.write_str("changed after it was applied"),
            MigrationState::Unknown => f.write_str("applied, but not known to this program"),
        }
    }
}

/// Everything this program has, in running order, then what only the database has.
pub(super) fn status(sources: &[Source], applied: &[Applied]) -> Vec<MigrationStatus> {
    let mut all = Vec::new();
    for source in sources {
        for migration in &source.migrations {
            let row = applied.iter().find(|row| row.module == source.module && row.name == migration.name());
            let state = match row {
                None => MigrationState::Pending,
                Some(row) if row.checksum != migration.checksum() => MigrationState::Changed,
                Some(row) => MigrationState::Applied { at: row.at, took_ms: row.took_ms },
            };
            all.push(MigrationStatus { module: source.module.clone(), name: migration.name().to_owned(), state });
        }
    }
    let known = |row: &Applied| all.iter().any(|status| status.module == row.module && status.name == row.name);
    let unknown: Vec<_> = applied.iter().filter(|row| !known(row)).collect();
    all.extend(unknown.into_iter().map(|row| MigrationStatus {
        module: row.module.clone(),
        name: row.name.clone(),
        state: MigrationState::Unknown,
    }));
    all
}

/// Modules that were taken out of the program leave their tables behind; that is no reason not to start.
pub(super) fn warn_of_strangers(sources: &[Source], applied: &[Applied]) {
    let stranger = |row: &&Applied| !sources.iter().any(|source| source.module == row.module);
    for row in applied.iter().filter(stranger) {
        tracing::warn!(
            module = row.module,
            name = row.name,
            "the database has a migration of a module that is not here"
        );
    }
}
