//! Posting, immutability, reversal and numbering.

use codexion::core::{Currency, Id, Kind};
use codexion::data::{Filter, Repository, Statement};
use codexion::prelude::Execute;
use finance::domain::{self, Line};
use finance::{Entry, EntryLine, EntryState, NewEntry, OpenItem, Origin, Period, Posted, Posting, Series};

use super::{Company, date, each, eur, usd};

fn stored(c: &Company<'_>, id: Id<Entry>) -> Entry {
    c.work.read_blocking(|tx| Entry::get(tx, id)).unwrap()
}

#[test]
fn a_posted_entry_has_a_number_and_changes_the_balances() {
    each(|c| {
        let posted = c.post("2026-01-05", "1110", "3100", "1000.00");
        assert_eq!(posted.number, "JE-000001");
        assert_eq!(c.post("2026-01-04", "6200", "1110", "300.50").number, "JE-000002", "the journal takes any order");
        assert_eq!(
            (c.balance("1110"), c.balance("3100"), c.balance("6200")),
            ("699.50".into(), "-1000.00".into(), "300.50".into())
        );
        let entry = stored(c, posted.id);
        assert_eq!((entry.state, entry.sequence), (EntryState::Posted, Some(1)));
        assert!(entry.posted_at.is_some() && entry.period.is_some());
        assert_eq!(c.trial_balance("2026-01-04").balance("1110"), usd("-300.50"), "in the middle of a period");
        assert_eq!(c.trial_balance("2025-12-31").rows, []);
    });
}

#[test]
fn posting_takes_few_statements() {
    each(|c| {
        let mut lines = Vec::new();
        for _ in 0..5 {
            lines.extend(c.lines("1110", "4100", "10.00"));
        }
        let entry = domain::Entry::new(date("2026-01-05"), Currency::USD, "ten lines", lines).unwrap();
        let work = c.app.work();
        c.app.budget(9, || work.write_blocking(|tx| c.ledger.post(tx, &entry, &Origin::manual())).unwrap());
    });
}

#[test]
fn many_entries_take_as_many_statements_as_one() {
    each(|c| {
        let posting = |series, day: &str| {
            let entry = c.entry(day, "1110", "4100", "10.00");
            Posting { series, entry, origin: Origin::manual() }
        };
        let days = ["2026-01-05", "2026-02-03", "2026-01-04"];
        let mut postings: Vec<_> = days.map(|day| posting(Series::JOURNAL, day)).into();
        postings.push(posting(Series::PAYMENTS, "2026-02-01"));
        postings.extend((0..30).map(|_| posting(Series::JOURNAL, "2026-03-01")));
        let work = c.app.work();
        // Frame, headers, lines, accounts, balances, two series, headers; an event each.
        let posted = c.app.budget(8 + 34, || work.write_blocking(|tx| c.ledger.post_many(tx, &postings)).unwrap());
        let numbers: Vec<&str> = posted.iter().take(5).map(|posted| posted.number.as_str()).collect();
        assert_eq!(numbers, ["JE-000001", "JE-000002", "JE-000003", "PAY-000001", "JE-000004"]);
        assert_eq!((posted.len(), c.balance("1110")), (34, "340.00".into()));
        assert_eq!(c.trial_balance("2026-01-04").balance("1110"), usd("10.00"));
        assert_eq!(stored(c, posted[3].id).date, date("2026-02-01"));
        assert!(work.write_blocking(|tx| c.ledger.post_many(tx, &[])).unwrap().is_empty());
        // One that cannot be posted keeps all others from it.
        let mut postings = vec![posting(Series::JOURNAL, "2026-03-01"), posting(Series::JOURNAL, "2030-01-05")];
        let error = work.write_blocking(|tx| c.ledger.post_many(tx, &postings)).unwrap_err();
        assert_eq!(error.message(), "no fiscal year contains 2030-01-05");
        postings[1].series = "NONE";
        postings[1].entry = c.entry("2026-03-01", "1110", "4100", "10.00");
        let error = work.write_blocking(|tx| c.ledger.post_many(tx, &postings)).unwrap_err();
        assert_eq!((error.code(), c.balance("1110")), ("finance.post.no_series", "340.00".into()));
    });
}

#[test]
fn what_cannot_be_posted_is_refused_by_name() {
    each(|c| {
        let system = c.app.work();
        let refused = |entry: &domain::Entry| {
            system.write_blocking(|tx| c.ledger.post(tx, entry, &Origin::manual())).unwrap_err()
        };
        let error = refused(&c.entry("2030-01-05", "1110", "3100", "1.00"));
        assert_eq!(error.message(), "no fiscal year contains 2030-01-05");
        let error = refused(&c.entry("2026-01-05", "1100", "3100", "1.00"));
        assert_eq!(error.message(), "`1100` is a heading: entries go to the accounts under it");
        let unknown = vec![Line::debit(Id::new(), usd("1.00")), Line::credit(c.code("3100"), usd("1.00"))];
        let unknown = domain::Entry::new(date("2026-01-05"), Currency::USD, "x", unknown).unwrap();
        assert!(
            refused(&unknown).kind() == Kind::Conflict || refused(&unknown).code() == "finance.post.unknown_account"
        );
        let euros = [Line::debit(c.code("1110"), eur("1.00")), Line::credit(c.code("3100"), eur("1.00"))];
        let euros = domain::Entry::new(date("2026-01-05"), Currency::EUR, "x", euros.into()).unwrap();
        assert_eq!(refused(&euros).code(), "finance.post.currency");
        let entry = c.entry("2026-01-05", "1110", "3100", "1.00");
        let error = system.write_blocking(|tx| c.ledger.post_in(tx, "NONE", &entry, &Origin::manual())).unwrap_err();
        assert_eq!(error.message(), "no series of numbers is called `NONE`");
        assert_eq!(c.post("2026-01-05", "1110", "3100", "1.00").number, "JE-000001", "what failed took no number");
    });
}

/// Runs SQL as somebody who goes past the services, and answers the error's code.
fn behind(c: &Company<'_>, sql: &str, id: Id<Entry>) -> (Kind, String) {
    let work = c.app.work();
    let error = work
        .write_blocking(|tx| {
            let mut statement = Statement::new(sql);
            statement
                .bind(id)
                .push(" AND tenant_id = ")
                .bind(tx.tenant())
                .push(" AND company_id = ")
                .bind(tx.company());
            statement.run(tx)
        })
        .unwrap_err();
    (error.kind(), error.message().to_owned())
}

#[test]
fn the_database_keeps_what_is_posted() {
    each(|c| {
        let posted = c.post("2026-01-05", "1110", "3100", "10.00");
        let refused = |sql: &str| {
            let (kind, message) = behind(c, sql, posted.id);
            assert_eq!(kind, Kind::Refused, "{}: {message}", c.app.kind());
            message
        };
        assert_eq!(refused("UPDATE finance_entries SET text = 'x' WHERE id = "), "a posted entry cannot be changed");
        assert_eq!(
            refused("UPDATE finance_entries SET state = 'draft' WHERE id = "),
            "a posted entry cannot be changed"
        );
        assert_eq!(refused("DELETE FROM finance_entries WHERE id = "), "a posted entry cannot be deleted");
        let line = "a line of a posted entry cannot be changed or deleted";
        assert_eq!(refused("UPDATE finance_entry_lines SET debit = debit + 1 WHERE entry = "), line);
        assert_eq!(refused("DELETE FROM finance_entry_lines WHERE entry = "), line);
        let more = refused(
            "INSERT INTO finance_entry_lines (tenant_id, company_id, id, entry, position, account, debit, credit, text) \
             SELECT tenant_id, company_id, tenant_id, entry, 9, account, 5, 0, '' FROM finance_entry_lines WHERE position = 1 \
             AND entry = ",
        );
        assert_eq!(more, "a posted entry takes no more lines");
        assert_eq!(c.balance("1110"), "10.00");
    });
}

#[test]
fn the_database_checks_what_is_posted() {
    each(|c| {
        let period = c.work.read_blocking(|tx| Period::list(tx, &Filter::All)).unwrap();
        let january = period.iter().find(|p| p.first == date("2026-01-01")).unwrap().id;
        let seal = format!(
            "UPDATE finance_entries SET state = 'posted', sequence = 99, number = 'X', posted_at = written_at, \
             posted_by = written_by, \
             series = (SELECT s.id FROM finance_series AS s \
             WHERE s.tenant_id = finance_entries.tenant_id AND s.company_id = finance_entries.company_id AND s.code = 'JE'), \
             period = (SELECT p.id FROM finance_periods AS p \
             WHERE p.tenant_id = finance_entries.tenant_id AND p.company_id = finance_entries.company_id AND p.first = '{}' AND p.state = 'open') WHERE id = ",
            "2026-01-01"
        );
        let draft = |lines: Vec<Line>| {
            let new = NewEntry { date: date("2026-01-05"), text: "draft".into(), lines };
            c.write(|tx| c.journal.draft(tx, &new))
        };
        let empty = draft(Vec::new());
        let (kind, message) = behind(c, &seal, empty);
        assert_eq!((kind, message.as_str()), (Kind::Refused, "the entry has no lines or does not balance"));
        let lopsided =
            draft(vec![Line::debit(c.code("1110"), usd("10.00")), Line::credit(c.code("3100"), usd("9.99"))]);
        assert_eq!(behind(c, &seal, lopsided).1, "the entry has no lines or does not balance");
        let foreign = draft(vec![
            Line::debit(c.code("1110"), usd("10.00")).with_foreign(eur("9.00")),
            Line::credit(c.code("3100"), usd("10.00")).with_foreign(eur("8.00")),
        ]);
        assert_eq!(behind(c, &seal, foreign).1, "the entry does not balance in a foreign currency");
        let calendar = c.app.get::<finance::Calendar>();
        c.write(|tx| calendar.set_state(tx, january, domain::PeriodState::Closed));
        let sound = draft(c.lines("1110", "3100", "10.00"));
        let (kind, _) = behind(c, &seal, sound);
        assert!(matches!(kind, Kind::Refused), "{}", c.app.kind());
    });
}

#[test]
fn drafts_change_until_they_are_posted() {
    each(|c| {
        let new = |amount: &str| NewEntry {
            date: date("2026-01-05"),
            text: "rent".into(),
            lines: c.lines("6200", "1110", amount),
        };
        let id = c.write(|tx| c.journal.draft(tx, &new("300.00")));
        assert_eq!(c.trial_balance("2026-12-31").rows, [], "a draft is not in the books");
        c.write(|tx| c.journal.redraft(tx, id, &new("310.00")));
        let lopsided = NewEntry { lines: vec![Line::debit(c.code("6200"), usd("1.00"))], ..new("1.00") };
        let other = c.write(|tx| c.journal.draft(tx, &lopsided));
        assert_eq!(c.refused(|tx| c.journal.post(tx, Series::JOURNAL, &[other])), "finance.entry.unbalanced");
        c.write(|tx| c.journal.discard(tx, other));
        let posted = c.write(|tx| c.journal.post(tx, Series::JOURNAL, &[id]));
        assert_eq!((posted[0].number.as_str(), c.balance("6200").as_str()), ("JE-000001", "310.00"));
        assert_eq!(c.refused(|tx| c.journal.redraft(tx, id, &new("1.00"))), "finance.post.not_draft");
        assert_eq!(c.refused(|tx| c.journal.discard(tx, id)), "finance.post.not_draft");
        assert_eq!(c.refused(|tx| c.journal.post(tx, Series::JOURNAL, &[id])), "finance.post.not_draft");
    });
}

/// L7: a reversal shows the amount on both sides, and there is one only.
#[test]
fn l7_a_reversal_is_linked_and_there_is_one_only() {
    each(|c| {
        let posted = c.post("2026-01-05", "1110", "3100", "100.00");
        c.post("2026-01-06", "6200", "1110", "100.00");
        assert_eq!(
            c.refused(|tx| c.journal.reverse(tx, posted.id, date("2026-01-04"))),
            "finance.entry.reversal_too_early"
        );
        let reversal: Posted = c.write(|tx| c.journal.reverse(tx, posted.id, date("2026-02-01")));
        assert_eq!(stored(c, reversal.id).reverses, Some(posted.id));
        assert_eq!(c.statement("3100"), [(0, 10_000), (10_000, 0)], "100 in and 100 out");
        assert_eq!((c.balance("3100"), c.balance("1110")), ("0.00".into(), "-100.00".into()));
        assert_eq!(
            c.refused(|tx| c.journal.reverse(tx, posted.id, date("2026-02-01"))),
            "finance.post.already_reversed"
        );
        let draft = NewEntry { date: date("2026-01-05"), text: String::new(), lines: c.lines("6200", "1110", "1.00") };
        let draft = c.write(|tx| c.journal.draft(tx, &draft));
        assert_eq!(c.refused(|tx| c.journal.reverse(tx, draft, date("2026-02-01"))), "finance.post.not_posted");
    });
}

#[test]
fn a_reversal_settles_what_its_entry_left_open() {
    each(|c| {
        let posted = c.post("2026-01-05", "1210", "4100", "100.00");
        let open = || c.work.read_blocking(|tx| OpenItem::list(tx, &Filter::IsNull { column: "settled_on" })).unwrap();
        assert_eq!(open().len(), 1);
        c.write(|tx| c.journal.reverse(tx, posted.id, date("2026-01-05")));
        assert_eq!(open(), []);
    });
}

/// L8: numbers follow dates, among equal dates the order given, and nothing is posted before the last number.
#[test]
fn l8_numbers_follow_dates() {
    each(|c| {
        let draft = |day: &str| {
            let new = NewEntry { date: date(day), text: "sale".into(), lines: c.lines("1110", "4100", "1.00") };
            c.write(|tx| c.journal.draft(tx, &new))
        };
        let days = ["2026-03-05", "2026-03-06", "2026-03-07", "2026-03-04", "2026-03-05", "2026-03-05"];
        let drafts: Vec<Id<Entry>> = days.into_iter().map(draft).collect();
        // Lock, headers, frame, lines, accounts, balances, series, headers; an event each.
        let posted = c.app.budget(8 + 6, || c.write(|tx| c.journal.post(tx, Series::INVOICES, &drafts)));
        let numbers: Vec<&str> = posted.iter().map(|p| p.number.as_str()).collect();
        assert_eq!(numbers, ["INV-000002", "INV-000005", "INV-000006", "INV-000001", "INV-000003", "INV-000004"]);
        let early = draft("2026-03-06");
        assert_eq!(c.refused(|tx| c.journal.post(tx, Series::INVOICES, &[early])), "finance.number.date_before_last");
        let same = draft("2026-03-07");
        assert_eq!(c.write(|tx| c.journal.post(tx, Series::INVOICES, &[same]))[0].number, "INV-000007");
        let lines = c.work.read_blocking(|tx| EntryLine::count(tx, &Filter::All)).unwrap();
        assert_eq!(lines, 16);
    });
}
