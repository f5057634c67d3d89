//! The budget of connections: never passed, given back, and shared fairly.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use cortex_core::TenantId;
use cortex_data::{Filter, PlacementKind, Repository, TenancyOptions, Tx};

use super::world::{World, worlds};
use crate::support::{Vehicle, vehicle};

const CAP: usize = 6;

fn tight(open_max: usize) -> TenancyOptions {
    TenancyOptions { connections: Some(CAP), tenant_connections: 2, open_max, ..TenancyOptions::default() }
}

fn tenants(world: &World, count: usize) -> Vec<TenantId> {
    (0..count)
        .map(|n| {
            let kinds = world.kinds();
            world.tenant(&format!("t-{n}"), kinds[n % kinds.len()])
        })
        .collect()
}

#[test]
fn the_cap_is_never_passed_and_everybody_gets_through() {
    const THREADS: usize = 12;
    const ROUNDS: usize = 10;
    for world in worlds(&tight(8)) {
        let ids = tenants(&world, 9);
        let world = Arc::new(world);
        let done = Arc::new(AtomicUsize::new(0));
        let threads: Vec<_> = (0..THREADS)
            .map(|thread| {
                let (world, ids, done) = (Arc::clone(&world), ids.clone(), Arc::clone(&done));
                std::thread::spawn(move || {
                    for round in 0..ROUNDS {
                        let id = ids[(thread + round) % ids.len()];
                        let plate = format!("{thread}-{round}");
                        world.work(id).write_blocking(|tx| Vehicle::insert(tx, &vehicle(&plate))).unwrap();
                        world.work(id).read_blocking(|tx| Vehicle::count(tx, &Filter::All)).unwrap();
                        assert!(world.db.connections().open <= CAP);
                        done.fetch_add(1, Ordering::Relaxed);
                    }
                })
            })
            .collect();
        threads.into_iter().for_each(|thread| thread.join().unwrap());
        let count = world.db.connections();
        assert_eq!(count.cap, CAP);
        assert!(count.peak <= CAP, "{}: {count:?}", world.name);
        assert_eq!(done.load(Ordering::Relaxed), THREADS * ROUNDS);
        let rows: i64 =
            ids.iter().map(|id| world.work(*id).read_blocking(|tx| Vehicle::count(tx, &Filter::All)).unwrap()).sum();
        assert_eq!(rows, i64::try_from(THREADS * ROUNDS).unwrap());
    }
}

#[test]
fn async_clients_get_through_too() {
    for world in worlds(&tight(8)) {
        let ids = tenants(&world, 6);
        let world = Arc::new(world);
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
        runtime.block_on(async {
            let clients: Vec<_> = (0..40)
                .map(|n| {
                    let work = world.work(ids[n % ids.len()]);
                    tokio::spawn(async move {
                        let plate = format!("p{n}");
                        work.write(move |tx| Vehicle::insert(tx, &vehicle(&plate))).await
                    })
                })
                .collect();
            for client in clients {
                client.await.unwrap().unwrap();
            }
        });
        assert!(world.db.connections().peak <= CAP, "{}", world.name);
    }
}

#[test]
fn few_databases_of_tenants_are_loaded_at_a_time() {
    for world in worlds(&tight(3)) {
        let ids: Vec<TenantId> = (0..7).map(|n| world.tenant(&format!("t-{n}"), PlacementKind::Database)).collect();
        for id in ids.iter().chain(&ids) {
            let insert = |tx: &mut Tx| {
                let plate = tx.new_id::<Vehicle>().uuid().simple().to_string();
                Vehicle::insert(tx, &vehicle(&plate[20..]))
            };
            world.work(*id).write_blocking(insert).unwrap();
            assert!(world.db.connections().databases <= 3, "{}", world.name);
        }
        for id in &ids {
            assert_eq!(world.work(*id).read_blocking(|tx| Vehicle::count(tx, &Filter::All)).unwrap(), 2);
        }
    }
}

#[test]
fn what_nobody_uses_is_closed() {
    for world in worlds(&tight(8)) {
        let ids: Vec<TenantId> = (0..3).map(|n| world.tenant(&format!("t-{n}"), PlacementKind::Database)).collect();
        for id in &ids {
            world.work(*id).read_blocking(|tx| Vehicle::count(tx, &Filter::All)).unwrap();
        }
        assert_eq!(world.db.connections().databases, 3);
        assert_eq!(world.db.close_idle(Duration::from_secs(3_600)), 0, "not yet");
        world
            .work(ids[0])
            .read_blocking(|_| {
                assert_eq!(world.db.close_idle(Duration::ZERO), 2, "{}: one is in use", world.name);
                Ok(())
            })
            .unwrap();
        assert_eq!(world.db.close_idle(Duration::ZERO), 1);
        let count = world.db.connections();
        assert_eq!(count.databases, 0);
        assert!(count.open <= 5, "only those of the main database: {count:?}");
        world.work(ids[0]).read_blocking(|tx| Vehicle::count(tx, &Filter::All)).unwrap();
    }
}

#[test]
fn tenants_take_turns_at_the_writer() {
    // On SQLite there is one writer: while it is held, clients queue up, and then the order is certain.
    let world = worlds(&TenancyOptions::default()).remove(0);
    let (noisy, quiet) = (world.tenant("noisy", PlacementKind::Shared), world.tenant("quiet", PlacementKind::Shared));
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let order = Arc::new(std::sync::Mutex::new(Vec::new()));
    runtime.block_on(async {
        let (release, released) = std::sync::mpsc::channel::<()>();
        let (held, holds) = tokio::sync::oneshot::channel();
        let held = std::sync::Mutex::new(Some(held));
        let released = std::sync::Mutex::new(released);
        let work = world.work(noisy);
        let holder = tokio::spawn(async move {
            work.write(move |_| {
                held.lock().unwrap().take().unwrap().send(()).unwrap();
                released.lock().unwrap().recv().unwrap();
                Ok(())
            })
            .await
        });
        holds.await.unwrap();
        let mut clients = Vec::new();
        for tenant in [noisy, noisy, noisy, noisy, quiet, quiet] {
            let (work, order) = (world.work(tenant), Arc::clone(&order));
            let name = if tenant == noisy { "noisy" } else { "quiet" };
            clients.push(tokio::spawn(async move {
                work.write(move |_| {
                    order.lock().unwrap().push(name);
                    Ok(())
                })
                .await
            }));
            // Each has its place in the queue before the next one comes.
            tokio::task::yield_now().await;
        }
        release.send(()).unwrap();
        holder.await.unwrap().unwrap();
        for client in clients {
            client.await.unwrap().unwrap();
        }
    });
    assert_eq!(*order.lock().unwrap(), ["noisy", "quiet", "noisy", "quiet", "noisy", "noisy"]);
}
