//! Indexes on custom fields: built by a job, mended after a failure, limited, given up; and locks that nobody takes.

use cortex_core::{Decimal, Id, Kind};
use cortex_data::{Backend, Entity, FieldCatalogue, FieldDefinition, IndexState, Page, PageQuery, PageRequest};
use cortex_data::{Record, Relay, Repository};

use super::catalogue::{number, sized, text};
use super::shop::{Gadget, Shop, gadget, shops, superuser, walled_shop};

/// The first page of gadgets of one size.
fn page(shop: &Shop, filter: &str) -> cortex_core::Result<Page<Record<Gadget>>> {
    shop.work().read_blocking(|tx| {
        let custom = tx.custom_fields(Gadget::META)?;
        let query = PageQuery { filter: Some(filter), custom: Some(&custom), ..PageQuery::default() };
        Gadget::page(tx, &PageRequest::parse(Gadget::META, &query)?)
    })
}

fn state(shop: &Shop, name: &str) -> IndexState {
    shop.work().read_blocking(|tx| Ok(tx.custom_fields(Gadget::META)?.get(name).unwrap().index())).unwrap()
}

/// What deliveries failed with.
fn failures(shop: &Shop) -> Vec<String> {
    #[derive(diesel::QueryableByName)]
    struct Row {
        #[diesel(sql_type = diesel::sql_types::Text)]
        error: String,
    }
    let read = |tx: &mut cortex_data::ReadTx| {
        let sql = diesel::sql_query("SELECT error FROM cortex_deliveries WHERE error IS NOT NULL");
        Ok(diesel::RunQueryDsl::load::<Row>(sql, tx.unscoped("what failed")).unwrap())
    };
    shop.work().read_blocking(read).unwrap().into_iter().map(|row| row.error).collect()
}

fn drain(shop: &Shop) {
    let done = Relay::new(shop.db.clone()).drain().unwrap();
    assert_eq!((done.delivered, done.failed, done.dead), (1, 0, 0), "{}: {:?}", shop.name, failures(shop));
}

#[test]
fn an_index_is_built_by_a_job_and_lists_say_how_far_it_is() {
    for shop in shops() {
        shop.define(FieldDefinition { indexed: true, ..number("size") }).unwrap();
        shop.insert(&sized("one", 1)).unwrap();
        assert_eq!(state(&shop, "size"), IndexState::Building, "{}", shop.name);
        let found = page(&shop, "extra.size = 1").unwrap();
        assert_eq!((found.items.len(), found.index.get("extra.size")), (1, Some(&IndexState::Building)));
        drain(&shop);
        assert_eq!(state(&shop, "size"), IndexState::Ready, "{}", shop.name);
        let found = page(&shop, "extra.size = 1").unwrap();
        assert_eq!((found.items.len(), found.index.len()), (1, 0));
        // Another tenant's field of the same name and kind has it at once.
        let mut other = shop;
        other.tenant = Id::new();
        other.define(FieldDefinition { indexed: true, ..number("size") }).unwrap();
        assert_eq!(state(&other, "size"), IndexState::Ready);
    }
}

/// A transaction of somebody else in the shop's database that stays open until it is let go.
fn hold_open(shop: &Shop, made: &Gadget) -> (std::sync::mpsc::Sender<()>, std::thread::JoinHandle<()>) {
    let (begun, has_begun) = std::sync::mpsc::channel();
    let (go, gate) = std::sync::mpsc::channel::<()>();
    let (work, gate, made) = (shop.work(), std::sync::Mutex::new(gate), made.clone());
    let open = std::thread::spawn(move || {
        work.write_blocking(|tx| {
            Gadget::insert(tx, &made)?;
            begun.send(()).unwrap();
            gate.lock().unwrap().recv().unwrap_err();
            Ok(())
        })
        .unwrap();
    });
    has_begun.recv().unwrap();
    (go, open)
}

#[test]
fn an_index_that_failed_half_way_is_dropped_and_built_again() {
    for shop in shops().into_iter().filter(|shop| shop.name == "postgres") {
        shop.define(FieldDefinition { indexed: true, ..number("size") }).unwrap();
        shop.insert(&sized("one", 1)).unwrap();
        let (go, open) = hold_open(&shop, &sized("held", 2));
        let done = Relay::new(shop.db.clone()).step().unwrap();
        assert_eq!((done.delivered, done.failed), (0, 1), "it waits for the other transaction, but not for ever");
        assert_eq!(state(&shop, "size"), IndexState::Failed);
        assert_eq!(indexes(&shop), [false], "what is left is there and answers nothing");
        assert_eq!(page(&shop, "extra.size = 1").unwrap().items.len(), 1, "lists go on");
        drop(go);
        open.join().unwrap();
        shop.clock.advance(cortex_data::RETRY_MAX.try_into().unwrap());
        drain(&shop);
        assert_eq!(state(&shop, "size"), IndexState::Ready);
        assert_eq!(indexes(&shop), [true]);
    }
}

/// Whether each index on custom fields answers.
fn indexes(shop: &Shop) -> Vec<bool> {
    #[derive(diesel::QueryableByName)]
    struct Row {
        #[diesel(sql_type = diesel::sql_types::Bool)]
        valid: bool,
    }
    let read = |tx: &mut cortex_data::ReadTx| {
        let sql = diesel::sql_query(
            "SELECT i.indisvalid AS valid FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid WHERE c.relname LIKE 'cxf%'",
        );
        Ok(diesel::RunQueryDsl::load::<Row>(sql, tx.unscoped("which indexes there are")).unwrap())
    };
    shop.work().read_blocking(read).unwrap().into_iter().map(|row| row.valid).collect()
}

#[test]
fn a_thousand_fields_work() {
    for shop in shops() {
        shop.work()
            .write_blocking(|tx| {
                (0..1_000)
                    .try_for_each(|n| FieldCatalogue::define(tx, Gadget::META, number(&format!("n{n}"))).map(drop))
            })
            .unwrap();
        let mut made = gadget("many");
        for n in 0..1_000 {
            made.extra.set(&format!("n{n}"), &Decimal::from(n));
        }
        shop.insert(&made).unwrap();
        assert_eq!(page(&shop, "extra.n999 = 999 and extra.n0 = 0").unwrap().items.len(), 1, "{}", shop.name);
        assert_eq!(page(&shop, "extra.n999 = 998").unwrap().items.len(), 0);
    }
}

#[test]
fn an_index_goes_when_no_tenant_wishes_it_and_there_are_at_most_so_many() {
    for mut shop in shops() {
        let first = shop.tenant;
        let indexed = |name: &str| FieldDefinition { indexed: true, ..number(name) };
        shop.define(indexed("size")).unwrap();
        drain(&shop);
        shop.tenant = Id::new();
        shop.define(indexed("size")).unwrap();
        let archive = |shop: &Shop| {
            shop.work().write_blocking(|tx| FieldCatalogue::archive(tx, Gadget::META, "size")).unwrap();
            drain(shop);
        };
        archive(&shop);
        // The first tenant still wishes it.
        let found = |shop: &Shop| {
            shop.work().write_blocking(|tx| FieldCatalogue::restore(tx, Gadget::META, "size")).unwrap();
            state(shop, "size")
        };
        assert_eq!(found(&shop), IndexState::Ready, "{}", shop.name);
        archive(&shop);
        shop.tenant = first;
        archive(&shop);
        assert_eq!(found(&shop), IndexState::Building, "{}", shop.name);
        drain(&shop);
        // Wishes that wait count too.
        for n in 1..cortex_data::INDEXES_MAX {
            shop.define(indexed(&format!("n{n}"))).unwrap();
        }
        let error = shop.define(indexed("one_more")).unwrap_err();
        assert_eq!((error.kind(), error.code()), (Kind::Refused, "custom.indexes"), "{}", shop.name);
        assert!(error.message().contains("64 indexes on custom fields"), "{}", error.message());
        shop.define(number("one_more")).unwrap();
        // The limit is that of the table: what others wait for counts for this tenant too.
        shop.tenant = Id::new();
        assert_eq!(shop.define(indexed("one_more")).unwrap_err().code(), "custom.indexes", "{}", shop.name);
        shop.define(indexed("n1")).unwrap();
    }
}

#[test]
fn an_index_that_is_gone_is_asked_for_again() {
    for shop in shops() {
        shop.define(FieldDefinition { indexed: true, ..number("size") }).unwrap();
        drain(&shop);
        let drop_it = |tx: &mut cortex_data::ReadTx| {
            let found = match tx.backend() {
                Backend::Sqlite => "SELECT name FROM sqlite_master WHERE name LIKE 'cxf%'",
                Backend::Postgres => "SELECT relname::text AS name FROM pg_class WHERE relname LIKE 'cxf%'",
            };
            let conn = tx.unscoped("a test");
            let names: Vec<Name> = diesel::RunQueryDsl::load(diesel::sql_query(found), conn).unwrap();
            let sql = format!("DROP INDEX {}", names[0].name);
            diesel::connection::SimpleConnection::batch_execute(conn, &sql).unwrap();
            Ok(names.len())
        };
        assert_eq!(shop.work().write_blocking(|tx| drop_it(tx)).unwrap(), 1);
        let again = || shop.work().write_blocking(|tx| FieldCatalogue::index_again(tx, Gadget::META)).unwrap();
        assert_eq!((again(), state(&shop, "size")), (1, IndexState::Building), "{}", shop.name);
        drain(&shop);
        assert_eq!((again(), state(&shop, "size")), (0, IndexState::Ready), "{}", shop.name);
    }
}

#[derive(diesel::QueryableByName)]
struct Name {
    #[diesel(sql_type = diesel::sql_types::Text)]
    name: String,
}

#[test]
fn adding_a_field_waits_for_nobody_who_holds_the_table() {
    for shop in shops().into_iter().filter(|shop| shop.name == "postgres") {
        let (go, open) = hold_open(&shop, &gadget("held"));
        let add = |tx: &mut cortex_data::Tx| {
            // Whoever waits for a lock fails at once.
            diesel::connection::SimpleConnection::batch_execute(tx.unscoped("a test"), "SET LOCAL lock_timeout = 1")
                .unwrap();
            FieldCatalogue::define(tx, Gadget::META, FieldDefinition { indexed: true, ..number("size") })?;
            FieldCatalogue::define(tx, Gadget::META, FieldDefinition { unique: true, ..text("code") })?;
            locks(tx)
        };
        let held = shop.work().write_blocking(add).unwrap();
        assert_eq!(held, Vec::<String>::new(), "nothing but reading was done to the table");
        drop(go);
        open.join().unwrap();
    }
}

/// Locks of this transaction on the table of gadgets that anybody could have to wait for.
fn locks(tx: &mut cortex_data::Tx) -> cortex_core::Result<Vec<String>> {
    let sql = "SELECT mode AS name FROM pg_locks WHERE pid = pg_backend_pid() AND mode <> 'AccessShareLock' \
               AND relation = 'shop_gadgets'::regclass";
    let modes: Vec<Name> = diesel::RunQueryDsl::load(diesel::sql_query(sql), tx.unscoped("a test")).unwrap();
    Ok(modes.into_iter().map(|row| row.name).collect())
}

#[test]
fn row_level_security_and_an_index_go_together_once_a_superuser_said_so() {
    let Some((shop, admin)) = walled_shop() else { return };
    shop.define(FieldDefinition { indexed: true, ..number("size") }).unwrap();
    let made: Vec<Gadget> = (0..1_000).map(|n| sized(&format!("g{n}"), n)).collect();
    shop.work().write_blocking(|tx| Gadget::insert_many(tx, &made)).unwrap();
    let done = Relay::new(shop.db.clone()).step().unwrap();
    assert_eq!((done.delivered, done.failed), (0, 1));
    let problem = |tx: &mut cortex_data::ReadTx| {
        let set = FieldCatalogue::list(tx, Gadget::META)?;
        Ok(set.get("size").and_then(|field| field.index_problem().map(str::to_owned)))
    };
    let problem = shop.work().read_blocking(problem).unwrap().unwrap();
    assert!(problem.starts_with("row-level security would keep the index from answering"), "{problem}");
    for function in ["number", "text", "flag"] {
        superuser(&admin, &format!("ALTER FUNCTION cortex_{function}(jsonb, text[]) LEAKPROOF"));
    }
    shop.clock.advance(cortex_data::RETRY_MAX.try_into().unwrap());
    drain(&shop);
    assert_eq!(state(&shop, "size"), IndexState::Ready);
    assert_eq!(page(&shop, "extra.size = 7").unwrap().items.len(), 1);
    let plan = plan(&shop, "cortex_number(extra, '{size}') = 7");
    assert!(plan.contains("cxf_shop_gadgets") && plan.contains("'all'::text"), "both: {plan}");
}

/// How the server finds the gadgets of the tenant that satisfy a condition.
fn plan(shop: &Shop, condition: &str) -> String {
    #[derive(diesel::QueryableByName)]
    struct Line {
        #[diesel(sql_type = diesel::sql_types::Text, column_name = "QUERY PLAN")]
        text: String,
    }
    let sql = format!("EXPLAIN SELECT id FROM shop_gadgets WHERE tenant_id = '{}' AND {condition}", shop.tenant);
    let read = |tx: &mut cortex_data::ReadTx| {
        let lines: Vec<Line> = diesel::RunQueryDsl::load(diesel::sql_query(&sql), tx.unscoped("a test")).unwrap();
        Ok(lines.iter().map(|line| line.text.clone()).collect::<Vec<_>>().join("\n"))
    };
    shop.work().read_blocking(read).unwrap()
}
