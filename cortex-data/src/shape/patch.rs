//! A change to a record from a client's JSON object.

use std::borrow::Cow;
use std::marker::PhantomData;

use cortex_core::{Error, FieldError, Result};

use super::{Object, is_changeable, object_shape, read_field, refuse_unknown};
use crate::custom::{self, EXTRA, Ready};
use crate::entity::Entity;
use crate::field::Values;
use crate::meta::FieldKind;
use crate::tx::ReadTx;

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
    ///
    /// Custom fields come as `extra.color`.
    pub fn names(&self) -> impl Iterator<Item = Cow<'_, str>> {
        self.object.iter().flat_map(|(name, json)| {
            let inner = json.as_object().filter(|_| name == EXTRA);
            let custom = inner.into_iter().flat_map(Object::keys).map(|name| Cow::from(format!("{EXTRA}.{name}")));
            std::iter::once(Cow::from(name.as_str())).chain(custom)
        })
    }

    /// The change with the custom fields of the tenant of `tx`, to be applied within [`Repository::update`].
    ///
    /// # Errors
    /// The database refuses a statement; mistakes of the client are reported by [`ReadyPatch::apply`].
    ///
    /// [`Repository::update`]: crate::Repository::update
    pub fn ready(&self, tx: &mut ReadTx) -> Result<ReadyPatch<'_, E>> {
        let mut problems = Vec::new();
        let given = custom::read_given(tx, E::META, self.object.get(EXTRA), &mut problems)?;
        Ok(ReadyPatch { patch: self, given, problems })
    }

    /// Changes `entity`, all of it or nothing, for entities without custom fields.
    ///
    /// # Errors
    /// [`Kind::Invalid`](cortex_core::Kind::Invalid) with every unknown, read-only or mistyped field, every broken
    /// rule and every `null` for a field that can't be absent.
    pub fn apply(&self, entity: &mut E) -> Result<()> {
        let mut problems = Vec::new();
        custom::refuse_given(E::META, self.object.get(EXTRA), &mut problems);
        self.apply_with(entity, &Ready::default(), problems)
    }

    fn apply_with(&self, entity: &mut E, given: &Ready, mut problems: Vec<FieldError>) -> Result<()> {
        let meta = E::META;
        let mut all = entity.values();
        let mut at = 0;
        for field in meta.fields {
            let width = field.columns.len();
            if matches!(field.kind, FieldKind::Extra) {
                all.iter_mut().skip(at).take(1).for_each(|value| given.apply(value));
            } else if let Some(json) = self.object.get(field.name)
                && let Some(new) = read_field(field, is_changeable(meta, field), json, &mut problems)
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

/// A change that knows the custom fields of its tenant.
#[derive(Debug)]
pub struct ReadyPatch<'a, E> {
    patch: &'a Patch<E>,
    given: Ready,
    problems: Vec<FieldError>,
}

impl<E: Entity> ReadyPatch<'_, E> {
    /// Changes `entity`, all of it or nothing.
    ///
    /// # Errors
    /// As [`Patch::apply`], with what is wrong with custom fields among the rest.
    pub fn apply(&self, entity: &mut E) -> Result<()> {
        self.patch.apply_with(entity, &self.given, self.problems.clone())
    }
}
