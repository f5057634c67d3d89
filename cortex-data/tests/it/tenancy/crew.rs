//! Data of a tenant with everything that makes copying hard: all types, rows that refer to each other, triggers.

use cortex_core::{Currency, Date, Decimal, Id, Rate, Result, TenantId, Timestamp};
use cortex_data::{Backend, Filter, Migration, Repository, TenancyOptions, Tenants, Tx};

use super::world::{World, worlds};
use crate::support::{Branch, Vehicle, vehicle};

/// People refer to their chief and their crew, which refers to its lead: a circle.
#[derive(Debug, Clone, PartialEq, Repository)]
#[repository(table = "test_people", tenant, crate = cortex_data)]
pub(crate) struct Person {
    pub id: Id<Person>,
    #[field(references = Person)]
    pub chief: Option<Id<Person>>,
    #[field(references = Crew)]
    pub crew: Option<Id<Crew>>,
    pub pay: Currency,
    pub is_here: bool,
    pub shoes: Option<i32>,
    pub steps: i64,
    pub note: Option<String>,
    pub seen_at: Timestamp,
    pub born: Date,
    pub height: Decimal,
    pub share: Rate,
    pub traits: serde_json::Value,
}

#[derive(Debug, Clone, PartialEq, Repository)]
#[repository(table = "test_crews", tenant, crate = cortex_data)]
pub(crate) struct Crew {
    pub id: Id<Crew>,
    pub name: String,
    pub lead: Option<Id<Person>>,
}

const CREWS: &str = "CREATE TABLE test_crews (tenant_id uuid NOT NULL, id uuid NOT NULL, name text NOT NULL, lead uuid,
    PRIMARY KEY (tenant_id, id)";
const PEOPLE: &str = "CREATE TABLE test_people (
    tenant_id uuid NOT NULL, id uuid NOT NULL, chief uuid, crew uuid, pay char(3) NOT NULL, is_here boolean NOT NULL,
    shoes integer, steps bigint NOT NULL, note text, seen_at timestamptz NOT NULL, born date NOT NULL,
    height numeric(19,6) NOT NULL, share numeric(19,10) NOT NULL, traits jsonb NOT NULL,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, chief) REFERENCES test_people (tenant_id, id),
    FOREIGN KEY (tenant_id, crew) REFERENCES test_crews (tenant_id, id)
);";
/// Nobody is hired or fired in the state `posted`; transfers must pass all the same.
const GUARD_SQLITE: &str = "
CREATE TRIGGER test_hired BEFORE INSERT ON test_people WHEN NEW.note = 'posted'
BEGIN SELECT RAISE(ABORT, 'posted'); END;
CREATE TRIGGER test_fired BEFORE DELETE ON test_people WHEN OLD.note = 'posted'
BEGIN SELECT RAISE(ABORT, 'posted'); END;";
const GUARD_POSTGRES: &str = "
ALTER TABLE test_crews ADD FOREIGN KEY (tenant_id, lead) REFERENCES test_people (tenant_id, id);
CREATE FUNCTION test_posted() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF (TG_OP = 'INSERT' AND NEW.note = 'posted') OR (TG_OP = 'DELETE' AND OLD.note = 'posted') THEN
        RAISE EXCEPTION 'posted';
    END IF;
    RETURN coalesce(NEW, OLD);
END $$;
CREATE TRIGGER test_posted BEFORE INSERT OR DELETE ON test_people FOR EACH ROW EXECUTE FUNCTION test_posted();";

/// The migration that brings these tables.
pub(crate) fn crews() -> Vec<Migration> {
    let lead = "FOREIGN KEY (tenant_id, lead) REFERENCES test_people (tenant_id, id)";
    let sqlite = format!("DROP TABLE test_crews; {CREWS}, {lead}); {GUARD_SQLITE}");
    let both = Migration::new("0002_crews", format!("{CREWS}); {PEOPLE}"), "");
    vec![both.only_on(Backend::Sqlite, sqlite, "").only_on(Backend::Postgres, GUARD_POSTGRES, "")]
}

/// Databases with these tables.
pub(crate) fn grown() -> Vec<World> {
    let options = TenancyOptions::default();
    worlds(&options).iter().map(|world| world.newer(&crews())).collect()
}

impl World {
    pub(crate) fn tenants(&self) -> Tenants {
        Tenants::new(&self.migrator)
    }

    /// Gives a tenant data; `people` of them.
    pub(crate) fn fill(&self, tenant: TenantId, people: usize) {
        self.work(tenant).write_blocking(|tx| fill(tx, people)).unwrap();
    }

    /// All that a tenant has, to compare.
    pub(crate) fn picture(&self, tenant: TenantId) -> Vec<String> {
        let read = self.work(tenant).snapshot_blocking(|tx| {
            let mut all: Vec<String> = Vec::new();
            let cars = Vehicle::list(tx, &Filter::All)?;
            for car in &cars {
                all.push(format!("{:?} {}", Vehicle::record(tx, car.id)?, Vehicle::history(tx, car.id)?.len()));
            }
            all.extend(Branch::list(tx, &Filter::All)?.iter().map(|one| format!("{one:?}")));
            all.extend(Crew::list(tx, &Filter::All)?.iter().map(|one| format!("{one:?}")));
            all.extend(Person::list(tx, &Filter::All)?.iter().map(|one| format!("{one:?}")));
            Ok(all)
        });
        let mut all = read.unwrap();
        all.sort();
        all
    }
}

fn fill(tx: &mut Tx, people: usize) -> Result<()> {
    let branch = Branch { id: tx.new_id(), name: "Łódź \"north\"\n".to_owned() };
    Branch::insert(tx, &branch)?;
    let mut car = vehicle("one");
    car.branch = Some(branch.id);
    Vehicle::insert(tx, &car)?;
    Vehicle::update(tx, car.id, |car| {
        car.driver = Some("Ada".to_owned());
        Ok(())
    })?;
    let crew = Crew { id: tx.new_id(), name: "night".to_owned(), lead: None };
    Crew::insert(tx, &crew)?;
    let ids: Vec<Id<Person>> = (0..people).map(|_| tx.new_id()).collect();
    let tenant = tx.tenant();
    let person = |n: usize| Person {
        id: ids[n],
        // Chiefs come later than half of those who have them, and the first is nobody's.
        chief: (n > 0).then(|| ids[(n * 7 + 3) % n]),
        crew: n.is_multiple_of(2).then_some(crew.id),
        pay: Currency::EUR,
        is_here: n.is_multiple_of(3),
        shoes: (!n.is_multiple_of(4)).then_some(40),
        steps: i64::MAX - i64::try_from(n).unwrap_or(0),
        note: None,
        seen_at: "2026-03-01T08:00:00.000001Z".parse().unwrap(),
        born: "2000-02-29".parse().unwrap(),
        height: "-1.500001".parse().unwrap(),
        share: Rate::new("0.0000000001".parse().unwrap()).unwrap(),
        traits: serde_json::json!({ "of": tenant, "b": [1, null, 0.5, { "a": "ä" }], "n": n }),
    };
    for n in 0..people {
        Person::insert(tx, &person(n))?;
    }
    if let Some(last) = ids.last() {
        Person::update(tx, *last, |person| {
            person.note = Some("posted".to_owned());
            Ok(())
        })?;
        Person::update(tx, ids[0], |person| {
            person.chief = Some(*last);
            Ok(())
        })?;
        Crew::update(tx, crew.id, |crew| {
            crew.lead = Some(*last);
            Ok(())
        })?;
    }
    Ok(())
}
