//! Reads a merged value as a Rust value, with errors that people understand.
//!
//! Files have types; environment and command line have text. Text is read as what the field asks for, so
//! that a password of digits stays a text. figment's own reader guesses the type from the text, which is
//! why it is not used here.

use figment::value::{Dict, Empty, Num, Value};
use serde::de::value::{MapAccessDeserializer, StrDeserializer};
use serde::de::{DeserializeOwned, DeserializeSeed, Deserializer, EnumAccess, Error as _, IntoDeserializer};
use serde::de::{MapAccess, SeqAccess, VariantAccess, Visitor};

use super::layers::Layers;
use super::misfit::{Fault, Misfit};
use super::toml;

/// The value as people write it; lists in brackets.
pub(super) fn render(value: &Value) -> String {
    match value {
        Value::String(_, text) => text.clone(),
        Value::Char(_, letter) => letter.to_string(),
        Value::Bool(_, truth) => truth.to_string(),
        Value::Num(_, Num::F32(number)) => number.to_string(),
        Value::Num(_, Num::F64(number)) => number.to_string(),
        Value::Num(_, number) => match (number.to_i128(), number.to_u128()) {
            (Some(number), _) => number.to_string(),
            (None, Some(number)) => number.to_string(),
            (None, None) => String::new(),
        },
        Value::Empty(..) => String::new(),
        Value::Array(_, list) => format!("[{}]", list.iter().map(render).collect::<Vec<_>>().join(", ")),
        Value::Dict(_, dict) => {
            let pairs: Vec<String> = dict.iter().map(|(key, value)| format!("{key} = {}", render(value))).collect();
            if pairs.is_empty() { "{}".to_owned() } else { format!("{{ {} }}", pairs.join(", ")) }
        }
    }
}

/// Reads `value`, which came from `layers`.
pub(super) fn read<T: DeserializeOwned>(value: &Value, layers: &Layers) -> Result<T, Misfit> {
    T::deserialize(Node { value, layers: Some(layers), text: layers.is_text(value.tag()) })
}

/// Reads a default that is written as text in the program's source.
///
/// # Panics
/// Where the text does not fit, which is a defect in the source of the program: the section never loads.
#[doc(hidden)]
#[must_use]
pub fn literal<T: DeserializeOwned>(key: &str, text: &str) -> T {
    let value = Value::from(text);
    match T::deserialize(Node { value: &value, layers: None, text: true }) {
        Ok(value) => value,
        #[expect(clippy::panic, reason = "a default in the source of the program is wrong, not its input")]
        Err(misfit) => panic!("the built-in default of `{key}` is wrong: {misfit}"),
    }
}

#[derive(Clone, Copy)]
struct Node<'a> {
    value: &'a Value,
    layers: Option<&'a Layers>,
    text: bool,
}

impl<'a> Node<'a> {
    fn child(self, value: &'a Value) -> Self {
        let text = self.text || self.layers.is_some_and(|layers| layers.is_text(value.tag()));
        Self { value, text, ..self }
    }

    /// The text to interpret; `None` for values that have a type.
    fn interpretable(&self) -> Option<&'a str> {
        match self.value {
            Value::String(_, text) if self.text => Some(text),
            _ => None,
        }
    }

    fn visit<'de, V: Visitor<'de>>(
        self,
        fields: Option<&'static [&'static str]>,
        visitor: V,
    ) -> Result<V::Value, Misfit> {
        match self.value {
            Value::String(_, text) => visitor.visit_str(text),
            Value::Char(_, letter) => visitor.visit_char(*letter),
            Value::Bool(_, truth) => visitor.visit_bool(*truth),
            Value::Num(_, number) => visit_number(*number, visitor),
            Value::Empty(_, Empty::None) => visitor.visit_none(),
            Value::Empty(_, Empty::Unit) => visitor.visit_unit(),
            Value::Dict(_, dict) => visitor.visit_map(Entries::new(self, dict, fields)),
            Value::Array(_, list) => visitor.visit_seq(Items { node: self, rest: list.iter(), index: 0 }),
        }
    }

    /// Visits what the text says in TOML, where it says something.
    fn visit_toml<'de, V: Visitor<'de>>(
        self,
        parsed: Option<&Value>,
        fields: Option<&'static [&'static str]>,
        visitor: V,
    ) -> Result<V::Value, Misfit> {
        match parsed {
            Some(value) => Node { value, layers: None, text: true }.visit(fields, visitor),
            None => self.visit(fields, visitor),
        }
    }
}

fn visit_number<'de, V: Visitor<'de>>(number: Num, visitor: V) -> Result<V::Value, Misfit> {
    let small = number.to_i128().and_then(|n| i64::try_from(n).ok());
    let large = number.to_u128().and_then(|n| u64::try_from(n).ok());
    match (small, large, number.to_f64()) {
        (Some(number), _, _) => visitor.visit_i64(number),
        (None, Some(number), _) => visitor.visit_u64(number),
        (None, None, Some(number)) => visitor.visit_f64(number),
        (None, None, None) => Err(Misfit::custom("the number is out of range")),
    }
}

macro_rules! numbers {
    ($($method:ident)*) => {$(
        fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Misfit> {
            let Some(text) = self.interpretable() else { return self.visit(None, visitor) };
            match (text.trim().parse::<i64>(), text.trim().parse::<u64>(), text.trim().parse::<f64>()) {
                (Ok(number), _, _) => visitor.visit_i64(number),
                (_, Ok(number), _) => visitor.visit_u64(number),
                (_, _, Ok(number)) if number.is_finite() => visitor.visit_f64(number),
                _ => visitor.visit_str(text),
            }
        }
    )*};
}

macro_rules! texts {
    ($($method:ident)*) => {$(
        fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Misfit> {
            match self.value {
                Value::Num(..) | Value::Bool(..) if self.text => visitor.visit_string(render(self.value)),
                _ => self.visit(None, visitor),
            }
        }
    )*};
}

impl<'de> Deserializer<'de> for Node<'_> {
    type Error = Misfit;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Misfit> {
        let parsed = self.interpretable().and_then(toml::parse_value);
        self.visit_toml(parsed.as_ref(), None, visitor)
    }

    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Misfit> {
        match self.interpretable().map(str::trim) {
            Some("true") => visitor.visit_bool(true),
            Some("false") => visitor.visit_bool(false),
            _ => self.visit(None, visitor),
        }
    }

    numbers! {
        deserialize_i8 deserialize_i16 deserialize_i32 deserialize_i64 deserialize_i128 deserialize_u8
        deserialize_u16 deserialize_u32 deserialize_u64 deserialize_u128 deserialize_f32 deserialize_f64
    }

    texts! { deserialize_char deserialize_str deserialize_string deserialize_identifier }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Misfit> {
        match (self.value, self.interpretable()) {
            (Value::Empty(..), _) | (_, Some("")) => visitor.visit_none(),
            _ => visitor.visit_some(self),
        }
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Misfit> {
        let parsed = self.interpretable().map(|text| match toml::parse_value(text) {
            Some(list @ Value::Array(..)) => list,
            _ => commas(text),
        });
        self.visit_toml(parsed.as_ref(), None, visitor)
    }

    fn deserialize_tuple<V: Visitor<'de>>(self, _: usize, visitor: V) -> Result<V::Value, Misfit> {
        self.deserialize_seq(visitor)
    }

    fn deserialize_tuple_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: usize,
        visitor: V,
    ) -> Result<V::Value, Misfit> {
        self.deserialize_seq(visitor)
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Misfit> {
        self.deserialize_any(visitor)
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Misfit> {
        let parsed = self.interpretable().and_then(toml::parse_value);
        self.visit_toml(parsed.as_ref(), Some(fields), visitor)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Misfit> {
        let table = self.interpretable().filter(|text| text.trim_start().starts_with('{')).and_then(toml::parse_value);
        let node = table.as_ref().map_or(self, |value| Node { value, layers: None, text: true });
        match node.value {
            Value::String(_, text) => visitor.visit_enum(Unit(text)),
            Value::Dict(_, dict) => visitor.visit_enum(MapAccessDeserializer::new(Entries::new(node, dict, None))),
            _ => node.visit(None, visitor),
        }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, _: &'static str, visitor: V) -> Result<V::Value, Misfit> {
        visitor.visit_newtype_struct(self)
    }

    /// A type that ignores a value does not know its key.
    fn deserialize_ignored_any<V: Visitor<'de>>(self, _: V) -> Result<V::Value, Misfit> {
        Err(Misfit::new(Fault::UnknownKey { accepted: &[] }))
    }

    serde::forward_to_deserialize_any! { bytes byte_buf unit unit_struct }
}

/// `a, b` as a list.
fn commas(text: &str) -> Value {
    let items = text.split(',').map(str::trim).filter(|item| !item.is_empty());
    Value::from(items.map(Value::from).collect::<Vec<_>>())
}

/// An enum's variant without content.
struct Unit<'a>(&'a str);

impl<'de> EnumAccess<'de> for Unit<'_> {
    type Error = Misfit;
    type Variant = NoContent;

    fn variant_seed<S: DeserializeSeed<'de>>(self, seed: S) -> Result<(S::Value, NoContent), Misfit> {
        let name: StrDeserializer<'_, Misfit> = self.0.into_deserializer();
        seed.deserialize(name).map(|variant| (variant, NoContent(self.0.to_owned())))
    }
}

struct NoContent(String);

impl NoContent {
    fn wants<T>(&self, what: &str) -> Result<T, Misfit> {
        let expected = format!("a table `{{ {} = {what} }}`", self.0);
        Err(Misfit::new(Fault::Wrong { expected, found: format!("`{}`", self.0) }))
    }
}

impl<'de> VariantAccess<'de> for NoContent {
    type Error = Misfit;

    fn unit_variant(self) -> Result<(), Misfit> {
        Ok(())
    }

    fn newtype_variant_seed<T: DeserializeSeed<'de>>(self, _: T) -> Result<T::Value, Misfit> {
        self.wants("..")
    }

    fn tuple_variant<V: Visitor<'de>>(self, _: usize, _: V) -> Result<V::Value, Misfit> {
        self.wants("[..]")
    }

    fn struct_variant<V: Visitor<'de>>(self, _: &'static [&'static str], _: V) -> Result<V::Value, Misfit> {
        self.wants("{ .. }")
    }
}

struct Items<'a> {
    node: Node<'a>,
    rest: std::slice::Iter<'a, Value>,
    index: usize,
}

impl<'de> SeqAccess<'de> for Items<'_> {
    type Error = Misfit;

    fn next_element_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<Option<T::Value>, Misfit> {
        let Some(value) = self.rest.next() else { return Ok(None) };
        self.index += 1;
        seed.deserialize(self.node.child(value)).map(Some).map_err(|misfit| misfit.below(&self.index.to_string()))
    }
}

struct Entries<'a> {
    node: Node<'a>,
    rest: std::collections::btree_map::Iter<'a, String, Value>,
    current: Option<(&'a String, &'a Value)>,
    fields: Option<&'static [&'static str]>,
}

impl<'a> Entries<'a> {
    fn new(node: Node<'a>, dict: &'a Dict, fields: Option<&'static [&'static str]>) -> Self {
        Self { node, rest: dict.iter(), current: None, fields }
    }
}

impl<'de> MapAccess<'de> for Entries<'_> {
    type Error = Misfit;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, Misfit> {
        self.current = self.rest.next();
        let Some((key, _)) = self.current else { return Ok(None) };
        let name: StrDeserializer<'_, Misfit> = key.as_str().into_deserializer();
        seed.deserialize(name).map(Some)
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, Misfit> {
        let Some((key, value)) = self.current.take() else { return Err(Misfit::custom("a value without a key")) };
        let read = seed.deserialize(self.node.child(value));
        read.map_err(|misfit| misfit.among(self.fields).below(key))
    }
}
