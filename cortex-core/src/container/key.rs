//! Keys: how a binding is asked for, and how it is named in messages.

use std::any::{TypeId, type_name};
use std::collections::HashMap;
use std::fmt;
use std::hash::{BuildHasherDefault, Hash, Hasher};

/// What is asked for: a concrete type or a trait object. Two keys are equal when they mean the same type.
#[derive(Debug, Clone, Copy)]
pub struct Key {
    id: TypeId,
    name: &'static str,
}

impl Key {
    /// The key of `T`.
    #[must_use]
    pub fn of<T: ?Sized + 'static>() -> Self {
        Self { id: TypeId::of::<T>(), name: type_name::<T>() }
    }

    /// Whether this is the key of `T`.
    #[must_use]
    pub fn is<T: ?Sized + 'static>(&self) -> bool {
        self.id == TypeId::of::<T>()
    }

    /// The name with the path of every type in it.
    #[must_use]
    pub fn path(&self) -> &'static str {
        self.name
    }

    pub(crate) fn id(&self) -> TypeId {
        self.id
    }
}

impl PartialEq for Key {
    fn eq(&self, other: &Self) -> bool {
        self.id == other.id
    }
}

impl Eq for Key {}

impl Hash for Key {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.id.hash(state);
    }
}

impl fmt::Display for Key {
    /// The name without paths: `dyn finance::ledger::Ledger` is `dyn Ledger`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut rest = self.name;
        while !rest.is_empty() {
            let end = rest.find(|c: char| !(c.is_alphanumeric() || "_:{}#".contains(c))).unwrap_or(rest.len());
            let (path, tail) = rest.split_at(end);
            f.write_str(path.rsplit("::").next().unwrap_or(path))?;
            let mark = tail.chars().next().map_or(0, char::len_utf8);
            let (mark, tail) = tail.split_at(mark);
            f.write_str(mark)?;
            rest = tail;
        }
        Ok(())
    }
}

/// A map by type. `TypeId`s are hashes already, so that hashing them again would only cost time.
pub(crate) type TypeMap<V> = HashMap<TypeId, V, BuildHasherDefault<TypeHasher>>;

/// Passes a `TypeId` through.
#[derive(Debug, Default)]
pub(crate) struct TypeHasher(u64);

impl Hasher for TypeHasher {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for chunk in bytes.chunks(8) {
            let word = chunk.iter().fold(0, |word: u64, byte| (word << 8) | u64::from(*byte));
            self.0 = self.0.rotate_left(5) ^ word;
        }
    }

    fn write_u64(&mut self, word: u64) {
        self.0 = word;
    }
}

#[cfg(test)]
mod tests {
    use super::Key;

    trait Rates {}

    #[track_caller]
    fn check<T: ?Sized + 'static>(expected: &str) {
        assert_eq!(Key::of::<T>().to_string(), expected);
    }

    #[test]
    fn names_are_short() {
        check::<String>("String");
        check::<dyn Rates>("dyn Rates");
        check::<Option<Vec<String>>>("Option<Vec<String>>");
        check::<(u8, String)>("(u8, String)");
    }
}
