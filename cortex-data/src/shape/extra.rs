//! Custom fields in the bodies and answers of routes that are written by hand.

use std::fmt;
use std::marker::PhantomData;

use cortex_core::{Error, Result};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::{Value as Json, json};

use crate::custom::{self, Extra, Shown};
use crate::entity::Entity;
use crate::field::Field;
use crate::tx::ReadTx;
use crate::value::Value;

/// What a client sends as the custom fields of an `E`; nothing by default.
///
/// ```
/// # use cortex_core::Id;
/// # use cortex_data::{CustomFields, Extra, GivenExtra, Repository};
/// # #[derive(Debug, Clone, PartialEq, Repository, CustomFields)]
/// # #[repository(table = "shop_items", tenant, crate = cortex_data)]
/// # #[custom_fields(crate = cortex_data)]
/// # struct Item { id: Id<Item>, code: String, extra: Extra }
/// #[derive(serde::Deserialize)]
/// struct NewItem {
///     code: String,
///     #[serde(default)]
///     extra: GivenExtra<Item>,
/// }
/// # let item: NewItem = serde_json::from_str(r#"{"code": "T-1"}"#).unwrap();
/// # assert_eq!(item.code, "T-1");
/// ```
pub struct GivenExtra<E> {
    json: Json,
    entity: PhantomData<fn() -> E>,
}

impl<E: Entity> GivenExtra<E> {
    /// The custom fields of a record that had `before`: what is given is set, `null` clears a value, and the rest
    /// stays. Rules are checked when the record is stored.
    ///
    /// # Errors
    /// [`Kind::Invalid`](cortex_core::Kind::Invalid) with every field that does not exist, that this client may not
    /// set, or that holds another kind of value.
    pub fn read(&self, tx: &mut ReadTx, before: &Extra) -> Result<Extra> {
        let mut problems = Vec::new();
        let given = custom::read_given(tx, E::META, Some(&self.json).filter(|json| !json.is_null()), &mut problems)?;
        if !problems.is_empty() {
            return Err(Error::fields_invalid(problems));
        }
        let mut values = Vec::new();
        before.put(&mut values);
        values.iter_mut().for_each(|value| given.apply(value));
        match values.pop() {
            Some(Value::Json(extra)) => Extra::from_stored(extra),
            _ => None,
        }
        .ok_or_else(|| Error::internal("data.mismatch", "the custom fields of a record are no JSON object"))
    }
}

impl<E> Default for GivenExtra<E> {
    fn default() -> Self {
        Self { json: Json::Null, entity: PhantomData }
    }
}

impl<'de, E> Deserialize<'de> for GivenExtra<E> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Self { json: Json::deserialize(deserializer)?, entity: PhantomData })
    }
}

/// The custom fields of an `E` as a client gets them: those that it may see.
pub struct ShownExtra<E> {
    json: Json,
    entity: PhantomData<fn() -> E>,
}

impl<E: Entity> ShownExtra<E> {
    /// What the actor of `tx` may see of `extra`.
    ///
    /// # Errors
    /// The custom fields of the tenant can't be read.
    pub fn of(tx: &mut ReadTx, extra: &Extra) -> Result<Self> {
        let (set, hidden) = (tx.custom_fields(E::META)?, tx.hidden_fields(E::META)?);
        let hidden: Vec<&str> = hidden.iter().map(String::as_str).collect();
        let mut values = Vec::new();
        extra.put(&mut values);
        let shown = Shown::all(set, &hidden);
        let json = values.first().map_or_else(|| Ok(json!({})), |value| serde_json::to_value(shown.of(value)));
        let unwritable = |e| Error::internal("response.json", "custom fields can't be written").with_source(e);
        Ok(Self { json: json.map_err(unwritable)?, entity: PhantomData })
    }
}

impl<E> Serialize for ShownExtra<E> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.json.serialize(serializer)
    }
}

impl<'de, E> Deserialize<'de> for ShownExtra<E> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Self { json: Json::deserialize(deserializer)?, entity: PhantomData })
    }
}

macro_rules! plain_impls {
    ($($shape:ident)*) => {$(
        impl<E> Clone for $shape<E> {
            fn clone(&self) -> Self {
                Self { json: self.json.clone(), entity: PhantomData }
            }
        }

        impl<E> fmt::Debug for $shape<E> {
            // Names only: the values may be personal data.
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.debug_set().entries(self.json.as_object().into_iter().flat_map(|object| object.keys())).finish()
            }
        }
    )*};
}

plain_impls!(GivenExtra ShownExtra);
