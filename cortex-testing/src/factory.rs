//! Records by the dozen: a test says what matters about them, a factory the rest.

use std::cell::Cell;

use codexion::data::{Repository, Work, Writable};

/// Makes records of one kind, each told its number, counted from 1.
///
/// ```no_run
/// # use codexion::prelude::*;
/// # use cortex_testing::{Factory, TestApp};
/// # #[derive(Debug, Clone, Repository)]
/// # #[repository(table = "fleet_vehicles", tenant)]
/// # struct Vehicle { id: Id<Vehicle>, plate: String }
/// # fn test(app: &TestApp) {
/// let vehicles = Factory::of(|n| Vehicle { id: Id::new(), plate: format!("AB-{n}") });
/// let five = vehicles.create(&app.work(), 5);
/// let special = vehicles.create_one(&app.work(), |v| v.plate = "X".into());
/// # }
/// ```
pub struct Factory<E> {
    make: Box<dyn Fn(u32) -> E>,
    made: Cell<u32>,
}

impl<E> std::fmt::Debug for Factory<E> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Factory({} made)", self.made.get())
    }
}

impl<E: Writable> Factory<E> {
    /// A factory that calls `make` for each record.
    pub fn of(make: impl Fn(u32) -> E + 'static) -> Self {
        Self { make: Box::new(make), made: Cell::new(0) }
    }

    /// The next record, which is not stored.
    pub fn build(&self) -> E {
        let number = self.made.get() + 1;
        self.made.set(number);
        (self.make)(number)
    }

    /// The next `count` records, stored.
    ///
    /// # Panics
    /// When they can't be stored.
    pub fn create(&self, work: &Work, count: usize) -> Vec<E> {
        let all: Vec<E> = (0..count).map(|_| self.build()).collect();
        work.write_blocking(|tx| E::insert_many(tx, &all)).unwrap_or_else(|e| panic!("{e:?}"));
        all
    }

    /// The next record after `change`, stored.
    ///
    /// # Panics
    /// When it can't be stored.
    pub fn create_one(&self, work: &Work, change: impl FnOnce(&mut E)) -> E {
        let mut one = self.build();
        change(&mut one);
        work.write_blocking(|tx| E::insert(tx, &one)).unwrap_or_else(|e| panic!("{e:?}"));
        one
    }
}
