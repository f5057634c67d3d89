//! A change to a record from a client's JSON object.

use std::marker::PhantomData;

use cortex_core::{Error, Result};

use super::{Object, object_shape, read_field, refuse_unknown};
use crate::entity::Entity;
use crate::field::Values;

/// What a client sends to change an `E`: the fields to change and no others, `null` to clear an optional one
/// (RFC 7396, with whole fields as its values).
pub struct Patch<E> {
    pub(super) object: Object,
    entity: PhantomData<fn() -> E>,
}

object_shape!(Patch);

impl<E> Patch<E> {
    fn empty() -> Self {
        Self { object: Object::new(), entity: PhantomData }
    }
}

impl<E: Entity> Patch<E> {
    /// The change that `object` asks for; what is wrong with it is reported by [`apply`](Self::apply).
    #[must_use]
    pub fn from_json(object: Object) -> Self {
        Self::from(object)
    }

    /// Names of the fields to change, as the client wrote them.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.object.keys().map(String::as_str)
    }

    /// Changes `entity`, all of it or nothing.
    ///
    /// # Errors
    /// [`Kind::Invalid`](cortex_core::Kind::Invalid) with every unknown, read-only or mistyped field, every broken
    /// rule and every `null` for a field that can't be absent.
    pub fn apply(&self, entity: &mut E) -> Result<()> {
        let meta = E::META;
        let mut problems = Vec::new();
        let mut all = entity.values();
        let mut at = 0;
        for field in meta.fields {
            let width = field.columns.len();
            if let Some(json) = self.object.get(field.name)
                && let Some(new) = read_field(field, json, &mut problems)
            {
                all.iter_mut().skip(at).zip(new).for_each(|(old, new)| *old = new);
            }
            at += width;
        }
        refuse_unknown(meta, &self.object, &mut problems);
        if !problems.is_empty() {
            return Err(Error::fields_invalid(problems));
        }
        *entity = E::from_values(&mut Values::new(all))?;
        Ok(())
    }
}
