//! The context of a unit of work: who asks, for which tenant and company, until when.

use std::borrow::Cow;
use std::sync::Arc;
use std::time::{Duration, Instant};

use jiff::tz::TimeZone;
use uuid::Uuid;

use crate::{CompanyId, Error, Id, Kind, Result, TenantId};

/// Who acts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Actor {
    /// Stable id, written into `created_by` and `updated_by`.
    pub id: Id<Actor>,
    /// For people and logs.
    pub name: String,
    /// Role names.
    pub roles: Vec<String>,
    /// Person, program or the system itself.
    pub kind: ActorKind,
}

/// What kind of actor acts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ActorKind {
    /// A signed-in person.
    Person,
    /// A program with its own account.
    Service,
    /// The application itself: migrations, seeds, imports run by the operator. Needs no authorisation.
    System,
}

impl Actor {
    /// The id of the system actor.
    pub const SYSTEM: Id<Self> = Id::from_uuid(Uuid::from_u128(1));

    /// The application itself, doing `what`.
    #[must_use]
    pub fn system(what: &str) -> Self {
        Self { id: Self::SYSTEM, name: what.to_owned(), roles: Vec::new(), kind: ActorKind::System }
    }

    /// A person with roles.
    #[must_use]
    pub fn person(id: Id<Self>, name: &str, roles: &[&str]) -> Self {
        let roles = roles.iter().map(|r| (*r).to_owned()).collect();
        Self { id, name: name.to_owned(), roles, kind: ActorKind::Person }
    }
}

/// Tenant, company, actor, locale, time zone, trace and deadline of one unit of work. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Cx(Arc<Fields>);

#[derive(Debug, Clone)]
struct Fields {
    tenant: TenantId,
    company: CompanyId,
    // Shared: every request has fields of its own, and the same actor.
    actor: Arc<Actor>,
    locale: Cow<'static, str>,
    time_zone: Option<TimeZone>,
    trace: Uuid,
    deadline: Option<Instant>,
}

impl Cx {
    /// A context in the main company, with locale `en`, no time zone of its own, a new trace id and no deadline.
    #[must_use]
    pub fn new(tenant: TenantId, actor: Actor) -> Self {
        let trace = Uuid::now_v7();
        Self(Arc::new(Fields {
            tenant,
            company: CompanyId::MAIN,
            actor: Arc::new(actor),
            locale: Cow::Borrowed("en"),
            time_zone: None,
            trace,
            deadline: None,
        }))
    }

    /// The same context in another tenant.
    #[must_use]
    pub fn with_tenant(mut self, tenant: TenantId) -> Self {
        Arc::make_mut(&mut self.0).tenant = tenant;
        self
    }

    /// The same context in another company of the tenant.
    #[must_use]
    pub fn with_company(mut self, company: CompanyId) -> Self {
        Arc::make_mut(&mut self.0).company = company;
        self
    }

    /// The same context in another language (a BCP 47 tag).
    #[must_use]
    pub fn with_locale(mut self, locale: &str) -> Self {
        Arc::make_mut(&mut self.0).locale = Cow::Owned(locale.to_owned());
        self
    }

    /// The same context in a time zone of its own, whatever the company's is.
    #[must_use]
    pub fn with_time_zone(mut self, zone: TimeZone) -> Self {
        Arc::make_mut(&mut self.0).time_zone = Some(zone);
        self
    }

    /// The same context under the caller's trace id.
    #[must_use]
    pub fn with_trace(mut self, trace: Uuid) -> Self {
        Arc::make_mut(&mut self.0).trace = trace;
        self
    }

    /// The same context, to be given up at `deadline`.
    #[must_use]
    pub fn with_deadline(mut self, deadline: Instant) -> Self {
        Arc::make_mut(&mut self.0).deadline = Some(deadline);
        self
    }

    /// Whose data.
    #[must_use]
    pub fn tenant(&self) -> TenantId {
        self.0.tenant
    }

    /// The company whose books and documents are meant.
    #[must_use]
    pub fn company(&self) -> CompanyId {
        self.0.company
    }

    /// Who acts.
    #[must_use]
    pub fn actor(&self) -> &Actor {
        &self.0.actor
    }

    /// Language of messages, a BCP 47 tag.
    #[must_use]
    pub fn locale(&self) -> &str {
        &self.0.locale
    }

    /// The zone that whoever asks named; without one, the company's holds.
    #[must_use]
    pub fn time_zone(&self) -> Option<&TimeZone> {
        self.0.time_zone.as_ref()
    }

    /// The trace that log lines, events and history share.
    #[must_use]
    pub fn trace(&self) -> Uuid {
        self.0.trace
    }

    /// Time left until the deadline; `None` without one.
    ///
    /// # Errors
    /// [`Kind::Timeout`] when the deadline has passed.
    pub fn remaining(&self) -> Result<Option<Duration>> {
        let Some(deadline) = self.0.deadline else { return Ok(None) };
        match deadline.checked_duration_since(Instant::now()) {
            Some(left) if !left.is_zero() => Ok(Some(left)),
            _ => Err(Error::new(Kind::Timeout, "deadline", "the deadline of this request has passed")),
        }
    }
}
