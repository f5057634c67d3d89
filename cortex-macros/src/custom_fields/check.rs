//! What must hold of custom fields before code is written for them; what depends on values is checked when the
//! application is assembled.

use syn::Lit;

use super::read::{Bound, Field, Fields, Kind};
use crate::attr::Mistakes;

/// Longest name of a custom field.
const NAME_MAX: usize = 63;
const NUMBER: &str = "write a whole number, or a decimal as text: `\"12.50\"`";
const OLDER: &str = "records exist that know nothing of this field: give it a `default`, or make it an `Option`";

pub(crate) fn fields(fields: &Fields, mistakes: &mut Mistakes) {
    for field in &fields.fields {
        name(field, mistakes);
        presence(field, mistakes);
        texts(field, mistakes);
        values(field, mistakes);
        references(field, mistakes);
    }
}

fn name(field: &Field, mistakes: &mut Mistakes) {
    let Field { ident, name, .. } = field;
    let simple = name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_');
    if !simple || !name.starts_with(|c: char| c.is_ascii_lowercase()) {
        mistakes.at(ident, "a custom field is named in snake case: lower-case letters, digits and `_`");
    }
    if name.len() > NAME_MAX {
        mistakes.at(ident, format!("the name of a custom field has at most {NAME_MAX} characters"));
    }
}

/// Records that are older than the field have no value in it.
fn presence(field: &Field, mistakes: &mut Mistakes) {
    let Field { ty, nullable, kind, rules, .. } = field;
    match &rules.default {
        None if !nullable => mistakes.at(ty, OLDER),
        None => {}
        Some((key, value)) => match (kind, value) {
            (Kind::Flag, Lit::Bool(_)) | (Kind::Number, Lit::Int(_) | Lit::Str(_)) => {}
            (Kind::Text | Kind::Day | Kind::Instant | Kind::Choice, Lit::Str(_)) => {}
            (Kind::Flag, _) => mistakes.at(value, "write `true` or `false`"),
            (Kind::Number, _) => mistakes.at(value, NUMBER),
            (Kind::Text | Kind::Day | Kind::Instant | Kind::Choice, _) => mistakes.at(value, "write it as text"),
            _ => mistakes.at(key, "`default` is for texts, numbers, days, times, choices and `bool`"),
        },
    }
    if let Some(key) = rules.required.as_ref().filter(|_| !nullable) {
        mistakes.at(key, "a field that is no `Option` is required anyway");
    }
}

fn texts(field: &Field, mistakes: &mut Mistakes) {
    let Field { kind, rules, .. } = field;
    if *kind != Kind::Text {
        let pattern = rules.texts.iter().filter(|(key, _)| key == "pattern").map(|(key, _)| key);
        for key in rules.lengths.iter().map(|(key, _)| key).chain(pattern) {
            mistakes.at(key, format!("`{key}` is for texts"));
        }
    }
    for (key, text) in &rules.texts {
        if (key == "read_permission" || key == "write_permission") && !text.value().contains('.') {
            mistakes.at(text, "a permission names a kind of record and an act: `\"crm.party.see_salary\"`");
        }
    }
}

fn values(field: &Field, mistakes: &mut Mistakes) {
    let Field { ty, kind, rules, .. } = field;
    match &rules.one_of {
        Some((key, _)) if !matches!(kind, Kind::Text | Kind::Names) => {
            mistakes.at(key, "`one_of` is for texts; an enum with `#[derive(Choice)]` lists its own values");
        }
        None if *kind == Kind::Names => mistakes.at(ty, "say what the list may hold: `one_of = [\"a\", \"b\"]`"),
        _ => {}
    }
    for (key, bound) in &rules.bounds {
        match (kind, bound) {
            (Kind::Number | Kind::Money, Bound::Number(_)) | (Kind::Day | Kind::Instant, Bound::Text(_)) => {}
            (Kind::Number | Kind::Money, Bound::Text(_)) => mistakes.at(key, NUMBER),
            (Kind::Day | Kind::Instant, Bound::Number(_)) => {
                mistakes.at(key, "write a day or a time: `\"2026-12-31\"`")
            }
            _ => mistakes.at(key, format!("`{key}` is for numbers, amounts, days and times")),
        }
    }
    if let (Some(key), Kind::Names | Kind::Json) = (&rules.unique, kind) {
        mistakes.at(key, "`unique` is not possible for lists and JSON");
    }
}

fn references(field: &Field, mistakes: &mut Mistakes) {
    match (field.rules.text("references"), field.kind) {
        (None, Kind::Reference) => mistakes.at(&field.ty, "say what it refers to: `references = \"crm.party\"`"),
        (Some(entity), kind) if kind != Kind::Reference => {
            mistakes.at(entity, "`references` is for ids: the field's type is `Id<..>` of the other entity");
        }
        (Some(entity), _) if !entity.value().contains('.') => {
            mistakes.at(entity, "name the entity with its module: `\"crm.party\"`");
        }
        _ => {}
    }
}
