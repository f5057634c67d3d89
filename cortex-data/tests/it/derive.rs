//! `#[derive(Repository)]`: every field type goes to the database and back, and the derive says what the hand wrote.

use cortex_core::{Choice, Currency, Date, Decimal, Id, Money, Price, Quantity, Rate, Timestamp, Unit};
use cortex_data::{Entity, Execute, FieldKind, Repository, arg};
use diesel::prelude::*;

use crate::support::{batch, databases};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Choice)]
#[choice(crate = cortex_data)]
enum Colour {
    Red,
    DarkBlue,
}

/// One of everything.
#[derive(Debug, Clone, PartialEq, Repository)]
#[repository(table = "test_parts", tenant, versioned, crate = cortex_data)]
struct Part {
    id: Id<Part>,
    #[field(unique, max_len = 20)]
    name: String,
    #[field(references = Part)]
    parent: Option<Id<Part>>,
    active: bool,
    #[field(min = 1, max = 9)]
    level: i32,
    big: i64,
    seen: Timestamp,
    day: Date,
    #[field(min = "-5.5")]
    weight: Decimal,
    cost: Money,
    list_price: Option<Price>,
    stock: Quantity,
    tax: Rate,
    currency: Currency,
    unit: Unit,
    colour: Colour,
    other_colour: Option<Colour>,
    notes: serde_json::Value,
    r#type: Option<String>,
}

const TABLE: &str = "CREATE TABLE test_parts (
    tenant_id uuid NOT NULL, id uuid NOT NULL, name varchar(20) NOT NULL, parent uuid, active boolean NOT NULL,
    level integer NOT NULL, big bigint NOT NULL, seen timestamptz NOT NULL, day date NOT NULL,
    weight numeric(19,6) NOT NULL, cost bigint NOT NULL, cost_currency char(3) NOT NULL,
    list_price numeric(19,6), list_price_currency char(3),
    stock numeric(19,6) NOT NULL, stock_unit varchar(8) NOT NULL, tax numeric(19,10) NOT NULL,
    currency char(3) NOT NULL, unit varchar(8) NOT NULL, colour text NOT NULL, other_colour text, notes jsonb NOT NULL,
    type text, version bigint NOT NULL,
    PRIMARY KEY (tenant_id, id), UNIQUE (tenant_id, name),
    FOREIGN KEY (tenant_id, parent) REFERENCES test_parts (tenant_id, id)
);";

fn part(name: &str) -> Part {
    Part {
        id: Id::new(),
        name: name.into(),
        parent: None,
        active: true,
        level: 3,
        big: i64::MAX,
        seen: "2026-03-01T08:00:00.123456Z".parse().unwrap(),
        day: "1969-12-31".parse().unwrap(),
        weight: "-0.000001".parse().unwrap(),
        cost: "-12.34 EUR".parse().unwrap(),
        list_price: Some(Price::new("9223372036854.775807".parse().unwrap(), Currency::EUR).unwrap()),
        stock: Quantity::new("0.1".parse().unwrap(), Unit::PIECE).unwrap(),
        tax: Rate::new("0.1900000001".parse().unwrap()).unwrap(),
        currency: Currency::USD,
        unit: Unit::PIECE,
        colour: Colour::DarkBlue,
        other_colour: None,
        notes: serde_json::json!({ "a": [1, 2.5, "ü"] }),
        r#type: Some("x".into()),
    }
}

#[test]
fn every_field_type_comes_back_as_it_was_stored() {
    for test in databases() {
        let work = test.work(Id::new());
        work.write_blocking(|tx| batch(tx, TABLE)).unwrap();
        let mut stored = part("a");
        work.write_blocking(|tx| Part::insert(tx, &stored)).unwrap();
        assert_eq!(work.read_blocking(|tx| Part::get(tx, stored.id)).unwrap(), stored, "{}", test.name);
        stored.list_price = None;
        stored.other_colour = Some(Colour::Red);
        stored.parent = Some(stored.id);
        stored.r#type = None;
        let same = stored.clone();
        work.write_blocking(|tx| {
            Part::update(tx, stored.id, |p| {
                *p = same.clone();
                Ok(())
            })
        })
        .unwrap();
        let found: Part = work
            .read_blocking(|tx| {
                Part::query(tx)
                    .filter(test_parts::day.eq(arg(stored.day)).and(test_parts::weight.lt(arg(Decimal::ZERO))))
                    .filter(test_parts::colour.eq(Colour::DarkBlue))
                    .select(Part::as_select())
                    .row(tx)
            })
            .unwrap();
        assert_eq!(found, stored, "{}", test.name);
        let touched = work
            .write_blocking(|tx| {
                diesel::delete(test_parts::table).filter(Part::scope(tx)).filter(test_parts::level.eq(3)).run(tx)
            })
            .unwrap();
        assert_eq!(touched, 1);
    }
}

#[test]
fn the_derive_states_fields_columns_and_rules() {
    let meta = Part::META;
    assert_eq!(
        (meta.name, meta.table, meta.tenant, meta.versioned, meta.audited),
        ("Part", "test_parts", true, true, false)
    );
    let stock = meta.field("stock").unwrap();
    assert_eq!(stock.columns, ["stock", "stock_unit"]);
    assert!(matches!(stock.kind, FieldKind::Quantity) && !stock.nullable);
    let level = meta.field("level").unwrap();
    assert_eq!((level.rules.min, level.rules.max), (Some("1"), Some("9")));
    assert_eq!(meta.field("weight").unwrap().rules.min, Some("-5.5"));
    let parent = meta.field("parent").unwrap();
    assert_eq!(parent.rules.references.map(|of| of().table), Some("test_parts"));
    assert!(parent.nullable && meta.field("name").unwrap().rules.unique);
    assert_eq!(meta.field("type").unwrap().columns, ["type"]);
    let FieldKind::Choice(names) = meta.field("colour").unwrap().kind else { panic!("a choice") };
    assert_eq!(names, ["red", "dark_blue"]);
}

#[test]
fn mistakes_are_reported_where_they_are() {
    trybuild::TestCases::new().compile_fail("tests/ui/*.rs");
}
