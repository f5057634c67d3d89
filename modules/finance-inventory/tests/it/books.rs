//! Each kind of change, in the accounts where it belongs.

use codexion::prelude::*;
use finance::{EntryState, Period, Role};

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
fn each_change_of_value_is_one_posted_entry() {
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
