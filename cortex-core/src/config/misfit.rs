//! What does not fit, in the words of people instead of serde's.

use std::fmt;

use serde::de::{Expected, Unexpected};

use crate::secret::mask_addresses;

/// What does not fit, and where below the value that was read.
#[derive(Debug)]
pub(super) struct Misfit {
    /// From the innermost outwards.
    path: Vec<String>,
    pub(super) fault: Fault,
}

/// The ways in which a value does not fit.
#[derive(Debug)]
pub(super) enum Fault {
    Wrong {
        expected: String,
        found: String,
    },
    Choice {
        found: String,
        accepted: &'static [&'static str],
    },
    UnknownKey {
        accepted: &'static [&'static str],
    },
    Missing {
        key: &'static str,
    },
    /// In the words of the type.
    Said(String),
}

impl Misfit {
    pub(super) fn new(fault: Fault) -> Self {
        Self { path: Vec::new(), fault }
    }

    /// The same, seen from the value that holds it under `key`.
    pub(super) fn below(mut self, key: &str) -> Self {
        self.path.push(key.to_owned());
        self
    }

    /// The same; a key that is unknown is none of `fields`.
    pub(super) fn among(mut self, fields: Option<&'static [&'static str]>) -> Self {
        if let (Fault::UnknownKey { accepted }, Some(fields), true) = (&mut self.fault, fields, self.path.is_empty()) {
            *accepted = fields;
        }
        self
    }

    /// The keys that lead from the value that was read to what does not fit.
    pub(super) fn path(&self) -> impl Iterator<Item = &str> {
        self.path.iter().rev().map(String::as_str)
    }
}

impl fmt::Display for Misfit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.fault {
            Fault::Wrong { expected, found } => write!(f, "expected {expected}, found {found}"),
            Fault::Choice { found, .. } => write!(f, "`{found}` is not an accepted value"),
            Fault::UnknownKey { .. } => f.write_str("unknown key"),
            Fault::Missing { key } => write!(f, "`{key}` is missing"),
            Fault::Said(message) => f.write_str(message),
        }
    }
}

impl std::error::Error for Misfit {}

impl serde::de::Error for Misfit {
    fn custom<T: fmt::Display>(message: T) -> Self {
        Self::new(Fault::Said(message.to_string()))
    }

    fn invalid_type(found: Unexpected<'_>, expected: &dyn Expected) -> Self {
        Self::new(Fault::Wrong { expected: expectation(&expected.to_string()), found: finding(found) })
    }

    fn invalid_value(found: Unexpected<'_>, expected: &dyn Expected) -> Self {
        Self::invalid_type(found, expected)
    }

    fn invalid_length(length: usize, expected: &dyn Expected) -> Self {
        let found = format!("{length} values");
        Self::new(Fault::Wrong { expected: expectation(&expected.to_string()), found })
    }

    fn unknown_variant(found: &str, accepted: &'static [&'static str]) -> Self {
        Self::new(Fault::Choice { found: found.to_owned(), accepted })
    }

    fn unknown_field(field: &str, accepted: &'static [&'static str]) -> Self {
        Self::new(Fault::UnknownKey { accepted }).below(field)
    }

    fn missing_field(key: &'static str) -> Self {
        Self::new(Fault::Missing { key })
    }
}

/// serde's name of a type in the words of people.
fn expectation(expected: &str) -> String {
    let range = match expected {
        "u8" => Some((0, i128::from(u8::MAX))),
        "u16" => Some((0, i128::from(u16::MAX))),
        "u32" => Some((0, i128::from(u32::MAX))),
        "u64" | "usize" => Some((0, i128::from(u64::MAX))),
        "i8" => Some((i128::from(i8::MIN), i128::from(i8::MAX))),
        "i16" => Some((i128::from(i16::MIN), i128::from(i16::MAX))),
        "i32" => Some((i128::from(i32::MIN), i128::from(i32::MAX))),
        "i64" | "isize" => Some((i128::from(i64::MIN), i128::from(i64::MAX))),
        _ => None,
    };
    match (range, expected) {
        (Some((from, to)), _) => format!("a whole number from {from} to {to}"),
        (None, "f32" | "f64") => "a number".to_owned(),
        (None, "a string") => "a text".to_owned(),
        (None, "a boolean") => "`true` or `false`".to_owned(),
        (None, "a sequence") => "a list".to_owned(),
        (None, "a map") => "a table".to_owned(),
        (None, other) if other.starts_with("struct ") => "a table".to_owned(),
        (None, other) if other.starts_with("enum ") => "a text or a table of one key".to_owned(),
        (None, other) => other.to_owned(),
    }
}

fn finding(found: Unexpected<'_>) -> String {
    match found {
        Unexpected::Bool(truth) => format!("`{truth}`"),
        Unexpected::Unsigned(number) => format!("`{number}`"),
        Unexpected::Signed(number) => format!("`{number}`"),
        Unexpected::Float(number) => format!("`{number}`"),
        Unexpected::Char(letter) => format!("`{letter}`"),
        Unexpected::Str(text) => format!("`{}`", mask_addresses(text)),
        Unexpected::Seq => "a list".to_owned(),
        Unexpected::Map => "a table".to_owned(),
        Unexpected::Unit | Unexpected::Option => "nothing".to_owned(),
        other => other.to_string(),
    }
}
