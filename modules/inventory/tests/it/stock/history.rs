//! Random histories through the service, in random orders of arrival, against the naive model.

use std::cell::Cell;
use std::collections::BTreeMap;

use codexion::prelude::{Error, Filter, HookPoint, Id, Money, Quantity, Repository};
use cortex_testing::TestApp;
use inventory::domain::{Change, Position, Removal};
use inventory::store::{StockEntry, ValueEntry};
use inventory::{AfterValued, Count, Inventory, InventorySettings, Issue, Move, Returned, Transfer, Valued};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

use super::yard::{Told, Yard};
use crate::memory::{CURRENCY, UNIT, day, price};
use crate::model;

/// What is asked for, not knowing whether it can be done.
#[derive(Debug, Clone)]
struct Ask {
    day: i16,
    kind: u8,
    units: i64,
    cents: i64,
    shelf: bool,
    refers: usize,
}

fn asks() -> impl Strategy<Value = Vec<Ask>> {
    let ask = (0_i16..10, 0_u8..13, 1_i64..9, 0_i64..900, any::<bool>(), any::<prop::sample::Index>());
    let ask = ask.prop_map(|(day, kind, units, cents, shelf, refers)| Ask {
        day,
        kind,
        units,
        cents,
        shelf,
        refers: refers.index(1_000),
    });
    prop::collection::vec(ask, 5..40)
}

/// What was done.
#[derive(Debug, Clone, Copy)]
enum Done {
    Receive(i64, i64),
    Issue(i64),
    Return(i64, Position),
    Move(i64),
    Count(i64),
}

/// The history as it was done, per place.
#[derive(Debug, Default)]
struct History {
    /// Whether the place was the shelf, and what was done there.
    done: BTreeMap<Position, (bool, Done)>,
}

fn whole(units: i64) -> Quantity {
    Quantity::from_scaled(units * 1_000_000, UNIT)
}

fn ask(yard: &Yard<'_>, shelf: Id<inventory::Location>, history: &mut History, ask: &Ask) {
    let (here, there) = if ask.shelf { (shelf, yard.places.stock) } else { (yard.places.stock, shelf) };
    let (item, quantity, date) = (yard.item.id, whole(ask.units), day(ask.day));
    let cost = format!("{}.{:02}", ask.cents / 100, ask.cents % 100);
    let issues: Vec<Position> =
        history.done.iter().filter(|(_, (_, done))| matches!(done, Done::Issue(_))).map(|(at, _)| *at).collect();
    let result = yard.work.write_blocking(|tx| match ask.kind {
        0..=4 => {
            let receipt = yard.receipt(ask.day, &ask.units.to_string(), &cost);
            let moved = yard.stock.receive(tx, &inventory::Receipt { to: here, unit_cost: price(&cost), ..receipt })?;
            Ok((moved, Done::Receive(ask.units, ask.units * ask.cents)))
        }
        5..=8 => {
            let issue = Issue { from: here, ..yard.issue_of(ask.day, &ask.units.to_string()) };
            Ok((yard.stock.issue(tx, &issue)?, Done::Issue(ask.units)))
        }
        9..=10 => {
            let transfer = Transfer { item, from: here, to: there, quantity, date, origin: None };
            Ok((yard.stock.transfer(tx, &transfer)?, Done::Move(ask.units)))
        }
        11 => {
            let count = Count { item, place: here, found: quantity, unit_cost: None, date, origin: None };
            Ok((yard.stock.adjust(tx, &count)?, Done::Count(ask.units)))
        }
        _ => {
            let Some(issue) = issues.get(ask.refers % issues.len().max(1)) else {
                return Err(Error::refused("inventory.return_too_large", "nothing left yet"));
            };
            let movement = Id::from_uuid(issue.id);
            let date = date.max(issue.date);
            let returned = Returned { movement, place: here, quantity, date, origin: None };
            Ok((yard.stock.take_back(tx, &returned)?, Done::Return(ask.units, *issue)))
        }
    });
    match result {
        Ok((moved, done)) => {
            let stored = yard.work.read_blocking(|tx| Move::get(tx, moved.movement)).unwrap();
            history.done.insert(stored.position(), (ask.shelf, done));
        }
        Err(error) => {
            let expected = ["inventory.negative_stock", "inventory.return_too_large"];
            assert!(expected.contains(&error.code()), "{error:?}");
        }
    }
}

/// What the history amounts to.
struct Replay {
    /// The entries that the model values.
    entries: BTreeMap<Position, Change>,
    /// By how many units each move changed each place.
    moved: BTreeMap<(Position, bool), i64>,
    /// Whether more left a place than was there.
    negative: bool,
}

impl History {
    /// Goes through the whole history once more; what a count means depends on all before it.
    fn replay(&self) -> Replay {
        let (mut balance, mut entries, mut moved) = ([0_i64; 2], BTreeMap::new(), BTreeMap::new());
        let mut negative = false;
        for (at, (shelf, done)) in &self.done {
            let mut add = |place: bool, units: i64| {
                balance[usize::from(place)] += units;
                negative |= units < 0 && balance[usize::from(place)] < 0;
                moved.insert((*at, place), units);
            };
            match *done {
                Done::Receive(units, cents) => {
                    add(*shelf, units);
                    let value = Money::from_minor(cents, CURRENCY);
                    entries.insert(*at, Change::Receive { quantity: whole(units), value });
                }
                Done::Issue(units) => {
                    add(*shelf, -units);
                    entries.insert(*at, Change::Issue { quantity: whole(units) });
                }
                Done::Return(units, issue) => {
                    add(*shelf, units);
                    entries.insert(*at, Change::CustomerReturn { quantity: whole(units), issue });
                }
                Done::Move(units) => {
                    add(*shelf, -units);
                    add(!*shelf, units);
                }
                Done::Count(units) => {
                    let by = units - balance[usize::from(*shelf)];
                    balance[usize::from(*shelf)] = units;
                    moved.insert((*at, *shelf), by);
                    let change = match by {
                        0 => Change::Void,
                        1.. => Change::Find { quantity: whole(by), price: None },
                        _ => Change::Issue { quantity: whole(-by) },
                    };
                    entries.insert(*at, change);
                }
            }
        }
        Replay { entries, moved, negative }
    }
}

fn check(yard: &Yard<'_>, shelf: Id<inventory::Location>, history: &History, told: &[Valued]) {
    let Replay { entries, moved, negative } = history.replay();
    assert!(!negative, "a balance is below zero");
    let (values, stock) = yard
        .work
        .read_blocking(|tx| Ok((ValueEntry::list(tx, &Filter::All)?, StockEntry::list(tx, &Filter::All)?)))
        .unwrap();
    let dates: BTreeMap<_, _> = history.done.keys().map(|at| (at.id, *at)).collect();
    let mut figures = model::Figures::new();
    for row in &values {
        let figure = figures.entry((dates[&row.r#move.uuid()], dates[&row.cause.uuid()])).or_insert((0, 0));
        figure.0 += row.quantity.scaled() / 1_000_000;
        figure.1 += row.value.minor();
    }
    figures.retain(|_, figure| *figure != (0, 0));
    assert_eq!(figures, model::figures(&entries, Removal::Fifo).unwrap());
    let mut by_place = BTreeMap::new();
    for row in &stock {
        let place = (dates[&row.r#move.uuid()], row.location == shelf);
        *by_place.entry(place).or_insert(0) += row.quantity.scaled() / 1_000_000;
    }
    by_place.retain(|_, units| *units != 0);
    let moved: BTreeMap<_, _> = moved.into_iter().filter(|(_, units)| *units != 0).collect();
    assert_eq!(by_place, moved);
    // Whoever listens can tell the value of the stock on every day.
    for number in 0..10 {
        let heard = told.iter().filter(|change| change.date <= day(number)).map(|change| change.value);
        assert_eq!(Money::sum(heard, CURRENCY).unwrap(), yard.value_on(number));
    }
    let changes = values.iter().filter(|row| !row.value.is_zero()).count();
    assert_eq!(told.len(), changes, "one word for each row");
}

#[test]
fn the_service_agrees_with_the_model_in_any_order_of_arrival() {
    let told = Told::default();
    TestApp::each(
        |app| app.module(Inventory).module(super::yard::Watcher(told.clone())),
        |app| {
            let refused = Cell::new(0);
            let config = Config { cases: 24, failure_persistence: None, ..Config::default() };
            let run = TestRunner::new(config).run(&(asks(), 1_u32..12), |(asks, pace)| {
                let settings = InventorySettings { negative_stock: false, revalue_moves_max: pace.max(4) * 4 };
                let yard = Yard::new(app, settings, told.clone());
                let shelf = yard.place("MAIN/SHELF", yard.places.stock);
                let mut history = History::default();
                for one in &asks {
                    ask(&yard, shelf, &mut history, one);
                }
                app.deliver();
                refused.set(refused.get() + asks.len() - history.done.len());
                check(&yard, shelf, &history, &yard.told());
                Ok(())
            });
            run.unwrap();
            assert!(refused.get() > 0, "some of it must not be possible");
        },
    );
}

/// The name that bridges write into their manifests.
#[test]
fn the_hook_point_has_its_name() {
    assert_eq!(AfterValued::NAME, "inventory.stock.after_valued");
}
