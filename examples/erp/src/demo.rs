//! A demo company with a year of activity, made from a seed by the verbs of the modules.
//!
//! Each unit of work counts itself in its own transaction, so that whatever cuts a run off, the next one goes on
//! exactly where it stopped, and the company ends up the same.

mod catalog;
mod desk;
mod dice;
mod known;
mod market;
mod plan;
mod watch;

use codexion::data::Relay;
use codexion::prelude::*;
use finance::Company;

pub use desk::Desk;
pub(crate) use watch::standard_error;
pub use watch::{Unwatched, Watch};

use crate::store::DemoState;
use known::Known;
use plan::Plan;

/// What the demo company is called.
pub const COMPANY: &str = "Alpenglanz Outdoor GmbH";
/// The tax on everything that it buys and sells.
const TAX_CODE: &str = "VAT20";
const TAX_PERCENT: u8 = 20;
/// What chance begins with unless somebody says otherwise.
pub const SEED: u64 = 20_260_301;

/// What the demo company is made from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Settings {
    /// What chance begins with.
    pub seed: u64,
    /// How many months it has lived, the last one up to `last`.
    pub months: u8,
    /// How busy it is, in percent.
    pub volume: u8,
    /// Its last day.
    pub last: Date,
}

impl Settings {
    /// A year up to a day.
    #[must_use]
    pub const fn year(last: Date) -> Self {
        Self { seed: SEED, months: 12, volume: 100, last }
    }

    fn of(state: &DemoState) -> Self {
        Self {
            seed: state.seed.cast_unsigned(),
            months: u8::try_from(state.months).unwrap_or(u8::MAX),
            volume: u8::try_from(state.volume).unwrap_or(u8::MAX),
            last: state.last,
        }
    }
}

/// What came of a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// There is a company that nobody made here; it is left alone.
    Foreign,
    /// It was complete before.
    Complete,
    /// It is complete now.
    Made {
        /// Documents of the whole company.
        documents: u64,
        /// Whether an earlier run had begun it.
        resumed: bool,
    },
    /// The limit was reached: the next run goes on.
    CutOff,
}

/// Makes the demo company.
#[derive(Debug, Provider)]
#[provider(singleton)]
pub struct Demo {
    desk: Arc<Desk>,
}

impl Demo {
    /// Makes the demo company of the tenant of `work`, or goes on with it. What was begun keeps its own settings.
    ///
    /// # Errors
    /// What a verb refuses; another program began it with another plan; another process is making it.
    pub fn make(&self, work: &Work, settings: &Settings, watch: &mut dyn Watch) -> Result<Outcome> {
        self.make_some(work, settings, watch, usize::MAX)
    }

    /// The same with at most so many units of work.
    ///
    /// # Errors
    /// As [`make`](Self::make).
    pub fn make_some(&self, work: &Work, settings: &Settings, watch: &mut dyn Watch, most: usize) -> Result<Outcome> {
        let (state, company) = work.read_blocking(|tx| {
            let (state, company) = (DemoState::of(tx.tenant()), Company::of(tx.company()));
            Ok((DemoState::find(tx, state)?, Company::find(tx, company)?))
        })?;
        let (settings, done) = match &state {
            Some(state) if state.is_complete() => return Ok(Outcome::Complete),
            Some(state) => (Settings::of(state), usize::try_from(state.done).unwrap_or(0)),
            None if company.is_some() => return Ok(Outcome::Foreign),
            None => (*settings, 0),
        };
        let plan = Plan::new(&settings);
        if let Some(state) = &state {
            check(state, &plan)?;
        }
        let mut known = work.read_blocking(|tx| Known::load(tx, &plan, &self.desk.warehouse))?;
        watch.begin(count(plan.units.len()), count(done));
        for (place, unit) in plan.units.iter().enumerate().skip(done).take(most) {
            watch.at(&unit.label, count(place));
            known = work.write_blocking(|tx| {
                progress(tx, &settings, &plan, place)?;
                self.desk.carry_out(tx, &plan, &known, &unit.steps)
            })?;
        }
        if plan.units.len() - done > most {
            watch.end();
            return Ok(Outcome::CutOff);
        }
        watch.then("delivering events");
        Relay::new(work.database().clone()).drain()?;
        watch.end();
        Ok(Outcome::Made { documents: plan.documents(), resumed: state.is_some() })
    }
}

/// Counts one more unit of work as done, if it is the next one.
fn progress(tx: &mut Tx, settings: &Settings, plan: &Plan, place: usize) -> Result<()> {
    let id = DemoState::of(tx.tenant());
    let done = i32::try_from(place).unwrap_or(i32::MAX);
    if place == 0 {
        let state = DemoState {
            id,
            seed: settings.seed.cast_signed(),
            months: i32::from(settings.months),
            volume: i32::from(settings.volume),
            last: settings.last,
            fingerprint: plan.fingerprint(),
            done: 1,
            units: i32::try_from(plan.units.len()).unwrap_or(i32::MAX),
        };
        return DemoState::insert(tx, &state);
    }
    DemoState::update(tx, id, |state| {
        if state.done != done {
            return Err(Error::conflict("company.demo_elsewhere", "another process is making the demo company")
                .with_help("wait for it, or stop it"));
        }
        state.done = done + 1;
        Ok(())
    })
    .map(|_| ())
}

fn check(state: &DemoState, plan: &Plan) -> Result<()> {
    if state.fingerprint == plan.fingerprint() {
        return Ok(());
    }
    Err(Error::refused("company.demo_plan", "the demo company was begun by another version of this program")
        .with_help("finish it with that version, or start over with `--fresh`"))
}

fn count(of: usize) -> u64 {
    u64::try_from(of).unwrap_or(u64::MAX)
}
