//! A text that is never printed.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// What stands in the place of a secret wherever it would be shown.
pub(crate) const MASK: &str = "***";

/// A password, token or key. Printing, logging and serialising it gives `***`.
///
/// ```
/// use cortex_core::Secret;
///
/// let secret = Secret::new("hunter2");
/// assert_eq!(secret.to_string(), "***");
/// assert_eq!(secret.expose(), "hunter2");
/// ```
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// Hides `text`.
    #[must_use]
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The text itself. The name is long so that a reader notices where it is used.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// Whether there is no text.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl From<String> for Secret {
    fn from(text: String) -> Self {
        Self(text)
    }
}

impl From<&str> for Secret {
    fn from(text: &str) -> Self {
        Self(text.to_owned())
    }
}

impl fmt::Display for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(MASK)
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(MASK)
    }
}

impl Serialize for Secret {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(MASK)
    }
}

impl<'de> Deserialize<'de> for Secret {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(Self)
    }
}

/// The text with the password of every address in it hidden: `postgres://me:***@host/db`.
pub(crate) fn mask_addresses(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("://") {
        shown.push_str(before);
        shown.push_str("://");
        let authority = after.split(['/', '?', '#', ' ']).next().unwrap_or_default();
        let hidden = authority.rsplit_once('@').and_then(|(user, host)| Some((user.split_once(':')?.0, host)));
        match hidden {
            Some((user, host)) => {
                shown.push_str(user);
                shown.push(':');
                shown.push_str(MASK);
                shown.push('@');
                shown.push_str(host);
                rest = after.get(authority.len()..).unwrap_or_default();
            }
            None => rest = after,
        }
    }
    shown.push_str(rest);
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_password_of_an_address_is_hidden() {
        assert_eq!(mask_addresses("postgres://me:pa:ss@db.local:5432/x?y=1"), "postgres://me:***@db.local:5432/x?y=1");
        assert_eq!(mask_addresses("sqlite://data/erp.db"), "sqlite://data/erp.db");
        assert_eq!(mask_addresses("http://me@host/ and amqp://a:b@c"), "http://me@host/ and amqp://a:***@c");
        assert_eq!(mask_addresses("plain: text @ home"), "plain: text @ home");
    }
}
