//! Custom fields at run time and in code: validated, stored, shown, found and changed like others.

mod catalogue;
mod groups;
mod indexes;
mod shop;

use cortex_core::{Date, Decimal, Error, Id, Money, Timestamp};
use cortex_data::{
    Create, CustomKind, Extra, FieldDefinition, Filter, PageQuery, PageRequest, Patch, Read, Repository, Select,
    TypedFields,
};
use serde_json::{Map, Value as Json, json};

use shop::{Gadget, Shop, Warranty, fields, gadget, shops, shops_with};

fn object(json: Json) -> Map<String, Json> {
    match json {
        Json::Object(object) => object,
        other => panic!("no object: {other}"),
    }
}

/// One field of every kind.
fn all_kinds(shop: &Shop) {
    let choices = vec!["red".to_owned(), "green".to_owned(), "blue".to_owned()];
    for (name, kind) in [
        ("note", CustomKind::Text),
        ("size", CustomKind::Number),
        ("cost", CustomKind::Money),
        ("made", CustomKind::Date),
        ("seen", CustomKind::DateTime),
        ("loud", CustomKind::Boolean),
        ("papers", CustomKind::Json),
    ] {
        shop.has(name, kind);
    }
    for (name, kind) in [("color", CustomKind::Choice), ("tags", CustomKind::MultiChoice)] {
        shop.define(FieldDefinition { choices: choices.clone(), ..FieldDefinition::new(name, kind) }).unwrap();
    }
    let references = Some("shop.gadget".to_owned());
    shop.define(FieldDefinition { references, ..FieldDefinition::new("part_of", CustomKind::Reference) }).unwrap();
}

fn full(part_of: Id<Gadget>) -> Json {
    json!({
        "note": "ä", "size": "-1.5", "cost": { "amount": "12.50", "currency": "EUR" }, "made": "2026-03-02",
        "seen": "2026-03-01T08:00:00.123456Z", "loud": true, "papers": { "a": [1, null] }, "color": "green",
        "tags": ["red", "blue"], "part_of": part_of,
    })
}

/// Creates a gadget as a client would.
fn create(shop: &Shop, body: Json) -> Result<Id<Gadget>, Error> {
    let create = Create::<Gadget>::from(object(body));
    shop.work().write_blocking(|tx| {
        let id = tx.new_id();
        let gadget = create.to_entity_in(tx, id)?;
        Gadget::insert(tx, &gadget)?;
        Ok(id)
    })
}

/// The gadget as a client gets it.
fn show(shop: &Shop, id: Id<Gadget>) -> Json {
    let shown = shop.work().read_blocking(|tx| {
        let select = Select::all_with(tx.custom_fields(<Gadget as cortex_data::Entity>::META)?, &[]);
        Ok(serde_json::to_value(Read::new(Gadget::record(tx, id)?, select)).unwrap())
    });
    shown.unwrap()
}

/// Names on the page that a client asks for.
fn names(shop: &Shop, filter: &str, sort: &str) -> Result<Vec<String>, Error> {
    shop.work().read_blocking(|tx| {
        let meta = <Gadget as cortex_data::Entity>::META;
        let custom = tx.custom_fields(meta)?;
        let mut names = Vec::new();
        let mut cursor = None;
        loop {
            let query = PageQuery {
                filter: Some(filter),
                sort: Some(sort),
                limit: Some(2),
                cursor: cursor.as_deref(),
                custom: Some(&custom),
                ..PageQuery::default()
            };
            let page = Gadget::page(tx, &PageRequest::parse(meta, &query)?)?;
            names.extend(page.items.iter().map(|record| record.name.clone()));
            match page.next {
                Some(next) => cursor = Some(next),
                None => return Ok(names),
            }
        }
    })
}

#[test]
fn values_of_every_kind_come_back_as_they_were_sent() {
    for shop in shops() {
        all_kinds(&shop);
        let whole = create(&shop, json!({ "name": "whole" })).unwrap();
        assert_eq!(show(&shop, whole)["extra"], json!({}), "{}", shop.name);
        let id = create(&shop, json!({ "name": "part", "extra": full(whole) })).unwrap();
        assert_eq!(show(&shop, id)["extra"], full(whole), "{}", shop.name);
        // The same in Rust.
        let Gadget { extra, .. } = shop.work().read_blocking(|tx| Gadget::get(tx, id)).unwrap();
        assert_eq!(extra.get::<Decimal>("size").unwrap(), Some(Decimal::new(-15, 1)));
        assert_eq!(extra.get::<Money>("cost").unwrap().unwrap().to_string(), "12.50 EUR");
        assert_eq!(extra.get::<Date>("made").unwrap(), Some("2026-03-02".parse().unwrap()));
        assert_eq!(extra.get::<Timestamp>("seen").unwrap(), Some("2026-03-01T08:00:00.123456Z".parse().unwrap()));
        assert_eq!(extra.get::<bool>("loud").unwrap(), Some(true));
        assert_eq!(extra.get::<Id<Gadget>>("part_of").unwrap(), Some(whole));
        assert_eq!(extra.get::<Vec<String>>("tags").unwrap().unwrap(), ["red", "blue"]);
        assert_eq!(extra.get::<String>("absent").unwrap(), None);
        let wrong = extra.get::<bool>("size").unwrap_err();
        assert_eq!(wrong.message(), "the custom field `size` does not hold a boolean");
    }
}

#[test]
fn all_mistakes_are_reported_with_those_of_other_fields() {
    for shop in shops() {
        all_kinds(&shop);
        shop.define(FieldDefinition {
            required: true,
            max_len: Some(3),
            min_len: Some(2),
            pattern: Some("[A-Z]+".to_owned()),
            ..FieldDefinition::new("code", CustomKind::Text)
        })
        .unwrap();
        let bounds = |name, kind, min: &str, max: &str| FieldDefinition {
            min: Some(min.to_owned()),
            max: Some(max.to_owned()),
            ..FieldDefinition::new(name, kind)
        };
        shop.define(bounds("few", CustomKind::Number, "1", "2.5")).unwrap();
        shop.define(bounds("fee", CustomKind::Money, "0", "100")).unwrap();
        shop.define(bounds("due", CustomKind::Date, "2026-01-01", "2026-12-31")).unwrap();
        let wrong = json!({
            "name": "a name that is too long by far", "extra": {
                "note": 5, "size": 1.5, "cost": "12 EUR", "made": "2026-02-30", "seen": "x", "loud": "yes",
                "color": "pink", "tags": ["red", "pink"], "part_of": Id::<Gadget>::new(), "colour": "red",
                "few": "2.6", "fee": { "amount": "-0.01", "currency": "EUR" }, "due": "2027-01-01",
            },
        });
        let error = create(&shop, wrong).unwrap_err();
        let mut found = fields(&error);
        found.sort_unstable();
        let expected = [
            ("extra.code", "required"),
            ("extra.color", "type"),
            ("extra.colour", "unknown"),
            ("extra.cost", "type"),
            ("extra.due", "max"),
            ("extra.fee", "min"),
            ("extra.few", "max"),
            ("extra.loud", "type"),
            ("extra.made", "type"),
            ("extra.note", "type"),
            ("extra.part_of", "reference"),
            ("extra.seen", "type"),
            ("extra.size", "type"),
            ("extra.tags", "type"),
            ("name", "max_len"),
        ];
        assert_eq!(found, expected, "{}", shop.name);
        let message = |path: &str| error.fields().iter().find(|field| field.path == path).unwrap().message.as_str();
        assert!(
            message("extra.colour").starts_with("is no field here: did you mean `color`?"),
            "{}",
            message("extra.colour")
        );
        assert_eq!(message("extra.few"), "is 2.6, at most 2.5 is allowed");
        assert_eq!(message("extra.fee"), "is -0.01, at least 0 is required");
        assert_eq!(message("extra.part_of"), "refers to a gadget that does not exist");
        for (code, rule) in [("ABCD", "max_len"), ("A", "min_len"), ("ab", "pattern")] {
            let error = create(&shop, json!({ "name": "x", "extra": { "code": code } })).unwrap_err();
            assert_eq!(fields(&error), [("extra.code", rule)], "{code}");
        }
        // What code writes is held to the same.
        let mut made = gadget("code");
        made.extra.set("code", &"ab".to_owned());
        made.extra.set("size", &"12".to_owned());
        let error = shop.insert(&made).unwrap_err();
        assert_eq!(fields(&error), [("extra.code", "pattern"), ("extra.size", "type")]);
    }
}

#[test]
fn a_change_names_single_fields_and_the_history_shows_them() {
    for shop in shops() {
        all_kinds(&shop);
        let id = create(&shop, json!({ "name": "x", "extra": { "note": "old", "size": "1" } })).unwrap();
        let patch =
            Patch::<Gadget>::from_json(object(json!({ "extra": { "note": null, "color": "red", "size": "2" } })));
        assert_eq!(patch.names().collect::<Vec<_>>(), ["extra", "extra.color", "extra.note", "extra.size"]);
        shop.work()
            .write_blocking(|tx| {
                let change = patch.ready(tx)?;
                Gadget::update(tx, id, |gadget| change.apply(gadget))
            })
            .unwrap();
        assert_eq!(show(&shop, id)["extra"], json!({ "color": "red", "size": "2" }), "{}", shop.name);
        let history = shop.work().read_blocking(|tx| Gadget::history(tx, id)).unwrap();
        let [made, changed] = history.as_slice() else { panic!("two entries: {history:?}") };
        assert_eq!(made.after.as_ref().unwrap()["extra"], json!({ "note": "old", "size": "1" }));
        assert_eq!(changed.before, Some(json!({ "extra": { "note": "old", "size": "1" } })));
        assert_eq!(changed.after, Some(json!({ "extra": { "color": "red", "size": "2" } })));
        let patch = Patch::<Gadget>::from_json(object(json!({ "name": 5, "extra": { "colr": 1, "size": "x" } })));
        let wrong = shop.work().write_blocking(|tx| {
            let change = patch.ready(tx)?;
            Gadget::update(tx, id, |gadget| change.apply(gadget))
        });
        assert_eq!(fields(&wrong.unwrap_err()), [("extra.colr", "unknown"), ("extra.size", "type"), ("name", "type")]);
    }
}

/// Gadgets that differ in everything.
fn assortment(shop: &Shop) {
    all_kinds(shop);
    for (name, extra) in [
        ("a", json!({ "size": "2", "note": "Zebra", "loud": true, "tags": ["red"], "made": "2026-01-01" })),
        ("b", json!({ "size": "10.000001", "note": "apple", "loud": false, "tags": ["red", "blue"] })),
        ("c", json!({ "size": "-3", "note": "Ärger", "color": "red", "seen": "2026-03-01T08:00:00Z" })),
        ("d", json!({ "cost": { "amount": "5", "currency": "USD" }, "made": "2026-02-01", "papers": [1] })),
        ("e", json!({ "cost": { "amount": "7", "currency": "EUR" }, "color": "blue" })),
        ("f", json!({ "cost": { "amount": "10", "currency": "EUR" } })),
    ] {
        create(shop, json!({ "name": name, "extra": extra })).unwrap();
    }
    // Another tenant's fields of the same names are of other kinds, and their values bother nobody.
    let other = Id::new();
    shop.work_of(other)
        .write_blocking(|tx| {
            let gadgets = cortex_data::FieldCatalogue::entity(tx, "shop.gadget")?;
            for name in ["size", "cost", "loud", "tags", "seen"] {
                let definition = FieldDefinition::new(name, CustomKind::Text);
                cortex_data::FieldCatalogue::define(tx, gadgets, definition)?;
            }
            let mut odd = gadget("odd");
            for name in ["size", "cost", "loud", "tags", "seen"] {
                odd.extra.set(name, &"XL".to_owned());
            }
            Gadget::insert(tx, &odd)
        })
        .unwrap();
}

#[test]
fn lists_are_filtered_by_custom_fields() {
    for shop in shops() {
        assortment(&shop);
        for (filter, expected) in [
            ("extra.size = 2", "a"),
            ("extra.size > 2", "b"),
            ("extra.size <= 2", "ac"),
            ("extra.size = 10.000001", "b"),
            ("extra.size in (2, -3)", "ac"),
            ("extra.size != 2", "bc"),
            ("extra.size = null", "def"),
            ("extra.note = 'apple'", "b"),
            ("extra.note ~ 'Ze*'", "a"),
            ("extra.note >= 'a'", "bc"),
            ("extra.loud = true", "a"),
            ("extra.loud = false", "b"),
            ("extra.tags = red", "ab"),
            ("extra.tags != blue", "a"),
            ("extra.tags in (blue)", "b"),
            ("extra.made < 2026-02-01", "a"),
            ("extra.seen >= 2026-03-01T08:00:00Z", "c"),
            ("extra.color in (red, blue)", "ce"),
            ("extra.cost >= 7 EUR", "ef"),
            ("extra.cost = 5 USD", "d"),
            ("extra.cost != '7 EUR'", "df"),
            ("extra.cost.currency = EUR", "ef"),
            ("extra.papers != null", "d"),
            ("name = 'a' or not extra.size < 5", "ab"),
        ] {
            assert_eq!(names(&shop, filter, "name").unwrap().concat(), expected, "{}: {filter}", shop.name);
        }
        for (filter, message) in [
            ("extra.sise = 2", "at position 1: `extra.sise` is not a field of this list"),
            ("extra = null", "at position 1: `extra` is not a field of this list"),
            ("extra.note = apple", "at position 14: the text `apple` needs quotes"),
            ("extra.color > red", "at position 1: `extra.color` has no smaller and larger values"),
            ("extra.color = pink", "at position 15: `pink` is none of `red`, `green`, `blue`"),
            ("extra.cost = 5", "at position 14: `5` has no currency"),
            ("extra.size = x", "at position 14: `x` is not a decimal number such as `12.50`"),
            ("extra.size.currency = EUR", "at position 1: `extra.size.currency` is not a field of this list"),
        ] {
            assert_eq!(names(&shop, filter, "").unwrap_err().message(), message, "{filter}");
        }
        let help = names(&shop, "extra.sise = 2", "").unwrap_err();
        assert!(help.help().unwrap().starts_with("did you mean `extra.size`?"), "{help:?}");
    }
}

#[test]
fn lists_are_sorted_by_custom_fields_page_by_page() {
    for shop in shops() {
        assortment(&shop);
        for (sort, expected) in [
            ("extra.size", "cabdef"),
            ("-extra.size", "fedbac"),
            ("extra.note", "abcdef"),
            ("extra.loud,name", "bacdef"),
            ("extra.cost", "efdabc"),
            ("-extra.made,name", "bcefda"),
            ("extra.seen,-name", "cfedba"),
            ("extra.color,extra.cost,name", "ecfdab"),
        ] {
            assert_eq!(names(&shop, "", sort).unwrap().concat(), expected, "{}: {sort}", shop.name);
        }
        for wrong in ["extra.tags", "extra.papers"] {
            let error = names(&shop, "", wrong).unwrap_err();
            assert_eq!(error.message(), format!("this list can't be sorted by `{wrong}`"));
        }
    }
}

#[test]
fn a_client_chooses_custom_fields_and_sees_no_hidden_ones() {
    for shop in shops() {
        all_kinds(&shop);
        let id = create(&shop, json!({ "name": "x", "extra": { "note": "n", "size": "1", "loud": true } })).unwrap();
        let shown = |text: Option<&str>, hidden: &[&str]| {
            shop.work().read_blocking(|tx| {
                let custom = tx.custom_fields(<Gadget as cortex_data::Entity>::META)?;
                let select = match text {
                    Some(text) => Select::parse_with(custom, text, hidden)?,
                    None => Select::all_with(custom, hidden),
                };
                let read = Read::new(Gadget::record(tx, id)?, select);
                Ok(serde_json::to_value(read).unwrap()["extra"].clone())
            })
        };
        assert_eq!(shown(Some("name,extra.size,extra.loud"), &[]).unwrap(), json!({ "size": "1", "loud": true }));
        assert_eq!(shown(Some("extra"), &["extra.size"]).unwrap(), json!({ "note": "n", "loud": true }));
        assert_eq!(shown(Some("name"), &[]).unwrap(), Json::Null);
        assert_eq!(shown(None, &["extra"]).unwrap(), Json::Null);
        let refused = shown(Some("extra.size"), &["extra.size"]).unwrap_err();
        assert_eq!(refused.message(), "`extra.size` is not a field of this record");
        let meta = <Gadget as cortex_data::Entity>::META;
        let custom = shop.work().read_blocking(|tx| tx.custom_fields(meta)).unwrap();
        assert!(Filter::parse_visible(meta, &["extra.size"], Some(&custom), "extra.size = 1").is_err());
        assert!(Filter::parse_visible(meta, &["extra.size"], Some(&custom), "extra.loud = true").is_ok());
    }
}

#[test]
fn modules_declare_fields_in_code() {
    for shop in shops_with(true) {
        let mut made = gadget("made");
        Warranty { months: Some(24.into()), insured: true }.put(&mut made);
        shop.insert(&made).unwrap();
        let found = shop.work().read_blocking(|tx| Gadget::get(tx, made.id)).unwrap();
        assert_eq!(Warranty::of(&found).unwrap(), Warranty { months: Some(24.into()), insured: true });
        // Defaults hold for whoever knows nothing of the fields, and rules for everybody.
        let plain = create(&shop, json!({ "name": "plain" })).unwrap();
        assert_eq!(show(&shop, plain)["extra"], json!({ "insured": false }), "{}", shop.name);
        let error = create(&shop, json!({ "name": "x", "extra": { "months": "-1" } })).unwrap_err();
        assert_eq!(fields(&error), [("extra.months", "min")]);
        assert_eq!(names(&shop, "extra.months = 24", "").unwrap(), ["made"]);
        let taken = shop.define(FieldDefinition::new("months", CustomKind::Text)).unwrap_err();
        assert_eq!((taken.code(), taken.message()), ("custom.exists", "`Gadget` has a field `months` already"));
    }
    assert!(Extra::new().is_empty());
}

/// How a gadget is cooled.
#[derive(Debug, Clone, Copy, PartialEq, Eq, cortex_core::Choice)]
#[choice(crate = cortex_data)]
enum Cooling {
    Air,
    Water,
}

/// What the derive makes of a struct.
#[derive(Debug, Clone, PartialEq, cortex_data::CustomFields)]
#[custom_fields(entity = Gadget, crate = cortex_data)]
struct Machine {
    /// Serial number.
    #[field(unique, min_len = 2, max_len = 12, pattern = "[A-Z0-9]+", pii = "device", group = "Papers")]
    serial: Option<String>,
    #[field(min = 0, max = "9.5", default = 1, position = 2, label = "Power")]
    power: Decimal,
    #[field(min = "2020-01-01")]
    bought: Option<Date>,
    #[field(default = "air")]
    cooling: Cooling,
    #[field(one_of = ["s", "m", "l"])]
    dress: Option<String>,
    #[field(one_of = ["eu", "us"], write_permission = "shop.gadget.approve")]
    markets: Option<Vec<String>>,
    #[field(references = "shop.gadget")]
    part_of: Option<Id<Gadget>>,
    #[field(default = false)]
    r#type: bool,
}

#[test]
fn the_derive_says_what_fields_are() {
    let definitions = Machine::definitions();
    let [serial, power, bought, cooling, dress, markets, part_of, r#type] = definitions.as_slice() else {
        panic!("eight: {definitions:?}")
    };
    let expected = FieldDefinition {
        unique: true,
        min_len: Some(2),
        max_len: Some(12),
        pattern: Some("[A-Z0-9]+".to_owned()),
        pii: Some("device".to_owned()),
        group: Some("Papers".to_owned()),
        labels: [("en".to_owned(), "Serial number".to_owned())].into(),
        ..FieldDefinition::new("serial", CustomKind::Text)
    };
    assert_eq!(*serial, expected);
    assert!(power.required && (power.position, &power.labels["en"]) == (2, &"Power".to_owned()), "{power:?}");
    assert_eq!(
        (power.min.as_deref(), power.max.as_deref(), &power.default),
        (Some("0"), Some("9.5"), &Some(json!("1")))
    );
    assert_eq!((bought.kind, bought.min.as_deref()), (CustomKind::Date, Some("2020-01-01")));
    assert_eq!((cooling.kind, cooling.choices.join(",")), (CustomKind::Choice, "air,water".to_owned()));
    assert_eq!((dress.kind, dress.choices.len(), dress.required), (CustomKind::Choice, 3, false));
    assert_eq!(
        (markets.kind, markets.write_permission.as_deref()),
        (CustomKind::MultiChoice, Some("shop.gadget.approve"))
    );
    assert_eq!(part_of.references.as_deref(), Some("shop.gadget"));
    assert_eq!((r#type.name.as_str(), &r#type.default), ("type", &Some(json!(false))));
    // A record that is older than the fields has their defaults.
    let old = Machine::read(&Extra::new()).unwrap();
    assert_eq!((old.power, old.cooling, old.r#type, old.serial.is_none()), (1.into(), Cooling::Air, false, true));
    let mut extra = Extra::new();
    let new = Machine { cooling: Cooling::Water, markets: Some(vec!["us".to_owned()]), ..old };
    new.write(&mut extra);
    assert_eq!(Machine::read(&extra).unwrap(), new);
    assert_eq!(extra.names().collect::<Vec<_>>(), ["cooling", "markets", "power", "type"]);
}
