//! An entity with a field of every kind, most of them optional, and random records of it from small domains, so that
//! equal and absent values are frequent.

use cortex_core::{Choice, Currency, Date, Decimal, Id, Money, Price, Quantity, Rate, Timestamp, Unit};
use cortex_data::Repository;
use proptest::prelude::*;
use uuid::Uuid;

use crate::support::{TestDb, batch, databases};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Choice)]
#[choice(crate = cortex_data)]
pub(crate) enum State {
    Open,
    InTransit,
    Done,
}

/// A parcel.
#[derive(Debug, Clone, PartialEq, Repository)]
#[repository(table = "test_parcels", tenant, versioned, audited, soft_delete, crate = cortex_data)]
pub(crate) struct Parcel {
    pub id: Id<Parcel>,
    #[field(max_len = 12, pattern = "[^#]*")]
    pub label: Option<String>,
    pub code: String,
    #[field(min = 0, max = 99)]
    pub pieces: Option<i32>,
    pub big: i64,
    pub sent: Option<Timestamp>,
    pub due: Option<Date>,
    #[field(min = "-10.5")]
    pub weight: Option<Decimal>,
    pub share: Option<Rate>,
    pub worth: Option<Money>,
    pub tariff: Option<Price>,
    pub load: Option<Quantity>,
    pub currency: Option<Currency>,
    pub state: State,
    pub fragile: Option<bool>,
    #[field(references = Parcel)]
    pub parent: Option<Id<Parcel>>,
    pub notes: Option<serde_json::Value>,
    #[field(write_only, one_of = ["sesame", "mellon"])]
    pub secret: Option<String>,
    #[field(read_only)]
    pub serial: i64,
}

const TABLE: &str = "CREATE TABLE test_parcels (
    tenant_id uuid NOT NULL, id uuid NOT NULL, label varchar(12), code text NOT NULL, pieces integer,
    big bigint NOT NULL, sent timestamptz, due date, weight numeric(19,6), share numeric(19,10),
    worth bigint, worth_currency char(3), tariff numeric(19,6), tariff_currency char(3),
    load numeric(19,6), load_unit varchar(8), currency char(3), state text NOT NULL, fragile boolean, parent uuid,
    notes jsonb, secret text, serial bigint NOT NULL, version bigint NOT NULL,
    created_at timestamptz NOT NULL, created_by uuid NOT NULL,
    updated_at timestamptz NOT NULL, updated_by uuid NOT NULL, deleted_at timestamptz,
    PRIMARY KEY (tenant_id, id), FOREIGN KEY (tenant_id, parent) REFERENCES test_parcels (tenant_id, id)
);";

/// Databases with the table of parcels.
pub(crate) fn parcel_databases() -> Vec<TestDb> {
    let all = databases();
    for test in &all {
        test.work(Id::new()).write_blocking(|tx| batch(tx, TABLE)).unwrap();
    }
    all
}

pub(crate) fn parcel(code: &str) -> Parcel {
    Parcel {
        id: Id::new(),
        label: None,
        code: code.into(),
        pieces: None,
        big: 0,
        sent: None,
        due: None,
        weight: None,
        share: None,
        worth: None,
        tariff: None,
        load: None,
        currency: None,
        state: State::Open,
        fragile: None,
        parent: None,
        notes: None,
        secret: None,
        serial: 0,
    }
}

/// Characters that mean something to a pattern, a string literal or a locale.
pub(crate) const LETTERS: [char; 16] =
    ['a', 'A', 'b', 'B', 'Z', 'ä', 'é', '%', '_', '[', ']', '?', '\\', '"', '\'', ' '];

pub(crate) fn text() -> impl Strategy<Value = String> {
    prop::collection::vec(prop::sample::select(&LETTERS[..]), 0..4).prop_map(|c| c.into_iter().collect())
}

pub(crate) fn instant() -> impl Strategy<Value = Timestamp> {
    prop::sample::select(vec![-1_000_001, -1, 0, 1, 999_999, 1_772_352_000_123_456])
        .prop_map(|micros| Timestamp::from_microsecond(micros).unwrap())
}

pub(crate) fn day() -> impl Strategy<Value = Date> {
    prop::sample::select(vec!["0001-01-01", "1969-12-31", "1970-01-01", "2026-03-01", "9999-12-31"])
        .prop_map(|day| day.parse().unwrap())
}

pub(crate) fn decimal() -> impl Strategy<Value = Decimal> {
    prop::sample::select(vec!["-10.5", "-1", "-0.000001", "0", "0.1", "1", "2", "10", "1000000.000001"])
        .prop_map(|decimal| decimal.parse().unwrap())
}

pub(crate) fn currency() -> impl Strategy<Value = Currency> {
    prop::sample::select(vec![Currency::EUR, Currency::USD, Currency::parse("JPY").unwrap()])
}

pub(crate) fn unit() -> impl Strategy<Value = Unit> {
    prop::sample::select(vec![Unit::PIECE, Unit::parse("kg").unwrap()])
}

pub(crate) fn money() -> impl Strategy<Value = Money> {
    (-2_i64..3, currency())
        .prop_map(|(major, currency)| Money::from_minor(major * 10_i64.pow(currency.minor_units()), currency))
}

pub(crate) fn price() -> impl Strategy<Value = Price> {
    (decimal(), currency()).prop_map(|(amount, currency)| Price::new(amount, currency).unwrap())
}

pub(crate) fn quantity() -> impl Strategy<Value = Quantity> {
    (decimal(), unit()).prop_map(|(amount, unit)| Quantity::new(amount, unit).unwrap())
}

pub(crate) fn rate() -> impl Strategy<Value = Rate> {
    decimal().prop_map(|rate| Rate::new(rate).unwrap())
}

pub(crate) fn state() -> impl Strategy<Value = State> {
    prop::sample::select(State::ALL)
}

/// Random records; half of what may be absent is.
pub(crate) fn parcels(count: std::ops::Range<usize>) -> impl Strategy<Value = Vec<Parcel>> {
    let first = (
        prop::option::of(text()),
        text(),
        prop::option::of(0..4_i32),
        prop::sample::select(vec![i64::MIN, -1, 0, 1, i64::MAX]),
        prop::option::of(instant()),
        prop::option::of(day()),
        prop::option::of(decimal()),
        prop::option::of(rate()),
    );
    let second = (
        prop::option::of(money()),
        prop::option::of(price()),
        prop::option::of(quantity()),
        prop::option::of(currency()),
        state(),
        prop::option::of(any::<bool>()),
        prop::bool::ANY,
        any::<u128>(),
    );
    let one = (first, second).prop_map(|(first, second)| {
        let (label, code, pieces, big, sent, due, weight, share) = first;
        let (worth, tariff, load, currency, state, fragile, noted, id) = second;
        let notes = noted.then(|| serde_json::json!({ "a": 1 }));
        let id = Id::from_uuid(Uuid::from_u128(id));
        Parcel {
            id,
            label,
            code,
            pieces,
            big,
            sent,
            due,
            weight,
            share,
            worth,
            tariff,
            load,
            currency,
            state,
            fragile,
            notes,
            ..parcel("")
        }
    });
    prop::collection::vec(one, count)
}

/// A value as the naive models compare it.
#[derive(Debug, Clone, PartialEq, PartialOrd)]
pub(crate) enum Cell {
    Bool(bool),
    Int(i64),
    Decimal(Decimal),
    Text(String),
    Id(Uuid),
    Instant(Timestamp),
    Day(Date),
    /// Code first: amounts compare within one currency or unit.
    Pair(String, Decimal),
}

/// What a parcel holds under a name, in plain Rust and independent of the library's own mapping.
pub(crate) fn cell(parcel: &Parcel, name: &str) -> Option<Cell> {
    let p = parcel.clone();
    let code = |c: Currency| Cell::Text(c.code().to_owned());
    match name {
        "id" => Some(Cell::Id(p.id.uuid())),
        "label" => p.label.map(Cell::Text),
        "code" => Some(Cell::Text(p.code)),
        "pieces" => p.pieces.map(|n| Cell::Int(n.into())),
        "big" => Some(Cell::Int(p.big)),
        "sent" => p.sent.map(Cell::Instant),
        "due" => p.due.map(Cell::Day),
        "weight" => p.weight.map(Cell::Decimal),
        "share" => p.share.map(|r| Cell::Decimal(r.to_decimal())),
        "worth" => p.worth.map(|m| Cell::Pair(m.currency().code().to_owned(), m.to_decimal())),
        "worth.currency" => p.worth.map(|m| code(m.currency())),
        "tariff" => p.tariff.map(|p| Cell::Pair(p.currency().code().to_owned(), p.amount())),
        "tariff.currency" => p.tariff.map(|p| code(p.currency())),
        "load" => p.load.map(|q| Cell::Pair(q.unit().code().to_owned(), q.amount())),
        "load.unit" => p.load.map(|q| Cell::Text(q.unit().code().to_owned())),
        "currency" => p.currency.map(code),
        "state" => Some(Cell::Text(p.state.as_str().to_owned())),
        "fragile" => p.fragile.map(Cell::Bool),
        "parent" => p.parent.map(|id| Cell::Id(id.uuid())),
        "serial" => Some(Cell::Int(p.serial)),
        "version" => Some(Cell::Int(1)),
        "created_at" => Some(Cell::Instant(crate::support::now())),
        other => panic!("no cell `{other}`"),
    }
}
