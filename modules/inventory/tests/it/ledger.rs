//! Moves of the past: what they revalue, where that ends, and that nothing depends on who came first.

use inventory::domain::{Change, Dirty, Pace, Position, Progress, Removal, revalue};

use crate::memory::{Memory, at, day, eur, pcs};

fn receive(quantity: &str, value: &str) -> Change {
    Change::Receive { quantity: pcs(quantity), value: eur(value) }
}

fn issue(quantity: &str) -> Change {
    Change::Issue { quantity: pcs(quantity) }
}

#[track_caller]
fn check(ledger: &Memory, quantity: &str, value: &str) {
    assert_eq!(ledger.stock(), (pcs(quantity), eur(value)), "{:#?}", ledger.rows);
}

#[test]
fn a_receipt_of_an_earlier_day_revalues_what_left_after_it() {
    let mut ledger = Memory::new(Removal::Fifo);
    ledger.book(at(1, 1), receive("1", "10.00"));
    ledger.book(at(3, 1), receive("9", "180.00"));
    ledger.book(at(4, 1), issue("2"));
    assert_eq!(ledger.value_of(at(4, 1)), eur("-30.00"));
    let rows = ledger.rows.clone();
    ledger.book(at(2, 1), receive("1", "5.00"));
    assert_eq!(ledger.value_of(at(4, 1)), eur("-15.00"));
    assert_eq!(ledger.value_of(at(1, 1)), eur("10.00"));
    assert_eq!(ledger.rows[..3], rows, "rows that are written stay as they are");
    assert_eq!(ledger.rows.len(), 5, "the receipt and one correction");
    check(&ledger, "9", "180.00");
}

#[test]
fn a_charge_on_a_past_receipt_raises_later_balances() {
    let mut ledger = Memory::new(Removal::Fifo);
    ledger.book(at(1, 1), receive("10", "100.00"));
    ledger.book(at(2, 1), receive("10", "200.00"));
    let before: Vec<_> = (0..4).map(|number| ledger.stock_on(day(number))).collect();
    ledger.book(at(1, 1), receive("10", "150.00"));
    for (number, (quantity, value)) in before.into_iter().enumerate().skip(1) {
        let (now, worth) = ledger.stock_on(day(i16::try_from(number).unwrap()));
        assert_eq!((now, worth), (quantity, value.checked_add(eur("50.00")).unwrap()));
    }
}

#[test]
fn a_cancelled_move_leaves_nothing_behind() {
    let mut ledger = Memory::new(Removal::Fifo);
    ledger.book(at(1, 1), receive("10", "100.00"));
    ledger.book(at(2, 1), issue("20"));
    ledger.book(at(3, 1), receive("10", "300.00"));
    check(&ledger, "0", "0.00");
    ledger.book(at(2, 1), Change::Void);
    check(&ledger, "20", "400.00");
    assert_eq!(ledger.value_of(at(2, 1)), eur("0.00"));
}

#[test]
fn a_customers_return_follows_its_issue() {
    let mut ledger = Memory::new(Removal::Fifo);
    ledger.book(at(2, 1), receive("20", "200.00"));
    ledger.book(at(3, 1), issue("4"));
    for number in 4..30 {
        ledger.book(at(number, 1), issue("0.5"));
    }
    ledger.book(at(40, 1), Change::CustomerReturn { quantity: pcs("4"), issue: at(3, 1) });
    // The count of day 3 takes out what the late receipt brought in; between them only the one issue changes, and
    // the return far behind changes with it.
    ledger.put(at(1, 1), receive("4", "400.00"));
    ledger.put(at(3, 2), issue("4"));
    ledger.catch_up();
    assert_eq!(ledger.value_of(at(3, 1)), eur("-400.00"));
    assert_eq!(ledger.value_of(at(40, 1)), eur("400.00"));
    check(&ledger, "7", "430.00");
}

/// Ten receipts of ten, then many issues of one.
fn busy(moves: i16) -> Memory {
    let mut ledger = Memory::new(Removal::Fifo);
    ledger.pace = Pace { entries_max: 100, batch: 30, spacing: 20 };
    ledger.put(at(0, 1), receive("5000", "5000.00"));
    for number in 1..=moves {
        let change = if number % 10 == 0 { receive("9", "27.00") } else { issue("1") };
        ledger.put(at(number, 1), change);
    }
    ledger.catch_up();
    ledger
}

#[test]
fn an_append_reads_a_handful_of_entries_whatever_the_history() {
    for moves in [300, 3_000] {
        let mut ledger = busy(moves);
        let read = ledger.read;
        ledger.book(at(moves + 1, 1), issue("1"));
        assert!(ledger.read - read <= 20, "{} of {moves} entries were read", ledger.read - read);
    }
}

#[test]
fn only_what_lies_behind_a_late_move_is_read() {
    let mut ledger = busy(2_000);
    let read = ledger.read;
    ledger.book(at(1_900, 2), receive("1", "9.00"));
    assert!(ledger.read - read <= 100 + 40, "{} entries were read", ledger.read - read);
}

#[test]
fn a_count_ends_the_work() {
    let mut ledger = Memory::new(Removal::Fifo);
    for number in 1..=1_000 {
        let cost = format!("{number}.00");
        ledger.put(at(2 * number, 1), receive("10", &cost));
        ledger.put(at(2 * number + 1, 1), issue("10"));
    }
    ledger.catch_up();
    let (read, rows) = (ledger.read, ledger.rows.len());
    // Five came on day 50 before anybody noticed; the count of the next day finds nothing of them.
    ledger.put(at(50, 2), receive("5", "5.00"));
    ledger.put(at(51, 2), issue("5"));
    ledger.catch_up();
    assert_eq!(ledger.rows.len() - rows, 2, "nothing but the two");
    assert!(ledger.read - read < 20, "{} entries were read", ledger.read - read);
}

fn step(ledger: &mut Memory) -> codexion::core::Result<Progress> {
    let pace = ledger.pace;
    revalue(ledger, pace)
}

#[test]
fn work_that_was_cut_off_goes_on_where_it_was() {
    let mut whole = busy(900);
    let mut pieces = whole.clone();
    whole.book(at(3, 7), receive("100", "250.00"));
    pieces.put(at(3, 7), receive("100", "250.00"));
    let mut next: Option<Position> = None;
    loop {
        // What is not committed is lost: every second step is taken twice.
        let saved = pieces.clone();
        step(&mut pieces).unwrap();
        pieces = saved;
        match step(&mut pieces).unwrap() {
            Progress::Done { .. } => break,
            Progress::More { entries, next: position } => {
                assert_eq!(entries, 100);
                assert!(next.is_none_or(|next| next < position), "every step comes further");
                next = Some(position);
            }
        }
        assert!(pieces.dirty.is_some());
    }
    assert_eq!((pieces.dirty, whole.dirty), (None, None));
    assert_eq!(pieces.figures(), whole.figures());
    assert_eq!(pieces.head(), whole.head());
}

#[test]
fn a_move_that_arrives_while_work_is_pending_is_not_missed() {
    let mut ledger = busy(900);
    let mut expected = ledger.clone();
    for (position, change) in [(at(3, 7), receive("100", "250.00")), (at(880, 3), receive("1", "77.00"))] {
        expected.book(position, change);
    }
    ledger.put(at(3, 7), receive("100", "250.00"));
    step(&mut ledger).unwrap();
    ledger.put(at(880, 3), receive("1", "77.00"));
    assert_eq!(ledger.dirty.map(|dirty| dirty.until), Some(at(880, 3)));
    ledger.catch_up();
    assert_eq!(ledger.figures(), expected.figures());
}

#[test]
fn parts_in_question_add_up() {
    let both = Dirty::at(at(3, 1)).and(Dirty::at(at(9, 1)));
    assert_eq!(both, Dirty { from: at(3, 1), until: at(9, 1) });
    assert_eq!(Dirty::at(at(9, 1)).and(Dirty::at(at(3, 1))), both);
}
