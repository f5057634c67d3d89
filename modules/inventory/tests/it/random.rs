//! Random histories in random orders of arrival, against the naive model.

use std::collections::BTreeMap;

use codexion::core::{Money, Price, Quantity};
use inventory::domain::{Change, Pace, Position, Removal};
use proptest::prelude::*;

use crate::memory::{CURRENCY, Memory, UNIT, at};
use crate::model::{self, Figures};

/// A change before it is known what it refers to.
#[derive(Debug, Clone)]
struct Draft {
    day: i16,
    kind: u8,
    quantity: i64,
    value: i64,
    refers: usize,
}

fn draft() -> impl Strategy<Value = Draft> {
    (0_i16..12, 0_u8..12, 1_i64..12, 0_i64..5_000, any::<prop::sample::Index>()).prop_map(
        |(day, kind, quantity, value, refers)| Draft { day, kind, quantity, value, refers: refers.index(1_000) },
    )
}

fn whole(units: i64) -> Quantity {
    Quantity::from_scaled(units * 1_000_000, UNIT)
}

/// A history that can be valued: returns refer to earlier moves and don't exceed them.
fn history(drafts: &[Draft]) -> BTreeMap<Position, Change> {
    let mut placed: Vec<_> =
        drafts.iter().enumerate().map(|(n, draft)| (at(draft.day, n as u128 + 1), draft)).collect();
    placed.sort_by_key(|(position, _)| *position);
    let (mut entries, mut receipts, mut issues) = (BTreeMap::new(), Vec::new(), Vec::<(Position, i64)>::new());
    for (position, draft) in placed {
        let quantity = whole(draft.quantity);
        let change = match draft.kind {
            0..=3 => {
                receipts.push(position);
                Change::Receive { quantity, value: Money::from_minor(draft.value, CURRENCY) }
            }
            4..=7 => {
                issues.push((position, draft.quantity));
                Change::Issue { quantity }
            }
            8 if !receipts.is_empty() => {
                Change::SupplierReturn { quantity, receipt: receipts[draft.refers % receipts.len()] }
            }
            9 if !issues.is_empty() => {
                let index = draft.refers % issues.len();
                let (issue, left) = issues[index];
                let quantity = draft.quantity.min(left);
                issues[index].1 -= quantity;
                if quantity == 0 { Change::Void } else { Change::CustomerReturn { quantity: whole(quantity), issue } }
            }
            10 => Change::Find { quantity, price: None },
            11 => Change::Find { quantity, price: Some(Price::from_scaled(draft.value * 1_234, CURRENCY)) },
            _ => Change::Void,
        };
        entries.insert(position, change);
    }
    entries
}

/// The moves in an order of arrival in which no return comes before what it returns.
fn arrival(entries: &BTreeMap<Position, Change>, keys: &[u16]) -> Vec<(Position, Change)> {
    let rank: BTreeMap<_, _> = entries.keys().copied().zip(keys.iter().copied().cycle()).collect();
    let mut order: Vec<_> = entries.iter().map(|(position, change)| (*position, *change)).collect();
    order.sort_by_key(|(position, change)| match change {
        Change::CustomerReturn { .. } => (u32::MAX, *position),
        _ => (u32::from(rank[position]), *position),
    });
    order
}

#[track_caller]
fn check(ledger: &Memory, expected: &Figures) {
    let figures: Figures = ledger.figures().into_iter().map(|(at, (q, v))| (at, (q / 1_000_000, v))).collect();
    assert_eq!(&figures, expected);
    let (quantity, value) = ledger.stock();
    if let Some(head) = ledger.checkpoints.last_key_value() {
        assert_eq!((head.1.state.quantity(), head.1.state.value()), (quantity, value));
    }
    assert!(!quantity.is_zero() || value.is_zero(), "no stock, but {value}");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 192, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_ledger_agrees_with_the_model_in_any_order_of_arrival(
        drafts in prop::collection::vec(draft(), 1..60),
        keys in prop::collection::vec(any::<u16>(), 60),
        together in 1_usize..9,
        lifo in any::<bool>(),
        (entries_max, batch, spacing) in (1_usize..20, 1_usize..9, 1_u32..9),
    ) {
        let removal = if lifo { Removal::Lifo } else { Removal::Fifo };
        let entries = history(&drafts);
        let expected = model::figures(&entries, removal).expect("the history can be valued");
        for order in [entries.iter().map(|(p, c)| (*p, *c)).collect(), arrival(&entries, &keys)] {
            let mut ledger = Memory::new(removal);
            ledger.pace = Pace { entries_max, batch, spacing };
            for some in order.chunks(together) {
                some.iter().for_each(|(position, change)| ledger.put(*position, *change));
                ledger.catch_up();
            }
            check(&ledger, &expected);
        }
    }

    #[test]
    fn a_late_change_gives_what_it_would_have_given_in_time(
        drafts in prop::collection::vec(draft(), 2..60),
        changed in any::<prop::sample::Index>(),
        value in 0_i64..9_000,
        spacing in 1_u32..12,
    ) {
        let mut entries = history(&drafts);
        let mut ledger = Memory::new(Removal::Fifo);
        ledger.pace.spacing = spacing;
        entries.iter().for_each(|(position, change)| ledger.put(*position, *change));
        ledger.catch_up();
        let late: Vec<_> = entries.iter().filter(|(_, change)| matches!(change, Change::Receive { .. })).map(|(p, _)| *p).collect();
        prop_assume!(!late.is_empty());
        let position = late[changed.index(late.len())];
        let change = match (value % 3, entries[&position]) {
            (0, _) => Change::Void,
            (_, Change::Receive { quantity, .. }) => Change::Receive { quantity, value: Money::from_minor(value, CURRENCY) },
            (_, other) => other,
        };
        entries.insert(position, change);
        ledger.book(position, change);
        check(&ledger, &model::figures(&entries, Removal::Fifo).expect("only receipts change"));
    }
}
