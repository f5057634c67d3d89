//! What every entity can do, on both databases, with entities written by hand.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use cortex_core::{Actor, Id, Kind};
use cortex_data::{Execute, Filter, Isolation, Op, Repository, Value, arg, joined};
use diesel::connection::{Connection, InstrumentationEvent};
use diesel::dsl::{count_star, exists};
use diesel::prelude::*;

use crate::support::{Branch, Sell, Vehicle, databases, test_branches, test_vehicles, vehicle};

#[test]
fn a_record_comes_back_as_it_was_stored() {
    for test in databases() {
        let tenant = Id::new();
        let work = test.work(tenant);
        let branch = Branch { id: Id::new(), name: "Nord".into() };
        let mut stored = vehicle("AB-1");
        stored.branch = Some(branch.id);
        work.write_blocking(|tx| {
            Branch::insert(tx, &branch)?;
            Vehicle::insert(tx, &stored)
        })
        .unwrap();
        let record = work.read_blocking(|tx| Vehicle::record(tx, stored.id)).unwrap();
        assert_eq!(record.entity, stored, "{}", test.name);
        assert_eq!(record.system.version, Some(1));
        assert_eq!(record.system.created, Some((crate::support::now(), Actor::SYSTEM.uuid())));
        assert_eq!(work.read_blocking(|tx| Vehicle::get(tx, stored.id)).unwrap(), stored);
    }
}

#[test]
fn statements_of_every_other_number_of_rows_do_not_fill_the_connection() {
    for test in databases() {
        let kept = Arc::<AtomicUsize>::default();
        let counter = Arc::clone(&kept);
        let work = test.work(Id::new());
        work.write_blocking(|tx| {
            let counter = Arc::clone(&counter);
            tx.unscoped("counts what the connection keeps").set_instrumentation(
                move |event: InstrumentationEvent<'_>| {
                    if let InstrumentationEvent::CacheQuery { .. } = event {
                        counter.fetch_add(1, Ordering::Relaxed);
                    }
                },
            );
            for rows in 1..=80 {
                let vehicles: Vec<_> = (0..rows).map(|n| vehicle(&format!("{rows}-{n}"))).collect();
                Vehicle::insert_many(tx, &vehicles)?;
                let ids: Vec<_> = vehicles.iter().map(|vehicle| vehicle.id).collect();
                Vehicle::get_many(tx, &ids)?;
            }
            Ok(())
        })
        .unwrap();
        // Each number of rows is one text for the records, one for their history, one that reads them.
        let kept = kept.load(Ordering::Relaxed);
        assert!((80..160).contains(&kept), "{kept} on {}", test.name);
    }
}

#[test]
fn another_tenant_sees_and_changes_nothing() {
    for test in databases() {
        let (ours, theirs) = (test.work(Id::new()), test.work(Id::new()));
        let stored = vehicle("AB-1");
        ours.write_blocking(|tx| Vehicle::insert(tx, &stored)).unwrap();
        let error = theirs.read_blocking(|tx| Vehicle::get(tx, stored.id)).unwrap_err();
        assert_eq!((error.kind(), error.message()), (Kind::NotFound, &*format!("there is no vehicle `{}`", stored.id)));
        assert!(
            theirs
                .write_blocking(|tx| Vehicle::update(tx, stored.id, |v| {
                    v.seats = 9;
                    Ok(())
                }))
                .is_err()
        );
        assert!(theirs.write_blocking(|tx| Vehicle::delete(tx, stored.id)).is_err());
        assert_eq!(theirs.read_blocking(|tx| Vehicle::count(tx, &Filter::All)).unwrap(), 0);
        assert!(theirs.read_blocking(|tx| Vehicle::get_many(tx, &[stored.id])).unwrap().is_empty());
        assert!(theirs.read_blocking(|tx| Vehicle::history(tx, stored.id)).unwrap().is_empty());
        // A reference across tenants is refused by the composite foreign key.
        let branch = Branch { id: Id::new(), name: "Nord".into() };
        ours.write_blocking(|tx| Branch::insert(tx, &branch)).unwrap();
        let mut foreign = vehicle("AB-2");
        foreign.branch = Some(branch.id);
        let error = theirs.write_blocking(|tx| Vehicle::insert(tx, &foreign)).unwrap_err();
        assert_eq!((error.kind(), error.code()), (Kind::Conflict, "reference"), "{}", test.name);
        assert_eq!(ours.read_blocking(|tx| Vehicle::get(tx, stored.id)).unwrap(), stored);
    }
}

#[test]
fn an_update_writes_changed_columns_counts_the_version_and_keeps_history() {
    for test in databases() {
        let work = test.work(Id::new());
        let stored = vehicle("AB-1");
        work.write_blocking(|tx| Vehicle::insert(tx, &stored)).unwrap();
        let _ = test.observer.take();
        let updated = work
            .write_blocking(|tx| {
                Vehicle::update(tx, stored.id, |v| {
                    v.seats = 7;
                    Ok(())
                })
            })
            .unwrap();
        assert_eq!(updated.seats, 7);
        let seen = test.observer.take().statements;
        let update = seen.iter().find(|s| s.starts_with("UPDATE")).unwrap();
        assert!(update.contains("seats") && !update.contains("plate"), "{update}");
        assert_eq!(seen.len(), 3, "read, update, history: {seen:?}");

        let record = work.read_blocking(|tx| Vehicle::record(tx, stored.id)).unwrap();
        assert_eq!(record.system.version, Some(2));
        let history = work.read_blocking(|tx| Vehicle::history(tx, stored.id)).unwrap();
        assert_eq!(history.iter().map(|h| h.action.as_str()).collect::<Vec<_>>(), ["insert", "update"]);
        assert_eq!(history[1].before, Some(serde_json::json!({ "seats": 5 })));
        assert_eq!(history[1].after, Some(serde_json::json!({ "seats": 7 })));
        // Nothing changed: nothing written.
        let _ = test.observer.take();
        work.write_blocking(|tx| Vehicle::update(tx, stored.id, |_| Ok(()))).unwrap();
        assert_eq!(test.observer.take().statements.len(), 1);
    }
}

#[test]
fn a_stale_version_is_refused() {
    for test in databases() {
        let work = test.work(Id::new());
        let stored = vehicle("AB-1");
        work.write_blocking(|tx| Vehicle::insert(tx, &stored)).unwrap();
        let set = |seats| {
            move |v: &mut Vehicle| {
                v.seats = seats;
                Ok(())
            }
        };
        work.write_blocking(|tx| Vehicle::update_at(tx, stored.id, 1, set(7))).unwrap();
        let error = work.write_blocking(|tx| Vehicle::update_at(tx, stored.id, 1, set(8))).unwrap_err();
        assert_eq!(error.kind(), Kind::PreconditionFailed);
        assert_eq!(error.message(), "this vehicle has version 2, not 1: somebody changed it");
        assert_eq!(work.read_blocking(|tx| Vehicle::get(tx, stored.id)).unwrap().seats, 7);
    }
}

#[test]
fn a_deleted_record_is_gone_until_it_is_restored() {
    for test in databases() {
        let work = test.work(Id::new());
        let stored = vehicle("AB-1");
        work.write_blocking(|tx| Vehicle::insert(tx, &stored)).unwrap();
        work.write_blocking(|tx| Vehicle::delete(tx, stored.id)).unwrap();
        assert!(work.read_blocking(|tx| Vehicle::find(tx, stored.id)).unwrap().is_none());
        assert_eq!(work.write_blocking(|tx| Vehicle::delete(tx, stored.id)).unwrap_err().kind(), Kind::NotFound);
        work.write_blocking(|tx| Vehicle::restore(tx, stored.id)).unwrap();
        assert_eq!(work.read_blocking(|tx| Vehicle::get(tx, stored.id)).unwrap(), stored);
        let branch = Branch { id: Id::new(), name: "Nord".into() };
        work.write_blocking(|tx| Branch::insert(tx, &branch)).unwrap();
        work.write_blocking(|tx| Branch::delete(tx, branch.id)).unwrap();
        assert!(work.write_blocking(|tx| Branch::restore(tx, branch.id)).is_err());
    }
}

#[test]
fn all_broken_rules_are_reported_together_and_nothing_is_stored() {
    for test in databases() {
        let work = test.work(Id::new());
        let mut wrong = vehicle("a plate that is too long");
        wrong.price = "-1.00 EUR".parse().unwrap();
        wrong.seats = 99;
        let error = work.write_blocking(|tx| Vehicle::insert(tx, &wrong)).unwrap_err();
        let found: Vec<_> = error.fields().iter().map(|f| (f.path.as_str(), f.code)).collect();
        assert_eq!(found, [("plate", "max_len"), ("price", "min"), ("seats", "max")]);
        assert_eq!(work.read_blocking(|tx| Vehicle::count(tx, &Filter::All)).unwrap(), 0);
    }
}

#[test]
fn a_taken_unique_value_is_a_conflict() {
    for test in databases() {
        let work = test.work(Id::new());
        work.write_blocking(|tx| Vehicle::insert(tx, &vehicle("AB-1"))).unwrap();
        let error = work.write_blocking(|tx| Vehicle::insert(tx, &vehicle("AB-1"))).unwrap_err();
        assert_eq!((error.kind(), error.code()), (Kind::Conflict, "unique"), "{}", test.name);
        // Another tenant may use it.
        test.work(Id::new()).write_blocking(|tx| Vehicle::insert(tx, &vehicle("AB-1"))).unwrap();
    }
}

#[test]
fn upsert_inserts_once_and_then_updates_in_place() {
    for test in databases() {
        let work = test.work(Id::new());
        let first = vehicle("AB-1");
        work.write_blocking(|tx| Vehicle::upsert(tx, &first, &["plate"])).unwrap();
        let mut second = vehicle("AB-1");
        second.seats = 8;
        work.write_blocking(|tx| Vehicle::upsert(tx, &second, &["plate"])).unwrap();
        let all = work.read_blocking(|tx| Vehicle::list(tx, &Filter::All)).unwrap();
        assert_eq!(all.len(), 1);
        assert_eq!((all[0].id, all[0].seats), (first.id, 8));
    }
}

#[test]
fn many_records_go_in_and_out_in_few_statements() {
    for test in databases() {
        let work = test.work(Id::new());
        let all: Vec<Branch> = (0..2_500).map(|i| Branch { id: Id::new(), name: format!("b{i}") }).collect();
        let _ = test.observer.take();
        work.write_blocking(|tx| Branch::insert_many(tx, &all)).unwrap();
        assert_eq!(test.observer.take().statements.len(), 1);
        let mut streamed = Vec::new();
        work.read_blocking(|tx| {
            let mut out = Vec::new();
            Branch::stream(tx, &Filter::All, |r| {
                out.push(r.entity.id);
                Ok(())
            })?;
            Ok(out)
        })
        .map(|ids| streamed = ids)
        .unwrap();
        streamed.sort();
        let mut ids: Vec<_> = all.iter().map(|b| b.id).collect();
        ids.sort();
        assert_eq!(streamed, ids);
        let asked: Vec<_> = all.iter().rev().take(700).map(|b| b.id).collect();
        let got = work.read_blocking(|tx| Branch::get_many(tx, &asked)).unwrap();
        assert_eq!(got.iter().map(|b| b.id).collect::<Vec<_>>(), asked);
    }
}

#[test]
fn plain_diesel_composes_with_the_tenant_scope() {
    for test in databases() {
        let work = test.work(Id::new());
        let other = test.work(Id::new());
        let branch = Branch { id: Id::new(), name: "Nord".into() };
        let (mut a, b) = (vehicle("AB-1"), vehicle("AB-2"));
        a.branch = Some(branch.id);
        work.write_blocking(|tx| {
            Branch::insert(tx, &branch)?;
            Vehicle::insert_many(tx, &[a.clone(), b.clone()])
        })
        .unwrap();
        other.write_blocking(|tx| Vehicle::insert(tx, &vehicle("AB-3"))).unwrap();

        let found: Vec<Vehicle> = work
            .read_blocking(|tx| {
                Vehicle::query(tx)
                    .filter(test_vehicles::branch.eq(Some(branch.id)).and(test_vehicles::id.eq(arg(a.id))))
                    .order(test_vehicles::plate)
                    .select(Vehicle::as_select())
                    .rows(tx)
            })
            .unwrap();
        assert_eq!(found, [a.clone()]);
        let rows: Vec<(String, Option<String>)> = work
            .read_blocking(|tx| {
                Vehicle::query(tx)
                    .left_join(joined::<test_vehicles::table, Branch>(tx))
                    .order(test_vehicles::plate)
                    .select((test_vehicles::plate, test_branches::name.nullable()))
                    .rows(tx)
            })
            .unwrap();
        assert_eq!(rows, [("AB-1".into(), Some("Nord".into())), ("AB-2".into(), None)]);
        let grouped: Vec<(String, i64)> = work
            .read_blocking(|tx| {
                Vehicle::query(tx)
                    .inner_join(joined::<test_vehicles::table, Branch>(tx))
                    .group_by(test_branches::name)
                    .select((test_branches::name, count_star()))
                    .rows(tx)
            })
            .unwrap();
        assert_eq!(grouped, [("Nord".to_owned(), 1)]);
        let used: i64 = work
            .read_blocking(|tx| {
                Branch::query(tx)
                    .filter(exists(Vehicle::query(tx).filter(test_vehicles::branch.eq(test_branches::id.nullable()))))
                    .count()
                    .row(tx)
            })
            .unwrap();
        assert_eq!(used, 1);
        let touched = work
            .write_blocking(|tx| {
                diesel::update(Vehicle::query(tx).filter(test_vehicles::seats.lt(50)))
                    .set(test_vehicles::seats.eq(50))
                    .run(tx)
            })
            .unwrap();
        assert_eq!(touched, 2, "the other tenant's vehicle stays");
    }
}

#[test]
fn filters_compare_values_of_every_shape() {
    for test in databases() {
        let work = test.work(Id::new());
        let (mut a, b) = (vehicle("AB-1"), vehicle("AB_2"));
        a.driver = Some("Ann".into());
        work.write_blocking(|tx| Vehicle::insert_many(tx, &[a.clone(), b.clone()])).unwrap();
        let check = |filter: Filter, expected: &[&str]| {
            let found = work.read_blocking(|tx| Vehicle::list(tx, &filter)).unwrap();
            let mut plates: Vec<_> = found.iter().map(|v| v.plate.as_str()).collect();
            plates.sort_unstable();
            assert_eq!(plates, expected, "{} {filter:?}", test.name);
        };
        check(Filter::eq("plate", "AB-1"), &["AB-1"]);
        check(Filter::IsNull { column: "driver" }, &["AB_2"]);
        check(Filter::Not(Box::new(Filter::IsNull { column: "driver" })), &["AB-1"]);
        check(Filter::Compare { column: "seats", op: Op::Ge, value: Value::Int(5) }, &["AB-1", "AB_2"]);
        check(Filter::In { column: "id", values: vec![a.id.into()] }, &["AB-1"]);
        check(Filter::In { column: "id", values: vec![] }, &[]);
        check(Filter::Or(vec![]), &[]);
        check(Filter::And(vec![]), &["AB-1", "AB_2"]);
    }
}

#[test]
fn an_actor_that_authorised_nothing_can_not_commit() {
    for test in databases() {
        let work = test.work_as(Id::new(), Actor::person(Id::new(), "ann", &[]));
        let stored = vehicle("AB-1");
        let error = work.write_blocking(|tx| Vehicle::insert(tx, &stored)).unwrap_err();
        assert_eq!(error.code(), "data.unauthorized_write");
        assert!(work.read_blocking(|tx| Vehicle::find(tx, stored.id)).unwrap().is_none(), "rolled back");
        work.write_blocking(|tx| {
            tx.authorize::<Sell>(&stored)?;
            Vehicle::insert(tx, &stored)
        })
        .unwrap();
    }
}

#[test]
fn a_savepoint_undoes_only_its_own_part() {
    for test in databases() {
        let work = test.work(Id::new());
        work.write_blocking(|tx| {
            Vehicle::insert(tx, &vehicle("AB-1"))?;
            let failed = tx.savepoint(|tx| {
                Vehicle::insert(tx, &vehicle("AB-2"))?;
                Vehicle::insert(tx, &vehicle("AB-1"))
            });
            assert_eq!(failed.unwrap_err().code(), "unique");
            tx.savepoint(|tx| Vehicle::insert(tx, &vehicle("AB-3")))
        })
        .unwrap();
        let mut plates: Vec<_> =
            work.read_blocking(|tx| Vehicle::list(tx, &Filter::All)).unwrap().into_iter().map(|v| v.plate).collect();
        plates.sort();
        assert_eq!(plates, ["AB-1", "AB-3"]);
    }
}

#[test]
fn effects_run_after_the_commit_and_not_after_a_rollback() {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicU32, Ordering};
    for test in databases() {
        let work = test.work(Id::new());
        let ran = Arc::new(AtomicU32::new(0));
        let count = |ran: &Arc<AtomicU32>| {
            let ran = Arc::clone(ran);
            move || {
                ran.fetch_add(1, Ordering::SeqCst);
            }
        };
        let failed: cortex_core::Result<()> = work.write_blocking(|tx| {
            tx.after_commit(count(&ran));
            Err(cortex_core::Error::refused("test", "no"))
        });
        assert!(failed.is_err());
        assert_eq!(ran.load(Ordering::SeqCst), 0);
        work.write_blocking(|tx| {
            tx.after_commit(count(&ran));
            assert_eq!(ran.load(Ordering::SeqCst), 0, "not before the commit");
            Ok(())
        })
        .unwrap();
        assert_eq!(ran.load(Ordering::SeqCst), 1);
    }
}

#[test]
fn conflicting_units_of_work_are_attempted_again_until_all_are_done() {
    for test in databases() {
        let tenant = Id::new();
        let stored = vehicle("AB-1");
        test.work(tenant).write_blocking(|tx| Vehicle::insert(tx, &stored)).unwrap();
        for isolation in [Isolation::ReadCommitted, Isolation::Serializable] {
            std::thread::scope(|scope| {
                for _ in 0..4 {
                    scope.spawn(|| {
                        let work = test.work(tenant).isolated(isolation);
                        for _ in 0..5 {
                            work.write_blocking(|tx| {
                                Vehicle::update(tx, stored.id, |v| {
                                    v.seats += 1;
                                    Ok(())
                                })
                            })
                            .unwrap();
                        }
                    });
                }
            });
        }
        let record = test.work(tenant).read_blocking(|tx| Vehicle::record(tx, stored.id)).unwrap();
        assert_eq!((record.seats, record.system.version), (45, Some(41)), "{}", test.name);
    }
}
