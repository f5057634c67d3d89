//! Is an OpenAPI document sound?

use std::collections::BTreeMap;

use serde_json::Value;

/// Everything that is wrong with it.
pub(super) fn problems(document: &Value) -> Vec<String> {
    let mut wrong = Vec::new();
    references(document, document, &mut wrong);
    let mut ids: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for (path, method, operation) in operations(document) {
        let at = format!("{} {path}", method.to_uppercase());
        match operation.get("operationId").and_then(Value::as_str) {
            Some(id) => ids.entry(id).or_default().push(at.clone()),
            None => wrong.push(format!("{at} has no operation id")),
        }
        if operation.get("responses").and_then(Value::as_object).is_none_or(serde_json::Map::is_empty) {
            wrong.push(format!("{at} documents no answer"));
        }
        for name in placeholders(path) {
            let declared = parameters(document, operation).any(|p| is(p, "name", name) && is(p, "in", "path"));
            if !declared {
                wrong.push(format!("{at} does not declare its parameter `{name}`"));
            }
        }
    }
    for (id, places) in ids.iter().filter(|(_, places)| places.len() > 1) {
        wrong.push(format!("the operation id `{id}` is used by {}", places.join(" and ")));
    }
    wrong
}

/// `GET` paths below `prefix` that need nothing: no placeholder and no required parameter.
pub(super) fn plain_gets(document: &Value, prefix: &str) -> Vec<String> {
    let gets = operations(document).filter(|(path, method, _)| *method == "get" && path.starts_with(prefix));
    let plain = gets.filter(|(path, _, operation)| {
        !path.contains('{') && !parameters(document, operation).any(|p| p.get("required") == Some(&Value::Bool(true)))
    });
    plain.map(|(path, ..)| path.to_owned()).collect()
}

fn operations(document: &Value) -> impl Iterator<Item = (&str, &str, &Value)> {
    const METHODS: [&str; 5] = ["get", "post", "put", "patch", "delete"];
    let paths = document.get("paths").and_then(Value::as_object).into_iter().flatten();
    paths.flat_map(|(path, item)| {
        let methods = item.as_object().into_iter().flatten().filter(|(method, _)| METHODS.contains(&method.as_str()));
        methods.map(move |(method, operation)| (path.as_str(), method.as_str(), operation))
    })
}

fn parameters<'a>(document: &'a Value, operation: &'a Value) -> impl Iterator<Item = &'a Value> {
    let all = operation.get("parameters").and_then(Value::as_array).into_iter().flatten();
    all.map(move |parameter| match parameter.get("$ref").and_then(Value::as_str) {
        Some(reference) => resolve(document, reference).unwrap_or(parameter),
        None => parameter,
    })
}

fn is(value: &Value, key: &str, wanted: &str) -> bool {
    value.get(key).and_then(Value::as_str) == Some(wanted)
}

fn placeholders(path: &str) -> impl Iterator<Item = &str> {
    path.split('/').filter_map(|part| part.strip_prefix('{')?.strip_suffix('}'))
}

fn resolve<'a>(document: &'a Value, reference: &str) -> Option<&'a Value> {
    document.pointer(reference.strip_prefix('#')?)
}

/// Every `$ref` leads somewhere.
fn references(document: &Value, part: &Value, wrong: &mut Vec<String>) {
    match part {
        Value::Object(members) => {
            if let Some(Value::String(reference)) = members.get("$ref")
                && resolve(document, reference).is_none()
            {
                wrong.push(format!("the reference `{reference}` leads nowhere"));
            }
            members.values().for_each(|member| references(document, member, wrong));
        }
        Value::Array(items) => items.iter().for_each(|item| references(document, item, wrong)),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{plain_gets, problems};

    #[test]
    fn unsound_documents_are_found_out() {
        let answer = json!({ "200": { "description": "fine" } });
        let document = json!({ "paths": {
            "/a": { "get": { "operationId": "x", "responses": answer } },
            "/a/{id}": { "get": { "operationId": "x", "responses": {}, "requestBody": { "$ref": "#/nowhere" } } },
        } });
        let wrong = problems(&document);
        assert_eq!(wrong.len(), 4, "{wrong:?}");
        assert_eq!(plain_gets(&document, "/"), ["/a"]);
    }
}
