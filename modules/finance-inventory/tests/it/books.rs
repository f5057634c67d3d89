//! Each kind of change, in the accounts where it belongs.

use codexion::prelude::*;
use finance::{Entry, EntryLine, EntryState, Period, Role};
use inventory::{Issue, Item, Receipt};

use crate::company::{Company, day, each, eur};

#[track_caller]
fn check(company: &Company<'_>, number: i16, expected: &[(Role, &str)]) {
    for (role, balance) in expected {
        assert_eq!(company.balance(number, *role), eur(balance), "{role}");
    }
    assert_eq!(company.balance(number, Role::Stock), company.value_on(number));
    assert!(company.trial_balance(number).is_balanced());
}

#[test]
fn a_change_of_value_is_a_posted_entry() {
    each(|company| {
        let receipt = company.receive(1, 10, "5.00");
        let issue = company.issue(2, 4);
        company.count(3, 5);
        let entries = company.entries_of(&receipt);
        assert_eq!(entries.len(), 1);
        assert_eq!((entries[0].date, entries[0].state), (day(1), EntryState::Posted));
        assert_eq!(entries[0].text, "goods received: purchase 1");
        check(&company, 1, &[(Role::Stock, "50.00"), (Role::GoodsReceivedNotInvoiced, "-50.00")]);
        check(&company, 2, &[(Role::Stock, "30.00"), (Role::CostOfGoodsSold, "20.00")]);
        check(&company, 3, &[(Role::Stock, "25.00"), (Role::StockAdjustment, "5.00")]);
        // An older receipt at another cost: the issue's entry stays, a second one corrects it.
        let before = company.entries_of(&issue);
        company.receive(0, 2, "8.00");
        let after = company.entries_of(&issue);
        assert_eq!(after.len(), 2);
        assert!(after.contains(&before[0]));
        assert_eq!(company.balance(2, Role::CostOfGoodsSold), eur("26.00"));
        check(&company, 3, &[(Role::GoodsReceivedNotInvoiced, "-66.00")]);
    });
}

#[test]
fn what_cannot_be_posted_does_not_happen() {
    each(|company| {
        company.receive(1, 10, "5.00");
        let calendar = company.app.get::<finance::Calendar>();
        let january = company.work.read_blocking(|tx| Period::list(tx, &Filter::All)).unwrap();
        let january = january.iter().find(|period| period.first == day(0)).unwrap().id;
        company
            .work
            .write_blocking(|tx| calendar.set_state(tx, january, finance::domain::PeriodState::Closed))
            .unwrap();
        assert!(company.try_receive(2, 1, "5.00").is_err());
        assert_eq!(company.value_on(300), eur("50.00"));
        company.receive(40, 1, "6.00");
        check(&company, 300, &[(Role::Stock, "56.00")]);
    });
}

#[test]
fn what_one_call_does_for_one_document_is_one_entry() {
    each(|company| {
        let items: Vec<_> = (0..12).map(|number| company.item(&format!("B{number}"))).collect();
        let receive = |items: &[Id<Item>]| {
            let receipts: Vec<_> = items.iter().map(|item| company.receipt(*item, 1, 10, "5.00")).collect();
            let _ = company.app.seen();
            let moved = company.work.write_blocking(|tx| company.stock.receive_all(tx, &receipts)).unwrap();
            (moved, company.app.seen().statements.len())
        };
        let (one, few) = receive(&items[..1]);
        let (moved, many) = receive(&items[1..]);
        assert_eq!(many, few, "statements");
        let posted = company.work.read_blocking(|tx| Entry::list(tx, &Filter::All)).unwrap();
        assert_eq!(posted.len(), 2);
        assert_eq!(company.entries_of(&one[0])[0].text, "goods received: purchase 1");
        let entry = company.entries_of(&moved[0])[0].id;
        let lines = company.work.read_blocking(|tx| EntryLine::list(tx, &Filter::eq("entry", entry))).unwrap();
        let mut sides: Vec<_> = lines.iter().map(|line| (line.debit, line.credit)).collect();
        sides.sort_unstable();
        assert_eq!(sides, [(0, 55_000), (55_000, 0)]);
        check(&company, 1, &[(Role::Stock, "600.00"), (Role::GoodsReceivedNotInvoiced, "-600.00")]);
        // An issue, and what an earlier receipt changes of it: each day and reason has its own entry.
        company.issue_of(items[0], 3, 4);
        let late = company.receipt(items[0], 0, 2, "8.00");
        company.work.write_blocking(|tx| company.stock.receive_all(tx, std::slice::from_ref(&late))).unwrap();
        let posted = company.work.read_blocking(|tx| Entry::list(tx, &Filter::All)).unwrap();
        let mut texts: Vec<_> = posted.iter().skip(2).map(|entry| (entry.date, entry.text.as_str())).collect();
        texts.sort_unstable();
        let expected =
            [(day(0), "goods received: purchase 0"), (day(3), "goods issued"), (day(3), "stock valued again")];
        assert_eq!(texts, expected);
        check(&company, 3, &[(Role::CostOfGoodsSold, "26.00")]);
    });
}

/// A receipt and a return of one document stand on both sides of both accounts, so that what moved can be read there.
#[test]
fn changes_up_and_down_are_not_set_off_against_each_other() {
    each(|company| {
        let (up, down) = (company.item("UP"), company.item("DOWN"));
        let receive = |items: &[(Id<Item>, i16, &str)]| {
            let receipt = |&(item, number, cost): &(Id<Item>, i16, &str)| {
                let origin = Some("delivery".to_owned());
                Receipt { origin, ..company.receipt(item, number, 10, cost) }
            };
            let receipts: Vec<_> = items.iter().map(receipt).collect();
            company.work.write_blocking(|tx| company.stock.receive_all(tx, &receipts)).unwrap()
        };
        receive(&[(up, 1, "5.00"), (down, 1, "5.00")]);
        let issue = |item| Issue { origin: Some("sale".to_owned()), ..company.issue_request(item, 5, 4) };
        let issues = [issue(up), issue(down)];
        company.work.write_blocking(|tx| company.stock.issue_all(tx, &issues)).unwrap();
        // Older goods at other costs: one issue was dearer, the other one cheaper.
        receive(&[(up, 0, "7.00"), (down, 0, "2.00")]);
        let of_day = company.work.read_blocking(|tx| Entry::list(tx, &Filter::eq("text", "stock valued again: sale")));
        let of_day = of_day.unwrap();
        assert_eq!(of_day.len(), 1);
        let by_entry = Filter::eq("entry", of_day[0].id);
        let lines = company.work.read_blocking(|tx| EntryLine::list(tx, &by_entry)).unwrap();
        let mut sides: Vec<_> = lines.iter().map(|line| (line.debit, line.credit)).collect();
        sides.sort_unstable();
        assert_eq!(sides, [(0, 800), (0, 1_200), (800, 0), (1_200, 0)]);
        check(&company, 5, &[(Role::CostOfGoodsSold, "36.00")]);
    });
}
