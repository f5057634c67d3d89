//! What clients send and get for an entity: checked all at once, shown as far as they may see, and described.

use cortex_core::{Error, FieldError, Id, Kind};
use cortex_data::{Create, Page, Patch, Read, Repository, Select};
use schemars::SchemaGenerator;
use schemars::generate::SchemaSettings;
use serde_json::{Map, Value as Json, json};

use crate::parcel::{Parcel, State, parcel, parcel_databases};
use crate::support::Vehicle;

fn object(json: Json) -> Map<String, Json> {
    match json {
        Json::Object(object) => object,
        other => panic!("no object: {other}"),
    }
}

fn full() -> Json {
    json!({
        "label": "ä", "code": "P1", "pieces": 3, "big": 5_000_000_000_i64,
        "sent": "2026-03-01T08:00:00.123456Z", "due": "2026-03-02", "weight": "1.5", "share": "0.19",
        "worth": { "amount": "12.50", "currency": "EUR" }, "tariff": { "amount": "0.123456", "currency": "USD" },
        "load": { "amount": "3", "unit": "pcs" }, "currency": "JPY", "state": "in_transit", "fragile": true,
        "parent": "018f0000-0000-7000-8000-000000000001", "notes": { "a": [1, null] }, "secret": "mellon",
    })
}

fn fields(error: &Error) -> Vec<(&str, &str)> {
    assert_eq!((error.kind(), error.code()), (Kind::Invalid, "invalid_fields"));
    error.fields().iter().map(|FieldError { path, code, .. }| (path.as_str(), *code)).collect()
}

fn message<'a>(error: &'a Error, path: &str) -> &'a str {
    &error.fields().iter().find(|f| f.path == path).unwrap().message
}

#[test]
fn a_record_is_created_from_json() {
    let id = Id::new();
    let made = Create::<Parcel>::from_json(object(full()), id).unwrap();
    assert_eq!((made.id, made.code.as_str(), made.pieces, made.state), (id, "P1", Some(3), State::InTransit));
    assert_eq!(made.worth.unwrap().to_string(), "12.50 EUR");
    assert_eq!(made.notes, Some(json!({ "a": [1, null] })));
    assert_eq!((made.serial, made.secret.as_deref()), (0, Some("mellon")));
    // What may be absent may be left out or null.
    let least = json!({ "code": "P2", "big": 1, "state": "open", "label": null });
    let expected = Parcel { id, big: 1, ..parcel("P2") };
    assert_eq!(Create::<Parcel>::from_json(object(least), id).unwrap(), expected);
}

#[test]
fn all_mistakes_of_a_new_record_are_reported_together() {
    let wrong = json!({
        "id": "018f0000-0000-7000-8000-000000000001", "serial": 7, "version": 2, "labl": "x", "label": "a label too long",
        "pieces": 100, "big": "1", "sent": "yesterday", "due": "0000-01-01", "weight": 1.5, "share": "x",
        "worth": { "amount": 12.5, "currency": "EUR" }, "tariff": "1", "load": { "amount": "3" }, "currency": "euro",
        "fragile": "yes", "parent": "x", "secret": "open", "state": null,
    });
    let error = Create::<Parcel>::from_json(object(wrong), Id::new()).unwrap_err();
    let expected = [
        ("id", "read_only"),
        ("label", "max_len"),
        ("code", "required"),
        ("pieces", "max"),
        ("big", "type"),
        ("sent", "type"),
        ("due", "type"),
        ("weight", "type"),
        ("share", "type"),
        ("worth", "type"),
        ("tariff", "type"),
        ("load", "type"),
        ("currency", "type"),
        ("state", "required"),
        ("fragile", "type"),
        ("parent", "type"),
        ("secret", "one_of"),
        ("serial", "read_only"),
        ("labl", "unknown"),
        ("version", "read_only"),
    ];
    assert_eq!(fields(&error), expected);
    assert_eq!(error.message(), "20 fields are not valid");
    let unknown = message(&error, "labl");
    assert!(
        unknown.starts_with("is no field here: did you mean `label`? accepted fields: `label`, `code`"),
        "{unknown}"
    );
    assert!(unknown.contains("`secret`") && !unknown.contains("`serial`") && !unknown.contains("`id`"), "{unknown}");
    assert_eq!(message(&error, "due"), "`0000-01-01` is before the year 1");
    assert_eq!(message(&error, "weight"), "expected a string that holds a decimal number such as `12.50`");
    // A secret is not repeated, and no message shows how the program is written.
    assert_eq!(message(&error, "secret"), "the text is none of `sesame`, `mellon`");
    for FieldError { message, path, .. } in error.fields() {
        assert!(
            !["Money", "struct", "Price", "Quantity", "Option"].iter().any(|word| message.contains(word)),
            "{path}: {message}"
        );
    }
}

#[test]
fn thousands_of_unknown_fields_are_answered_in_short() {
    let mut many: Map<String, Json> = (0..5_000).map(|i| (format!("x{i}"), Json::Null)).collect();
    many.insert("y".repeat(100_000), Json::Null);
    many.extend(object(full()));
    assert_eq!(Create::<Parcel>::from_json(many, Id::new()).unwrap_err().fields().len(), 20);
}

#[test]
fn a_route_may_set_what_the_client_may_not() {
    let mut body = object(full());
    body.remove("code");
    let create = Create::<Parcel>::from(body).preset("serial", &41_i64).preset("code", &"made".to_owned());
    let made = create.to_entity(Id::new()).unwrap();
    assert_eq!((made.serial, made.code.as_str()), (41, "made"));
    // What a client sends for an ordinary field goes before; for a read-only one it is still a mistake.
    let create = Create::<Parcel>::from(object(full())).preset("code", &"made".to_owned());
    assert_eq!(create.to_entity(Id::new()).unwrap().code, "P1");
    let mut body = object(full());
    body.insert("serial".into(), json!(1));
    let create = Create::<Parcel>::from(body).preset("serial", &41_i64).preset("code", &"made".to_owned());
    assert_eq!(fields(&create.to_entity(Id::new()).unwrap_err()), [("serial", "read_only")]);
}

#[test]
fn a_patch_changes_what_it_names_and_nothing_else() {
    let before = Create::<Parcel>::from_json(object(full()), Id::new()).unwrap();
    let mut after = before.clone();
    let patch: Patch<Parcel> = serde_json::from_value(
        json!({ "label": null, "worth": { "amount": "-1", "currency": "JPY" }, "state": "done" }),
    )
    .unwrap();
    assert_eq!(patch.names().collect::<Vec<_>>(), ["label", "state", "worth"]);
    patch.apply(&mut after).unwrap();
    assert_eq!(
        after,
        Parcel { label: None, worth: Some("-1 JPY".parse().unwrap()), state: State::Done, ..before.clone() }
    );

    let wrong = json!({ "id": null, "serial": 1, "stat": "open", "code": null, "pieces": -1, "label": "fine", "updated_at": 1 });
    let mut same = before.clone();
    let error = Patch::<Parcel>::from_json(object(wrong)).apply(&mut same).unwrap_err();
    let expected = [
        ("id", "read_only"),
        ("code", "required"),
        ("pieces", "min"),
        ("serial", "read_only"),
        ("stat", "unknown"),
        ("updated_at", "read_only"),
    ];
    assert_eq!(fields(&error), expected);
    assert_eq!(same, before, "all of it or nothing");
}

#[test]
fn a_shape_reads_any_object_and_prints_no_values() {
    assert!(serde_json::from_value::<Patch<Parcel>>(json!([1])).is_err());
    let create: Create<Parcel> = serde_json::from_value(json!({ "secret": "mellon" })).unwrap();
    assert_eq!(format!("{create:?}"), "{\"secret\"}");
}

#[test]
fn a_client_gets_what_it_may_see_and_asked_for() {
    for test in parcel_databases() {
        let work = test.work(Id::new());
        let mut body = object(full());
        body.remove("parent");
        let stored = Create::<Parcel>::from_json(body, Id::new()).unwrap();
        work.write_blocking(|tx| Parcel::insert(tx, &stored)).unwrap();
        let record = work.read_blocking(|tx| Parcel::record(tx, stored.id)).unwrap();
        let show = |select| serde_json::to_value(Read::new(record.clone(), select)).unwrap();

        let mut expected = object(full());
        expected.remove("secret");
        expected.extend(object(json!({
            "id": stored.id, "parent": null, "serial": 0, "version": 1,
            "created_at": "2026-03-01T08:00:00Z", "created_by": "00000000-0000-0000-0000-000000000001",
            "updated_at": "2026-03-01T08:00:00Z", "updated_by": "00000000-0000-0000-0000-000000000001",
        })));
        assert_eq!(show(Select::all(&[])), Json::Object(expected.clone()), "{}", test.name);
        expected.remove("worth");
        assert_eq!(show(Select::all(&["worth"])), Json::Object(expected.clone()));
        assert_eq!(show(Select::parse("", &["worth"]).unwrap()), Json::Object(expected));
        let some = Select::parse("code, version", &[]).unwrap();
        assert_eq!(show(some), json!({ "id": stored.id, "code": "P1", "version": 1 }));
    }
    let refused = |text, hidden: &[&str]| Error::from(Select::<Parcel>::parse(text, hidden).unwrap_err());
    assert_eq!(refused("code,secret", &[]).message(), "`secret` is not a field of this record");
    assert_eq!(refused("worth", &["worth"]).message(), "`worth` is not a field of this record");
    let help = refused("cdoe", &["worth"]).help().unwrap().to_owned();
    assert!(
        help.starts_with("did you mean `code`? accepted names: `id`, `label`") && !help.contains("worth"),
        "{help}"
    );
}

fn schema<T: schemars::JsonSchema>() -> Json {
    SchemaGenerator::new(SchemaSettings::draft2020_12()).into_root_schema_for::<T>().to_value()
}

#[test]
fn the_shapes_describe_themselves() {
    let create = schema::<Create<Parcel>>();
    assert_eq!(create["title"], "ParcelCreate");
    assert_eq!(create["additionalProperties"], false);
    assert_eq!(create["required"], json!(["code", "big", "state"]));
    let of = |name: &str| &create["properties"][name];
    assert!(of("id").is_null() && of("serial").is_null());
    assert_eq!(of("label"), &json!({ "type": ["string", "null"], "maxLength": 12, "pattern": "^(?:[^#]*)$" }));
    assert_eq!(of("code"), &json!({ "type": "string" }));
    assert_eq!(of("pieces"), &json!({ "type": ["integer", "null"], "format": "int32", "minimum": 0, "maximum": 99 }));
    assert_eq!(of("big"), &json!({ "type": "integer", "format": "int64" }));
    assert_eq!(of("sent"), &json!({ "type": ["string", "null"], "format": "date-time" }));
    assert_eq!(of("due"), &json!({ "type": ["string", "null"], "format": "date" }));
    assert_eq!(of("weight")["type"], json!(["string", "null"]));
    assert_eq!(of("weight")["description"], "at least -10.5");
    assert_eq!(of("worth")["type"], json!(["object", "null"]));
    assert_eq!(of("worth")["required"], json!(["amount", "currency"]));
    assert_eq!(of("state"), &json!({ "type": "string", "enum": ["open", "in_transit", "done"] }));
    assert_eq!(of("fragile"), &json!({ "type": ["boolean", "null"] }));
    assert_eq!(of("parent")["format"], "uuid");
    assert_eq!(of("parent")["description"], "id of a parcel");
    assert_eq!(of("notes"), &json!({}));
    assert_eq!(
        of("secret"),
        &json!({ "type": ["string", "null"], "enum": ["sesame", "mellon", null], "writeOnly": true })
    );

    let patch = schema::<Patch<Parcel>>();
    assert_eq!((&patch["title"], &patch["required"]), (&json!("ParcelPatch"), &Json::Null));
    assert_eq!(patch["properties"], create["properties"]);

    let read = schema::<Read<Parcel>>();
    assert_eq!((&read["title"], &read["required"]), (&json!("Parcel"), &json!(["id"])));
    assert!(read["properties"]["secret"].is_null());
    assert_eq!(read["properties"]["serial"], json!({ "type": "integer", "format": "int64", "readOnly": true }));
    assert_eq!(read["properties"]["created_at"], json!({ "type": "string", "format": "date-time", "readOnly": true }));
    // Nothing of it refers elsewhere, and entities keep their own names side by side.
    assert!(!create.to_string().contains("$ref"));
    let mut generator = SchemaGenerator::new(SchemaSettings::draft2020_12());
    generator.subschema_for::<Page<Read<Parcel>>>();
    generator.subschema_for::<Page<Read<Vehicle>>>();
    generator.subschema_for::<Create<Vehicle>>();
    let names: Vec<_> = generator.definitions().keys().cloned().collect();
    assert_eq!(names, ["IndexState", "Page_for_Parcel", "Page_for_Vehicle", "Parcel", "Vehicle", "VehicleCreate"]);
}
