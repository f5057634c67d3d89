//! Many at once: no gap, no duplicate, no error, and drafts wait for nobody.

use std::sync::Barrier;

use codexion::core::Currency;
use codexion::data::{Filter, Op, Repository, Value};
use finance::{Entry, InvoiceSide, NewEntry, NewPayment, Origin, Series};

use super::{Company, date, each, invoice, item, usd};

const THREADS: usize = 16;
const EACH: usize = 12;

fn numbers(c: &Company<'_>, code: &str) -> Vec<i64> {
    let found = c.work.read_blocking(|tx| {
        let series = Series::list(tx, &Filter::eq("code", code))?.remove(0);
        let posted = Filter::Compare { column: "series", op: Op::Eq, value: Value::from(series.id) };
        Entry::list(tx, &posted)
    });
    let mut numbers: Vec<i64> = found.unwrap().into_iter().filter_map(|entry| entry.sequence).collect();
    numbers.sort_unstable();
    numbers
}

#[test]
fn sixteen_threads_post_to_one_series_without_a_gap() {
    each(|c| {
        let accounts = ["1110", "1120", "6100", "6200", "6900"].map(|code| c.code(code));
        let start = Barrier::new(THREADS);
        std::thread::scope(|scope| {
            for thread in 0..THREADS {
                let (start, work) = (&start, c.app.work());
                scope.spawn(move || {
                    start.wait();
                    for round in 0..EACH {
                        // Accounts in another order in every thread: nobody may wait for each other in a circle.
                        let (left, right) = (accounts[(thread + round) % 5], accounts[(thread * 3 + round + 1) % 5]);
                        let lines = vec![
                            finance::domain::Line::debit(left, usd("1.00")),
                            finance::domain::Line::credit(right, usd("1.00")),
                        ];
                        let entry = finance::domain::Entry::new(date("2026-01-05"), Currency::USD, "x", lines).unwrap();
                        work.write_blocking(|tx| c.ledger.post(tx, &entry, &Origin::manual())).unwrap();
                    }
                });
            }
        });
        let expected: Vec<i64> = (1..=i64::try_from(THREADS * EACH).unwrap()).collect();
        assert_eq!(numbers(c, Series::JOURNAL), expected, "{}", c.app.kind());
        assert_eq!(c.trial_balance("2026-12-31").debit, usd("192.00"));
    });
}

#[test]
fn drafting_posting_and_paying_the_newest_invoices_at_once() {
    each(|c| {
        let start = Barrier::new(8);
        std::thread::scope(|scope| {
            for thread in 0..8_usize {
                let (start, work) = (&start, c.app.work());
                scope.spawn(move || {
                    start.wait();
                    for round in 0..6 {
                        let new = invoice("2026-01-05", vec![item("1", "10", Currency::USD)]);
                        let id = work.write_blocking(|tx| c.invoices.draft(tx, &new)).unwrap();
                        work.write_blocking(|tx| c.invoices.redraft(tx, id, &new)).unwrap();
                        if (thread + round) % 3 == 0 {
                            work.write_blocking(|tx| c.invoices.cancel(tx, id)).unwrap();
                            continue;
                        }
                        work.write_blocking(|tx| c.invoices.post(tx, id)).unwrap();
                        let pay = NewPayment::new(InvoiceSide::Customer, new.party, date("2026-01-06"), usd("10.00"));
                        work.write_blocking(|tx| c.invoices.pay(tx, &pay.clone().settling(id))).unwrap();
                    }
                });
            }
        });
        let expected: Vec<i64> = (1..=32).collect();
        assert_eq!(numbers(c, Series::INVOICES), expected, "{}", c.app.kind());
        assert_eq!(numbers(c, Series::PAYMENTS), expected, "{}", c.app.kind());
        assert_eq!(c.balance("1210"), "0.00");
    });
}

/// While one unit of work has taken a number and has not committed, others draft and edit; on SQLite there is one
/// writer anyway, so this is about servers.
#[test]
fn drafts_do_not_wait_for_a_posting() {
    each(|c| {
        if c.app.kind() != "postgres" {
            return;
        }
        let new = |amount: &str| NewEntry {
            date: date("2026-01-05"),
            text: "x".into(),
            lines: c.lines("1110", "3100", amount),
        };
        let draft = c.write(|tx| c.journal.draft(tx, &new("1.00")));
        let (posting, drafting) = (&Barrier::new(2), &Barrier::new(2));
        std::thread::scope(|scope| {
            let work = c.app.work();
            let (draft_of_other, entry) = (draft, c.entry("2026-01-05", "1110", "3100", "5.00"));
            scope.spawn(move || {
                work.write_blocking(|tx| {
                    c.ledger.post(tx, &entry, &Origin::manual())?;
                    posting.wait();
                    drafting.wait();
                    Ok(())
                })
                .unwrap();
            });
            posting.wait();
            // The number is taken and not committed.
            c.write(|tx| c.journal.draft(tx, &new("2.00")));
            c.write(|tx| c.journal.redraft(tx, draft_of_other, &new("3.00")));
            let bill = invoice("2026-01-05", vec![item("1", "10", Currency::USD)]);
            c.write(|tx| c.invoices.draft(tx, &bill));
            drafting.wait();
        });
        assert_eq!(c.write(|tx| c.journal.post(tx, Series::JOURNAL, &[draft]))[0].number, "JE-000002");
    });
}
