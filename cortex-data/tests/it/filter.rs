//! Filters: what clients may write, what they are told when it is wrong, and what it means on both databases.

mod model;

use cortex_core::Id;
use cortex_data::{Entity, FILTER_DEPTH_MAX, FILTER_ITEMS_MAX, FILTER_LENGTH_MAX, FILTER_TERMS_MAX, Filter, Op, Value};
use proptest::prelude::*;
use proptest::test_runner::Config;

use crate::parcel::Parcel;

fn parse(text: &str) -> Filter {
    Filter::parse(Parcel::META, text).unwrap_or_else(|e| panic!("{text}: {e}"))
}

fn compare(column: &'static str, op: Op, value: impl Into<Value>) -> Filter {
    Filter::Compare { column, op, value: value.into() }
}

#[test]
fn operators_keywords_and_parentheses_bind_as_in_sql() {
    let a = || compare("pieces", Op::Eq, 1);
    let b = || compare("code", Op::Ne, "x");
    let c = || Filter::Like { column: "label", pattern: "A*".into() };
    let not = |f: Filter| Filter::Not(Box::new(f));
    assert_eq!(parse("pieces = 1"), a());
    assert_eq!(parse("  pieces=1 AND code != 'x'"), Filter::And(vec![a(), b()]));
    assert_eq!(
        parse("pieces = 1 or code != 'x' and label ~ \"A*\""),
        Filter::Or(vec![a(), Filter::And(vec![b(), c()])])
    );
    assert_eq!(
        parse("(pieces = 1 or code != 'x') and not label ~ 'A*'"),
        Filter::And(vec![Filter::Or(vec![a(), b()]), not(c())])
    );
    assert_eq!(parse("not not (pieces = 1)"), not(not(a())));
    assert_eq!(parse(""), Filter::All);
    assert_eq!(parse(" \n"), Filter::All);
}

#[test]
fn values_of_every_kind_are_read() {
    assert_eq!(parse("big >= -5"), compare("big", Op::Ge, -5_i64));
    assert_eq!(parse("due < 2026-03-01"), compare("due", Op::Lt, "2026-03-01".parse::<cortex_core::Date>().unwrap()));
    assert_eq!(
        parse("sent > 2026-03-01T08:00:00+02:00"),
        compare("sent", Op::Gt, "2026-03-01T06:00:00Z".parse::<cortex_core::Timestamp>().unwrap())
    );
    assert_eq!(parse("fragile = true"), compare("fragile", Op::Eq, true));
    assert_eq!(parse("state = in_transit"), compare("state", Op::Eq, "in_transit"));
    assert_eq!(parse("version = 3"), compare("version", Op::Eq, 3_i64));
    assert_eq!(parse(r#"code = "a\"\\b'""#), compare("code", Op::Eq, r#"a"\b'"#));
    assert_eq!(parse("label = null"), Filter::IsNull { column: "label" });
    assert_eq!(parse("label != NULL"), Filter::Not(Box::new(Filter::IsNull { column: "label" })));
    assert_eq!(parse("label = 'null'"), compare("label", Op::Eq, "null"));
    let id = Id::<Parcel>::new();
    assert_eq!(parse(&format!("parent in ({id})")), Filter::In { column: "parent", values: vec![id.into()] });
    let list = Filter::In { column: "state", values: vec!["open".into(), "done".into()] };
    assert_eq!(parse("state in (open, 'done')"), list.clone());
    assert_eq!(parse("state not in (open, done)"), Filter::Not(Box::new(list.clone())));
    assert_eq!(parse("not state in (open, done)"), Filter::Not(Box::new(list)));
    assert_eq!(parse("notes = null"), Filter::IsNull { column: "notes" });
}

#[test]
fn amounts_are_compared_within_their_currency_or_unit() {
    let euro = || Filter::eq("worth_currency", "EUR");
    let at_least = Filter::And(vec![euro(), compare("worth", Op::Ge, 10_050_i64)]);
    assert_eq!(parse("worth >= \"100.50 EUR\""), at_least);
    assert_eq!(parse("worth >= 100.50 EUR"), at_least);
    assert_eq!(
        parse("worth != '1 JPY'"),
        Filter::Or(vec![compare("worth_currency", Op::Ne, "JPY"), compare("worth", Op::Ne, 1_i64)])
    );
    assert_eq!(parse("worth.currency = EUR"), euro());
    assert_eq!(
        parse("load in (2 kg, '3 pcs')"),
        Filter::Or(vec![
            Filter::And(vec![Filter::eq("load_unit", "kg"), Filter::eq("load", cortex_core::Decimal::from(2))]),
            Filter::And(vec![Filter::eq("load_unit", "pcs"), Filter::eq("load", cortex_core::Decimal::from(3))]),
        ])
    );
    assert_eq!(parse("worth = null"), Filter::IsNull { column: "worth" });
}

#[track_caller]
fn refused(text: &str, code: &str, message: &str, help: &str) {
    let error: cortex_core::Error = Filter::parse(Parcel::META, text).expect_err(text).into();
    assert_eq!((error.kind(), error.code(), error.message()), (cortex_core::Kind::Invalid, code, message), "{text}");
    assert!(error.help().unwrap_or_default().contains(help), "{text}: {:?}", error.help());
}

#[test]
fn mistakes_are_named_with_their_position() {
    let operators = "expected `=`, `!=`, `<`, `<=`, `>`, `>=`, `~` or `in`";
    refused("pieces 1", "filter.syntax", &format!("at position 8: {operators}, found `1`"), "conditions");
    refused("pieces", "filter.syntax", &format!("at position 7: {operators}, found the end"), "");
    refused("pieces not like 1", "filter.syntax", &format!("at position 8: {operators}, found `not`"), "");
    refused("= 1", "filter.syntax", "at position 1: expected a field, `not` or `(`, found `=`", "");
    refused("pieces = ", "filter.syntax", "at position 10: expected a value, found the end", "");
    refused("pieces = and", "filter.syntax", "at position 10: expected a value, found `and`", "");
    refused("pieces == 1", "filter.syntax", "at position 9: expected a value, found `=`", "");
    refused(
        "pieces = 1 pieces = 2",
        "filter.syntax",
        "at position 12: expected `and`, `or` or the end, found `pieces`",
        "",
    );
    refused("(pieces = 1", "filter.syntax", "at position 12: expected `and`, `or` or `)`, found the end", "");
    refused("pieces = 1)", "filter.syntax", "at position 11: expected `and`, `or` or the end, found `)`", "");
    refused("pieces in 1", "filter.syntax", "at position 11: expected `(` and a list of values, found `1`", "");
    refused("pieces in ()", "filter.syntax", "at position 12: expected a value, found `)`", "");
    refused("pieces in (1 2)", "filter.syntax", "at position 14: expected `,` or `)`, found `2`", "");
    refused("code = 'ab", "filter.syntax", "at position 8: the text that starts here has no end", "put texts in");
    refused(r"code = 'a\n'", "filter.syntax", "at position 10: there is no such escape", "");
    refused("code = 'a\0'", "filter.syntax", "at position 10: a text has no character U+0000", "");
    refused(
        "ä = 1",
        "filter.syntax",
        "at position 1: expected a field, an operator, a value, `(` or `)`, found `ä`",
        "",
    );
    // Positions count characters, not bytes.
    refused(
        "code = 'ä' or peices = 1",
        "filter.field",
        "at position 15: `peices` is not a field of this list",
        "did you mean `pieces`? accepted names: `id`, `label`",
    );
}

#[test]
fn a_field_takes_only_what_it_can_be_compared_with() {
    let value = "filter.value";
    refused("pieces = many", value, "at position 10: `many` is not a whole number", "");
    refused("pieces = 1.5", value, "at position 10: `1.5` is not a whole number", "");
    refused("code = AB", value, "at position 8: the text `AB` needs quotes", "\"AB\"");
    refused("due = soon", value, "at position 7: `soon` is not a date such as `2026-03-01`", "");
    refused("state = opne", value, "at position 9: `opne` is none of `open`, `in_transit`, `done`", "");
    refused("fragile = yes", value, "at position 11: `yes` is not `true` or `false`", "");
    refused("fragile > true", value, "at position 1: `fragile` has no smaller and larger values", "`=`, `!=` or `in`");
    refused("state < open", value, "at position 1: `state` has no smaller and larger values", "");
    refused("pieces ~ '1*'", value, "at position 1: `~` compares texts, and `pieces` is none", "");
    refused("pieces < null", value, "at position 10: nothing is smaller or larger than `null`", "`pieces = null`");
    refused("pieces in (1, null)", value, "at position 15: a list has no `null`", "`pieces = null or ...`");
    refused("notes = '{}'", value, "at position 1: `notes` can't be compared with a value", "");
    refused(
        "worth > 100",
        value,
        "at position 9: `100` has no currency",
        "`worth = \"100 EUR\"`, or compare `worth.currency`",
    );
    refused("load = 3", value, "at position 8: `3` has no unit", "");
    refused("worth = '1.234 EUR'", value, "at position 9: `1.234` has more digits than an amount in EUR can keep", "");
    refused(
        "worth.amount = 3",
        "filter.field",
        "at position 1: `worth.amount` is not a field of this list",
        "`worth.currency`",
    );
}

#[test]
fn what_a_client_can_not_read_it_can_not_filter_by() {
    refused(
        "secret = 'sesame'",
        "filter.field",
        "at position 1: `secret` is not a field of this list",
        "accepted names",
    );
    refused("deleted_at != null", "filter.field", "at position 1: `deleted_at` is not a field of this list", "");
    refused("tenant_id != null", "filter.field", "at position 1: `tenant_id` is not a field of this list", "");
    for text in ["worth = null", "worth.currency = EUR"] {
        let error = Filter::parse_visible(Parcel::META, &["worth"], None, text).unwrap_err();
        assert!(
            matches!(&error, cortex_data::FilterError::UnknownField { help, .. } if !help.contains("worth")),
            "{error}"
        );
    }
}

#[test]
fn limits_are_stated() {
    let many = |n: usize, part: &str, between: &str| vec![part; n].join(between);
    assert!(Filter::parse(Parcel::META, &many(FILTER_TERMS_MAX, "big = 1", " or ")).is_ok());
    refused(
        &many(FILTER_TERMS_MAX + 1, "big = 1", " or "),
        "filter.limit",
        "at position 1101: at most 100 conditions are allowed",
        "less",
    );
    let list = |n| format!("big in ({})", many(n, "1", ","));
    assert!(Filter::parse(Parcel::META, &list(FILTER_ITEMS_MAX)).is_ok());
    refused(
        &list(FILTER_ITEMS_MAX + 1),
        "filter.limit",
        "at position 409: at most 200 values in a list are allowed",
        "",
    );
    let nested = |n: usize| format!("{}big = 1{}", "(".repeat(n), ")".repeat(n));
    assert!(Filter::parse(Parcel::META, &nested(FILTER_DEPTH_MAX)).is_ok());
    refused(
        &nested(FILTER_DEPTH_MAX + 1),
        "filter.limit",
        "at position 18: at most 16 levels of `(` and `not` are allowed",
        "",
    );
    refused(&"not ".repeat(900), "filter.limit", "at position 69: at most 16 levels of `(` and `not` are allowed", "");
    let long = format!("code = '{}'", "x".repeat(FILTER_LENGTH_MAX));
    refused(&long, "filter.limit", "the filter has 4009 characters, at most 4000 are allowed", "");
}

proptest! {
    #![proptest_config(Config { cases: 2_000, failure_persistence: None, ..Config::default() })]

    #[test]
    fn no_text_makes_the_parser_panic(text in ".{0,60}") {
        let _ = Filter::parse(Parcel::META, &text);
    }

    #[test]
    fn no_row_of_pieces_makes_the_parser_panic(pieces in prop::collection::vec(piece(), 0..14)) {
        let _ = Filter::parse(Parcel::META, &pieces.join(" "));
    }
}

fn piece() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec![
        "(",
        ")",
        ",",
        "=",
        "!=",
        "<",
        "<=",
        ">",
        ">=",
        "~",
        "and",
        "or",
        "not",
        "in",
        "null",
        "1",
        "-1.5",
        "'a'",
        "\"",
        "code",
        "worth",
        "worth.currency",
        "100 EUR",
        "2026-03-01",
        "open",
        "state",
        "notes",
        "fragile",
        "true",
        "label",
    ])
}
