//! Decides, from what a program has and what a database has, which migration is next.

use super::error::MigrateError;
use super::file::Migration;
use super::store::{Applied, State};
use super::{Down, Source};

/// A migration with its module.
pub(super) type Next<'a> = Option<(&'a Source, &'a Migration)>;

/// No module has two migrations of one name.
pub(super) fn check_sources(sources: &[Source]) -> Result<(), MigrateError> {
    for source in sources {
        for pair in source.migrations.windows(2) {
            if let [one, other] = pair
                && one.name() == other.name()
            {
                return Err(MigrateError::Duplicate { module: source.module.clone(), name: one.name().to_owned() });
            }
        }
    }
    Ok(())
}

/// The target of going back is something that there is.
pub(super) fn check_target(sources: &[Source], how_far: &Down) -> Result<(), MigrateError> {
    let (module, name) = match how_far {
        Down::Last(_) => return Ok(()),
        Down::To { module, name } => (module, Some(name)),
        Down::Module(module) => (module, None),
    };
    let Some(source) = sources.iter().find(|source| source.module == *module) else {
        return Err(MigrateError::NoModule { module: module.clone() });
    };
    match name {
        Some(name) if !source.migrations.iter().any(|migration| migration.name() == name) => {
            Err(MigrateError::NoSuch { module: module.clone(), name: name.clone() })
        }
        _ => Ok(()),
    }
}

/// The first migration that is not applied.
pub(super) fn next_up<'a>(sources: &'a [Source], state: &State) -> Result<Next<'a>, MigrateError> {
    check_versions(sources, state)?;
    let mut next = None;
    for source in sources {
        let applied: Vec<_> = applied_of(state, &source.module).collect();
        check_applied(source, &applied)?;
        let pending = source.migrations.iter().find(|one| !applied.iter().any(|row| row.name == one.name()));
        let Some(pending) = pending else { continue };
        if let Some(later) = applied.iter().find(|row| row.name.as_str() > pending.name()) {
            return Err(MigrateError::OutOfOrder {
                module: source.module.clone(),
                name: pending.name().to_owned(),
                applied: later.name.clone(),
            });
        }
        // Not returned at once: the modules after it are checked too, before anything runs.
        next = next.or(Some((source, pending)));
    }
    Ok(next)
}

/// The migration to undo, after `undone` of them were.
pub(super) fn next_down<'a>(
    sources: &'a [Source],
    state: &State,
    how_far: &Down,
    undone: usize,
) -> Result<Next<'a>, MigrateError> {
    let row = match how_far {
        Down::Last(count) if undone >= *count => None,
        Down::Last(_) => state.applied.iter().max_by_key(|row| row.place),
        Down::To { module, name } => {
            applied_of(state, module).filter(|row| row.name > *name).max_by_key(|row| row.place)
        }
        Down::Module(module) => applied_of(state, module).max_by_key(|row| row.place),
    };
    let Some(row) = row else { return Ok(None) };
    let unknown = || MigrateError::Unknown { module: row.module.clone(), name: row.name.clone() };
    let source = sources.iter().find(|source| source.module == row.module).ok_or_else(unknown)?;
    let migration = source.migrations.iter().find(|one| one.name() == row.name).ok_or_else(unknown)?;
    check_applied(source, &applied_of(state, &row.module).collect::<Vec<_>>())?;

    let needs_it = |module: &str| sources.iter().any(|s| s.module == module && s.needs.contains(&row.module));
    let by = state.applied.iter().find(|other| other.place > row.place && needs_it(&other.module));
    match by {
        Some(by) => Err(MigrateError::Needed {
            module: row.module.clone(),
            name: row.name.clone(),
            by: by.module.clone(),
            by_name: by.name.clone(),
        }),
        None => Ok(Some((source, migration))),
    }
}

/// What is applied of a module, in the order of application.
fn applied_of<'a>(state: &'a State, module: &str) -> impl Iterator<Item = &'a Applied> + use<'a> {
    let module = module.to_owned();
    state.applied.iter().filter(move |row| row.module == module)
}

/// What is applied of a module is what this program would apply.
fn check_applied(source: &Source, applied: &[&Applied]) -> Result<(), MigrateError> {
    for row in applied {
        let (module, name) = (row.module.clone(), row.name.clone());
        match source.migrations.iter().find(|migration| migration.name() == row.name) {
            None => return Err(MigrateError::Unknown { module, name }),
            Some(migration) => {
                let embedded = migration.checksum();
                if embedded != row.checksum {
                    return Err(MigrateError::Changed { module, name, applied: row.checksum.clone(), embedded });
                }
            }
        }
    }
    Ok(())
}

fn check_versions(sources: &[Source], state: &State) -> Result<(), MigrateError> {
    for (module, stored) in &state.versions {
        let running = sources.iter().find(|source| source.module == *module).and_then(|source| source.version.as_ref());
        if let Some(running) = running
            && stored > running
        {
            let (stored, running) = (stored.to_string(), running.to_string());
            return Err(MigrateError::NewerData { module: module.clone(), stored, running });
        }
    }
    Ok(())
}
