//! How far orders come, and which move belongs to which invoice line.

use codexion::prelude::*;
use crm::domain::progress::{links, overall};
use crm::{DocumentLine, InvoiceOn, LineProgress, Progress, ShipOn, Step, StepError, StepKind};

use crate::shop::pieces;

fn step(line: char, kind: StepKind, quantity: &str, document_line: Id<DocumentLine>) -> Step<char> {
    Step { line, kind, quantity: pieces(quantity), document_line, paid: false }
}

#[test]
fn what_may_move_and_be_invoiced_follows_from_the_steps() {
    let id = Id::new();
    let mut steps = vec![step('a', StepKind::Moved, "1", id), step('b', StepKind::Moved, "9", id)];
    let of = |steps: &[Step<char>]| LineProgress::of('a', pieces("5"), steps).unwrap();
    let line = of(&steps);
    assert_eq!((line.moved, line.invoiced, line.paid), (pieces("1"), pieces("0"), pieces("0")));
    assert_eq!(line.to_move(ShipOn::Order).unwrap(), pieces("4"));
    assert_eq!(line.to_move(ShipOn::Payment).unwrap(), pieces("0"));
    assert_eq!(line.to_invoice(InvoiceOn::Order).unwrap(), pieces("5"));
    assert_eq!(line.to_invoice(InvoiceOn::Shipment).unwrap(), pieces("1"));
    steps.push(Step { paid: true, ..step('a', StepKind::Invoiced, "4", id) });
    let line = of(&steps);
    assert_eq!(line.to_move(ShipOn::Payment).unwrap(), pieces("3"));
    assert_eq!(line.to_invoice(InvoiceOn::Order).unwrap(), pieces("1"));
    assert_eq!(line.to_invoice(InvoiceOn::Shipment).unwrap(), pieces("0"));
}

#[test]
fn nothing_is_taken_that_was_not_ordered() {
    let mut line = LineProgress::of('a', pieces("5"), &[]).unwrap();
    let take = |quantity| step('a', StepKind::Moved, quantity, Id::new());
    line.take(&take("3")).unwrap();
    let too_much = StepError::TooMuch { quantity: pieces("2.5"), open: pieces("2") };
    assert_eq!(line.take(&take("2.5")), Err(too_much));
    assert_eq!(line.take(&take("0")), Err(StepError::NotPositive { quantity: pieces("0") }));
    let other = Quantity::new(Decimal::ONE, "kg".parse().unwrap()).unwrap();
    assert!(matches!(line.take(&Step { quantity: other, ..take("1") }), Err(StepError::Quantity(_))));
    line.take(&take("2")).unwrap();
    assert_eq!(line.moved, pieces("5"));
}

#[test]
fn an_order_is_as_far_as_its_lines() {
    let line = |ordered: &str, moved: &str| {
        let mut line = LineProgress::of('a', pieces(ordered), &[]).unwrap();
        line.moved = pieces(moved);
        line
    };
    let check = |lines: &[LineProgress<char>]| overall(lines, |line| line.moved);
    assert_eq!(check(&[line("2", "0"), line("3", "0")]), Progress::Open);
    assert_eq!(check(&[line("2", "2"), line("3", "0")]), Progress::Partly);
    assert_eq!(check(&[line("2", "0.5"), line("3", "0")]), Progress::Partly);
    assert_eq!(check(&[line("2", "2"), line("3", "3")]), Progress::Whole);
    assert_eq!(check(&[]), Progress::Whole);
}

#[test]
fn the_oldest_move_meets_the_oldest_invoice_line() {
    let ids: Vec<Id<DocumentLine>> = (0..5).map(|_| Id::new()).collect();
    let steps = [
        step('a', StepKind::Moved, "3", ids[0]),
        step('b', StepKind::Moved, "1", ids[1]),
        step('a', StepKind::Invoiced, "2", ids[2]),
        step('a', StepKind::Moved, "2", ids[3]),
        step('a', StepKind::Invoiced, "3", ids[4]),
    ];
    let found: Vec<_> = links(&steps).unwrap().into_iter().map(|l| (l.movement, l.invoice_line, l.quantity)).collect();
    let expected = [(ids[0], ids[2], pieces("2")), (ids[0], ids[4], pieces("1")), (ids[3], ids[4], pieces("2"))];
    assert_eq!(found, expected);
}
