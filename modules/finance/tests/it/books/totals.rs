//! Maintained balances and open items against a scan of everything that was posted.

use std::collections::BTreeMap;

use codexion::core::{Currency, Id, Money};
use codexion::data::{Filter, Repository};
use finance::domain::{self, Line};
use finance::{Difference, Entry, EntryLine, EntryState, InvoiceSide, NewInvoice, NewPayment, Origin};
use proptest::prelude::*;

use super::{Company, date, each, item};

const CODES: [&str; 6] = ["1110", "1210", "2110", "4100", "6100", "3100"];

/// A day, two accounts and an amount in coins; a quarter of the entries have a foreign amount too.
type Step = (u16, usize, usize, i64, u8);

fn day(offset: u16) -> codexion::core::Date {
    date("2025-01-01").checked_add(codexion::prelude::ToSpan::days(i64::from(offset))).unwrap()
}

fn post(c: &Company<'_>, steps: &[Step]) {
    let accounts = CODES.map(|code| c.code(code));
    let entries: Vec<domain::Entry> = steps
        .iter()
        .map(|(offset, debit, credit, coins, foreign)| {
            let amount = Money::from_minor(*coins, Currency::USD);
            let (mut left, mut right) =
                (Line::debit(accounts[*debit], amount), Line::credit(accounts[*credit], amount));
            if foreign % 4 == 0 {
                let euros = Money::from_minor(coins * 2, Currency::EUR);
                (left, right) = (left.with_foreign(euros), right.with_foreign(euros));
            }
            domain::Entry::new(day(*offset), Currency::USD, "step", vec![left, right]).unwrap()
        })
        .collect();
    c.app
        .work()
        .write_blocking(|tx| {
            for entry in &entries {
                c.ledger.post(tx, entry, &Origin::manual())?;
            }
            Ok(())
        })
        .unwrap();
}

/// Debit and credit per account by a scan of all posted lines.
fn scanned(c: &Company<'_>, as_of: codexion::core::Date) -> BTreeMap<String, (i64, i64)> {
    let (entries, lines) =
        c.work.read_blocking(|tx| Ok((Entry::list(tx, &Filter::All)?, EntryLine::list(tx, &Filter::All)?))).unwrap();
    let accounts = c.work.read_blocking(|tx| finance::Account::list(tx, &Filter::All)).unwrap();
    let mut sums: BTreeMap<String, (i64, i64)> = BTreeMap::new();
    for line in lines {
        let entry = entries.iter().find(|e| e.id == line.entry).unwrap();
        if entry.state == EntryState::Posted && entry.date <= as_of {
            let code = accounts.iter().find(|a| a.id == line.account).unwrap().code.clone();
            let sum = sums.entry(code).or_default();
            *sum = (sum.0 + line.debit, sum.1 + line.credit);
        }
    }
    sums
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 6, max_shrink_iters: 40, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_trial_balance_is_what_a_full_scan_says(
        steps in proptest::collection::vec((0_u16..700, 0_usize..6, 0_usize..6, 1_i64..1_000_000, any::<u8>()), 1..40),
        asked in proptest::collection::vec(0_u16..730, 4),
    ) {
        each(|c| {
            post(c, &steps);
            for offset in asked.iter().copied().chain([30, 58, 364, 729]) {
                let as_of = day(offset);
                let tb = c.trial_balance(&as_of.to_string());
                let found: BTreeMap<_, _> =
                    tb.rows.iter().map(|r| (r.code.clone(), (r.debit.minor(), r.credit.minor()))).collect();
                assert_eq!(found, scanned(c, as_of), "{} on {as_of}", c.app.kind());
            }
        });
    }

    /// Whatever is billed, credited, paid in part or too much, and undone: on every day the open items of a side are
    /// its control account.
    #[test]
    fn open_items_tie_out_on_every_day(
        steps in proptest::collection::vec((0_u16..60, 1_i64..500, 0_i64..600, 0_u16..40, any::<u8>()), 1..8),
    ) {
        each(|c| {
            for (offset, price, paid, later, kind) in &steps {
                bill_and_pay(c, (*offset, *price, *paid, *later, *kind));
            }
            for offset in 0..100 {
                let tb = c.trial_balance(&day(offset).to_string());
                for (side, code) in [(InvoiceSide::Customer, "1210"), (InvoiceSide::Supplier, "2110")] {
                    let open = c.work.read_blocking(|tx| c.invoices.open_items(tx, side, day(offset))).unwrap();
                    assert_eq!(open.total, tb.balance(code), "{} {side} on {}", c.app.kind(), day(offset));
                }
            }
        });
    }
}

fn bill_and_pay(c: &Company<'_>, (offset, price, paid, later, kind): (u16, i64, i64, u16, u8)) {
    // Bills of suppliers take any order of dates.
    let side = if kind % 3 == 0 { InvoiceSide::Customer } else { InvoiceSide::Supplier };
    let on = if side == InvoiceSide::Customer { day(60) } else { day(offset) };
    let mut new = NewInvoice::new(side, Id::new(), on, Currency::USD);
    new.lines = vec![item("1", &price.to_string(), Currency::USD)];
    let payment_day = on.checked_add(codexion::prelude::ToSpan::days(i64::from(later))).unwrap();
    c.write(|tx| {
        let id = c.invoices.draft(tx, &new)?;
        c.invoices.post(tx, id)?;
        if kind % 5 == 0 {
            let credit = c.invoices.credit(tx, id, on)?;
            c.invoices.post(tx, credit)?;
        }
        if paid > 0 {
            let amount = Money::from_minor(paid * 100, Currency::USD);
            let mut payment = NewPayment::new(side, new.party, payment_day, amount).settling(id);
            payment.difference = if kind % 7 == 0 { Difference::WriteOff } else { Difference::Keep };
            c.invoices.pay(tx, &payment)?;
        }
        Ok(())
    });
}
