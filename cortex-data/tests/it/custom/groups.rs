//! Records grouped by custom fields and others, with sums.

use cortex_core::Error;
use cortex_data::{Entity, GroupQuery, GroupRequest, Groups, Repository};
use serde_json::{Value as Json, json};

use super::shop::{Gadget, Shop, shops};
use super::{all_kinds, assortment, create};

fn groups(shop: &Shop, by: &str, sum: Option<&str>, filter: &str, hidden: &[&str]) -> Result<Groups, Error> {
    shop.work().read_blocking(|tx| {
        let custom = tx.custom_fields(Gadget::META)?;
        let query = GroupQuery { by, sum, filter: Some(filter), hidden, custom: Some(&custom) };
        Gadget::groups(tx, &GroupRequest::parse(Gadget::META, &query)?)
    })
}

#[track_caller]
fn check(shop: &Shop, (by, sum): (&str, Option<&str>), filter: &str, expected: &[(Json, i64, Option<Json>)]) {
    let found = groups(shop, by, sum, filter, &[]).unwrap();
    let found: Vec<_> =
        found.groups.into_iter().map(|group| (Json::Object(group.key), group.count, group.sum)).collect();
    assert_eq!(found, expected, "{}: {by} {sum:?} {filter}", shop.name);
}

#[test]
fn records_are_counted_by_the_values_that_they_share() {
    for shop in shops() {
        assortment(&shop);
        create(&shop, json!({ "name": "g", "extra": { "color": "red", "size": "0.5", "loud": true } })).unwrap();
        let color = |name: Json| json!({ "extra.color": name });
        check(
            &shop,
            ("extra.color", None),
            "",
            &[(color(Json::Null), 4, None), (color("red".into()), 2, None), (color("blue".into()), 1, None)],
        );
        check(
            &shop,
            ("extra.color", Some("extra.size")),
            "extra.color != null",
            &[(color("red".into()), 2, Some(json!("-2.5"))), (color("blue".into()), 1, Some(Json::Null))],
        );
        let loud = |loud: Json, color: Json| json!({ "extra.loud": loud, "extra.color": color });
        let expected = [
            (loud(false.into(), Json::Null), 1, None),
            (loud(true.into(), "red".into()), 1, None),
            (loud(true.into(), Json::Null), 1, None),
        ];
        check(&shop, ("extra.loud, extra.color", None), "extra.loud != null", &expected);
        // An amount is added up within each currency.
        let currency = |code: &str| json!({ "extra.cost.currency": code });
        let amount = |amount: &str, code: &str| Some(json!({ "amount": amount, "currency": code }));
        check(
            &shop,
            ("extra.cost.currency", Some("extra.cost")),
            "extra.cost != null",
            &[(currency("EUR"), 2, amount("17.00", "EUR")), (currency("USD"), 1, amount("5.00", "USD"))],
        );
        let both = groups(&shop, "name", Some("extra.cost"), "name = 'd'", &[]).unwrap();
        assert_eq!(Json::Object(both.groups[0].key.clone()), json!({ "name": "d", "extra.cost.currency": "USD" }));
        check(
            &shop,
            ("extra.seen", None),
            "extra.seen != null",
            &[(json!({ "extra.seen": "2026-03-01T08:00:00Z" }), 1, None)],
        );
        check(&shop, ("extra.made", None), "name = 'a'", &[(json!({ "extra.made": "2026-01-01" }), 1, None)]);
        check(
            &shop,
            ("extra.cost", None),
            "name = 'd'",
            &[(json!({ "extra.cost": { "amount": "5.00", "currency": "USD" } }), 1, None)],
        );
        check(&shop, ("version", None), "", &[(json!({ "version": 1 }), 7, None)]);
    }
}

#[test]
fn what_can_not_be_grouped_is_refused() {
    for shop in shops() {
        all_kinds(&shop);
        for (by, sum, code, message) in [
            ("", None, "group.by", "no field to group by is named"),
            ("extra.sise", None, "group.by", "`extra.sise` is not a field of this list"),
            ("extra.tags", None, "group.by", "records can't be grouped by `extra.tags`"),
            ("extra.size,extra.size", None, "group.by", "the records are grouped by `extra.size` twice"),
            ("name,version,extra.size,extra.note", None, "group.by", "records are grouped by at most 3 fields"),
            ("name", Some("extra.note"), "group.sum", "`extra.note` can't be added up"),
            ("name", Some("extra.cost.currency"), "group.sum", "`extra.cost.currency` can't be added up"),
        ] {
            let error = groups(&shop, by, sum, "", &[]).unwrap_err();
            assert_eq!(error.code(), code, "{by} {sum:?}");
            assert!(error.message().starts_with(message), "{}", error.message());
        }
        let hidden = groups(&shop, "extra.size", None, "", &["extra.size"]).unwrap_err();
        assert_eq!(hidden.message(), "`extra.size` is not a field of this list");
        let filter = groups(&shop, "name", None, "extra.size = x", &[]).unwrap_err();
        assert_eq!(filter.code(), "filter.value");
    }
}
