//! Two companies and a branch in one tenant: each keeps its own books.

use codexion::core::{CompanyId, Currency, Kind, Money};
use codexion::data::{Filter, NewCompany as Founded, Repository};
use cortex_testing::TestApp;
use finance::domain::{self, Line};
use finance::{Account, Company as Stored, Entry, EntryLine, NewCompany, Origin, Posted, Series, Setup};

use super::{Company, date, each_without_books, usd};

/// A company in dollars with a branch, and a company in euros whose days begin in Auckland.
struct World<'a> {
    usd: Company<'a>,
    branch: Company<'a>,
    eur: Company<'a>,
}

fn each(test: impl Fn(&World<'_>)) {
    each_without_books(|app| {
        let books = |name: &str, currency| NewCompany::new(name, currency, 2026, 1).unwrap();
        let usd = Company::set_up(app, |new| *new = books("Demo Inc", Currency::USD));
        let main = app.work().read_blocking(codexion::data::Companies::current).unwrap().unwrap();
        assert_eq!((main.key(), main.code.as_str(), main.currency), (CompanyId::MAIN, "main", Currency::USD));
        let branch = app.found(&Founded::branch("boston", "Demo Boston", &main));
        let eur = app.found(&Founded::new("eu", "Demo GmbH", Currency::EUR).in_zone("Pacific/Auckland"));
        let branch = Company::set_up_in(app, branch.key(), &books("Demo Boston", Currency::USD));
        let eur = Company::set_up_in(app, eur.key(), &books("Demo GmbH", Currency::EUR));
        test(&World { usd, branch, eur });
    });
}

impl Company<'_> {
    /// Posts an entry of two lines in the currency and the books of this company.
    fn book(&self, debit: &str, credit: &str, coins: i64) -> Posted {
        let currency = self.work.read_blocking(|tx| self.ledger.company_currency(tx)).unwrap();
        let amount = Money::from_minor(coins, currency);
        let lines = vec![Line::debit(self.code(debit), amount), Line::credit(self.code(credit), amount)];
        let entry = domain::Entry::new(date("2026-02-10"), currency, "test", lines).unwrap();
        let work = self.app.work_in(self.work.cx().company());
        work.write_blocking(|tx| self.ledger.post(tx, &entry, &Origin::manual())).unwrap()
    }

    fn counts(&self) -> (i64, i64, i64) {
        let all = Filter::All;
        let counts = |tx: &mut codexion::data::ReadTx| {
            Ok((Account::count(tx, &all)?, Entry::count(tx, &all)?, EntryLine::count(tx, &all)?))
        };
        self.work.read_blocking(counts).unwrap()
    }

    fn consolidated(&self) -> finance::TrialBalance {
        self.work.read_blocking(|tx| self.journal.consolidated_trial_balance(tx, date("2026-12-31"))).unwrap()
    }
}

#[test]
fn numbers_balances_and_counts_are_each_companys_own() {
    each(|world| {
        let numbers = |posted: &[Posted]| posted.iter().map(|one| one.number.clone()).collect::<Vec<_>>();
        let first = [world.usd.book("1110", "3100", 10_000), world.usd.book("6100", "1110", 2_500)];
        let second = [world.eur.book("1110", "3100", 7_000)];
        let third = [world.usd.book("6100", "1110", 500)];
        assert_eq!(numbers(&first), ["JE-000001", "JE-000002"]);
        assert_eq!(numbers(&second), ["JE-000001"]);
        assert_eq!(numbers(&third), ["JE-000003"]);
        assert_eq!((world.usd.balance("1110"), world.eur.balance("1110")), ("70.00".into(), "70.00".into()));
        assert_eq!(world.eur.trial_balance("2026-12-31").debit, Money::from_minor(7_000, Currency::EUR));
        assert!(world.branch.trial_balance("2026-12-31").rows.is_empty());
        let (accounts, ..) = world.usd.counts();
        assert_eq!(world.usd.counts(), (accounts, 3, 6));
        assert_eq!(world.eur.counts(), (accounts, 1, 2));
        assert_eq!(world.branch.counts(), (accounts, 0, 0));
    });
}

#[test]
fn nothing_of_another_company_is_read_changed_or_referred_to() {
    each(|world| {
        let (usd_book, eur) = (world.usd.book("1110", "3100", 10_000), &world.eur);
        let bank = world.usd.code("1110");
        let read = eur.work.read_blocking(|tx| Entry::get(tx, usd_book.id));
        assert_eq!(read.unwrap_err().kind(), Kind::NotFound, "{}", eur.app.kind());
        assert!(
            eur.work.read_blocking(|tx| EntryLine::list(tx, &Filter::eq("entry", usd_book.id))).unwrap().is_empty()
        );
        let work = eur.app.work_in(eur.work.cx().company());
        let rename = |tx: &mut codexion::data::Tx| {
            Account::update(tx, bank, |account| {
                account.name = "mine".to_owned();
                Ok(())
            })
        };
        assert_eq!(work.write_blocking(rename).unwrap_err().kind(), Kind::NotFound);
        assert_eq!(work.write_blocking(|tx| Account::delete(tx, bank)).unwrap_err().kind(), Kind::NotFound);
        let child = Account {
            id: codexion::core::Id::new(),
            code: "1119".to_owned(),
            parent: Some(bank),
            ..world.usd.work.read_blocking(|tx| Account::get(tx, bank)).unwrap()
        };
        let refused = work.write_blocking(|tx| Account::insert(tx, &child)).unwrap_err();
        assert_eq!(refused.code(), "reference", "{}: {refused:?}", eur.app.kind());
        let amount = Money::from_minor(100, Currency::EUR);
        let lines = vec![Line::debit(bank, amount), Line::credit(eur.code("3100"), amount)];
        let entry = domain::Entry::new(date("2026-02-11"), Currency::EUR, "foreign", lines).unwrap();
        assert!(work.write_blocking(|tx| eur.ledger.post(tx, &entry, &Origin::manual())).is_err());
        assert_eq!(world.usd.balance("1110"), "100.00");
        let series = eur.work.read_blocking(|tx| Series::list(tx, &Filter::eq("code", "JE"))).unwrap();
        assert_eq!(series.iter().map(|one| one.last_number).collect::<Vec<_>>(), [0], "{}", eur.app.kind());
    });
}

#[test]
fn a_company_and_its_branches_add_up() {
    each(|world| {
        world.usd.book("1110", "3100", 10_000);
        world.branch.book("1110", "4100", 2_000);
        world.branch.book("6100", "1110", 300);
        world.eur.book("1110", "3100", 99_900);
        let all = world.usd.consolidated();
        assert!(all.is_balanced());
        assert_eq!((all.balance("1110"), all.balance("6100")), (usd("117.00"), usd("3.00")));
        assert_eq!((all.balance("3100"), all.balance("4100")), (usd("-100.00"), usd("-20.00")));
        assert_eq!(all.debit, usd("123.00"));
        // A branch alone is what it says itself, and so is a company without branches.
        assert_eq!(world.branch.consolidated(), world.branch.trial_balance("2026-12-31"));
        assert_eq!(world.eur.consolidated(), world.eur.trial_balance("2026-12-31"));
        assert_eq!(world.usd.trial_balance("2026-12-31").balance("1110"), usd("100.00"));
    });
}

#[test]
fn accounts_of_one_code_and_two_kinds_do_not_add_up() {
    each(|world| {
        world.usd.book("1110", "3100", 10_000);
        world.branch.book("1110", "4100", 2_000);
        let sales = world.branch.code("4100");
        let work = world.branch.app.work_in(world.branch.work.cx().company());
        let rename = |code: &'static str| {
            move |tx: &mut codexion::data::Tx| {
                Account::update(tx, sales, |account| {
                    account.code = code.to_owned();
                    Ok(())
                })
            }
        };
        let equity = world.branch.code("3100");
        work.write_blocking(|tx| Account::delete(tx, equity)).unwrap_err();
        work.write_blocking(|tx| {
            Account::update(tx, equity, |account| {
                account.code = "3999".to_owned();
                Ok(())
            })
        })
        .unwrap();
        work.write_blocking(rename("3100")).unwrap();
        let read =
            world.usd.work.read_blocking(|tx| world.usd.journal.consolidated_trial_balance(tx, date("2026-12-31")));
        assert_eq!(read.unwrap_err().code(), "finance.books.charts_differ");
    });
}

#[test]
fn books_are_kept_in_the_currency_of_their_company_and_begin_once() {
    each_without_books(|app: &TestApp| {
        let setup = app.get::<Setup>();
        let main = app.found(&Founded::new("demo", "Demo", Currency::EUR));
        let books = |currency| NewCompany::new("Demo", currency, 2026, 1).unwrap();
        let refused = app.work().write_blocking(|tx| setup.company(tx, &books(Currency::USD)));
        assert_eq!(refused.unwrap_err().code(), "finance.books.company_currency", "{}", app.kind());
        let stored = app.work().write_blocking(|tx| setup.company(tx, &books(Currency::EUR))).unwrap();
        assert_eq!(stored.id, Stored::of(main.key()));
        let again = app.work().write_blocking(|tx| setup.company(tx, &books(Currency::EUR)));
        assert_eq!(again.unwrap_err().code(), "finance.books.company_exists", "{}", app.kind());
    });
}
