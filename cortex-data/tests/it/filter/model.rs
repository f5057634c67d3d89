//! The naive model of filters: a condition as a tree that prints itself and looks at one record in memory.

use cortex_core::{Choice, Id};
use cortex_data::{Entity, Filter, Repository};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

use crate::parcel::{self, Cell, LETTERS, Parcel, cell, parcel, parcel_databases, parcels};

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
    #[expect(clippy::manual_try_fold, reason = "a later part may decide what an unknown one leaves open")]
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
                        Cell::Text(text) => {
                            matches(&pattern.chars().collect::<Vec<_>>(), &text.chars().collect::<Vec<_>>())
                        }
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
                let filter =
                    Filter::parse(Parcel::META, &text).map_err(|e| TestCaseError::fail(format!("{text}: {e}")))?;
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
