//! A market by the day: shops order, goods leave and arrive, invoices are paid or not.

mod buying;
mod routine;
mod selling;

use std::collections::BTreeMap;

use codexion::core::{Date, ToSpan as _};

use super::Settings;
use super::catalog::{GOODS, Good, SHOPS, STREETS, TOWNS};
use super::dice::Dice;
use super::plan::{Customer, Habit, Order, Purchase, Share, Step, Store};

/// Shops that order.
const CUSTOMERS: usize = 72;
/// The first customer is the counter of the own shop.
pub(super) const COUNTER: usize = 0;

/// The state of the market on one day, and what has been planned so far.
#[derive(Debug)]
pub(super) struct Market {
    dice: Dice,
    volume: u32,
    day: Date,
    pub(super) customers: Vec<Customer>,
    pub(super) orders: Vec<Order>,
    pub(super) purchases: Vec<Purchase>,
    /// Pieces of order lines that have not left yet.
    open: Vec<Vec<i64>>,
    /// How many invoices each order has.
    invoiced: Vec<usize>,
    /// How many bills each purchase has.
    billed: Vec<usize>,
    main: Shelf,
    shop: Shelf,
    /// Ordered and not yet arrived.
    coming: Shelf,
    parcels: i64,
    later: BTreeMap<Date, Vec<Task>>,
    steps: Vec<Step>,
}

/// Something that happens on a later day.
#[derive(Debug)]
enum Task {
    Ship(usize),
    Invoice(usize),
    Pay { order: usize, nth: usize, share: Share },
    Return(usize),
    Receive { purchase: usize, parts: Vec<(usize, i64)> },
    Bill(usize),
    PayBill { purchase: usize, nth: usize },
}

/// Pieces of each product.
#[derive(Debug)]
struct Shelf(Vec<i64>);

impl Shelf {
    fn empty() -> Self {
        Self(vec![0; GOODS.len()])
    }

    fn of(&self, product: usize) -> i64 {
        self.0.get(product).copied().unwrap_or(0)
    }

    fn add(&mut self, product: usize, pieces: i64) {
        if let Some(there) = self.0.get_mut(product) {
            *there += pieces;
        }
    }
}

/// Lives through all days; answers the steps of each.
pub(super) fn run(settings: &Settings, first: Date) -> (Market, Vec<(Date, Vec<Step>)>) {
    let mut market = Market::new(settings, first);
    let mut days = Vec::new();
    while market.day <= settings.last {
        if market.day == first {
            market.open();
        }
        for task in market.later.remove(&market.day).unwrap_or_default() {
            market.perform(task);
        }
        market.routine();
        if is_workday(market.day) {
            market.sell();
        }
        let steps = std::mem::take(&mut market.steps);
        if !steps.is_empty() {
            days.push((market.day, steps));
        }
        market.day = plus(market.day, 1);
    }
    (market, days)
}

impl Market {
    fn new(settings: &Settings, first: Date) -> Self {
        let mut dice = Dice::new(settings.seed);
        let customers = customers(&mut dice);
        Self {
            dice,
            volume: u32::from(settings.volume),
            day: first,
            customers,
            orders: Vec::new(),
            purchases: Vec::new(),
            open: Vec::new(),
            invoiced: Vec::new(),
            billed: Vec::new(),
            main: Shelf::empty(),
            shop: Shelf::empty(),
            coming: Shelf::empty(),
            parcels: 0,
            later: BTreeMap::new(),
            steps: Vec::new(),
        }
    }

    /// What is there on the first day.
    fn open(&mut self) {
        let mut lines = Vec::new();
        for (product, good) in GOODS.iter().enumerate() {
            let pieces = self.weekly(good) * 6 + self.dice.between(6, 18);
            self.main.add(product, pieces);
            lines.push((product, pieces));
        }
        self.steps.push(Step::Opening(lines));
    }

    /// Pieces of a product that are sold in a mean week, about.
    fn weekly(&self, good: &Good) -> i64 {
        let tenths = i64::from(good.demand) * if good.is_cheap() { 22 } else { 8 };
        tenths * i64::from(self.volume) / 1_000 + 1
    }

    fn perform(&mut self, task: Task) {
        let date = self.day;
        match task {
            Task::Ship(order) => self.ship(order),
            Task::Invoice(order) => self.invoice(order),
            Task::Pay { order, nth, share } => self.steps.push(Step::Pay { order, nth, date, share }),
            Task::Return(order) => self.take_back(order),
            Task::Receive { purchase, parts } => self.receive(purchase, parts),
            Task::Bill(purchase) => self.bill(purchase),
            Task::PayBill { purchase, nth } => self.steps.push(Step::PayBill { purchase, nth, date }),
        }
    }

    /// Has `task` done in some days, on a working day.
    fn schedule(&mut self, days: i64, task: Task) {
        let date = workday(plus(self.day, days.max(1)));
        self.later.entry(date).or_default().push(task);
    }

    fn shelf(&mut self, store: Store) -> &mut Shelf {
        match store {
            Store::Main => &mut self.main,
            Store::Shop => &mut self.shop,
        }
    }
}

/// The counter of the own shop and [`CUSTOMERS`] others, all of different names.
fn customers(dice: &mut Dice) -> Vec<Customer> {
    let counter = Customer {
        name: "Counter sales".to_owned(),
        street: "Maria-Theresien-Straße 8".to_owned(),
        postal_code: "6020",
        city: "Innsbruck",
        days: 0,
        habit: Habit::AtOnce,
        size: 0,
    };
    let mut customers = vec![counter];
    let mut names: Vec<(usize, usize)> =
        (0..SHOPS.len()).flat_map(|shop| (0..TOWNS.len()).map(move |town| (shop, town))).collect();
    while customers.len() <= CUSTOMERS && !names.is_empty() {
        let (shop, town) = names.swap_remove(dice.below(names.len()));
        let (Some(shop), Some((postal_code, city))) = (SHOPS.get(shop), TOWNS.get(town)) else { continue };
        let street = STREETS.get(dice.below(STREETS.len())).copied().unwrap_or_default();
        let habits = [Habit::Early, Habit::InTime, Habit::Late, Habit::VeryLate];
        let habit = habits.get(dice.weighted(&[25, 48, 21, 6])).copied().unwrap_or(Habit::InTime);
        customers.push(Customer {
            name: format!("{shop} {city}"),
            street: format!("{street} {}", dice.between(1, 80)),
            postal_code,
            city,
            days: [14, 30, 30, 30, 45].get(dice.below(5)).copied().unwrap_or(30),
            habit,
            size: [1, 1, 2, 2, 3, 6].get(dice.below(6)).copied().unwrap_or(1),
        });
    }
    customers
}

/// A day later by `days`.
fn plus(date: Date, days: i64) -> Date {
    date.saturating_add(days.days())
}

fn is_workday(date: Date) -> bool {
    date.weekday().to_monday_one_offset() <= 5
}

/// The day itself, or the Monday after.
fn workday(date: Date) -> Date {
    match date.weekday().to_monday_one_offset() {
        6 => plus(date, 2),
        7 => plus(date, 1),
        _ => date,
    }
}
