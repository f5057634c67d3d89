//! FIFO and LIFO figures of systems in use.

use codexion::core::{Kind, Money, Refusal};
use inventory::ValuationError;
use inventory::domain::{Change, Entry, Portion, Position, Removal, Valuation};

use crate::memory::{CURRENCY, Memory, UNIT, at, eur, pcs, price};

/// One item whose moves follow each other, a day apart.
struct Stock {
    ledger: Memory,
    days: i16,
}

impl Stock {
    fn fifo() -> Self {
        Self { ledger: Memory::new(Removal::Fifo), days: 0 }
    }

    fn lifo() -> Self {
        Self { ledger: Memory::new(Removal::Lifo), days: 0 }
    }

    #[track_caller]
    fn book(&mut self, change: Change) -> Position {
        self.days += 1;
        let position = at(self.days, 1);
        self.ledger.book(position, change);
        position
    }

    /// `receive("4", "10")` is a receipt of 4 units at unit cost 10.
    #[track_caller]
    fn receive(&mut self, quantity: &str, cost: &str) -> Position {
        let value = price(cost).times(pcs(quantity), codexion::core::Rounding::HalfUp).unwrap();
        self.book(Change::Receive { quantity: pcs(quantity), value })
    }

    /// Issues and gives the value of what left.
    #[track_caller]
    fn issue(&mut self, quantity: &str) -> Money {
        let position = self.book(Change::Issue { quantity: pcs(quantity) });
        self.ledger.value_of(position).checked_neg().unwrap()
    }

    #[track_caller]
    fn check(&self, quantity: &str, value: &str) {
        assert_eq!(self.ledger.stock(), (pcs(quantity), eur(value)), "{:#?}", self.ledger.rows);
        assert_eq!((self.ledger.head().quantity(), self.ledger.head().value()), self.ledger.stock());
    }

    #[track_caller]
    fn check_unit_cost(&self, cost: &str) {
        assert_eq!(self.ledger.head().unit_cost(), Some(price(cost)));
    }

    /// The open layers as quantity and unit cost.
    #[track_caller]
    fn check_layers(&self, layers: &[(i64, i64)]) {
        let open: Vec<_> = self.ledger.head().layers().map(open_layer).collect();
        assert_eq!(open, layers);
    }
}

fn open_layer(layer: &Portion) -> (i64, i64) {
    (layer.left_micro() / 1_000_000, layer.value_minor * 10_000 / layer.quantity_micro)
}

#[test]
fn fifo_takes_the_oldest_layers() {
    let mut stock = Stock::fifo();
    stock.receive("4", "10");
    stock.receive("2", "25");
    stock.check_unit_cost("15");
    assert_eq!(stock.issue("3"), eur("30.00"));
    stock.check_unit_cost("20");
    assert_eq!(stock.issue("1"), eur("10.00"));
    assert_eq!(stock.issue("1"), eur("25.00"));
    stock.check_unit_cost("25");

    let mut stock = Stock::fifo();
    stock.receive("10", "10");
    stock.receive("10", "20");
    stock.issue("15");
    stock.check("5", "100.00");
}

#[test]
fn a_shortage_is_corrected_when_goods_arrive() {
    let mut stock = Stock::fifo();
    stock.receive("10", "10");
    stock.receive("10", "20");
    assert_eq!(stock.issue("30"), eur("500.00"), "300 for what was there, 10 at the last cost of 20");
    stock.check("-10", "-200.00");
    stock.receive("10", "30");
    stock.check("0", "0.00");
    stock.receive("10", "40");
    stock.check("10", "400.00");
    assert_eq!(stock.ledger.value_of(at(3, 1)), eur("-600.00"), "10 each at 10, 20 and 30");
    // The correction is dated when the goods came, so what was reported before stays as it was.
    assert_eq!(stock.ledger.stock_on(at(3, 1).date), (pcs("-10"), eur("-200.00")));

    let mut stock = Stock::fifo();
    stock.receive("1", "100");
    stock.issue("6");
    stock.check("-5", "-500.00");
    stock.receive("6", "10");
    stock.check_layers(&[(1, 10)]);
    stock.check("1", "10.00");
}

#[test]
fn a_return_to_the_supplier_takes_its_own_receipt() {
    let mut stock = Stock::fifo();
    let first = stock.receive("10", "10");
    let second = stock.receive("10", "20");
    stock.book(Change::SupplierReturn { quantity: pcs("2"), receipt: first });
    stock.check("18", "280.00");
    stock.book(Change::SupplierReturn { quantity: pcs("2"), receipt: second });
    stock.check("16", "240.00");
    // The first receipt has 8 left; what is returned beyond that comes from the queue.
    stock.book(Change::SupplierReturn { quantity: pcs("9"), receipt: first });
    stock.check("7", "140.00");
}

#[test]
fn a_return_of_a_customer_brings_its_cost_back() {
    let mut stock = Stock::fifo();
    stock.receive("3", "0.333333");
    stock.receive("5", "7");
    assert_eq!(stock.issue("3"), eur("1.00"));
    let issue = at(3, 1);
    for (left, value) in [("6", "35.33"), ("7", "35.67"), ("8", "36.00")] {
        stock.book(Change::CustomerReturn { quantity: pcs("1"), issue });
        stock.check(left, value);
    }
    stock.ledger.put(at(50, 1), Change::CustomerReturn { quantity: pcs("1"), issue });
    let refused = inventory::domain::revalue(&mut stock.ledger, Default::default()).unwrap_err();
    assert_eq!((refused.kind(), refused.code()), (Kind::Refused, "inventory.return_too_large"));
}

#[test]
fn the_last_issue_takes_the_rounding() {
    for (costs, adjustment) in [(["1.00", "1.00", "1.01"], -1), (["1.02", "1", "1"], -2)] {
        let mut stock = Stock::fifo();
        costs.iter().for_each(|cost| {
            stock.receive("1", cost);
        });
        let issued = stock.issue("3");
        stock.check("0", "0.00");
        // Systems that store a rounded unit cost of 1.00 issue 3.00 and book the difference apart.
        assert_eq!(300 - issued.minor(), adjustment);
    }
    let mut stock = Stock::fifo();
    stock.book(Change::Receive { quantity: pcs("3"), value: eur("1.00") });
    assert_eq!([stock.issue("1"), stock.issue("1"), stock.issue("1")], [eur("0.33"), eur("0.34"), eur("0.33")]);
    stock.check("0", "0.00");
    stock.book(Change::Receive { quantity: pcs("1000"), value: eur("0.01") });
    assert_eq!([stock.issue("499"), stock.issue("1"), stock.issue("500")], [eur("0.00"), eur("0.01"), eur("0.00")]);
    stock.check("0", "0.00");
}

#[test]
fn layers_of_one_cost_are_used_up_together() {
    let mut stock = Stock::fifo();
    for (quantity, cost) in [("1", "10"), ("2", "20"), ("1", "20"), ("5", "20")] {
        stock.receive(quantity, cost);
    }
    stock.issue("4");
    stock.check_layers(&[(5, 20)]);
}

#[test]
fn lifo_takes_the_newest_layers() {
    let mut stock = Stock::lifo();
    stock.receive("1", "1");
    stock.check_layers(&[(1, 1)]);
    stock.receive("2", "2");
    stock.check_layers(&[(1, 1), (2, 2)]);
    stock.issue("1");
    stock.check_layers(&[(1, 1), (1, 2)]);
    stock.receive("3", "3");
    stock.check_layers(&[(1, 1), (1, 2), (3, 3)]);
    stock.issue("4");
    stock.check_layers(&[(1, 1)]);
    stock.receive("4", "4");
    stock.check_layers(&[(1, 1), (4, 4)]);
    stock.issue("5");
    stock.check_layers(&[]);
    stock.receive("5", "5");
    stock.check_layers(&[(5, 5)]);
    stock.issue("5");
    stock.check_layers(&[]);
    stock.check("0", "0.00");
}

#[test]
fn what_a_count_finds_is_worth_its_price_or_the_last_cost() {
    let mut stock = Stock::fifo();
    stock.receive("4", "10");
    stock.book(Change::Find { quantity: pcs("1"), price: None });
    stock.check("5", "50.00");
    stock.book(Change::Find { quantity: pcs("2"), price: Some(price("3.5")) });
    stock.check("7", "57.00");
    stock.book(Change::Void);
    stock.check("7", "57.00");
}

#[test]
fn goods_never_received_cost_nothing_until_they_arrive() {
    let mut stock = Stock::fifo();
    assert_eq!(stock.issue("4"), eur("0.00"));
    stock.check("-4", "0.00");
    stock.receive("3", "2");
    stock.check("-1", "0.00");
    stock.receive("3", "5");
    stock.check("2", "10.00");
    assert_eq!(stock.ledger.value_of(at(1, 1)), eur("-11.00"));
}

#[test]
fn wrong_entries_are_refused() {
    let apply = |change| {
        let mut valuation = Valuation::new(Removal::Fifo, UNIT, CURRENCY);
        valuation.apply(&Entry { position: at(1, 1), change }, None).unwrap_err()
    };
    let (quantity, value) = (pcs("1"), eur("1.00"));
    assert!(matches!(apply(Change::Issue { quantity: pcs("0") }), ValuationError::NotPositive(_)));
    assert!(matches!(apply(Change::Issue { quantity: pcs("-2") }), ValuationError::NotPositive(_)));
    assert!(matches!(apply(Change::Issue { quantity: "1 kg".parse().unwrap() }), ValuationError::Unit { .. }));
    let dollars = "1.00 USD".parse().unwrap();
    assert!(matches!(apply(Change::Receive { quantity, value: dollars }), ValuationError::Currency { .. }));
    let error = apply(Change::CustomerReturn { quantity, issue: at(0, 1) });
    assert_eq!((error.code(), error.kind()), ("inventory.not_issued", Kind::Refused));
    let mut valuation = Valuation::new(Removal::Fifo, UNIT, CURRENCY);
    let receive = Change::Receive { quantity, value: Money::from_minor(i64::MAX, CURRENCY) };
    valuation.apply(&Entry { position: at(1, 1), change: receive }, None).unwrap();
    let more = Entry { position: at(2, 1), change: Change::Receive { quantity, value } };
    assert_eq!(valuation.apply(&more, None).unwrap_err(), ValuationError::Overflow);
}

#[test]
fn a_stored_valuation_reads_back_the_same() {
    let mut stock = Stock::fifo();
    stock.receive("3", "1.111111");
    stock.receive("5", "2.5");
    stock.issue("1");
    let state = stock.ledger.head();
    let restored = Valuation::new(Removal::Fifo, UNIT, CURRENCY).with_open(
        state.layers().copied().collect(),
        state.shortages().copied().collect(),
        state.last_cost(),
    );
    assert_eq!(restored.as_ref(), Ok(state));
    let backwards: Vec<_> = state.layers().copied().collect::<Vec<_>>().into_iter().rev().collect();
    let damaged = Valuation::new(Removal::Fifo, UNIT, CURRENCY).with_open(backwards, Vec::new(), None);
    assert_eq!(damaged, Err(ValuationError::Damaged));
}
