//! Orders of shops, and what becomes of them.

use super::super::catalog::{GOODS, Good};
use super::super::plan::{Habit, Order, OrderLine, Share, Step, Store};
use super::{COUNTER, Market, Task};

/// Orders of a mean working day, in hundredths.
const ORDERS_A_DAY: u32 = 420;
/// Below so many cents an order pays freight.
const FREE_FREIGHT: i64 = 60_000;

impl Market {
    /// The orders of a day.
    pub(super) fn sell(&mut self) {
        let mood = u32::try_from(self.dice.between(55, 145)).unwrap_or(100);
        let hundredths = ORDERS_A_DAY * self.volume / 100 * season(self.day.month()) / 100 * mood / 100;
        let count = hundredths / 100 + u32::from(self.dice.percent(hundredths % 100));
        let sizes: Vec<u32> = self.customers.iter().map(|customer| customer.size).collect();
        for _ in 0..count {
            let customer = self.dice.weighted(&sizes);
            let size = sizes.get(customer).copied().unwrap_or(1);
            let lines = self.basket(size);
            let order = self.order(customer, Store::Main, lines);
            let days = self.dice.between(1, 4);
            self.schedule(days, Task::Ship(order));
        }
    }

    /// What a shop of a size puts into one order.
    fn basket(&mut self, size: u32) -> Vec<OrderLine> {
        let month = self.day.month();
        let mut weights: Vec<u32> = GOODS.iter().map(|good| good.demand * good.season.percent(month)).collect();
        let discount = if size >= 6 { 5 } else { 0 };
        let mut lines = Vec::new();
        for _ in 0..self.dice.between(1, 5) {
            let product = self.dice.weighted(&weights);
            if let Some(weight) = weights.get_mut(product) {
                *weight = 0;
            }
            let (least, most) = if GOODS.get(product).is_some_and(Good::is_cheap) { (2, 12) } else { (1, 4) };
            let pieces = self.dice.between(least, most) * if size >= 3 { 2 } else { 1 };
            lines.push(OrderLine { product, pieces, discount });
        }
        lines
    }

    fn order(&mut self, customer: usize, from: Store, lines: Vec<OrderLine>) -> usize {
        let price = |line: &OrderLine| GOODS.get(line.product).map_or(0, |good| good.price * line.pieces);
        let net: i64 = lines.iter().map(price).sum();
        let freight = if net < FREE_FREIGHT && from == Store::Main { 1_490 } else { 0 };
        let place = self.orders.len();
        self.open.push(lines.iter().map(|line| line.pieces).collect());
        self.invoiced.push(0);
        let number = format!("S-{:05}", place + 1);
        self.orders.push(Order { number, customer, date: self.day, freight, from, lines });
        self.steps.push(Step::Order(place));
        place
    }

    /// Ships what is there; the rest waits.
    pub(super) fn ship(&mut self, order: usize) {
        let (Some(of), Some(open)) = (self.orders.get(order), self.open.get(order)) else { return };
        let (from, mut left) = (of.from, open.clone());
        let products: Vec<usize> = of.lines.iter().map(|line| line.product).collect();
        let mut parts = Vec::new();
        for (line, (product, left)) in products.iter().zip(&mut left).enumerate() {
            let shelf = self.shelf(from);
            let pieces = shelf.of(*product).min(*left);
            if pieces > 0 {
                shelf.add(*product, -pieces);
                *left -= pieces;
                parts.push((line, pieces));
            }
        }
        let whole = left.iter().all(|pieces| *pieces == 0);
        if let Some(open) = self.open.get_mut(order) {
            *open = left;
        }
        if !whole {
            self.schedule(6, Task::Ship(order));
        }
        if parts.is_empty() {
            return;
        }
        self.parcels += 1;
        let all = whole && parts.len() == products.len();
        let parts = if all { Vec::new() } else { parts };
        self.steps.push(Step::Ship { order, date: self.day, parts });
        if self.dice.percent(60) {
            self.invoice(order);
        } else {
            self.schedule(1, Task::Invoice(order));
        }
    }

    pub(super) fn invoice(&mut self, order: usize) {
        let Some(nth) = self.invoiced.get(order).copied() else { return };
        if let Some(count) = self.invoiced.get_mut(order) {
            *count += 1;
        }
        self.steps.push(Step::Invoice { order, date: self.day });
        let Some(customer) = self.orders.get(order).and_then(|order| self.customers.get(order.customer)) else {
            return;
        };
        let (habit, days) = (customer.habit, i64::from(customer.days));
        let whole = nth == 0 && self.open.get(order).is_some_and(|open| open.iter().all(|pieces| *pieces == 0));
        if whole && habit != Habit::AtOnce && self.dice.percent(3) {
            let days = self.dice.between(4, 10);
            return self.schedule(days, Task::Return(order));
        }
        self.payment(order, nth, habit, days);
    }

    fn payment(&mut self, order: usize, nth: usize, habit: Habit, days: i64) {
        let delay = match habit {
            Habit::AtOnce => {
                let date = self.day;
                return self.steps.push(Step::Pay { order, nth, date, share: Share::All });
            }
            Habit::Early => self.dice.between(3, 12) - days.min(12),
            Habit::InTime => self.dice.between(-3, 3),
            Habit::Late => self.dice.between(5, 32),
            Habit::VeryLate => self.dice.between(25, 80),
        };
        let days = (days + delay).max(1);
        match self.dice.weighted(&[930, 40, 20, 10]) {
            0 => self.schedule(days, Task::Pay { order, nth, share: Share::All }),
            1 => {
                let percent = self.dice.between(3, 7) * 10;
                self.schedule(days, Task::Pay { order, nth, share: Share::Part(percent) });
                let rest = days + self.dice.between(15, 45);
                self.schedule(rest, Task::Pay { order, nth, share: Share::All });
            }
            2 => self.schedule(days, Task::Pay { order, nth, share: Share::Almost }),
            // It never pays.
            _ => {}
        }
    }

    /// The whole order comes back.
    pub(super) fn take_back(&mut self, order: usize) {
        let Some(of) = self.orders.get(order) else { return };
        let lines: Vec<(usize, i64)> = of.lines.iter().map(|line| (line.product, line.pieces)).collect();
        for (product, pieces) in lines {
            self.main.add(product, pieces);
        }
        self.steps.push(Step::Return { order, date: self.day });
    }

    /// What the counter of the own shop sold in a day: ordered, handed over, invoiced and paid at once.
    pub(super) fn sell_over_the_counter(&mut self) {
        let mut lines = Vec::new();
        for product in 0..GOODS.len() {
            let there = self.shop.of(product);
            if there > 0 && self.dice.percent(25) {
                let pieces = self.dice.between(1, there.min(2));
                lines.push(OrderLine { product, pieces, discount: 0 });
            }
        }
        if lines.is_empty() {
            return;
        }
        let order = self.order(COUNTER, Store::Shop, lines);
        self.ship(order);
    }
}

/// How much is ordered in a month, in percent of the mean.
fn season(month: i8) -> u32 {
    match month {
        1 => 78,
        2 => 82,
        3 => 97,
        4 => 112,
        5 => 121,
        6 => 118,
        7 => 102,
        8 => 88,
        9 => 96,
        10 => 103,
        11 => 116,
        _ => 98,
    }
}

#[cfg(test)]
mod tests {
    use super::season;

    #[test]
    fn a_year_has_its_mean() {
        let sum: u32 = (1..=12).map(season).sum();
        assert!((1_190..=1_220).contains(&sum), "{sum}");
    }
}
