//! The two walls that the security crate builds: who may do what ([`Guard`]), and proof of what was done
//! ([`ChangeSink`]).

use std::fmt;

use cortex_core::{Cx, Error, Result};

use crate::entity::Entity;
use crate::filter::Filter;
use crate::history::Change;
use crate::meta::Meta;
use crate::tx::{ReadTx, Tx};
use crate::value::Value;

/// An act on a kind of record that may be allowed or not.
///
/// ```
/// # use cortex_data::Policy;
/// # pub struct Vehicle;
/// # impl cortex_data::Resource for Vehicle {}
/// /// Selling a vehicle.
/// pub struct SellVehicle;
///
/// impl Policy for SellVehicle {
///     type Resource = Vehicle;
///     const RESOURCE: &'static str = "fleet.vehicle";
///     const ACTION: &'static str = "sell";
/// }
/// ```
pub trait Policy: 'static {
    /// What it is done to; `()` for acts on nothing yet.
    type Resource: Resource;
    /// The name of the kind of record: `fleet.vehicle`.
    const RESOURCE: &'static str;
    /// The name of the act: `sell`.
    const ACTION: &'static str;
    /// For people who grant it: one line.
    const ABOUT: &'static str = "";
}

/// Something a policy can ask about.
pub trait Resource: 'static {
    /// Its key, if it is a stored record.
    fn record(&self) -> Option<Value> {
        None
    }

    /// Its attributes by name.
    fn attributes(&self) -> Vec<(&'static str, Value)> {
        Vec::new()
    }
}

impl Resource for () {}

impl<E: Entity> Resource for E {
    fn record(&self) -> Option<Value> {
        Some(self.key().into())
    }

    fn attributes(&self) -> Vec<(&'static str, Value)> {
        E::META.columns().map(|(name, _)| name).zip(self.values()).collect()
    }
}

/// One question to the guard.
#[derive(Clone, Copy)]
pub struct Check<'a> {
    /// The kind of record: `fleet.vehicle`.
    pub resource: &'a str,
    /// The act: `sell`.
    pub action: &'a str,
    /// The record.
    pub subject: &'a dyn Resource,
}

impl fmt::Debug for Check<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {} {:?}", self.action, self.resource, self.subject.record())
    }
}

impl<'a> Check<'a> {
    /// May `P` be done to `subject`?
    #[must_use]
    pub fn of<P: Policy>(subject: &'a P::Resource) -> Self {
        Self { resource: P::RESOURCE, action: P::ACTION, subject }
    }
}

/// Decides what actors may do and see.
pub trait Guard: fmt::Debug + Send + Sync {
    /// May the actor of `tx` do this?
    ///
    /// # Errors
    /// [`Kind::Forbidden`](cortex_core::Kind::Forbidden) with the reason.
    fn check(&self, tx: &mut ReadTx, check: &Check<'_>) -> Result<()>;

    /// Which records of an entity the actor may list.
    ///
    /// # Errors
    /// The actor may not list any.
    fn predicate(&self, cx: &Cx, entity: &'static Meta) -> Result<Filter>;

    /// Names of the fields that the actor may not read, custom ones as `extra.salary`.
    fn mask(&self, cx: &Cx, entity: &'static Meta) -> Vec<String>;

    /// Whether it is no guard at all but the refusal that stands in for one.
    fn refuses_everything(&self) -> bool {
        false
    }
}

/// Refuses everything: what is installed until something else is.
#[derive(Debug, Clone, Copy, Default)]
pub struct DenyAll;

impl Guard for DenyAll {
    fn check(&self, tx: &mut ReadTx, check: &Check<'_>) -> Result<()> {
        if tx.cx().actor().kind == cortex_core::ActorKind::System {
            return Ok(());
        }
        Err(Error::forbidden("forbidden", format!("no policy allows `{}` on `{}`", check.action, check.resource))
            .with_help("no guard is installed: add the security module, or start with `--dev` on your own machine"))
    }

    fn predicate(&self, cx: &Cx, entity: &'static Meta) -> Result<Filter> {
        if cx.actor().kind == cortex_core::ActorKind::System {
            return Ok(Filter::All);
        }
        Err(Error::forbidden("forbidden", format!("no policy allows listing `{}`", entity.table))
            .with_help("no guard is installed: add the security module, or start with `--dev` on your own machine"))
    }

    fn mask(&self, _: &Cx, _: &'static Meta) -> Vec<String> {
        Vec::new()
    }

    fn refuses_everything(&self) -> bool {
        true
    }
}

/// Allows everything: for development on one's own machine.
#[derive(Debug, Clone, Copy, Default)]
pub struct AllowAll;

impl Guard for AllowAll {
    fn check(&self, _: &mut ReadTx, _: &Check<'_>) -> Result<()> {
        Ok(())
    }

    fn predicate(&self, _: &Cx, _: &'static Meta) -> Result<Filter> {
        Ok(Filter::All)
    }

    fn mask(&self, _: &Cx, _: &'static Meta) -> Vec<String> {
        Vec::new()
    }
}

/// Is told of every change to an audited entity, inside the transaction that makes it.
pub trait ChangeSink: fmt::Debug + Send + Sync {
    /// Keeps the change.
    ///
    /// # Errors
    /// It can't be kept; the change then does not happen either.
    fn record(&self, tx: &mut Tx, change: &Change) -> Result<()>;

    /// Keeps the changes of one statement, in order: one by one, unless a sink has a shorter way.
    ///
    /// # Errors
    /// As [`record`](Self::record).
    fn record_many(&self, tx: &mut Tx, changes: &[Change]) -> Result<()> {
        changes.iter().try_for_each(|change| self.record(tx, change))
    }
}
