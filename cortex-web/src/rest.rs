//! Generated REST: what every entity that opts in offers over HTTP.
//!
//! What an actor asks to see is filtered and masked by the guard; what it asks to do, the guard is asked about.

mod condition;
mod list;
mod read;
mod shown;
mod write;

use std::marker::PhantomData;
use std::sync::Arc;

use axum::http::Method;
use cortex_core::{Registrar, Result};
use cortex_data::{Check, DataRegistrar, Entity, Filter, ReadTx, Select, Tx, Value, Writable};

use crate::handler::{Answers, Args, Handler};
use crate::openapi;
use crate::registrar;
use crate::route::Route;

/// What the guard is asked for, with what it means.
const ACTIONS: [(&str, &str); 5] = [
    ("list", "List and count records"),
    ("read", "Read a record and its history"),
    ("create", "Create records"),
    ("update", "Change records"),
    ("delete", "Delete and restore records"),
];

/// The kind of record that a set of routes is about. Cheap to clone.
pub(crate) struct Target<E> {
    /// `fleet.vehicle`
    resource: Arc<str>,
    /// `/api/v1/fleet/vehicles`
    path: Arc<str>,
    entity: PhantomData<fn() -> E>,
}

impl<E> Clone for Target<E> {
    fn clone(&self) -> Self {
        Self { resource: Arc::clone(&self.resource), path: Arc::clone(&self.path), entity: PhantomData }
    }
}

/// A record that is known by its key alone.
struct Known(Value);

impl cortex_data::Resource for Known {
    fn record(&self) -> Option<Value> {
        Some(self.0.clone())
    }
}

impl<E: Entity> Target<E> {
    /// Which records the actor may see in lists.
    fn visible(tx: &ReadTx) -> Result<Filter> {
        tx.database().registry().guard().predicate(tx.cx(), E::META)
    }

    /// The fields of a record that the actor asked for and may see.
    fn select(tx: &mut ReadTx, asked: Option<&str>) -> Result<Select<E>> {
        let (custom, hidden) = (tx.custom_fields(E::META)?, tx.hidden_fields(E::META)?);
        let hidden: Vec<&str> = hidden.iter().map(String::as_str).collect();
        Ok(match asked {
            Some(text) => Select::parse_with(custom, text, &hidden)?,
            None => Select::all_with(custom, &hidden),
        })
    }

    fn check<'a>(&'a self, action: &'a str, subject: &'a dyn cortex_data::Resource) -> Check<'a> {
        Check { resource: &self.resource, action, subject }
    }

    /// Asks the guard about something that changes nothing.
    fn may(&self, tx: &mut ReadTx, action: &str, subject: &dyn cortex_data::Resource) -> Result<()> {
        let database = tx.database().clone();
        database.registry().guard().check(tx, &self.check(action, subject))
    }

    /// Asks the guard about a change.
    fn authorize(&self, tx: &mut Tx, action: &str, subject: &dyn cortex_data::Resource) -> Result<()> {
        tx.authorize_check(&self.check(action, subject))
    }
}

/// Registers the routes of `E` at `path`.
pub(crate) fn register<E: Writable>(m: &mut Registrar, path: &str) {
    m.importable::<E>();
    let target = target::<E>(m, path, &ACTIONS);
    let mut routes = Routes { m, name: openapi::word(path) };
    add_reads(&mut routes, path, &target);
    add_writes(&mut routes, path, target);
}

/// Registers those routes of `E` at `path` that change nothing.
pub(crate) fn register_reads<E: Entity>(m: &mut Registrar, path: &str) {
    let (reads, _) = ACTIONS.split_at(2);
    let target = target::<E>(m, path, reads);
    add_reads(&mut Routes { m, name: openapi::word(path) }, path, &target);
}

fn target<E: Entity>(m: &mut Registrar, path: &str, actions: &[(&str, &'static str)]) -> Target<E> {
    let resource = format!("{}.{}", m.module(), snake(E::META.name));
    for (action, about) in actions {
        m.permission(format!("{resource}.{action}"), about);
    }
    Target { resource: resource.into(), path: registrar::full_path(m, path).into(), entity: PhantomData }
}

fn add_reads<E: Entity>(routes: &mut Routes<'_>, path: &str, target: &Target<E>) {
    let one = format!("{path}/{{id}}");
    let t = target.clone();
    routes.add(Method::GET, path, "list", move |work, query| list::list(t.clone(), work, query));
    let (t, groups) = (target.clone(), format!("{path}/groups"));
    routes.add(Method::GET, &groups, "group", move |work, query| list::groups(t.clone(), work, query));
    let t = target.clone();
    routes.add(Method::GET, &one, "get", move |work, id, select, when| read::get(t.clone(), work, id, select, when));
    if E::META.audited {
        let t = target.clone();
        routes
            .add(Method::GET, &format!("{one}/history"), "history", move |work, id| read::history(t.clone(), work, id));
    }
}

fn add_writes<E: Writable>(routes: &mut Routes<'_>, path: &str, target: Target<E>) {
    let one = format!("{path}/{{id}}");
    let t = target.clone();
    routes.add(Method::POST, path, "create", move |work, once, body| write::create(t.clone(), work, once, body));
    let t = target.clone();
    routes
        .add(Method::PATCH, &one, "update", move |work, id, when, body| write::update(t.clone(), work, id, when, body));
    let t = target.clone();
    routes.add(Method::DELETE, &one, "delete", move |work, id, when| write::delete(t.clone(), work, id, when));
    if E::META.soft_delete {
        let restore = format!("{one}/restore");
        routes.add(Method::POST, &restore, "restore", move |work, id| write::restore(target.clone(), work, id));
    }
}

struct Routes<'a> {
    m: &'a mut Registrar,
    /// `vehicles`: unlike the entity, no two sets of routes share a path.
    name: String,
}

impl Routes<'_> {
    fn add<H, A>(&mut self, method: Method, path: &str, verb: &str, handler: H)
    where
        H: Handler<A>,
        A: Args,
        H::Output: Answers,
    {
        let full = registrar::full_path(self.m, path);
        let route = Route::new(self.m.module(), method, full, handler).named(format!("{verb}_{}", self.name));
        registrar::register(self.m, path, route);
    }
}

/// `SalesOrder` as `sales_order`.
fn snake(name: &str) -> String {
    let mut out = String::new();
    for (i, c) in name.chars().enumerate() {
        if c.is_uppercase() && i > 0 {
            out.push('_');
        }
        out.extend(c.to_lowercase());
    }
    out
}
