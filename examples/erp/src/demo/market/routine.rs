//! What happens by the calendar: wages, rent, taxes, counts, and goods for the shop.

use codexion::core::Date;

use super::super::catalog::GOODS;
use super::super::plan::{Expense, Step};
use super::{Market, is_workday, plus, workday};

/// Cents for one parcel.
const PARCEL: i64 = 1_480;

impl Market {
    pub(super) fn routine(&mut self) {
        let day = self.day;
        match day.weekday().to_monday_one_offset() {
            1 => self.replenish(),
            6 => self.sell_over_the_counter(),
            _ => {}
        }
        let first = workday(day.first_of_month());
        if day == first {
            self.spend(Expense::Rent, 420_000);
            self.spend(Expense::Loan, 150_000);
        }
        if day == workday(plus(day.first_of_month(), 2)) {
            self.supply_shop();
        }
        if day == workday(plus(day.first_of_month(), 9)) {
            let cents = self.dice.between(24_000, 52_000);
            self.spend(Expense::Other("electricity and heating"), cents);
            let cents = self.dice.between(9_000, 14_000);
            self.spend(Expense::Other("telephone and software"), cents);
            let cents = self.dice.between(20_000, 90_000);
            self.spend(Expense::Other("advertising"), cents);
        }
        if day == workday(plus(day.first_of_month(), 14)) {
            let until = plus(day.first_of_month(), -1);
            self.steps.push(Step::TaxReturn { date: day, until });
        }
        if day == last_workday(day) {
            self.spend_at_the_end_of_the_month();
        }
    }

    fn spend_at_the_end_of_the_month(&mut self) {
        let wages = 2_140_000 + i64::from(self.day.month()) * 6_000;
        self.spend(Expense::Wages, wages * i64::from(self.volume) / 100);
        self.spend(Expense::Depreciation, 95_000);
        let parcels = std::mem::take(&mut self.parcels);
        if parcels > 0 {
            self.spend(Expense::Carrier, parcels * PARCEL);
        }
        if self.day.month() % 3 == 0 {
            self.count();
        }
    }

    fn spend(&mut self, on: Expense, cents: i64) {
        self.steps.push(Step::Spend { date: self.day, on, cents });
    }

    /// Some of what the shop has too little of.
    fn supply_shop(&mut self) {
        let mut lines = Vec::new();
        for product in 0..GOODS.len() {
            let (wanted, there) = (8 - self.shop.of(product), self.main.of(product));
            if wanted > 2 && there > 24 && self.dice.percent(70) {
                self.main.add(product, -wanted);
                self.shop.add(product, wanted);
                lines.push((product, wanted));
            }
        }
        if !lines.is_empty() {
            self.steps.push(Step::Transfer { date: self.day, lines });
        }
    }

    /// A part of the stock is counted, and sometimes it is not what was thought.
    fn count(&mut self) {
        let mut lines = Vec::new();
        for product in 0..GOODS.len() {
            if !self.dice.percent(25) {
                continue;
            }
            let wrong = if self.dice.percent(30) { self.dice.between(-2, 1) } else { 0 };
            let found = (self.main.of(product) + wrong).max(0);
            let there = self.main.of(product);
            self.main.add(product, found - there);
            lines.push((product, found));
        }
        if !lines.is_empty() {
            self.steps.push(Step::Count { date: self.day, lines });
        }
    }
}

/// The last working day of a month.
fn last_workday(date: Date) -> Date {
    let mut day = date.last_of_month();
    while !is_workday(day) {
        day = plus(day, -1);
    }
    day
}
