//! Enums whose variants are texts: in JSON, in the database and on the command line alike.

use std::fmt;

use serde::de::{Deserializer, Visitor};

use crate::{Kind, Refusal};

/// A closed set of named values, by `#[derive(Choice)]` on an enum without fields.
///
/// ```
/// use cortex_core::Choice;
///
/// #[derive(Debug, Clone, Copy, PartialEq, Eq, Choice)]
/// #[choice(crate = cortex_core, core_only)]
/// enum OrderState {
///     Draft,
///     InDelivery,
///     #[choice(name = "done")]
///     Completed,
/// }
///
/// assert_eq!(OrderState::InDelivery.as_str(), "in_delivery");
/// assert_eq!("done".parse(), Ok(OrderState::Completed));
/// assert_eq!(
///     "open".parse::<OrderState>().unwrap_err().to_string(),
///     "`open` is not one of `draft`, `in_delivery`, `done`",
/// );
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a choice",
    label = "this is not a closed set of named values",
    note = "add `#[derive(Choice)]` to the enum; its variants may have no fields"
)]
pub trait Choice: Sized + Send + Sync + 'static {
    /// All values, in the order in which they are declared.
    const ALL: &'static [Self];
    /// The texts of all values, in the same order.
    const NAMES: &'static [&'static str];

    /// The text of this value.
    fn as_str(&self) -> &'static str;

    /// The value of a text; `None` for an unknown one.
    fn parse(text: &str) -> Option<Self>;
}

/// The text is none of the accepted values.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{text}` is not one of {}", list(accepted))]
pub struct ChoiceError {
    text: String,
    accepted: &'static [&'static str],
}

impl ChoiceError {
    /// The accepted values.
    #[must_use]
    pub fn accepted(&self) -> &'static [&'static str] {
        self.accepted
    }
}

impl Refusal for ChoiceError {
    fn kind(&self) -> Kind {
        Kind::Invalid
    }

    fn code(&self) -> &'static str {
        "choice"
    }
}

/// The names, each in backticks.
pub(crate) fn list<S: AsRef<str>>(names: &[S]) -> String {
    names.iter().map(|name| format!("`{}`", name.as_ref())).collect::<Vec<_>>().join(", ")
}

/// What the derived `FromStr` calls.
#[doc(hidden)]
pub fn from_str<T: Choice>(text: &str) -> Result<T, ChoiceError> {
    T::parse(text).ok_or_else(|| ChoiceError { text: text.to_owned(), accepted: T::NAMES })
}

/// What the derived `JsonSchema` calls.
#[doc(hidden)]
#[must_use]
pub fn schema(names: &[&str]) -> schemars::Schema {
    schemars::json_schema!({ "type": "string", "enum": names })
}

/// What the derived `Deserialize` calls.
#[doc(hidden)]
pub fn deserialize<'de, T: Choice, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
    struct Text<T>(std::marker::PhantomData<T>);

    impl<T: Choice> Visitor<'_> for Text<T> {
        type Value = T;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            write!(f, "one of {}", list(T::NAMES))
        }

        fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<T, E> {
            T::parse(text).ok_or_else(|| E::unknown_variant(text, T::NAMES))
        }
    }

    deserializer.deserialize_str(Text::<T>(std::marker::PhantomData))
}
