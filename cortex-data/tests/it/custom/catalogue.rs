//! The catalogue of custom fields: defined, changed with a check of what is stored, archived and brought back.

use cortex_core::{Decimal, Error, Id, Kind};
use cortex_data::{CustomKind, Entity, FieldCatalogue, FieldDefinition, Repository};

use super::shop::{Gadget, Shop, fields, gadget, shops};

pub(super) fn number(name: &str) -> FieldDefinition {
    FieldDefinition::new(name, CustomKind::Number)
}

pub(super) fn text(name: &str) -> FieldDefinition {
    FieldDefinition::new(name, CustomKind::Text)
}

pub(super) fn sized(name: &str, size: i64) -> Gadget {
    let mut made = gadget(name);
    made.extra.set("size", &Decimal::from(size));
    made
}

#[test]
fn wrong_definitions_are_refused_with_everything_that_is_wrong() {
    for shop in shops() {
        let wrong = FieldDefinition {
            choices: vec!["a".to_owned()],
            pattern: Some("(".to_owned()),
            min: Some("x".to_owned()),
            references: Some("shop.gadget".to_owned()),
            ..number("Größe")
        };
        let error = shop.define(wrong).unwrap_err();
        let found: Vec<_> = fields(&error).into_iter().map(|(path, _)| path).collect();
        assert_eq!(found, ["name", "choices", "pattern", "references", "min", "pattern"], "{}", shop.name);
        let error = shop.define(FieldDefinition { default: Some("12".into()), max: Some("5".into()), ..number("n") });
        assert_eq!(error.unwrap_err().fields()[0].message, "is 12, at most 5 is allowed");
        let error = shop.define(FieldDefinition { indexed: true, ..text("t") }).unwrap_err();
        assert_eq!(fields(&error), [("indexed", "definition")]);
        let references = Some("shop.nothing".to_owned());
        let error = shop.define(FieldDefinition { references, ..FieldDefinition::new("r", CustomKind::Reference) });
        assert_eq!(error.unwrap_err().fields()[0].message, "`shop.nothing` is no entity");
        shop.has("twice", CustomKind::Text);
        assert_eq!(shop.define(number("twice")).unwrap_err().code(), "custom.exists");
    }
}

#[test]
fn a_field_is_there_at_once_and_gone_with_a_rollback() {
    for shop in shops() {
        let rolled_back = shop.work().write_blocking(|tx| {
            FieldCatalogue::define(tx, Gadget::META, number("size"))?;
            Gadget::insert(tx, &sized("inside", 1))?;
            Err::<(), _>(Error::refused("test", "no"))
        });
        assert_eq!(rolled_back.unwrap_err().code(), "test");
        let unknown = shop.insert(&sized("before", 1)).unwrap_err();
        assert_eq!(fields(&unknown), [("extra.size", "unknown")], "{}", shop.name);
        shop.has("size", CustomKind::Number);
        shop.insert(&sized("after", 1)).unwrap();
        // Only for this tenant.
        let other = shop.work_of(Id::new()).write_blocking(|tx| Gadget::insert(tx, &sized("other", 1)));
        assert_eq!(fields(&other.unwrap_err()), [("extra.size", "unknown")]);
    }
}

#[test]
fn required_fields_are_checked_against_records_that_exist() {
    for shop in shops() {
        shop.insert(&gadget("old")).unwrap();
        let error = shop.define(FieldDefinition { required: true, ..number("size") }).unwrap_err();
        assert_eq!((error.kind(), error.code()), (Kind::Conflict, "custom.stored"), "{}", shop.name);
        assert!(error.message().ends_with("has no value, and one is required"), "{}", error.message());
        let default = Some("7".into());
        shop.define(FieldDefinition { required: true, default, ..number("size") }).unwrap();
        let made = gadget("new");
        shop.insert(&made).unwrap();
        let found = shop.work().read_blocking(|tx| Gadget::get(tx, made.id)).unwrap();
        assert_eq!(found.extra.get::<Decimal>("size").unwrap(), Some(7.into()));
    }
}

fn change(shop: &Shop, definition: &FieldDefinition) -> cortex_core::Result<cortex_data::ChangeReport> {
    shop.work().write_blocking(|tx| FieldCatalogue::change(tx, Gadget::META, definition.clone()))
}

#[test]
fn changed_rules_and_kinds_are_checked_against_stored_values() {
    for shop in shops() {
        shop.has("size", CustomKind::Number);
        let ids: Vec<_> = (1..=150).map(|n| sized(&format!("g{n}"), n)).collect();
        shop.work().write_blocking(|tx| Gadget::insert_many(tx, &ids)).unwrap();
        let tight = FieldDefinition { max: Some("20".to_owned()), ..number("size") };
        let report = shop.work().read_blocking(|tx| FieldCatalogue::check(tx, Gadget::META, tight.clone())).unwrap();
        assert_eq!((report.checked, report.broken, report.records.len()), (150, 130, 100), "{}", shop.name);
        assert_eq!(report.records[0].problem, "is 21, at most 20 is allowed");
        let error = change(&shop, &tight).unwrap_err();
        assert!(error.message().starts_with("130 of 150 records break the rules of the field"), "{}", error.message());
        shop.insert(&sized("more", 1_000)).unwrap();
        // To another kind, and back.
        let report = change(&shop, &FieldDefinition { max_len: Some(10), ..text("size") }).unwrap();
        assert_eq!((report.checked, report.broken, report.converted), (151, 0, 151));
        let read = || shop.work().read_blocking(|tx| Gadget::get(tx, ids[11].id)).unwrap();
        assert_eq!(read().extra.get::<String>("size").unwrap().as_deref(), Some("12"));
        let mut odd = gadget("odd");
        odd.extra.set("size", &"large".to_owned());
        shop.insert(&odd).unwrap();
        let error = change(&shop, &number("size")).unwrap_err();
        assert!(error.message().contains("`large` is not a decimal number"), "{}", error.message());
        shop.work().write_blocking(|tx| Gadget::delete(tx, odd.id)).unwrap();
        assert!(change(&shop, &number("size")).is_err(), "a deleted record may be restored");
        shop.work().write_blocking(|tx| Gadget::restore(tx, odd.id)).unwrap();
        shop.work()
            .write_blocking(|tx| {
                Gadget::update(tx, odd.id, |gadget| {
                    gadget.extra.clear("size");
                    Ok(())
                })
            })
            .unwrap();
        assert_eq!(change(&shop, &number("size")).unwrap().converted, 151);
        assert_eq!(read().extra.get::<Decimal>("size").unwrap(), Some(12.into()));
    }
}

#[test]
fn archived_values_are_hidden_and_come_back() {
    for shop in shops() {
        shop.has("size", CustomKind::Number);
        let made = sized("made", 3);
        shop.insert(&made).unwrap();
        let archive = |name: &str| shop.work().write_blocking(|tx| FieldCatalogue::archive(tx, Gadget::META, name));
        archive("size").unwrap();
        assert_eq!(archive("sise").unwrap_err().code(), "custom.unknown");
        let error = shop.insert(&sized("new", 4)).unwrap_err();
        assert_eq!(error.fields()[0].message, "is archived: bring it back to set it", "{}", shop.name);
        let set = shop.work().read_blocking(|tx| tx.custom_fields(Gadget::META)).unwrap();
        assert_eq!((set.iter().count(), set.all().len()), (0, 1));
        // A record with such a value can still be changed, and keeps it.
        let renamed = shop.work().write_blocking(|tx| {
            Gadget::update(tx, made.id, |gadget| {
                gadget.name = "renamed".to_owned();
                Ok(())
            })
        });
        assert_eq!(renamed.unwrap().extra.get::<Decimal>("size").unwrap(), Some(3.into()));
        shop.work().write_blocking(|tx| FieldCatalogue::restore(tx, Gadget::META, "size")).unwrap();
        shop.insert(&sized("new", 4)).unwrap();
    }
}

#[test]
fn unique_values_are_taken_once_per_tenant() {
    for shop in shops() {
        shop.define(FieldDefinition { unique: true, ..number("size") }).unwrap();
        let (one, two) = (sized("one", 1), sized("two", 2));
        shop.insert(&one).unwrap();
        shop.insert(&two).unwrap();
        let taken = shop.insert(&sized("again", 1)).unwrap_err();
        assert_eq!((taken.kind(), taken.code()), (Kind::Conflict, "unique"), "{}", shop.name);
        assert_eq!(taken.message(), "there is a gadget with the same `extra.size` already");
        let set = |id, size: i64| {
            shop.work().write_blocking(|tx| {
                Gadget::update(tx, id, |gadget| {
                    gadget.extra.set("size", &Decimal::from(size));
                    Ok(())
                })
            })
        };
        assert_eq!(set(two.id, 1).unwrap_err().code(), "unique");
        set(one.id, 5).unwrap();
        set(two.id, 1).unwrap();
        // Others share nothing with this tenant.
        let other = Id::new();
        shop.work_of(other)
            .write_blocking(|tx| {
                FieldCatalogue::define(tx, Gadget::META, FieldDefinition { unique: true, ..number("size") })?;
                Gadget::insert(tx, &sized("other", 1))
            })
            .unwrap();
        // A field becomes unique once its values are.
        shop.has("rank", CustomKind::Number);
        let ranked = |name: &str, rank: i64| {
            let mut made = gadget(name);
            made.extra.set("rank", &Decimal::from(rank));
            made
        };
        let double = ranked("x", 1);
        shop.insert(&double).unwrap();
        shop.insert(&ranked("y", 1)).unwrap();
        let unique = FieldDefinition { unique: true, ..number("rank") };
        let error = change(&shop, &unique).unwrap_err();
        assert!(error.message().contains("has the same value as"), "{}", error.message());
        shop.work()
            .write_blocking(|tx| {
                Gadget::update(tx, double.id, |gadget| {
                    gadget.extra.set("rank", &Decimal::from(2));
                    Ok(())
                })
            })
            .unwrap();
        change(&shop, &unique).unwrap();
        assert_eq!(shop.insert(&ranked("z", 2)).unwrap_err().code(), "unique");
    }
}

#[test]
fn what_happens_to_fields_is_told() {
    #[derive(diesel::QueryableByName)]
    struct Told {
        #[diesel(sql_type = cortex_data::sqltype::Json)]
        payload: serde_json::Value,
    }
    for shop in shops() {
        shop.has("size", CustomKind::Number);
        change(&shop, &FieldDefinition { min: Some("0".to_owned()), ..number("size") }).unwrap();
        let write = |f: fn(&mut cortex_data::Tx) -> cortex_core::Result<()>| shop.work().write_blocking(f).unwrap();
        write(|tx| FieldCatalogue::archive(tx, Gadget::META, "size"));
        write(|tx| FieldCatalogue::restore(tx, Gadget::META, "size"));
        let read = |tx: &mut cortex_data::ReadTx| {
            let sql = "SELECT payload FROM cortex_outbox WHERE topic = 'cortex.field_changed' ORDER BY position";
            let rows = diesel::RunQueryDsl::load::<Told>(diesel::sql_query(sql), tx.unscoped("a test")).unwrap();
            Ok(rows.into_iter().map(|row| row.payload["change"].as_str().unwrap().to_owned()).collect::<Vec<_>>())
        };
        let told = shop.work().read_blocking(read).unwrap();
        assert_eq!(told, ["defined", "changed", "archived", "restored"], "{}", shop.name);
    }
}
