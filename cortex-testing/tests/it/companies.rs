//! Companies of a tenant: founded, entered, archived, and what is done for them after the commit.

use codexion::core::{Actor, CompanyId, Kind};
use codexion::data::{
    Companies, Company, CompanyChange, EnterCompany, Entity, ManageCompanies, NewCompany, create_table_sql,
};
use codexion::prelude::*;
use cortex_testing::TestApp;
use serde::{Deserialize, Serialize};

/// Writes down in which company it was done.
#[derive(Debug, Serialize, Deserialize)]
struct Visit {
    guest: String,
}

impl Job for Visit {
    type Needs = ();
    const NAME: &'static str = "hotel.visit";

    fn run(&self, tx: &mut Tx, (): ()) -> Result<()> {
        let today = tx.today();
        let id = tx.new_id();
        Stay::insert(tx, &Stay { id, guest: self.guest.clone(), day: today })
    }
}

/// A night in one of the hotels.
#[derive(Debug, Clone, PartialEq, Repository)]
#[repository(table = "hotel_stays", tenant, company)]
struct Stay {
    id: Id<Stay>,
    #[field(unique, max_len = 40)]
    guest: String,
    day: Date,
}

/// A hotel in each company.
#[derive(Module)]
#[module(name = "hotel")]
struct Hotel;

impl Registers for Hotel {
    fn register(&self, m: &mut Registrar) {
        m.repository::<Stay>().job::<Visit>();
        m.migration("0001_stays", create_table_sql(<Stay as Entity>::META), "DROP TABLE hotel_stays");
    }
}

fn each(test: impl Fn(&TestApp)) {
    TestApp::each(|app| app.module(Hotel), test);
}

fn company(code: &str, currency: Currency) -> NewCompany {
    NewCompany::new(code, code, currency)
}

fn refused<R>(app: &TestApp, f: impl Fn(&mut Tx) -> Result<R>) -> &'static str {
    match app.work().write_blocking(f) {
        Ok(_) => panic!("{}: it was not refused", app.kind()),
        Err(error) => error.code(),
    }
}

#[test]
fn the_first_company_is_the_main_one_and_branches_take_after_theirs() {
    each(|app| {
        assert_eq!(app.work().read_blocking(Companies::current).unwrap(), None);
        let main = app.found(&company("us", Currency::USD).in_zone("America/New_York"));
        assert_eq!((main.key(), main.archived), (CompanyId::MAIN, false));
        let branch = app.found(&NewCompany::branch("boston", "Boston", &main));
        assert_eq!((branch.currency, branch.time_zone.as_str()), (Currency::USD, "America/New_York"));
        let deeper = app.found(&NewCompany::branch("harbour", "Harbour", &branch));
        let east = app.found(&NewCompany::branch("albany", "Albany", &main));
        let other = app.found(&company("de", Currency::EUR));
        let codes = |all: Vec<Company>| all.into_iter().map(|one| one.code).collect::<Vec<_>>();
        let under = |company: &Company| app.work_in(company.key()).read_blocking(Companies::with_branches).unwrap();
        assert_eq!(codes(under(&main)), ["us", "albany", "boston", "harbour"]);
        assert_eq!(codes(under(&branch)), ["boston", "harbour"]);
        assert_eq!(
            codes(app.work().read_blocking(Companies::list).unwrap()),
            ["albany", "boston", "de", "harbour", "us"]
        );
        assert_eq!(app.work().read_blocking(|tx| Companies::find(tx, "de")).unwrap(), other);

        let moved = |company: &Company, parent: &Company| CompanyChange { parent: Some(parent.id), ..company.into() };
        let change = |company: &Company, parent: &Company| {
            let (id, change) = (company.id, moved(company, parent));
            refused(app, move |tx| Companies::change(tx, id, &change))
        };
        assert_eq!(change(&branch, &branch), "company.cycle");
        assert_eq!(change(&branch, &deeper), "company.cycle");
        assert_eq!(change(&main, &branch), "company.main");
        assert_eq!(change(&other, &main), "company.currency");
        assert_eq!(refused(app, |tx| Companies::create(tx, &company("us", Currency::USD))), "unique");
        let nowhere = company("x", Currency::USD).in_zone("Mars/Olympus");
        assert_eq!(refused(app, |tx| Companies::create(tx, &nowhere)), "company.time_zone");
        let change = moved(&deeper, &east);
        let moved = app.work().write_blocking(|tx| Companies::change(tx, deeper.id, &change)).unwrap();
        assert_eq!(moved.parent, Some(east.id));
        let history = app.work().read_blocking(|tx| Company::history(tx, deeper.id)).unwrap();
        assert_eq!(history.len(), 2, "{}", app.kind());
    });
}

#[test]
fn branches_have_so_many_levels_and_no_more() {
    each(|app| {
        let mut above = app.found(&company("l1", Currency::USD));
        for level in 2..=Companies::DEPTH_MAX {
            above = app.found(&NewCompany::branch(&format!("l{level}"), "level", &above));
        }
        assert_eq!(
            refused(app, |tx| Companies::create(tx, &NewCompany::branch("deep", "deep", &above))),
            "company.depth"
        );
        // Nor by moving a company that has branches of its own.
        let top = app.found(&company("t1", Currency::USD));
        app.found(&NewCompany::branch("t2", "t2", &top));
        let parent = app.work().read_blocking(|tx| Companies::find(tx, "l7")).unwrap();
        let change = CompanyChange { parent: Some(parent.id), ..CompanyChange::from(&top) };
        assert_eq!(refused(app, |tx| Companies::change(tx, top.id, &change)), "company.depth");
    });
}

#[test]
fn an_archived_company_is_read_and_not_written() {
    each(|app| {
        let main = app.found(&company("us", Currency::USD));
        let branch = app.found(&NewCompany::branch("boston", "Boston", &main));
        let leaf = app.found(&NewCompany::branch("harbour", "Harbour", &branch));
        let stay = |guest: &str| Stay { id: Id::new(), guest: guest.to_owned(), day: "2026-03-01".parse().unwrap() };
        app.work_in(branch.key()).write_blocking(|tx| Stay::insert(tx, &stay("ann"))).unwrap();
        assert_eq!(refused(app, |tx| Companies::archive(tx, branch.id)), "company.branches");
        assert_eq!(refused(app, |tx| Companies::archive(tx, main.id)), "company.main");
        let archive = |company: &Company| app.work().write_blocking(|tx| Companies::archive(tx, company.id)).unwrap();
        archive(&leaf);
        assert!(archive(&branch).archived);
        let written = app.work_in(branch.key()).write_blocking(|tx| Stay::insert(tx, &stay("bob")));
        assert_eq!(written.unwrap_err().code(), "company.archived", "{}", app.kind());
        let nested = refused(app, |tx| tx.in_company(branch.key(), |tx| Stay::insert(tx, &stay("bob"))));
        assert_eq!(nested, "company.archived", "{}", app.kind());
        assert_eq!(app.work_in(branch.key()).read_blocking(|tx| Stay::count(tx, &Filter::All)).unwrap(), 1);
        assert_eq!(
            refused(app, |tx| Companies::create(tx, &NewCompany::branch("b", "b", &branch))),
            "company.archived"
        );
        assert_eq!(refused(app, |tx| Companies::restore(tx, leaf.id)), "company.archived");
        app.work().write_blocking(|tx| Companies::restore(tx, branch.id)).unwrap();
        app.work_in(branch.key()).write_blocking(|tx| Stay::insert(tx, &stay("bob"))).unwrap();
    });
}

#[test]
fn a_unit_of_work_goes_to_another_company_and_comes_back() {
    each(|app| {
        let us = app.found(&company("us", Currency::USD).in_zone("America/New_York"));
        let nz = app.found(&company("nz", Currency::EUR).in_zone("Pacific/Auckland"));
        // It is eight in the morning in London.
        app.clock().set("2026-03-02T02:00:00Z".parse().unwrap());
        let days = app.work().write_blocking(|tx| {
            let here = (tx.company(), tx.today());
            let there = tx.in_company(nz.key(), |tx| {
                let stay = Stay { id: tx.new_id(), guest: "ann".to_owned(), day: tx.today() };
                Stay::insert(tx, &stay)?;
                Ok((tx.company(), tx.today()))
            })?;
            let failed = tx.in_company(nz.key(), |_| Err::<(), _>(Error::refused("test", "no")));
            assert_eq!(failed.unwrap_err().code(), "test");
            assert_eq!((tx.company(), Stay::count(tx, &Filter::All)?), (here.0, 0));
            Ok([here, there])
        });
        let day = |text: &str| text.parse::<Date>().unwrap();
        assert_eq!(days.unwrap(), [(us.key(), day("2026-03-01")), (nz.key(), day("2026-03-02"))], "{}", app.kind());
        let unknown = app.work().read_blocking(|tx| tx.in_company(CompanyId::new(), |_| Ok(())));
        assert_eq!((unknown.unwrap_err().code(), Kind::NotFound), ("company.unknown", Kind::NotFound));
        assert_eq!(app.work_in(CompanyId::new()).read_blocking(|_| Ok(())).unwrap_err().code(), "company.unknown");
        // That of another tenant is as unknown as one that never was.
        let cx = Cx::new(Id::new(), Actor::system("test")).with_company(nz.key());
        let foreign = app.database().work(cx).read_blocking(|_| Ok(()));
        assert_eq!(foreign.unwrap_err().code(), "company.unknown", "{}", app.kind());
        // What the request says of its time zone counts more.
        let zone = jiff_zone("Asia/Tokyo");
        let tokyo = app.database().work(app.work().cx().clone().with_time_zone(zone));
        assert_eq!(tokyo.read_blocking(|tx| Ok(tx.today())).unwrap(), day("2026-03-02"));
    });
}

fn jiff_zone(name: &str) -> jiff::tz::TimeZone {
    jiff::tz::TimeZone::get(name).unwrap()
}

#[test]
fn what_is_done_later_is_done_in_the_company_that_asked_for_it() {
    each(|app| {
        app.found(&company("us", Currency::USD).in_zone("America/New_York"));
        let nz = app.found(&company("nz", Currency::EUR).in_zone("Pacific/Auckland"));
        app.clock().set("2026-03-02T02:00:00Z".parse().unwrap());
        let ask = |tx: &mut Tx| {
            tx.enqueue(Visit { guest: "ann".to_owned() });
            tx.in_company(nz.key(), |tx| {
                tx.enqueue(Visit { guest: "bob".to_owned() });
                Ok(())
            })
        };
        app.work().write_blocking(ask).unwrap();
        // Archived in between, it is done all the same.
        app.work().write_blocking(|tx| Companies::archive(tx, nz.id)).unwrap();
        assert_eq!(app.deliver().delivered, 2, "{}", app.kind());
        let stays = |id: CompanyId| app.work_in(id).read_blocking(|tx| Stay::list(tx, &Filter::All)).unwrap();
        let guests = |id| stays(id).into_iter().map(|stay| (stay.guest, stay.day.to_string())).collect::<Vec<_>>();
        assert_eq!(guests(CompanyId::MAIN), [("ann".to_owned(), "2026-03-01".to_owned())], "{}", app.kind());
        assert_eq!(guests(nz.key()), [("bob".to_owned(), "2026-03-02".to_owned())], "{}", app.kind());
    });
}

#[test]
fn founding_and_entering_are_acts_that_policies_name() {
    each(|app| {
        let named = |resource: &str, action: &str| format!("{resource}.{action}");
        assert_eq!(named(ManageCompanies::RESOURCE, ManageCompanies::ACTION), "cortex.company.manage");
        assert_eq!(named(EnterCompany::RESOURCE, EnterCompany::ACTION), "cortex.company.enter");
        let ann = app.work_as("ann", &["owner"]);
        ann.write_blocking(|tx| Companies::create(tx, &company("us", Currency::USD))).unwrap();
    });
}
