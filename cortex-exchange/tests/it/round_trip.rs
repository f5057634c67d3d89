//! What is exported, imported into another tenant and exported again is the same, in every format.

use codexion::core::{Actor, Currency, Cx, Date, Decimal, Id, Money, Price, Quantity, Rate, TenantId, Timestamp, Unit};
use codexion::data::Extra;
use codexion::prelude::Repository;
use cortex_exchange::{ExchangeModule, ExportOptions, Format, ImportOptions, Outcome};
use cortex_testing::TestApp;
use proptest::collection::vec;
use proptest::option::of;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

use crate::shop::{Brand, Kind, Product, Shop, define_fields, export_with, import_with};

fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        "[=+@\\-'\t\r\n,;\"a\u{feff}＝ ]{0,4}",
        "\\PC{0,12}",
        Just(String::new()),
        Just("'".to_owned()),
        Just("TRUE".to_owned()),
        Just("0012".to_owned()),
        Just("1e5".to_owned()),
    ]
}

fn decimal() -> impl Strategy<Value = Decimal> {
    prop_oneof![any::<i64>().prop_map(|n| Decimal::new(n, 6)), (-100_000_i64..100_000).prop_map(|n| Decimal::new(n, 2)),]
}

fn money() -> impl Strategy<Value = Money> {
    (any::<i64>(), prop_oneof![Just(Currency::EUR), Just(Currency::JPY)])
        .prop_map(|(minor, currency)| Money::from_minor(minor, currency))
}

fn day() -> impl Strategy<Value = Date> {
    (1_i16..=9999, 1_i8..=12, 1_i8..=28).prop_map(|(y, m, d)| Date::constant(y, m, d))
}

fn instant() -> impl Strategy<Value = Timestamp> {
    (-62_135_596_800_000_000_i64..253_402_207_000_000_000).prop_map(|n| Timestamp::from_microsecond(n).unwrap())
}

fn json() -> impl Strategy<Value = serde_json::Value> {
    prop_oneof![
        any::<i32>().prop_map(serde_json::Value::from),
        text().prop_map(serde_json::Value::from),
        vec(text(), 0..3).prop_map(serde_json::Value::from),
        text().prop_map(|t| serde_json::json!({ "k": t, "n": null, "b": true })),
    ]
}

fn extra() -> impl Strategy<Value = Extra> {
    let simple = (of(text()), of(any::<i64>().prop_map(|n| Decimal::new(n, 6))), of(money()), of(day()));
    let rest = (of(instant()), of(any::<bool>()), of(Just("=blue".to_owned())), any::<bool>(), of(json()));
    (simple, rest).prop_map(|((label, size, budget, due), (seen, fit, color, tagged, more))| {
        let mut extra = Extra::new();
        label.iter().filter(|text| storable(text)).for_each(|v| extra.set("label", v));
        size.iter().for_each(|v| extra.set("size", v));
        budget.iter().for_each(|v| extra.set("budget", v));
        due.iter().for_each(|v| extra.set("due", v));
        seen.iter().for_each(|v| extra.set("seen", v));
        fit.iter().for_each(|v| extra.set("fit", v));
        color.iter().for_each(|v| extra.set("color", v));
        if tagged {
            extra.set("tags", &vec!["=blue".to_owned(), "a,b".to_owned()]);
        }
        more.iter().filter(|json| !json.is_null()).for_each(|v| extra.set("more", v));
        extra
    })
}

prop_compose! {
    fn product()(
        (name, note) in (text(), of(text())),
        price in money(),
        cost in of((decimal(), Just(Currency::USD)).prop_map(|(d, c)| Price::new(d, c).unwrap())),
        stock in of((decimal(), Just(Unit::PIECE)).prop_map(|(d, u)| Quantity::new(d, u).unwrap())),
        (weight, ratio) in (of(decimal()), of(any::<i64>().prop_map(|n| Rate::new(Decimal::new(n, 10)).unwrap()))),
        (active, rank, views) in (any::<bool>(), 0..=1000_i32, of(any::<i64>())),
        (made, seen) in (of(day()), of(instant())),
        kind in prop_oneof![Just(Kind::Goods), Just(Kind::Service)],
        (money, measure) in (of(Just(Currency::EUR)), of(Just(Unit::PIECE))),
        data in of(json()),
        branded in any::<bool>(),
        extra in extra(),
    ) -> (Product, bool) {
        let product = Product {
            id: Id::new(), sku: String::new(), name, note, price, cost, stock, weight, ratio, active, rank, views,
            made, seen, kind, money, measure, data, brand: None, popularity: 0, pin: None, extra,
        };
        (product, branded)
    }
}

fn storable(text: &str) -> bool {
    !text.contains('\0')
}

fn formats() -> Vec<Format> {
    let mut all = vec![Format::Csv, Format::Jsonl];
    all.extend(cfg!(feature = "xlsx").then_some(Format::Xlsx));
    all.extend(cfg!(feature = "parquet").then_some(Format::Parquet));
    all
}

fn check(app: &TestApp, products: Vec<(Product, bool)>) {
    let work = |tenant| app.database().work(Cx::new(tenant, Actor::system("test")));
    let from = work(TenantId::new());
    define_fields(&from);
    let brand = Brand { id: Id::new(), code: "=A".to_owned(), name: "+49".to_owned() };
    let products: Vec<Product> = products
        .into_iter()
        .enumerate()
        .map(|(i, (product, branded))| Product { sku: format!("-{i}"), brand: branded.then_some(brand.id), ..product })
        .filter(|product| storable(&product.name) && product.note.as_deref().is_none_or(storable))
        .collect();
    from.write_blocking(|tx| {
        Brand::insert(tx, &brand)?;
        Product::insert_many(tx, &products)
    })
    .unwrap();
    for format in formats() {
        let to = work(TenantId::new());
        define_fields(&to);
        for entity in ["shop.brand", "shop.product"] {
            let first = export_with(&from, entity, &ExportOptions::new(format));
            let report = import_with(&to, entity, &first, &ImportOptions::new(format)).unwrap();
            assert_eq!(report.outcome, Outcome::Stored, "{format} on {}: {report:#?}", app.kind());
        }
        let (before, after) = (all(&from), all(&to));
        assert_eq!(before, after, "{format} on {}", app.kind());
    }
}

fn all(work: &codexion::data::Work) -> Vec<Product> {
    work.read_blocking(|tx| Product::list(tx, &codexion::data::Filter::All)).unwrap()
}

#[test]
fn every_type_of_field_comes_back_from_every_format() {
    TestApp::each(
        |app| app.module(ExchangeModule).module(Shop),
        |app| {
            let mut runner = TestRunner::new(Config { cases: 24, failure_persistence: None, ..Config::default() });
            runner
                .run(&vec(product(), 0..6), |products| {
                    check(app, products);
                    Ok(())
                })
                .unwrap();
        },
    );
}
