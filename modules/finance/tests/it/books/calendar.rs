//! Years, periods and locks.

use codexion::core::Id;
use codexion::data::{Filter, Repository};
use finance::domain::{Cycle, PeriodState};
use finance::{Calendar, LockKind, Origin, Period};

use super::{Company, date, each};

fn period(c: &Company<'_>, day: &str) -> Id<Period> {
    let all = c.work.read_blocking(|tx| Period::list(tx, &Filter::All)).unwrap();
    all.into_iter().find(|p| (p.first..=p.last).contains(&date(day))).unwrap().id
}

fn post(c: &Company<'_>, day: &str) -> Result<(), &'static str> {
    let entry = c.entry(day, "1110", "3100", "1.00");
    let posted = c.app.work().write_blocking(|tx| c.ledger.post(tx, &entry, &Origin::manual()));
    posted.map(|_| ()).map_err(|e| e.code())
}

#[test]
fn a_closed_period_takes_no_entries_until_it_is_opened_again() {
    each(|c| {
        let calendar = c.app.get::<Calendar>();
        let march = period(c, "2026-03-15");
        c.write(|tx| calendar.set_state(tx, march, PeriodState::Closed));
        assert_eq!(post(c, "2026-03-15"), Err("finance.post.period_closed"));
        assert_eq!(post(c, "2026-04-01"), Ok(()));
        c.write(|tx| calendar.set_state(tx, march, PeriodState::Open));
        assert_eq!(post(c, "2026-03-15"), Ok(()));
        assert_eq!(c.refused(|tx| calendar.set_state(tx, march, PeriodState::Locked)), "finance.period.state");
        c.write(|tx| calendar.set_state(tx, march, PeriodState::Closed));
        c.write(|tx| calendar.set_state(tx, march, PeriodState::Locked));
        assert_eq!(c.refused(|tx| calendar.set_state(tx, march, PeriodState::Open)), "finance.period.state");
    });
}

#[test]
fn years_do_not_overlap() {
    each(|c| {
        let calendar = c.app.get::<Calendar>();
        let open = |first: &str, last: &str| {
            let (first, last) = (date(first), date(last));
            c.work.write_blocking(|tx| calendar.open_year(tx, first, last, Cycle::QUARTERLY)).map_err(|e| e.code())
        };
        assert_eq!(open("2026-12-31", "2027-12-30"), Err("finance.year.overlap"));
        open("2027-01-01", "2027-12-31").unwrap();
        assert_eq!(c.work.read_blocking(|tx| Period::count(tx, &Filter::All)).unwrap(), 40);
        assert_eq!(post(c, "2027-05-05"), Ok(()));
    });
}

/// L11, as far as there are locks yet: a soft one that moves both ways, a hard one that only moves forward.
#[test]
fn l11_locked_dates_take_no_entries() {
    each(|c| {
        let calendar = c.app.get::<Calendar>();
        let lock = |kind, until: Option<&str>| {
            let until = until.map(date);
            c.work.write_blocking(|tx| calendar.lock(tx, kind, until)).map(|_| ()).map_err(|e| e.code())
        };
        lock(LockKind::Soft, Some("2026-01-31")).unwrap();
        assert_eq!(post(c, "2026-01-31"), Err("finance.post.locked"));
        assert_eq!(post(c, "2026-02-01"), Ok(()));
        lock(LockKind::Soft, None).unwrap();
        assert_eq!(post(c, "2026-01-31"), Ok(()));
        lock(LockKind::Hard, Some("2025-12-31")).unwrap();
        assert_eq!(post(c, "2025-12-31"), Err("finance.post.locked"));
        assert_eq!(lock(LockKind::Hard, Some("2025-11-30")), Err("finance.books.closed_for_good"));
        assert_eq!(lock(LockKind::Hard, None), Err("finance.books.closed_for_good"));
        lock(LockKind::Hard, Some("2026-01-31")).unwrap();
        assert_eq!(post(c, "2026-01-31"), Err("finance.post.locked"));
    });
}
