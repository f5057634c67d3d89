//! Orders at suppliers, goods that arrive, bills that are paid.

use super::super::catalog::{GOODS, SUPPLIERS};
use super::super::plan::{Purchase, Step};
use super::{Market, Task};

/// When less than so many weeks' sales are there or coming, more is ordered.
const WEEKS_LEAST: i64 = 5;
/// Up to so many weeks' sales.
const WEEKS_MOST: i64 = 9;

impl Market {
    /// Orders what is running out, at each supplier.
    pub(super) fn replenish(&mut self) {
        let month = self.day.month();
        for (supplier, (.., arrival)) in SUPPLIERS.iter().enumerate() {
            let mut lines = Vec::new();
            for (product, good) in GOODS.iter().enumerate().filter(|(_, good)| good.supplier == supplier) {
                let weekly = self.weekly(good) * i64::from(good.season.percent(month)) / 100 + 1;
                let there = self.main.of(product) + self.coming.of(product);
                if there < weekly * WEEKS_LEAST {
                    let pieces = ((weekly * WEEKS_MOST - there) / 6 + 1) * 6;
                    // Prices move a little with the time.
                    let cost = good.cost * self.dice.between(97, 104) / 100;
                    lines.push((product, pieces, cost));
                }
            }
            if lines.len() >= 2 || lines.iter().any(|(product, ..)| self.main.of(*product) < 6) {
                self.purchase(supplier, *arrival, lines);
            }
        }
    }

    fn purchase(&mut self, supplier: usize, arrival: i64, lines: Vec<(usize, i64, i64)>) {
        let place = self.purchases.len();
        for (product, pieces, _) in &lines {
            self.coming.add(*product, *pieces);
        }
        let days = arrival + self.dice.between(-2, 6);
        let split = lines.len() >= 3 && self.dice.percent(12);
        let number = format!("P-{:05}", place + 1);
        let all: Vec<(usize, i64)> = lines.iter().enumerate().map(|(line, (_, pieces, _))| (line, *pieces)).collect();
        self.purchases.push(Purchase { number, supplier, date: self.day, lines });
        self.steps.push(Step::Purchase(place));
        if split {
            // The first line comes a week after the others.
            let (late, first): (Vec<_>, Vec<_>) = all.into_iter().partition(|(line, _)| *line == 0);
            self.schedule(days, Task::Receive { purchase: place, parts: first });
            self.schedule(days + 7, Task::Receive { purchase: place, parts: late });
        } else {
            self.schedule(days, Task::Receive { purchase: place, parts: all });
        }
    }

    pub(super) fn receive(&mut self, purchase: usize, parts: Vec<(usize, i64)>) {
        let Some(of) = self.purchases.get(purchase) else { return };
        let whole = parts.len() == of.lines.len();
        let product = |line: usize| of.lines.get(line).map_or(0, |(product, ..)| *product);
        let arrived: Vec<(usize, i64)> = parts.iter().map(|(line, pieces)| (product(*line), *pieces)).collect();
        for (product, pieces) in arrived {
            self.main.add(product, pieces);
            self.coming.add(product, -pieces);
        }
        let parts = if whole { Vec::new() } else { parts };
        self.steps.push(Step::Receive { purchase, date: self.day, parts });
        let days = self.dice.between(1, 4);
        self.schedule(days, Task::Bill(purchase));
    }

    /// Each receipt has its bill.
    pub(super) fn bill(&mut self, purchase: usize) {
        let Some(of) = self.purchases.get(purchase) else { return };
        let days = SUPPLIERS.get(of.supplier).map_or(30, |(.., days, _)| i64::from(*days));
        let nth = self.bills(purchase);
        self.steps.push(Step::Bill { purchase, date: self.day });
        let delay = self.dice.between(-4, 2);
        self.schedule((days + delay).max(1), Task::PayBill { purchase, nth });
    }

    /// How many bills of a purchase there were before; counts one more.
    fn bills(&mut self, purchase: usize) -> usize {
        if self.billed.len() <= purchase {
            self.billed.resize(purchase + 1, 0);
        }
        let Some(count) = self.billed.get_mut(purchase) else { return 0 };
        *count += 1;
        *count - 1
    }
}
