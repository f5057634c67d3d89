//! `POST`, `PATCH` and `DELETE`: records created, changed, deleted and restored.

use cortex_core::{Error, Id, Result};
use cortex_data::{Create, Entity, Patch, Read, Record, Repository, Tx, Work};

use crate::handler::{Body, NoContent, Once, PathId};
use crate::rest::condition::IfMatch;
use crate::rest::shown::{New, Shown, Stored};
use crate::rest::{Known, Target};

pub(crate) async fn create<E: Entity>(
    target: Target<E>,
    work: Work,
    once: Once,
    body: Body<Create<E>>,
) -> Result<New<E>> {
    let stored = work.write(move |tx| once.run(tx, |tx| insert(&target, tx, &body))).await?;
    Ok(stored.into())
}

fn insert<E: Entity>(target: &Target<E>, tx: &mut Tx, create: &Create<E>) -> Result<Stored> {
    let id = tx.new_id::<E>();
    let entity = create.to_entity_in(tx, id)?;
    target.authorize(tx, "create", &entity)?;
    E::insert(tx, &entity)?;
    let read = shown(tx, id)?;
    let body = serde_json::to_string(&read)
        .map_err(|error| Error::internal("response.json", "the answer can't be written as JSON").with_source(error))?;
    Ok(Stored { location: format!("{}/{id}", target.path), version: read.record().system.version, body })
}

pub(crate) async fn update<E: Entity>(
    target: Target<E>,
    work: Work,
    id: PathId<E>,
    when: IfMatch,
    body: Body<Patch<E>>,
) -> Result<Shown<E>> {
    let read = work
        .write(move |tx| {
            let id = *id;
            let before = E::record(tx, id)?;
            target.authorize(tx, "update", &before.entity)?;
            refuse_hidden(&body, &tx.hidden_fields(E::META)?)?;
            let change = body.ready(tx)?;
            match when.hold(before.system.version)? {
                Some(version) => drop(E::update_at(tx, id, version, |entity| change.apply(entity))?),
                None => drop(E::update(tx, id, |entity| change.apply(entity))?),
            }
            shown(tx, id)
        })
        .await?;
    Ok(Shown::Record(read))
}

/// What an actor can't see it can't change: it would not know what it overwrites.
fn refuse_hidden<E: Entity>(patch: &Patch<E>, hidden: &[String]) -> Result<()> {
    match patch.names().find(|name| hidden.iter().any(|one| one == name)) {
        None => Ok(()),
        Some(name) => Err(Error::forbidden("forbidden", format!("you may not change `{name}`"))),
    }
}

pub(crate) async fn delete<E: Entity>(
    target: Target<E>,
    work: Work,
    id: PathId<E>,
    when: IfMatch,
) -> Result<NoContent> {
    work.write(move |tx| {
        let Record { entity, system } = E::record(tx, *id)?;
        target.authorize(tx, "delete", &entity)?;
        match when.hold(system.version)? {
            Some(version) => E::delete_at(tx, *id, version),
            None => E::delete(tx, *id),
        }
    })
    .await?;
    Ok(NoContent)
}

pub(crate) async fn restore<E: Entity>(target: Target<E>, work: Work, id: PathId<E>) -> Result<Shown<E>> {
    let read = work
        .write(move |tx| {
            target.authorize(tx, "delete", &Known(id.uuid()))?;
            E::restore(tx, *id)?;
            shown(tx, *id)
        })
        .await?;
    Ok(Shown::Record(read))
}

/// The record as the actor may see it.
fn shown<E: Entity>(tx: &mut Tx, id: Id<E>) -> Result<Read<E>> {
    let record = E::record(tx, id)?;
    let select = Target::<E>::select(tx, None)?;
    Ok(Read::new(record, select))
}
