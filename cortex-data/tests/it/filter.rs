//! Filters: what clients may write, what they are told when it is wrong, and what it means on both databases.

use cortex_core::{Choice, Id};
use cortex_data::{
    Entity, FILTER_DEPTH_MAX, FILTER_ITEMS_MAX, FILTER_LENGTH_MAX, FILTER_TERMS_MAX, Filter, Op, Repository, Value,
};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

use crate::parcel::{self, Cell, LETTERS, Parcel, cell, parcel, parcel_databases, parcels};

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
    refused("pieces = 1 pieces = 2", "filter.syntax", "at position 12: expected `and`, `or` or the end, found `pieces`", "");
    refused("(pieces = 1", "filter.syntax", "at position 12: expected `and`, `or` or `)`, found the end", "");
    refused("pieces = 1)", "filter.syntax", "at position 11: expected `and`, `or` or the end, found `)`", "");
    refused("pieces in 1", "filter.syntax", "at position 11: expected `(` and a list of values, found `1`", "");
    refused("pieces in ()", "filter.syntax", "at position 12: expected a value, found `)`", "");
    refused("pieces in (1 2)", "filter.syntax", "at position 14: expected `,` or `)`, found `2`", "");
    refused("code = 'ab", "filter.syntax", "at position 8: the text that starts here has no end", "put texts in");
    refused(r"code = 'a\n'", "filter.syntax", "at position 10: there is no such escape", "");
    refused("code = 'a\0'", "filter.syntax", "at position 10: a text has no character U+0000", "");
    refused("ä = 1", "filter.syntax", "at position 1: expected a field, an operator, a value, `(` or `)`, found `ä`", "");
    // Positions count characters, not bytes.
    refused("code = 'ä' or peices = 1", "filter.field", "at position 15: `peices` is not a field of this list", "did you mean `pieces`? accepted names: `id`, `label`");
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
    refused("worth > 100", value, "at position 9: `100` has no currency", "`worth = \"100 EUR\"`, or compare `worth.currency`");
    refused("load = 3", value, "at position 8: `3` has no unit", "");
    refused("worth = '1.234 EUR'", value, "at position 9: `1.234` has more digits than an amount in EUR can keep", "");
    refused("worth.amount = 3", "filter.field", "at position 1: `worth.amount` is not a field of this list", "did you mean");
}

#[test]
fn what_a_client_can_not_read_it_can_not_filter_by() {
    refused("secret = 'sesame'", "filter.field", "at position 1: `secret` is not a field of this list", "accepted names");
    refused("deleted_at != null", "filter.field", "at position 1: `deleted_at` is not a field of this list", "");
    refused("tenant_id != null", "filter.field", "at position 1: `tenant_id` is not a field of this list", "");
    for text in ["worth = null", "worth.currency = EUR"] {
        let error = Filter::parse_visible(Parcel::META, &["worth"], text).unwrap_err();
        assert!(matches!(&error, cortex_data::FilterError::UnknownField { help, .. } if !help.contains("worth")), "{error}");
    }
}

#[test]
fn limits_are_stated() {
    let many = |n: usize, part: &str, between: &str| vec![part; n].join(between);
    assert!(Filter::parse(Parcel::META, &many(FILTER_TERMS_MAX, "big = 1", " or ")).is_ok());
    refused(&many(FILTER_TERMS_MAX + 1, "big = 1", " or "), "filter.limit", "at position 1101: at most 100 conditions are allowed", "less");
    let list = |n| format!("big in ({})", many(n, "1", ","));
    assert!(Filter::parse(Parcel::META, &list(FILTER_ITEMS_MAX)).is_ok());
    refused(&list(FILTER_ITEMS_MAX + 1), "filter.limit", "at position 409: at most 200 values in a list are allowed", "");
    let nested = |n: usize| format!("{}big = 1{}", "(".repeat(n), ")".repeat(n));
    assert!(Filter::parse(Parcel::META, &nested(FILTER_DEPTH_MAX)).is_ok());
    refused(&nested(FILTER_DEPTH_MAX + 1), "filter.limit", "at position 18: at most 16 levels of `(` and `not` are allowed", "");
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
        "(", ")", ",", "=", "!=", "<", "<=", ">", ">=", "~", "and", "or", "not", "in", "null", "1", "-1.5", "'a'", "\"",
        "code", "worth", "worth.currency", "100 EUR", "2026-03-01", "open", "state", "notes", "fragile", "true", "label",
    ])
}

// The naive model: a condition as a tree that prints itself and looks at one record in memory.

#[derive(Debug, Clone)]
enum Tree {
    And(Vec<Tree>),
    Or(Vec<Tree>),
    Not(Box<Tree>),
    Is(&'static str, Test),
}

#[derive(Debug, Clone)]
enum Test {
    Compare(&'static str, Lit),
    Null(bool),
    In(Vec<Lit>),
    NotIn(Vec<Lit>),
    Like(String),
}

/// A value and how it is written.
#[derive(Debug, Clone)]
struct Lit(Cell, String);

fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}

impl Tree {
    fn print(&self) -> String {
        let join = |parts: &[Tree], word: &str| {
            let parts: Vec<String> = parts.iter().map(|p| format!("({})", p.print())).collect();
            parts.join(word)
        };
        let list = |items: &[Lit]| items.iter().map(|l| l.1.as_str()).collect::<Vec<_>>().join(", ");
        match self {
            Self::And(parts) => join(parts, " and "),
            Self::Or(parts) => join(parts, " or "),
            Self::Not(part) => format!("not ({})", part.print()),
            Self::Is(name, Test::Compare(op, value)) => format!("{name} {op} {}", value.1),
            Self::Is(name, Test::Null(is)) => format!("{name} {} null", if *is { "=" } else { "!=" }),
            Self::Is(name, Test::In(items)) => format!("{name} in ({})", list(items)),
            Self::Is(name, Test::NotIn(items)) => format!("{name} not in ({})", list(items)),
            Self::Is(name, Test::Like(pattern)) => format!("{name} ~ {}", quoted(pattern)),
        }
    }

    /// `None` is "unknown", as in SQL's three-valued logic.
    fn holds(&self, record: &Parcel) -> Option<bool> {
        match self {
            Self::And(parts) => parts.iter().map(|p| p.holds(record)).fold(Some(true), |a, b| match (a, b) {
                (Some(false), _) | (_, Some(false)) => Some(false),
                (Some(true), Some(true)) => Some(true),
                _ => None,
            }),
            Self::Or(parts) => parts.iter().map(|p| p.holds(record)).fold(Some(false), |a, b| match (a, b) {
                (Some(true), _) | (_, Some(true)) => Some(true),
                (Some(false), Some(false)) => Some(false),
                _ => None,
            }),
            Self::Not(part) => part.holds(record).map(|holds| !holds),
            Self::Is("notes", Test::Null(is)) => Some(record.notes.is_none() == *is),
            Self::Is(name, test) => {
                let found = cell(record, name);
                match test {
                    Test::Null(is) => Some(found.is_none() == *is),
                    Test::Compare(op, value) => found.map(|found| compares(&found, op, &value.0)),
                    Test::In(items) => found.map(|found| items.iter().any(|item| item.0 == found)),
                    Test::NotIn(items) => found.map(|found| items.iter().all(|item| item.0 != found)),
                    Test::Like(pattern) => found.map(|found| match found {
                        Cell::Text(text) => matches(&pattern.chars().collect::<Vec<_>>(), &text.chars().collect::<Vec<_>>()),
                        other => panic!("like on {other:?}"),
                    }),
                }
            }
        }
    }
}

fn compares(found: &Cell, op: &str, value: &Cell) -> bool {
    let same_code = match (found, value) {
        (Cell::Pair(a, _), Cell::Pair(b, _)) => a == b,
        _ => true,
    };
    match op {
        "=" => found == value,
        "!=" => found != value,
        "<" => same_code && found < value,
        "<=" => same_code && found <= value,
        ">" => same_code && found > value,
        _ => same_code && found >= value,
    }
}

fn matches(pattern: &[char], text: &[char]) -> bool {
    match (pattern, text) {
        ([], []) => true,
        (['*', rest @ ..], _) => (0..=text.len()).any(|skip| matches(rest, &text[skip..])),
        ([p, pattern @ ..], [t, text @ ..]) => p == t && matches(pattern, text),
        _ => false,
    }
}

/// Values for a name.
fn literal(name: &'static str) -> BoxedStrategy<Lit> {
    let bare = |cell: Cell, text: String| Lit(cell, text);
    match name {
        "label" | "code" => parcel::text().prop_map(|t| Lit(Cell::Text(t.clone()), quoted(&t))).boxed(),
        "pieces" => (0..4_i64).prop_map(move |n| bare(Cell::Int(n), n.to_string())).boxed(),
        "big" => prop::sample::select(vec![i64::MIN, -1, 0, 1, i64::MAX])
            .prop_map(move |n| bare(Cell::Int(n), n.to_string()))
            .boxed(),
        "sent" => parcel::instant().prop_map(move |t| bare(Cell::Instant(t), t.to_string())).boxed(),
        "due" => parcel::day().prop_map(move |d| bare(Cell::Day(d), d.to_string())).boxed(),
        "weight" | "share" => parcel::decimal().prop_map(move |d| bare(Cell::Decimal(d), d.to_string())).boxed(),
        "worth" => parcel::money()
            .prop_map(move |m| {
                let (amount, code) = (m.to_decimal(), m.currency().code().to_owned());
                Lit(Cell::Pair(code.clone(), amount), format!("{amount} {code}"))
            })
            .boxed(),
        "tariff" => parcel::price()
            .prop_map(move |p| {
                let (amount, code) = (p.amount(), p.currency().code().to_owned());
                Lit(Cell::Pair(code.clone(), amount), format!("'{amount} {code}'"))
            })
            .boxed(),
        "load" => parcel::quantity()
            .prop_map(move |q| Lit(Cell::Pair(q.unit().code().to_owned(), q.amount()), format!("\"{q}\"")))
            .boxed(),
        "worth.currency" | "tariff.currency" | "currency" => {
            parcel::currency().prop_map(|c| Lit(Cell::Text(c.code().to_owned()), c.code().to_owned())).boxed()
        }
        "load.unit" => parcel::unit().prop_map(|u| Lit(Cell::Text(u.code().to_owned()), u.code().to_owned())).boxed(),
        "state" => parcel::state().prop_map(|s| Lit(Cell::Text(s.as_str().to_owned()), s.as_str().to_owned())).boxed(),
        "fragile" => any::<bool>().prop_map(|b| Lit(Cell::Bool(b), b.to_string())).boxed(),
        "version" => (0..3_i64).prop_map(move |n| bare(Cell::Int(n), n.to_string())).boxed(),
        other => panic!("no values for `{other}`"),
    }
}

const ORDERED: [&str; 11] =
    ["label", "code", "pieces", "big", "sent", "due", "weight", "share", "worth", "tariff", "load"];
const UNORDERED: [&str; 6] = ["worth.currency", "tariff.currency", "load.unit", "currency", "state", "fragile"];

fn pattern() -> impl Strategy<Value = String> {
    let mut letters = LETTERS.to_vec();
    letters.extend(['*'; 6]);
    prop::collection::vec(prop::sample::select(letters), 0..5).prop_map(|c| c.into_iter().collect())
}

fn tree() -> impl Strategy<Value = Tree> {
    let ordered = (prop::sample::select(&ORDERED[..]), prop::sample::select(vec!["=", "!=", "<", "<=", ">", ">="]));
    let unordered = (prop::sample::select(&UNORDERED[..]), prop::sample::select(vec!["=", "!="]));
    let any_name = prop::sample::select([&ORDERED[..], &UNORDERED[..]].concat());
    let compare = prop_oneof![ordered, unordered]
        .prop_flat_map(|(name, op)| literal(name).prop_map(move |l| Tree::Is(name, Test::Compare(op, l))));
    let list = (any_name, any::<bool>()).prop_flat_map(|(name, not)| {
        prop::collection::vec(literal(name), 1..4)
            .prop_map(move |items| Tree::Is(name, if not { Test::NotIn(items) } else { Test::In(items) }))
    });
    let nullable = vec!["label", "pieces", "sent", "due", "worth", "load", "load.unit", "fragile", "notes", "code"];
    let null = (prop::sample::select(nullable), any::<bool>()).prop_map(|(name, is)| Tree::Is(name, Test::Null(is)));
    let like = (prop::sample::select(vec!["label", "code"]), pattern())
        .prop_map(|(name, pattern)| Tree::Is(name, Test::Like(pattern)));
    prop_oneof![4 => compare, 1 => list, 1 => null, 2 => like].prop_recursive(3, 8, 3, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 2..4).prop_map(Tree::And),
            prop::collection::vec(inner.clone(), 2..4).prop_map(Tree::Or),
            inner.prop_map(|t| Tree::Not(Box::new(t))),
        ]
    })
}

#[test]
fn both_databases_answer_as_the_naive_model() {
    for test in parcel_databases() {
        let mut runner = TestRunner::new(Config { cases: 60, failure_persistence: None, ..Config::default() });
        let cases = (parcels(0..25), prop::collection::vec(tree(), 30));
        let result = runner.run(&cases, |(records, trees)| {
            // A tenant per case keeps the cases apart.
            let work = test.work(Id::new());
            work.write_blocking(|tx| Parcel::insert_many(tx, &records)).unwrap();
            for tree in trees {
                let text = tree.print();
                let filter = Filter::parse(Parcel::META, &text).map_err(|e| TestCaseError::fail(format!("{text}: {e}")))?;
                let found = work.read_blocking(|tx| Parcel::list(tx, &filter)).unwrap();
                let mut expected: Vec<_> = records.iter().filter(|r| tree.holds(r) == Some(true)).cloned().collect();
                expected.sort_by_key(|r| r.id);
                prop_assert_eq!(found, expected, "{}: {}", test.name, text);
            }
            Ok(())
        });
        result.unwrap_or_else(|e| panic!("{}: {e}", test.name));
    }
}

#[test]
fn like_minds_case_and_takes_every_other_sign_as_itself() {
    for test in parcel_databases() {
        let work = test.work(Id::new());
        let codes = ["AB-1", "ab-1", "A%B", "A_B", "A[B]", "A?B", "A\\B", "ÄB", "äb", ""];
        let all: Vec<Parcel> = codes.into_iter().map(parcel).collect();
        work.write_blocking(|tx| Parcel::insert_many(tx, &all)).unwrap();
        let check = |pattern: &str, expected: &[&str]| {
            let filter = Filter::Like { column: "code", pattern: pattern.into() };
            let mut found: Vec<_> =
                work.read_blocking(|tx| Parcel::list(tx, &filter)).unwrap().into_iter().map(|p| p.code).collect();
            found.sort();
            let mut expected = expected.to_vec();
            expected.sort_unstable();
            assert_eq!(found, expected, "{} {pattern}", test.name);
        };
        check("AB*", &["AB-1"]);
        check("*-1", &["AB-1", "ab-1"]);
        check("A%B", &["A%B"]);
        check("A_B", &["A_B"]);
        check("A[B]", &["A[B]"]);
        check("A?B", &["A?B"]);
        check("A\\B", &["A\\B"]);
        check("Ä*", &["ÄB"]);
        check("", &[""]);
        check("*", &codes);
        check("**", &codes);
    }
}
