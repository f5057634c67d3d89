//! Tenants are created, renamed, suspended, copied, deleted, restored and removed.

use cortex_core::{Kind, TenantId};
use cortex_data::{GRACE_DAYS, NewTenant, PlacementKind, Quotas, Repository, Target, TenantChange, TenantStatus};

use super::crew::grown;
use super::world::World;
use crate::support::{Branch, Vehicle, vehicle};

fn new(name: &str, kind: PlacementKind) -> NewTenant {
    NewTenant { name: name.to_owned(), at: Some(Target::Kind(kind)), ..NewTenant::default() }
}

fn code<T: std::fmt::Debug>(result: cortex_core::Result<T>) -> &'static str {
    result.unwrap_err().code()
}

fn branches(world: &World, tenant: TenantId) -> i64 {
    world.work(tenant).read_blocking(|tx| Branch::count(tx, &cortex_data::Filter::All)).unwrap()
}

#[test]
fn a_new_tenant_works_at_once_and_has_what_its_template_has() {
    for world in grown() {
        let tenants = world.tenants();
        let model = tenants.create(&new("model", PlacementKind::Shared)).unwrap();
        world.fill(model.id, 7);
        for kind in world.kinds() {
            let name = format!("new-{}", kind.as_str());
            let host = format!("{name}.example.com");
            let asked = NewTenant {
                title: Some("New".to_owned()),
                hosts: vec![host.clone()],
                template: Some("model".to_owned()),
                ..new(&name, kind)
            };
            let made = tenants.create(&asked).unwrap();
            assert_eq!((made.status, made.placement.kind(), made.title.as_str()), (TenantStatus::Active, kind, "New"));
            assert_eq!(world.refusal(made.id, true), None, "{} {kind:?}", world.name);
            let of = |id: TenantId| -> Vec<String> {
                world.picture(id).iter().map(|line| line.replace(&id.to_string(), "TENANT")).collect()
            };
            assert_eq!(of(made.id), of(model.id), "{} {kind:?}", world.name);
            assert_eq!(tenants.hosts(made.id).unwrap(), [host]);
            assert_eq!(tenants.find(&made.id.to_string()).unwrap().name, name);
            // The copy is on its own.
            world.work(made.id).write_blocking(|tx| Vehicle::insert(tx, &vehicle("two"))).unwrap();
            assert_ne!(of(made.id), of(model.id));
        }
    }
}

#[test]
fn what_can_not_be_created_leaves_nothing_behind() {
    for world in grown() {
        let tenants = world.tenants();
        tenants.create(&new("acme", PlacementKind::Shared)).unwrap();
        assert_eq!(code(tenants.create(&new("acme", PlacementKind::Database))), "tenancy.taken");
        assert_eq!(code(tenants.create(&new("Acme", PlacementKind::Database))), "tenancy.name");
        let unknown = NewTenant { template: Some("nobody".to_owned()), ..new("copy", PlacementKind::Shared) };
        assert_eq!(code(tenants.create(&unknown)), "tenancy.unknown");
        let hosts = NewTenant { hosts: vec!["No Host".to_owned()], ..new("copy", PlacementKind::Shared) };
        assert_eq!(code(tenants.create(&hosts)), "tenancy.host");
        assert_eq!(tenants.list("", 10).unwrap().len(), 1, "{}", world.name);
        tenants.create(&new("copy", PlacementKind::Database)).unwrap();
    }
}

#[test]
fn tenants_are_suspended_and_renamed() {
    for world in grown() {
        let tenants = world.tenants();
        let acme = tenants.create(&new("acme", PlacementKind::Database)).unwrap();
        assert_eq!(code(tenants.resume("acme")), "tenancy.state");
        tenants.suspend("acme", Some("not paid")).unwrap();
        let refused = world.work(acme.id).read_blocking(|_| Ok(())).unwrap_err();
        assert_eq!((refused.kind(), refused.message()), (Kind::Forbidden, "the tenant `acme` is suspended: not paid"));
        tenants.resume("acme").unwrap();
        let quotas = Quotas { rows: Some(1), ..Quotas::default() };
        let change = TenantChange {
            name: Some("acme-2".to_owned()),
            hosts: Some(vec!["acme.example.com".to_owned()]),
            quotas: Some(quotas),
            ..TenantChange::default()
        };
        tenants.change("acme", &change).unwrap();
        assert_eq!(code(tenants.find("acme")), "tenancy.unknown");
        assert_eq!(tenants.find("acme-2").unwrap().quotas, quotas);
        let insert = |name: &str| {
            let branch = Branch { id: cortex_core::Id::new(), name: name.to_owned() };
            world.work(acme.id).write_blocking(|tx| Branch::insert(tx, &branch).map(drop))
        };
        insert("first").unwrap();
        assert_eq!(code(insert("second")), "quota.rows");
        assert_eq!(tenants.recount("acme-2").unwrap().rows, 1);
    }
}

#[test]
fn a_deleted_tenant_can_be_restored_until_it_is_removed() {
    for world in grown() {
        for kind in world.kinds() {
            let tenants = world.tenants();
            let name = format!("t-{}", kind.as_str());
            let other = tenants.create(&new(&format!("{name}-other"), PlacementKind::Shared)).unwrap();
            let acme = tenants.create(&new(&name, kind)).unwrap();
            world.fill(other.id, 3);
            world.fill(acme.id, 3);
            let (had, others) = (world.picture(acme.id), world.picture(other.id));
            tenants.delete(&name, GRACE_DAYS).unwrap();
            assert_eq!(world.refusal(acme.id, false), Some((Kind::NotFound, "tenancy.deleting")));
            assert_eq!(tenants.sweep().unwrap().purged, 0);
            assert_eq!(code(tenants.purge(&name, false)), "tenancy.not_due");
            tenants.restore(&name).unwrap();
            assert_eq!(world.picture(acme.id), had, "{} {kind:?}", world.name);

            tenants.delete(&name, 1).unwrap();
            world.clock.advance(jiff::SignedDuration::from_hours(25));
            assert_eq!(tenants.sweep().unwrap().purged, 1);
            assert_eq!(world.refusal(acme.id, false), Some((Kind::NotFound, "tenancy.deleted")));
            assert_eq!(code(tenants.restore(&acme.id.to_string())), "tenancy.state");
            assert_eq!(tenants.sweep().unwrap(), cortex_data::Recovered::default());
            // Nothing is left of it, everything of others, and its name is free.
            assert_eq!(world.picture(other.id), others);
            let again = tenants.create(&NewTenant { at: None, ..new(&name, kind) }).unwrap();
            assert_eq!(branches(&world, again.id), 0);
            assert_eq!(code(tenants.delete(&name, -1)), "tenancy.grace");
        }
    }
}

#[test]
fn tiers_say_where_new_tenants_go_and_what_they_may() {
    let options = cortex_data::TenancyConfig {
        tiers: [("gold".to_owned(), "database".to_owned())].into(),
        quotas: [("free".to_owned(), "rows=5".to_owned())].into(),
        ..cortex_data::TenancyConfig::default()
    };
    for world in super::world::worlds(&options.options().unwrap()) {
        let tier =
            |tier: &str| NewTenant { name: format!("of-{tier}"), tier: Some(tier.to_owned()), ..NewTenant::default() };
        let (gold, free) =
            (world.tenants().create(&tier("gold")).unwrap(), world.tenants().create(&tier("free")).unwrap());
        assert_eq!(gold.placement.kind(), PlacementKind::Database, "{}", world.name);
        assert_eq!((free.placement.kind(), free.quotas.rows), (PlacementKind::Shared, Some(5)));
    }
}
