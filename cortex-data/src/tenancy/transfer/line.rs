//! A row as one line of JSON, exact, and the same for the same row of every database.

use cortex_core::{Date, Decimal, Rate, TenantId, Timestamp};
use serde_json::{Map, Number, Value as Json};
use uuid::Uuid;

use super::TENANT;
use super::layout::Table;
use super::source::Row;
use crate::value::{ColumnType, Value};

/// The values of a row but its tenant, in the order of the columns.
pub(crate) fn encode(table: &Table, row: &Row) -> String {
    let own = table.columns.iter().zip(row).filter(|(column, _)| column.name != TENANT);
    Json::Array(own.map(|(_, value)| json(value)).collect()).to_string()
}

/// The reverse, for a tenant.
///
/// # Errors
/// Which value is wrong.
pub(crate) fn decode(table: &Table, tenant: TenantId, line: &str) -> Result<Row, String> {
    let Ok(Json::Array(values)) = serde_json::from_str(line) else { return Err("no list of values".to_owned()) };
    let own = table.columns.len().saturating_sub(1);
    if values.len() != own {
        return Err(format!("{} values where there are {own} columns", values.len()));
    }
    let mut values = values.into_iter();
    let mut row = Vec::with_capacity(table.columns.len());
    for column in &table.columns {
        if column.name == TENANT {
            row.push(Value::from(tenant));
            continue;
        }
        let wrong = || format!("the value of `{}` is no `{}`", column.name, column.of.sql());
        row.push(value(column.of, values.next().unwrap_or(Json::Null)).ok_or_else(wrong)?);
    }
    Ok(row)
}

fn json(value: &Value) -> Json {
    match value {
        Value::Null(_) => Json::Null,
        Value::Bool(v) => Json::Bool(*v),
        Value::Int(v) => Json::from(*v),
        Value::BigInt(v) => Json::from(*v),
        Value::Text(v) => Json::String(v.clone()),
        Value::Guid(v) => Json::String(v.to_string()),
        Value::Instant(v) => Json::String(v.to_string()),
        Value::Day(v) => Json::String(v.to_string()),
        Value::Fixed(v) => Json::String(v.normalize().to_string()),
        Value::Fine(v) => Json::String(Decimal::new(v.scaled(), crate::sqltype::FINE_SCALE).normalize().to_string()),
        // In a list of its own: a JSON `null` is a value.
        Value::Json(v) => Json::Array(vec![canonical(v)]),
    }
}

fn value(of: ColumnType, json: Json) -> Option<Value> {
    let text = |json: &Json| json.as_str().map(str::to_owned);
    Some(match (of, json) {
        (_, Json::Null) => Value::Null(of),
        (ColumnType::Bool, Json::Bool(v)) => Value::Bool(v),
        (ColumnType::Int, v) => Value::Int(v.as_i64().and_then(|v| i32::try_from(v).ok())?),
        (ColumnType::BigInt, v) => Value::BigInt(v.as_i64()?),
        (ColumnType::Text, v) => Value::Text(text(&v)?),
        (ColumnType::Guid, v) => Value::Guid(Uuid::parse_str(&text(&v)?).ok()?),
        (ColumnType::Instant, v) => Value::Instant(text(&v)?.parse::<Timestamp>().ok()?),
        (ColumnType::Day, v) => Value::Day(text(&v)?.parse::<Date>().ok()?),
        (ColumnType::Fixed, v) => Value::Fixed(text(&v)?.parse::<Decimal>().ok()?),
        (ColumnType::Fine, v) => Value::Fine(Rate::new(text(&v)?.parse::<Decimal>().ok()?).ok()?),
        (ColumnType::Json, Json::Array(mut one)) if one.len() == 1 => Value::Json(one.pop()?),
        _ => return None,
    })
}

/// Members in order, and numbers as both databases tell them: PostgreSQL has no exponents.
fn canonical(json: &Json) -> Json {
    match json {
        Json::Array(items) => Json::Array(items.iter().map(canonical).collect()),
        Json::Object(members) => {
            let mut sorted: Vec<_> = members.iter().collect();
            sorted.sort_by_key(|(name, _)| *name);
            let members = sorted.into_iter().map(|(name, value)| (name.clone(), canonical(value)));
            Json::Object(members.collect::<Map<_, _>>())
        }
        Json::Number(number) => Json::Number(whole(number).unwrap_or_else(|| number.clone())),
        other => other.clone(),
    }
}

/// A float without a fraction as an integer.
fn whole(number: &Number) -> Option<Number> {
    if !number.is_f64() {
        return None;
    }
    let text = Decimal::from_scientific(&number.to_string()).or_else(|_| number.to_string().parse()).ok()?;
    let text = text.normalize();
    (text.scale() == 0).then(|| i64::try_from(text.mantissa()).ok().map(Number::from)).flatten()
}

/// Puts the id of another tenant in place of `from`, wherever a row holds it: in a column or inside of a document.
pub(crate) fn rename(row: &mut Row, from: TenantId, to: TenantId) {
    if from == to {
        return;
    }
    let (from, to) = (from.uuid(), to.uuid());
    let (from_text, to_text) = (from.to_string(), to.to_string());
    for value in row {
        match value {
            Value::Guid(id) if *id == from => *id = to,
            Value::Text(text) if *text == from_text => text.clone_from(&to_text),
            Value::Json(json) => rename_json(json, &from_text, &to_text),
            _ => {}
        }
    }
}

fn rename_json(json: &mut Json, from: &str, to: &str) {
    match json {
        Json::String(text) if text == from => to.clone_into(text),
        Json::Array(items) => items.iter_mut().for_each(|item| rename_json(item, from, to)),
        Json::Object(members) => members.values_mut().for_each(|member| rename_json(member, from, to)),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tenancy::transfer::layout::Column;

    fn table(types: &[ColumnType]) -> Table {
        let tenant = Column { name: TENANT.to_owned(), of: ColumnType::Guid, padded: false, nullable: false };
        let own = types.iter().enumerate().map(|(i, of)| Column {
            name: format!("c{i}"),
            of: *of,
            padded: false,
            nullable: true,
        });
        let columns = std::iter::once(tenant).chain(own).collect();
        Table { name: "t".to_owned(), columns, key: vec![1], links: Vec::new(), later: Vec::new() }
    }

    #[test]
    fn every_type_reads_back_exactly() {
        let values = vec![
            Value::Bool(true),
            Value::Int(-7),
            Value::BigInt(i64::MAX),
            Value::Text("line\n\"quoted\" \u{1F600}".to_owned()),
            Value::Guid(Uuid::from_u128(9)),
            Value::Instant("2026-03-01T08:00:00.000001Z".parse().unwrap()),
            Value::Day("2026-02-28".parse().unwrap()),
            Value::Fixed("-9223372036854.775807".parse().unwrap()),
            Value::Fine(Rate::new("0.0000000001".parse().unwrap()).unwrap()),
            Value::Json(serde_json::json!({ "b": [1, null, 0.1], "a": "x" })),
            Value::Json(Json::Null),
            Value::Null(ColumnType::Text),
        ];
        let types: Vec<ColumnType> = values.iter().map(Value::column_type).collect();
        let (table, tenant) = (table(&types), TenantId::from_uuid(Uuid::from_u128(5)));
        let row: Row = std::iter::once(Value::from(tenant)).chain(values).collect();
        let line = encode(&table, &row);
        assert!(!line.contains('\n') && !line.contains(&tenant.to_string()), "{line}");
        assert_eq!(decode(&table, tenant, &line), Ok(row));
    }

    #[test]
    fn equal_documents_are_equal_however_they_are_written() {
        let of = |text: &str| {
            let row = vec![Value::from(TenantId::new()), Value::Json(serde_json::from_str(text).unwrap())];
            encode(&table(&[ColumnType::Json]), &row)
        };
        assert_eq!(
            of(r#"{"b":1e16,"a":-0.0,"c":{"z":1,"y":2}}"#),
            of(r#"{"a":0,"c":{"y":2,"z":1},"b":10000000000000000}"#)
        );
        assert_ne!(of("0.1"), of("0.2"));
        assert_eq!(of("100.0"), of("100"));
    }

    #[test]
    fn wrong_values_are_named() {
        let table = table(&[ColumnType::Int]);
        let wrong = |line: &str| decode(&table, TenantId::new(), line).unwrap_err();
        assert_eq!(wrong("[1, 2]"), "2 values where there are 1 columns");
        assert_eq!(wrong(r#"["x"]"#), "the value of `c0` is no `integer`");
        assert_eq!(wrong("{}"), "no list of values");
    }

    #[test]
    fn the_tenant_is_renamed_everywhere() {
        let (old, new) = (TenantId::from_uuid(Uuid::from_u128(1)), TenantId::from_uuid(Uuid::from_u128(2)));
        let document =
            |id: TenantId| Value::Json(serde_json::json!({ "deep": [{ "company": id.to_string() }], "n": 1 }));
        let mut row = vec![Value::from(old), Value::Text(old.to_string()), document(old), Value::Text("x".to_owned())];
        rename(&mut row, old, new);
        assert_eq!(row, [Value::from(new), Value::Text(new.to_string()), document(new), Value::Text("x".to_owned())]);
    }
}
