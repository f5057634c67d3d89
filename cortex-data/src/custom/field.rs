//! A custom field, ready to be used: its definition with everything in it read once.

use std::sync::Arc;

use cortex_core::{Choice, Decimal, FieldError};
use regex_lite::Regex;
use serde_json::Value as Json;

use super::definition::{FieldDefinition, invalid};
use super::extra::ExtraValue;
use super::kind::CustomKind;
use super::value::{fits, from_text, to_client, to_stored};
use super::{
    CHOICE_LENGTH_MAX, CHOICES_MAX, CUSTOM_NAME_MAX, CUSTOM_TEXT_MAX, CustomColumn, EXTRA, INDEXED_TEXT_MAX, Part,
};
use crate::meta::Meta;

/// Most characters of a wrong text that its message repeats.
const SHOWN_MAX: usize = 80;

/// How far the index of a custom field is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Choice)]
#[choice(crate = crate)]
pub enum IndexState {
    /// Nobody asked for one.
    None,
    /// It is being built.
    Building,
    /// It answers.
    Ready,
    /// It could not be built.
    Failed,
}

/// A custom field of an entity for a tenant.
#[derive(Debug)]
pub struct CustomField {
    pub(super) definition: FieldDefinition,
    /// `extra.color`
    pub(super) path: String,
    /// The module that declares it; `None` for a field of the tenant.
    pub(super) module: Option<String>,
    pub(super) index: IndexState,
    pub(super) index_problem: Option<String>,
    pub(super) archived: bool,
    pub(super) references: Option<&'static Meta>,
    min: Option<Json>,
    max: Option<Json>,
    pattern: Option<Regex>,
    default: Option<Json>,
    name: Arc<str>,
}

impl CustomField {
    /// Reads a definition.
    ///
    /// # Errors
    /// Everything that is wrong with it, each with its member.
    pub(super) fn compile(definition: FieldDefinition) -> cortex_core::Result<Self> {
        let mut problems = shape_problems(&definition);
        let mut bound = |name: &'static str, text: &Option<String>| {
            let text = text.as_ref()?;
            let bound = match definition.kind {
                // Bounds of amounts are in major units, whatever the currency.
                CustomKind::Money => {
                    Decimal::from_str_exact(text).map(|d| d.to_stored()).map_err(|_| "is no decimal number".to_owned())
                }
                kind if kind.has_bounds() => from_text(&definition, text),
                _ => Err("is for numbers, amounts, dates and times".to_owned()),
            };
            bound.map_err(|message| problems.push((name, message))).ok()
        };
        let (min, max) = (bound("min", &definition.min), bound("max", &definition.max));
        let pattern = definition.pattern.as_ref().and_then(|pattern| match Regex::new(&format!("^(?:{pattern})$")) {
            Ok(compiled) => Some(compiled),
            Err(e) => {
                problems.push(("pattern", format!("is no regular expression: {e}")));
                None
            }
        });
        let given = definition.default.as_ref().filter(|json| !json.is_null());
        let default =
            given.and_then(|json| to_stored(&definition, json).map_err(|m| problems.push(("default", m))).ok());
        if !problems.is_empty() {
            return Err(invalid(problems));
        }
        let field = Self {
            path: format!("{EXTRA}.{}", definition.name),
            module: None,
            index: IndexState::None,
            index_problem: None,
            archived: false,
            references: None,
            min,
            max,
            pattern,
            name: definition.name.as_str().into(),
            default,
            definition,
        };
        let mut wrong = Vec::new();
        if let Some(default) = &field.default {
            field.check(default, &mut wrong);
        }
        match wrong.pop() {
            Some(FieldError { message, .. }) => Err(invalid(vec![("default", message)])),
            None => Ok(field),
        }
    }

    /// Name, kind and rules.
    #[must_use]
    pub fn definition(&self) -> &FieldDefinition {
        &self.definition
    }

    /// The module that declares it; `None` for a field of the tenant.
    #[must_use]
    pub fn module(&self) -> Option<&str> {
        self.module.as_deref()
    }

    /// How far its index is.
    #[must_use]
    pub fn index(&self) -> IndexState {
        self.index
    }

    /// Why its index could not be built at the last attempt.
    #[must_use]
    pub fn index_problem(&self) -> Option<&str> {
        self.index_problem.as_deref()
    }

    /// Whether it was taken out of use; its values are kept.
    #[must_use]
    pub fn is_archived(&self) -> bool {
        self.archived
    }

    /// What new records get.
    pub(super) fn default(&self) -> Option<&Json> {
        self.default.as_ref()
    }

    /// The name under which people know it.
    #[must_use]
    pub fn path(&self) -> &str {
        &self.path
    }

    /// The stored form of what a client wrote.
    ///
    /// # Errors
    /// What is wrong with it, for people.
    pub fn to_stored(&self, json: &Json) -> Result<Json, String> {
        to_stored(&self.definition, json)
    }

    /// What clients get.
    pub(crate) fn to_client(&self, stored: &Json) -> Json {
        to_client(self.definition.kind, stored)
    }

    /// The column of a part of it; `None` where its kind has no such part.
    #[must_use]
    pub fn column(&self, part: Part) -> Option<CustomColumn> {
        CustomColumn::of(&self.name, self.definition.kind, part, self.definition.max_len)
    }

    /// The same for a part that was checked to be there.
    pub(crate) fn column_or_value(&self, part: Part) -> CustomColumn {
        CustomColumn::of_checked(&self.name, self.definition.kind, part, self.definition.max_len)
    }

    /// Checks a stored value against kind and rules.
    pub(super) fn check(&self, stored: &Json, problems: &mut Vec<FieldError>) {
        let before = problems.len();
        let mut problem =
            |code: &'static str, message: String| problems.push(FieldError { path: self.path.clone(), code, message });
        if let Err(message) = fits(&self.definition, stored) {
            return problem("type", message);
        }
        if let (CustomKind::Text, Some(text)) = (self.definition.kind, stored.as_str()) {
            let length = u32::try_from(text.chars().count()).unwrap_or(u32::MAX);
            let most = self.definition.max_len.unwrap_or(CUSTOM_TEXT_MAX);
            if length > most {
                problem("max_len", format!("has {length} characters, at most {most} are allowed"));
            }
            if let Some(least) = self.definition.min_len.filter(|least| length < *least) {
                problem("min_len", format!("has {length} characters, at least {least} are required"));
            }
            if let Some(pattern) = &self.pattern
                && !pattern.is_match(text)
            {
                let rule = self.definition.pattern.as_deref().unwrap_or_default();
                problem("pattern", format!("{} does not match `{rule}`", shown(text)));
            }
        }
        if problems.len() == before {
            self.check_bounds(stored, problems);
        }
    }

    fn check_bounds(&self, stored: &Json, problems: &mut Vec<FieldError>) {
        let mut problem =
            |code: &'static str, message: String| problems.push(FieldError { path: self.path.clone(), code, message });
        let value = self.measure(stored);
        if let Some(min) = self.min.as_ref().filter(|min| less(&value, min)) {
            problem("min", format!("is {}, at least {} is required", self.bound(&value), self.bound(min)));
        }
        if let Some(max) = self.max.as_ref().filter(|max| less(max, &value)) {
            problem("max", format!("is {}, at most {} is allowed", self.bound(&value), self.bound(max)));
        }
    }

    /// What bounds are compared with.
    fn measure(&self, stored: &Json) -> Json {
        match self.definition.kind {
            CustomKind::Money => {
                cortex_core::Money::from_stored(stored).map_or(Json::Null, |money| money.to_decimal().to_stored())
            }
            _ => stored.clone(),
        }
    }

    fn bound(&self, stored: &Json) -> String {
        let kind = if self.definition.kind == CustomKind::Money { CustomKind::Number } else { self.definition.kind };
        match to_client(kind, stored) {
            Json::String(text) => text,
            other => other.to_string(),
        }
    }
}

/// Numbers by size, dates by their text.
fn less(a: &Json, b: &Json) -> bool {
    match (a.as_i64(), b.as_i64()) {
        (Some(a), Some(b)) => a < b,
        _ => matches!((a.as_str(), b.as_str()), (Some(a), Some(b)) if a < b),
    }
}

fn shown(text: &str) -> String {
    match text.char_indices().nth(SHOWN_MAX).and_then(|(end, _)| text.get(..end)) {
        Some(start) => format!("`{start}...`"),
        None => format!("`{text}`"),
    }
}

/// What is wrong with a definition by itself.
fn shape_problems(definition: &FieldDefinition) -> Vec<(&'static str, String)> {
    let mut problems = Vec::new();
    let mut problem = |member, message: &str| problems.push((member, message.to_owned()));
    let FieldDefinition { name, kind, choices, .. } = definition;
    let simple = name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_');
    if !simple || !name.starts_with(|c: char| c.is_ascii_lowercase()) || name.len() > CUSTOM_NAME_MAX {
        let rule = "starts with a lower-case letter, goes on with those, digits and `_`, and has at most 63 of them";
        problem("name", rule);
    }
    if kind.has_choices() == choices.is_empty() {
        problem("choices", "are for the kinds `choice` and `multi_choice`, which need them");
    }
    if choices.len() > CHOICES_MAX || choices.iter().any(|c| c.is_empty() || c.trim() != c || long(c)) {
        problem("choices", "are at most 500 names of 1 to 100 characters, without blanks around them");
    }
    if (1..choices.len())
        .any(|i| choices.get(..i).is_some_and(|before| choices.get(i).is_some_and(|c| before.contains(c))))
    {
        problem("choices", "differ from each other");
    }
    let text = *kind == CustomKind::Text;
    for (member, said) in [
        ("min_len", definition.min_len.is_some()),
        ("max_len", definition.max_len.is_some()),
        ("pattern", definition.pattern.is_some()),
    ] {
        if said && !text {
            problem(member, "is for texts");
        }
    }
    if definition.max_len.is_some_and(|max| max > CUSTOM_TEXT_MAX) {
        problem("max_len", "is at most 10000");
    }
    if (*kind == CustomKind::Reference) != definition.references.is_some() {
        problem("references", "names the entity of a reference, such as `crm.party`, and of nothing else");
    }
    if (definition.indexed || definition.unique) && !kind.can_be_indexed() {
        problem(if definition.indexed { "indexed" } else { "unique" }, "is not possible for lists and JSON");
    }
    if definition.indexed && text && definition.max_len.is_none_or(|max| max > INDEXED_TEXT_MAX) {
        problem("indexed", "needs a `max_len` of at most 500 for a text");
    }
    let labels = definition
        .labels
        .iter()
        .any(|(locale, label)| locale.is_empty() || long(locale) || label.is_empty() || long(label));
    if labels {
        problem("labels", "have 1 to 100 characters each");
    }
    let others = [
        ("group", &definition.group),
        ("pii", &definition.pii),
        ("read_permission", &definition.read_permission),
        ("write_permission", &definition.write_permission),
    ];
    for (member, said) in others {
        if said.as_ref().is_some_and(|text| text.is_empty() || long(text)) {
            problem(member, "has 1 to 100 characters");
        }
    }
    for (member, said) in
        [("read_permission", &definition.read_permission), ("write_permission", &definition.write_permission)]
    {
        if said.as_ref().is_some_and(|text| !text.contains('.')) {
            problem(member, "names a kind of record and an act: `crm.party.see_salary`");
        }
    }
    problems
}

fn long(text: &str) -> bool {
    text.chars().count() > CHOICE_LENGTH_MAX
}
