//! The directory: names, states, and how fast they are seen.

use cortex_core::{Kind, TenantId};
use cortex_data::{Filter, Placement, PlacementKind, Quotas, Repository, TenancyOptions, Tenant, TenantStatus};

use super::world::{World, worlds};
use crate::support::{Branch, Vehicle, vehicle};

#[test]
fn tenants_are_found_by_id_name_and_host() {
    for world in worlds(&TenancyOptions::default()) {
        let acme = world.tenant("acme", PlacementKind::Shared);
        let other = world.tenant("other", PlacementKind::Database);
        let directory = world.db.directory();
        let hosts = ["acme.example.com".to_owned(), "shop.acme.example".to_owned()];
        directory.work("test").write_blocking(|tx| directory.set_hosts(tx, acme, &hosts)).unwrap();
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let by_host = directory.by_host("shop.acme.example").await.unwrap().unwrap();
            assert_eq!((by_host.id, &*by_host.name), (acme, "acme"));
            let by_name = directory.by_name("other").await.unwrap().unwrap();
            assert_eq!((by_name.id, by_name.placement.kind()), (other, PlacementKind::Database));
            assert!(directory.find(TenantId::new()).await.unwrap().is_none());
            assert!(directory.by_host("example.com").await.unwrap().is_none());
        });
        directory.work("test").write_blocking(|tx| directory.set_hosts(tx, acme, &hosts[..1])).unwrap();
        world.change(acme, |tenant| "acme-2".clone_into(&mut tenant.name));
        runtime.block_on(async {
            assert!(directory.by_host("shop.acme.example").await.unwrap().is_none());
            assert!(directory.by_name("acme").await.unwrap().is_none());
            assert_eq!(directory.by_name("acme-2").await.unwrap().unwrap().id, acme);
            assert_eq!(directory.by_host("acme.example.com").await.unwrap().unwrap().id, acme);
        });
    }
}

#[test]
fn what_is_stored_reads_back() {
    for world in worlds(&TenancyOptions::default()) {
        let id = world.tenant("acme", PlacementKind::Shared);
        let now = cortex_core::Clock::now(world.clock.as_ref());
        world.change(id, |tenant| {
            "Acme & Sons".clone_into(&mut tenant.title);
            "gold".clone_into(&mut tenant.tier);
            tenant.quotas = Quotas { rows: Some(5), ..Quotas::default() };
            tenant.settings = serde_json::json!({ "zone": "Europe/Berlin" });
            tenant.suspended_reason = Some("unpaid".to_owned());
            tenant.delete_after = Some(now);
        });
        let expected = Tenant {
            title: "Acme & Sons".to_owned(),
            tier: "gold".to_owned(),
            status: TenantStatus::Active,
            quotas: Quotas { rows: Some(5), ..Quotas::default() },
            settings: serde_json::json!({ "zone": "Europe/Berlin" }),
            suspended_reason: Some("unpaid".to_owned()),
            delete_after: Some(now),
            ..Tenant::new(id, "acme", Placement::Shared, now)
        };
        assert_eq!(world.get(id), expected, "{}", world.name);
    }
}

#[test]
fn names_and_hosts_are_taken_once() {
    for world in worlds(&TenancyOptions::default()) {
        let acme = world.tenant("acme", PlacementKind::Shared);
        let other = world.tenant("other", PlacementKind::Shared);
        let directory = world.db.directory();
        let work = directory.work("test");
        let code = |result: cortex_core::Result<()>| result.unwrap_err().code();
        let twice = |name: &str| {
            work.write_blocking(|tx| {
                directory.insert(tx, &Tenant::new(TenantId::new(), name, Placement::Shared, tx.now()))
            })
        };
        assert_eq!(code(twice("acme")), "tenancy.taken");
        assert_eq!(code(twice("Acme")), "tenancy.name");
        let host = |id, host: &str| work.write_blocking(|tx| directory.set_hosts(tx, id, &[host.to_owned()]));
        host(acme, "a.example").unwrap();
        assert_eq!(code(host(other, "a.example")), "tenancy.taken");
        assert_eq!(code(host(other, "a.example:80")), "tenancy.host");
        assert_eq!(code(host(other, "A.example")), "tenancy.host");
        let names = |after: &str, limit| {
            let page = work.read_blocking(|tx| directory.page(tx, after, limit)).unwrap();
            page.into_iter().map(|tenant| tenant.name).collect::<Vec<_>>()
        };
        assert_eq!(names("", 10), ["acme", "other"]);
        assert_eq!(names("", 1), ["acme"]);
        assert_eq!(names("acme", 1), ["other"]);
    }
}

#[test]
fn states_decide_who_gets_in() {
    type Refusal = Option<(Kind, &'static str)>;
    let expected: [(TenantStatus, Refusal, Refusal); 6] = [
        (TenantStatus::Active, None, None),
        (TenantStatus::Moving, None, Some((Kind::Unavailable, "tenancy.moving"))),
        (
            TenantStatus::Creating,
            Some((Kind::Unavailable, "tenancy.creating")),
            Some((Kind::Unavailable, "tenancy.creating")),
        ),
        (
            TenantStatus::Suspended,
            Some((Kind::Forbidden, "tenancy.suspended")),
            Some((Kind::Forbidden, "tenancy.suspended")),
        ),
        (
            TenantStatus::Deleting,
            Some((Kind::NotFound, "tenancy.deleting")),
            Some((Kind::NotFound, "tenancy.deleting")),
        ),
        (TenantStatus::Deleted, Some((Kind::NotFound, "tenancy.deleted")), Some((Kind::NotFound, "tenancy.deleted"))),
    ];
    for world in worlds(&TenancyOptions::default()) {
        for kind in world.kinds() {
            let id = world.tenant(&format!("t-{}", kind.as_str()), kind);
            for (status, read, write) in &expected {
                world.change(id, |tenant| tenant.status = *status);
                assert_eq!(world.refusal(id, false), *read, "{} {status:?}", world.name);
                assert_eq!(world.refusal(id, true), *write, "{} {status:?}", world.name);
            }
        }
        assert_eq!(world.refusal(TenantId::new(), true), None, "an id without a row is one of the shared place");
    }
}

#[test]
fn a_reason_is_told() {
    for world in worlds(&TenancyOptions::default()) {
        let id = world.tenant("acme", PlacementKind::Shared);
        world.change(id, |tenant| {
            tenant.status = TenantStatus::Suspended;
            tenant.suspended_reason = Some("unpaid".to_owned());
        });
        let error = world.work(id).read_blocking(|_| Ok(())).unwrap_err();
        assert_eq!(error.message(), "the tenant `acme` is suspended: unpaid");
    }
}

#[test]
fn other_processes_see_changes_when_their_knowledge_ends() {
    for world in worlds(&TenancyOptions::default()) {
        let id = world.tenant("acme", PlacementKind::Shared);
        let other = World::newer(&world, &[]);
        assert_eq!(other.refusal(id, true), None);
        world.change(id, |tenant| tenant.status = TenantStatus::Suspended);
        assert!(world.refusal(id, true).is_some(), "a change counts at once where it was made");
        other.db.directory().invalidate();
        assert_eq!(other.refusal(id, true), Some((Kind::Forbidden, "tenancy.suspended")));
        world.change(id, |tenant| tenant.status = TenantStatus::Active);
        other.db.directory().invalidate();
        assert_eq!(other.refusal(id, true), None);
    }
}

#[test]
fn a_change_that_is_rolled_back_never_was() {
    for world in worlds(&TenancyOptions::default()) {
        let id = world.tenant("acme", PlacementKind::Shared);
        let directory = world.db.directory();
        let refused: cortex_core::Result<()> = directory.work("test").write_blocking(|tx| {
            directory.update(tx, id, |tenant| {
                tenant.status = TenantStatus::Suspended;
                Ok(())
            })?;
            Err(cortex_core::Error::refused("test", "no"))
        });
        assert!(refused.is_err());
        directory.invalidate();
        assert_eq!(world.refusal(id, true), None);
    }
}

#[test]
fn a_tenant_keeps_its_id_in_its_own_place() {
    for world in worlds(&TenancyOptions::default()) {
        for kind in world.kinds() {
            let id = world.tenant(&format!("t-{}", kind.as_str()), kind);
            world.work(id).write_blocking(|tx| Vehicle::insert(tx, &vehicle("A-1"))).unwrap();
            let count = |id| world.work(id).read_blocking(|tx| Vehicle::count(tx, &Filter::All)).unwrap();
            assert_eq!((count(id), count(TenantId::new())), (1, 0), "{} {kind:?}", world.name);
            let branches = world.work(id).read_blocking(|tx| Branch::count(tx, &Filter::All)).unwrap();
            assert_eq!(branches, 0);
        }
    }
}

#[test]
fn a_watched_unit_of_work_sees_its_own_statements_only() {
    for world in worlds(&TenancyOptions::default()) {
        for kind in world.kinds() {
            let id = world.tenant(&format!("t-{}", kind.as_str()), kind);
            let _ = world.work(TenantId::new()).read_blocking(|tx| Vehicle::count(tx, &Filter::All)).unwrap();
            world.db.directory().invalidate();
            let _ = world.observer.take();
            world.work(id).read_blocking(|tx| Vehicle::count(tx, &Filter::All)).unwrap();
            let seen = world.observer.take().statements;
            assert_eq!(seen.len(), 1, "{} {kind:?}: {seen:#?}", world.name);
        }
    }
}

#[test]
fn what_a_tenant_switched_off_is_found_at_the_next_start_wherever_it_is() {
    use crate::module_state::{disable, switches};
    for world in worlds(&TenancyOptions::default()) {
        for kind in world.kinds() {
            let id = world.tenant(&format!("t-{}", kind.as_str()), kind);
            let (switch, store) = switches();
            disable(&world.db, id, &store, "bridge").unwrap();
            let (again, second) = switches();
            world.db.directory().work("start").read_blocking(|tx| second.load(tx)).unwrap();
            let of = |switch: &cortex_core::ModuleSwitch| {
                switch.disabled().into_iter().filter(|(tenant, _)| *tenant == id).collect::<Vec<_>>()
            };
            assert_eq!((of(&again).len(), of(&again)), (1, of(&switch)), "{} {kind:?}", world.name);
        }
    }
}
