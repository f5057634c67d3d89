//! Tables that others made: mapped with their own keys and names, checked and never changed.

use cortex_core::{Application, Date, Decimal, Id, Kind, TenantId};
use cortex_data::{
    AllowAll, Create, Data, DataRegistrar, Database, DatabaseOptions, Entity, Execute, Filter, Page, PageQuery,
    PageRequest, ReadTx, Record, Registry, Repository, TenancyOptions, Work, Writable, check_schema, prepare,
    require_schema,
};
use diesel::prelude::*;
use serde_json::json;
use std::sync::Arc;

use crate::app::Part;
use crate::support::{TestDb, batch, cx, databases, empty_databases};

/// A customer of a program of long ago: the database gives the numbers.
#[derive(Debug, Clone, PartialEq, Repository)]
#[repository(table = "KUNDEN", external, all_tenants, crate = cortex_data)]
struct Customer {
    #[field(column = "KUNDNR", generated)]
    number: i32,
    #[field(column = "NAME1", max_len = 40)]
    name: String,
    #[field(column = "seit")]
    since: Option<Date>,
    #[field(column = "Bonus Punkte", min = 0)]
    points: i64,
}

/// An article, known by a code that people give.
#[derive(Debug, Clone, PartialEq, Repository)]
#[repository(table = "artikel", external, one_tenant, crate = cortex_data)]
struct Article {
    #[field(max_len = 12)]
    code: String,
    #[field(unique, max_len = 13)]
    ean: Option<String>,
    #[field(references = Customer, column = "lieferant")]
    supplier: Option<i32>,
    price: Decimal,
}

/// What a view shows of the customers.
#[derive(Debug, Clone, PartialEq, Repository)]
#[repository(table = "kunden_namen", external, all_tenants, read_only, crate = cortex_data)]
struct CustomerName {
    number: i64,
    name: String,
}

/// A table of our own that refers to one of others.
#[derive(Debug, Clone, PartialEq, Repository)]
#[repository(table = "test_contracts", tenant, crate = cortex_data)]
struct Contract {
    id: Id<Contract>,
    #[field(references = Customer)]
    customer: i32,
}

diesel::allow_tables_to_appear_in_same_query!(artikel, kunden);

const TABLES: &str = "
CREATE TABLE \"KUNDEN\" (
    \"KUNDNR\" #KEY, \"NAME1\" varchar(40) NOT NULL, seit date, \"Bonus Punkte\" bigint DEFAULT 0 NOT NULL, notiz text
);
CREATE TABLE artikel (
    code varchar(12) PRIMARY KEY NOT NULL, ean varchar(13) UNIQUE, lieferant integer REFERENCES \"KUNDEN\",
    price numeric(19,6) NOT NULL
);
CREATE VIEW kunden_namen AS SELECT CAST(\"KUNDNR\" AS bigint) AS number, \"NAME1\" AS name FROM \"KUNDEN\";
CREATE TABLE test_contracts (
    tenant_id uuid NOT NULL, id uuid NOT NULL, customer integer NOT NULL REFERENCES \"KUNDEN\" (\"KUNDNR\"),
    PRIMARY KEY (tenant_id, id)
);";

const ENTITIES: [&cortex_data::Meta; 4] = [Customer::META, Article::META, CustomerName::META, Contract::META];

fn tables(test: &TestDb) -> String {
    let key = if test.name == "sqlite" { "integer PRIMARY KEY" } else { "serial PRIMARY KEY" };
    TABLES.replace("#KEY", key)
}

fn customer(name: &str) -> Customer {
    Customer { number: 0, name: name.into(), since: Some("2001-05-07".parse().unwrap()), points: 3 }
}

/// Databases in which the tables are those of `owner`.
fn worlds() -> Vec<(TestDb, Work, TenantId)> {
    let owner = Id::new();
    let world = |test: TestDb| {
        test.work(owner).write_blocking(|tx| batch(tx, &tables(&test))).unwrap();
        let options = DatabaseOptions { url: test.db.url().to_owned(), connections: 4 };
        let tenancy = TenancyOptions { external_tenant: Some(owner), ..TenancyOptions::default() };
        let db = Database::open_with(&options, tenancy, Arc::clone(test.db.clock())).unwrap();
        db.install(Registry::default().with_guard(Arc::new(AllowAll)));
        let work = db.work(cx(owner));
        (test, work, owner)
    };
    databases().into_iter().map(world).collect()
}

#[test]
fn keys_come_from_the_database_and_records_do_everything() {
    for (test, work, _) in worlds() {
        let (ada, bob) = work
            .write_blocking(|tx| {
                let ada = Customer::insert_keyed(tx, &customer("Ada"))?;
                Customer::insert_many(tx, &[customer("Bob"), customer("Cleo")])?;
                let bob = Customer::list(tx, &Filter::eq("NAME1", "Bob"))?.remove(0);
                Ok((ada, bob.number))
            })
            .unwrap();
        assert_ne!(ada, bob, "{}", test.name);
        work.write_blocking(|tx| {
            assert_eq!(Customer::get(tx, ada)?, Customer { number: ada, ..customer("Ada") });
            let changed = Customer::update(tx, ada, |ada| {
                ada.points += 1;
                Ok(())
            })?;
            assert_eq!((changed.points, Customer::get(tx, ada)?.points), (4, 4));
            let wrong = Customer::update(tx, bob, |bob| {
                bob.points = -1;
                Ok(())
            });
            assert_eq!(wrong.unwrap_err().kind(), Kind::Invalid);
            let moved = Customer::update(tx, bob, |bob| {
                bob.number += 100;
                Ok(())
            });
            assert_eq!(moved.unwrap_err().code(), "data.id");
            let many = Customer::get_many(tx, &[bob, 1_000, ada])?;
            assert_eq!(many.iter().map(|one| one.number).collect::<Vec<_>>(), [bob, ada]);
            Customer::upsert(tx, &Customer { points: 9, ..customer("Bob") }, &["NAME1"])?;
            assert_eq!((Customer::get(tx, bob)?.points, Customer::count(tx, &Filter::All)?), (9, 3));
            Customer::delete(tx, bob)?;
            assert_eq!(Customer::get(tx, bob).unwrap_err().to_string(), format!("there is no customer `{bob}`"));
            let mut seen = Vec::new();
            Customer::stream(tx, &Filter::All, |record: Record<Customer>| {
                seen.push(record.entity.name);
                Ok(())
            })?;
            assert_eq!(seen, ["Ada", "Cleo"]);
            assert_eq!(Customer::history(tx, ada)?, []);
            Ok(())
        })
        .unwrap();
    }
}

#[test]
fn keys_come_from_clients_and_texts_are_keys() {
    for (test, work, _) in worlds() {
        work.write_blocking(|tx| {
            let object = json!({ "code": "A/1", "price": "12.5" }).as_object().cloned().unwrap();
            let made = Create::<Article>::from_json(object.clone(), None)?;
            assert_eq!((made.code.as_str(), made.ean.as_deref()), ("A/1", None));
            assert_eq!(Article::insert_keyed(tx, &made)?, "A/1", "{}", test.name);
            let mut without = object;
            without.remove("code");
            assert_eq!(Create::<Article>::from_json(without, None).unwrap_err().kind(), Kind::Invalid);
            for code in ["b", "B", "a", "Ä"] {
                Article::insert(tx, &Article { code: code.into(), ..made.clone() })?;
            }
            let (mut streamed, mut paged, mut cursor) = (Vec::new(), Vec::new(), None);
            Article::stream(tx, &Filter::All, |record| {
                streamed.push(record.entity.code);
                Ok(())
            })?;
            loop {
                let query = PageQuery { limit: Some(2), cursor: cursor.as_deref(), ..PageQuery::default() };
                let page: Page<Record<Article>> = Article::page(tx, &PageRequest::parse(Article::META, &query)?)?;
                paged.extend(page.items.into_iter().map(|record| record.entity.code));
                match page.next {
                    Some(next) => cursor = Some(next),
                    None => break,
                }
            }
            let by_bytes = ["A/1", "B", "a", "b", "Ä"];
            assert_eq!(
                (streamed.as_slice(), paged.as_slice()),
                (&by_bytes.map(String::from)[..], &by_bytes.map(String::from)[..])
            );
            let filtered = Filter::parse(Article::META, "price = 12.5 and code in ('a', 'b') and supplier = null")?;
            assert_eq!(Article::count(tx, &filtered)?, 2);
            Ok(())
        })
        .unwrap();
        let taken = work.write_blocking(|tx| {
            let code = "a".to_owned();
            Article::insert(tx, &Article { code, ean: None, supplier: None, price: Decimal::ONE })
        });
        assert_eq!(taken.unwrap_err().to_string(), "there is a article with the same `code` already");
    }
}

#[test]
fn references_lead_to_tables_of_others_and_from_them() {
    for (test, work, _) in worlds() {
        let ada = work.write_blocking(|tx| Customer::insert_keyed(tx, &customer("Ada"))).unwrap();
        work.write_blocking(|tx| Contract::insert(tx, &Contract { id: Id::new(), customer: ada })).unwrap();
        let nobody = work.write_blocking(|tx| Contract::insert(tx, &Contract { id: Id::new(), customer: 77 }));
        let message = "`customer` refers to a customer that does not exist";
        assert_eq!(nobody.unwrap_err().to_string(), message, "{}", test.name);
        let article = Article { code: "x".into(), ean: None, supplier: Some(77), price: Decimal::ONE };
        let nobody = work.write_blocking(|tx| Article::insert(tx, &article)).unwrap_err();
        assert_eq!(nobody.to_string(), "`supplier` refers to a customer that does not exist");
        let used = work.write_blocking(|tx| Customer::delete(tx, ada)).unwrap_err();
        assert_eq!(used.to_string(), "other records refer to this customer");
    }
}

#[test]
fn rows_of_one_tenant_are_no_rows_for_others() {
    for (test, work, _) in worlds() {
        let article = Article { code: "x".into(), ean: Some("1".into()), supplier: None, price: Decimal::ONE };
        work.write_blocking(|tx| Article::insert(tx, &article)).unwrap();
        let other = work.database().work(cx(Id::new()));
        other
            .write_blocking(|tx| {
                assert_eq!(Article::find(tx, "x".into())?, None, "{}", test.name);
                assert_eq!((Article::count(tx, &Filter::All)?, Article::list(tx, &Filter::All)?.len()), (0, 0));
                assert_eq!(Article::page(tx, &PageRequest::default())?.items.len(), 0);
                for refused in [
                    Article::insert(tx, &Article { code: "y".into(), ean: None, ..article.clone() }),
                    Article::upsert(tx, &article, &["code"]),
                    Article::update(tx, "x".into(), |_| Ok(())).map(drop),
                    Article::delete(tx, "x".into()),
                ] {
                    assert_eq!(refused.unwrap_err().code(), "external.tenant");
                }
                Ok(())
            })
            .unwrap();
        assert_eq!(work.read_blocking(|tx| Article::get(tx, "x".into())).unwrap(), article);
    }
}

#[test]
fn views_are_read_and_diesel_goes_on_from_the_table() {
    for (test, work, _) in worlds() {
        let ada = work.write_blocking(|tx| Customer::insert_keyed(tx, &customer("Ada"))).unwrap();
        let found = work.read_blocking(|tx| CustomerName::get(tx, i64::from(ada))).unwrap();
        assert_eq!(found.name, "Ada", "{}", test.name);
        let query = |tx: &mut ReadTx| {
            Customer::query(tx).filter(kunden::name.like("A%")).select(Customer::as_select()).rows(tx)
        };
        assert_eq!(work.read_blocking(query).unwrap().len(), 1);
        let article = Article { code: "x".into(), ean: None, supplier: Some(ada), price: Decimal::ONE };
        work.write_blocking(|tx| Article::insert(tx, &article)).unwrap();
        let names = |tx: &mut ReadTx| {
            let on = artikel::supplier.eq(kunden::number.nullable());
            Article::query(tx).inner_join(kunden::table.on(on)).select((artikel::code, kunden::name)).rows(tx)
        };
        let found: Vec<(String, String)> = work.read_blocking(names).unwrap();
        assert_eq!(found, [("x".to_owned(), "Ada".to_owned())]);
        let other = work.database().work(cx(Id::new()));
        assert_eq!(other.read_blocking(names).unwrap(), [], "{}", test.name);
    }
}

#[test]
fn the_tables_are_checked_as_they_are() {
    for (test, work, _) in worlds() {
        let problems = work.read_blocking(|tx| check_schema(tx, &ENTITIES)).unwrap();
        assert_eq!(problems, [], "{}", test.name);
    }
    for test in empty_databases() {
        let work = test.work(Id::new());
        work.write_blocking(|tx| {
            batch(
                tx,
                "CREATE TABLE \"KUNDEN\" (\"KUNDNR\" integer, \"NAME1\" varchar(50), seit text, needed text NOT NULL)",
            )
        })
        .unwrap();
        let error = work.read_blocking(|tx| require_schema(tx, &[Customer::META, CustomerName::META])).unwrap_err();
        let text = error.to_string();
        for line in [
            "`KUNDEN.KUNDNR`: expected `NOT NULL`, or an optional field, found nullable",
            "`KUNDEN.KUNDNR`: expected `UNIQUE (KUNDNR)`, found none",
            "`KUNDEN.NAME1`: expected `NOT NULL`, or an optional field, found nullable",
            "`KUNDEN.seit`: expected `date`, found `text`",
            "`KUNDEN.Bonus Punkte`: expected a column of type `bigint`, found none",
            "`KUNDEN.needed`: expected a field, a default, nullable, or `read_only`, found `NOT NULL` without either",
            "`kunden_namen`: expected a table or a view, found none",
        ] {
            assert!(text.contains(line), "{}: {line} is not in {text}", test.name);
        }
        assert!(!error.help().unwrap_or_default().contains("ALTER TABLE"), "{error:?}");
    }
}

#[test]
fn all_but_read_only_entities_are_writable() {
    fn writable<E: Writable>() -> &'static str {
        E::META.table
    }
    assert_eq!([writable::<Customer>(), writable::<Contract>()], ["KUNDEN", "test_contracts"]);
    assert!(CustomerName::META.external.is_some_and(|external| external.read_only));
}

#[test]
fn a_start_must_know_whose_rows_they_are() {
    for test in empty_databases() {
        test.work(Id::new()).write_blocking(|tx| batch(tx, &tables(&test))).unwrap();
        let start = |part| {
            let application = Application::new().base(Data::new(&test.db)).module(part);
            prepare(application.assemble().unwrap().container(), None, true)
        };
        let owned = Part("old", |m| _ = m.repository::<Customer>().repository::<Article>());
        assert_eq!(start(owned).unwrap_err().code(), "external.no_tenant", "{}", test.name);
        start(Part("old", |m| _ = m.repository::<Customer>().repository::<CustomerName>())).unwrap();
    }
}
