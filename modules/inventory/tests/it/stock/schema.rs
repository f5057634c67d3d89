//! The schema goes up and down, and up again.

use codexion::data::{Down, Migrator};
use cortex_testing::TestApp;
use inventory::Inventory;

#[test]
fn the_migrations_go_down_and_up_again() {
    TestApp::each(
        |app| app.module(Inventory),
        |app| {
            let (modules, contributions) = (app.assembled().modules(), app.assembled().contributions());
            let migrator = Migrator::of(app.database(), modules, contributions);
            let down = migrator.down(&Down::Module("inventory".to_owned())).unwrap();
            let up = migrator.up().unwrap();
            let names = |done: &[codexion::data::Migrated]| done.iter().map(|one| one.name.clone()).collect::<Vec<_>>();
            assert_eq!(names(&down).into_iter().rev().collect::<Vec<_>>(), names(&up));
            assert_eq!(up.len(), 6);
        },
    );
}
