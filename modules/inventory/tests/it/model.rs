//! A second valuation, as naive as can be: every unit is a thing of its own, and everything is done again each time.

use std::collections::BTreeMap;

use codexion::core::{Decimal, Rounding};
use inventory::domain::{Change, Position, Removal};

/// One unit on the shelf: of which receipt, and the how-many-eth of it.
#[derive(Debug, Clone)]
struct Piece {
    receipt: Position,
}

/// One unit that left before it was there.
#[derive(Debug, Clone)]
struct Owed {
    issue: Position,
}

/// A receipt or a debt: its value and how much of it was used.
#[derive(Debug, Clone, Copy)]
struct Lot {
    quantity: i64,
    value: i64,
    used: i64,
}

impl Lot {
    /// The value of one more unit, by decimals rounded half up.
    fn one(&mut self) -> i64 {
        let upto = |units: i64| {
            let exact = Decimal::from(self.value) * Decimal::from(units) / Decimal::from(self.quantity);
            i64::try_from(Rounding::HalfUp.round(exact, 0)).unwrap()
        };
        let value = upto(self.used + 1) - upto(self.used);
        self.used += 1;
        value
    }
}

/// What each entry did to each move: whole units and cents.
pub(crate) type Figures = BTreeMap<(Position, Position), (i64, i64)>;

#[derive(Default)]
struct Model {
    shelf: Vec<Piece>,
    owed: Vec<Owed>,
    lots: BTreeMap<Position, Lot>,
    debts: BTreeMap<Position, Lot>,
    out: BTreeMap<Position, (i64, i64)>,
    last: Option<(i64, i64)>,
    figures: Figures,
}

/// The figures of a whole history, or nothing when it cannot be valued.
pub(crate) fn figures(entries: &BTreeMap<Position, Change>, removal: Removal) -> Option<Figures> {
    let mut model = Model::default();
    for (position, change) in entries {
        model.apply(*position, change, removal)?;
    }
    model.figures.retain(|_, figure| *figure != (0, 0));
    Some(model.figures)
}

fn units(quantity: codexion::core::Quantity) -> i64 {
    quantity.scaled() / 1_000_000
}

impl Model {
    fn apply(&mut self, at: Position, change: &Change, removal: Removal) -> Option<()> {
        match *change {
            Change::Void => {}
            Change::Receive { quantity, value } => {
                self.last = Some((units(quantity), value.minor()));
                self.arrive(at, units(quantity), value.minor());
            }
            Change::Find { quantity, price: None } => {
                let value = self.last_cost(units(quantity));
                self.arrive(at, units(quantity), value);
            }
            Change::Find { quantity, price: Some(price) } => {
                let value = price.times(quantity, Rounding::HalfUp).unwrap().minor();
                self.arrive(at, units(quantity), value);
            }
            Change::CustomerReturn { quantity, issue } => {
                let (left, worth) = self.out.get(&issue).copied().unwrap_or((0, 0));
                let quantity = units(quantity);
                if quantity > left {
                    return None;
                }
                let exact = Decimal::from(worth) * Decimal::from(quantity) / Decimal::from(left);
                let value = i64::try_from(Rounding::HalfUp.round(exact, 0)).unwrap();
                self.out.insert(issue, (left - quantity, worth - value));
                self.arrive(at, quantity, value);
            }
            Change::Issue { quantity } => self.leave(at, units(quantity), None, removal),
            Change::SupplierReturn { quantity, receipt } => self.leave(at, units(quantity), Some(receipt), removal),
        }
        Some(())
    }

    fn last_cost(&self, quantity: i64) -> i64 {
        let Some((whole, value)) = self.last else { return 0 };
        let exact = Decimal::from(value) * Decimal::from(quantity) / Decimal::from(whole);
        i64::try_from(Rounding::HalfUp.round(exact, 0)).unwrap()
    }

    fn arrive(&mut self, at: Position, quantity: i64, value: i64) {
        self.figures.insert((at, at), (quantity, value));
        self.lots.insert(at, Lot { quantity, value, used: 0 });
        for _ in 0..quantity {
            if self.owed.is_empty() {
                self.shelf.push(Piece { receipt: at });
                continue;
            }
            let issue = self.owed.remove(0).issue;
            let owed = self.debts.get_mut(&issue).unwrap().one();
            let cost = self.lots.get_mut(&at).unwrap().one();
            self.figures.entry((issue, at)).or_insert((0, 0)).1 += owed - cost;
            self.out.get_mut(&issue).unwrap().1 -= owed - cost;
        }
    }

    fn leave(&mut self, at: Position, quantity: i64, receipt: Option<Position>, removal: Removal) {
        let mut value = 0;
        let mut missing = 0;
        for _ in 0..quantity {
            let own = receipt.and_then(|receipt| self.shelf.iter().position(|piece| piece.receipt == receipt));
            let index = match (own, removal) {
                (Some(own), _) => own,
                (None, Removal::Fifo) => 0,
                (None, Removal::Lifo) => self.shelf.len().saturating_sub(1),
            };
            if index < self.shelf.len() {
                let piece = self.shelf.remove(index);
                value += self.lots.get_mut(&piece.receipt).unwrap().one();
            } else {
                missing += 1;
            }
        }
        if missing > 0 {
            let owed = self.last_cost(missing);
            value += owed;
            self.debts.insert(at, Lot { quantity: missing, value: owed, used: 0 });
            (0..missing).for_each(|_| self.owed.push(Owed { issue: at }));
        }
        self.figures.insert((at, at), (-quantity, -value));
        self.out.insert(at, (quantity, value));
    }
}
