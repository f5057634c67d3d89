//! `POST`, `PATCH` and `DELETE`: records created, changed, deleted and restored.

use cortex_core::{Error, Result};
use cortex_data::{Create, Entity, Key, Patch, Read, Record, Repository, Tx, Work, Writable};

use crate::handler::{Body, NoContent, Once, PathKey, path_segment};
use crate::rest::condition::IfMatch;
use crate::rest::shown::{New, Shown, Stored};
use crate::rest::{Known, Target};

pub(crate) async fn create<E: Writable>(
    target: Target<E>,
    work: Work,
    once: Once,
    body: Body<Create<E>>,
) -> Result<New<E>> {
    let stored = work.write(move |tx| once.run(tx, |tx| insert(&target, tx, &body))).await?;
    Ok(stored.into())
}

fn insert<E: Writable>(target: &Target<E>, tx: &mut Tx, create: &Create<E>) -> Result<Stored> {
    let key = E::Key::from_uuid(tx.new_id::<E>().uuid());
    let entity = create.to_entity_in(tx, key)?;
    target.authorize(tx, "create", &entity)?;
    let key = E::insert_keyed(tx, &entity)?;
    let location = format!("{}/{}", target.path, path_segment(&key));
    let read = shown::<E>(tx, key)?;
    let body = serde_json::to_string(&read)
        .map_err(|error| Error::internal("response.json", "the answer can't be written as JSON").with_source(error))?;
    Ok(Stored { location, version: read.record().system.version, body })
}

pub(crate) async fn update<E: Writable>(
    target: Target<E>,
    work: Work,
    key: PathKey<E>,
    when: IfMatch,
    body: Body<Patch<E>>,
) -> Result<Shown<E>> {
    let read = work
        .write(move |tx| {
            let key = || key.0.clone();
            let before = E::record(tx, key())?;
            target.authorize(tx, "update", &before.entity)?;
            refuse_hidden(&body, &tx.hidden_fields(E::META)?)?;
            let change = body.ready(tx)?;
            match when.hold(before.system.version)? {
                Some(version) => drop(E::update_at(tx, key(), version, |entity| change.apply(entity))?),
                None => drop(E::update(tx, key(), |entity| change.apply(entity))?),
            }
            shown::<E>(tx, key())
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

pub(crate) async fn delete<E: Writable>(
    target: Target<E>,
    work: Work,
    key: PathKey<E>,
    when: IfMatch,
) -> Result<NoContent> {
    work.write(move |tx| {
        let Record { entity, system } = E::record(tx, key.0.clone())?;
        target.authorize(tx, "delete", &entity)?;
        match when.hold(system.version)? {
            Some(version) => E::delete_at(tx, key.0.clone(), version),
            None => E::delete(tx, key.0.clone()),
        }
    })
    .await?;
    Ok(NoContent)
}

pub(crate) async fn restore<E: Writable>(target: Target<E>, work: Work, key: PathKey<E>) -> Result<Shown<E>> {
    let read = work
        .write(move |tx| {
            target.authorize(tx, "delete", &Known(key.0.clone().into()))?;
            E::restore(tx, key.0.clone())?;
            shown::<E>(tx, key.0.clone())
        })
        .await?;
    Ok(Shown::Record(read))
}

/// The record as the actor may see it.
fn shown<E: Entity>(tx: &mut Tx, key: E::Key) -> Result<Read<E>> {
    let record = E::record(tx, key)?;
    let select = Target::<E>::select(tx, None)?;
    Ok(Read::new(record, select))
}
