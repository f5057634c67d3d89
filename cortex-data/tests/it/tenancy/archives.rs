//! One file holds a tenant, and every place of every database takes it.

use std::io::{Read as _, Write as _};
use std::path::Path;

use cortex_core::TenantId;
use cortex_data::{NewTenant, PlacementKind, Target};

use super::crew::{crews, grown};
use super::world::World;

fn source(world: &World) -> TenantId {
    let new = NewTenant { name: "acme".to_owned(), title: Some("Acme & Co".to_owned()), ..NewTenant::default() };
    let id = world.tenants().create(&new).unwrap().id;
    world.fill(id, 700);
    id
}

fn to(name: &str, kind: PlacementKind) -> NewTenant {
    NewTenant { name: name.to_owned(), at: Some(Target::Kind(kind)), ..NewTenant::default() }
}

#[test]
fn archives_go_to_every_place_of_every_database() {
    let (folder, sources, targets) = (tempfile::tempdir().unwrap(), grown(), grown());
    for from in &sources {
        let id = source(from);
        let had = from.picture(id);
        let path = folder.path().join(format!("{}.zip", from.name));
        let exported = from.tenants().export("acme", &path).unwrap();
        assert!(exported.rows > 700 && exported.tables >= 4, "{exported:?}");
        for target in &targets {
            let tenants = target.tenants();
            for kind in target.kinds() {
                let name = format!("{}-{}", from.name, kind.as_str());
                let copy = tenants.import(&path, &to(&name, kind), false).unwrap();
                assert_ne!(copy.tenant.id, id);
                assert_eq!(copy.tenant.title, "Acme & Co");
                let renamed: Vec<String> =
                    had.iter().map(|line| line.replace(&id.to_string(), &copy.tenant.id.to_string())).collect();
                assert_eq!(target.picture(copy.tenant.id), renamed, "{} to {} {kind:?}", from.name, target.name);
            }
            let kind = *target.kinds().last().unwrap();
            let same = tenants.import(&path, &to(&format!("{}-same", from.name), kind), true).unwrap();
            assert_eq!((same.tenant.id, same.rows), (id, exported.rows));
            assert_eq!(target.picture(id), had);
            let twice = tenants.import(&path, &to("again", kind), true).unwrap_err();
            assert_eq!(twice.code(), "tenancy.known");
        }
        let there = from.tenants().export("acme", &path).unwrap_err();
        assert_eq!(there.code(), "archive.file", "no archive is overwritten");
    }
}

/// Writes an archive again, with other contents of one file.
fn tampered(archive: &Path, name: &str, change: impl Fn(String) -> String) -> std::path::PathBuf {
    let path = archive.with_extension(format!("{}.zip", name.replace('/', "-")));
    let mut from = zip::ZipArchive::new(std::fs::File::open(archive).unwrap()).unwrap();
    let mut to = zip::ZipWriter::new(std::fs::File::create(&path).unwrap());
    for n in 0..from.len() {
        let mut file = from.by_index(n).unwrap();
        let mut text = String::new();
        file.read_to_string(&mut text).unwrap();
        let of = file.name().unwrap().into_owned();
        to.start_file(&of, zip::write::SimpleFileOptions::default()).unwrap();
        let text = if of == name { change(text) } else { text };
        to.write_all(text.as_bytes()).unwrap();
    }
    to.finish().unwrap();
    path
}

#[test]
fn an_archive_that_does_not_hold_is_refused_and_nothing_is_written() {
    let folder = tempfile::tempdir().unwrap();
    for world in grown() {
        source(&world);
        let archive = folder.path().join(format!("{}.zip", world.name));
        world.tenants().export("acme", &archive).unwrap();
        let refusal = |world: &World, path: &Path| {
            world.tenants().import(path, &to("copy", PlacementKind::Database), false).unwrap_err().code()
        };
        let rows = "tables/test_branches.jsonl";
        let lost = tampered(&archive, rows, |_| String::new());
        assert_eq!(refusal(&world, &lost), "archive.damaged");
        let other = tampered(&archive, rows, |text| text.replace("north", "south"));
        assert_eq!(refusal(&world, &other), "archive.damaged");
        let wrong = tampered(&archive, rows, |text| text.replacen('[', "[1,", 1));
        assert_eq!(refusal(&world, &wrong), "archive.value");
        let newer = tampered(&archive, "manifest.json", |text| text.replace("\"version\": 1,", "\"version\": 2,"));
        assert_eq!(refusal(&world, &newer), "archive.format");
        let no_archive = folder.path().join("no.zip");
        std::fs::write(&no_archive, "hello").unwrap();
        assert_eq!(refusal(&world, &no_archive), "archive.format");
        assert_eq!(refusal(&world, Path::new("/nowhere.zip")), "archive.file");
        let more: Vec<_> =
            crews().into_iter().chain([cortex_data::Migration::new("0003_more", "SELECT 1", "")]).collect();
        let program = world.newer(&more);
        assert_eq!(refusal(&program, &archive), "archive.version");
        assert_eq!(world.tenants().list("", 10).unwrap().len(), 1, "{}", world.name);
    }
}
