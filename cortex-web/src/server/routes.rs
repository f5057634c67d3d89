//! Puts the routes of all modules into one router, after a check that each has a place of its own.

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use axum::Router;
use axum::extract::{DefaultBodyLimit, Request};
use axum::middleware::{Next, from_fn};
use axum::routing::MethodRouter;
use cortex_core::{Contributions, Cx, ModuleName, Result};

use crate::error::ServerError;
use crate::route::{RawRouter, Route, shape};
use crate::site::{Shared, Site, no_route};

/// Checks that no two routes are the same or can't be told apart.
///
/// # Errors
/// [`ServerError::Routes`] with all that are.
pub(super) fn check(routes: &[&Route]) -> Result<(), ServerError> {
    let mut known: BTreeMap<String, Vec<&Route>> = BTreeMap::new();
    let mut problems = Vec::new();
    for route in routes {
        let same = known.entry(shape(&route.path)).or_default();
        for other in same.iter() {
            if other.method == route.method {
                let by = modules(other.module, route.module);
                problems.push(format!("`{}` is registered twice, by {by}", route.label()));
            } else if other.path != route.path {
                let by = modules(other.module, route.module);
                let (a, b) = (&other.path, &route.path);
                problems.push(format!("`{a}` and `{b}` can't be told apart: name their parameters alike ({by})"));
            }
        }
        same.push(route);
    }
    if problems.is_empty() { Ok(()) } else { Err(ServerError::Routes { problems }) }
}

fn modules(one: ModuleName, other: ModuleName) -> String {
    if one == other { format!("`{one}`") } else { format!("`{one}` and `{other}`") }
}

/// The routes with what each needs looked up.
///
/// # Errors
/// Something that a handler injects is not provided.
pub(super) fn router(routes: &[&Route], shared: &Arc<Shared>) -> Result<Router> {
    let mut methods: BTreeMap<&str, MethodRouter> = BTreeMap::new();
    for route in routes {
        let slots = shared.container.slots(&route.needs)?;
        let site = Site { module: route.module, route: route.label(), slots, shared: Arc::clone(shared) };
        let method = (route.mount)(Arc::new(site));
        let entry = methods.remove(route.path.as_str()).unwrap_or_default();
        methods.insert(&route.path, entry.merge(method));
    }
    Ok(methods.into_iter().fold(Router::new(), |router, (path, method)| router.route(path, method)))
}

/// Adds the own routers of modules. A module that is switched off for a tenant has none.
///
/// # Errors
/// [`ServerError::Routes`] when one has a route that exists already.
pub(super) fn merge_raw(mut router: Router, contributions: &Contributions, shared: &Arc<Shared>) -> Result<Router> {
    for (module, RawRouter(own)) in contributions.of::<RawRouter>() {
        let switch = Arc::clone(&shared.switch);
        // Handlers read bodies up to the limit themselves.
        let limit = DefaultBodyLimit::max(shared.body_limit);
        let own = own.clone().layer(limit).layer(from_fn(move |request: Request, next: Next| {
            let cx = request.extensions().get::<Cx>();
            let open = cx.is_none_or(|cx| switch.is_enabled(module, cx.tenant()));
            async move { if open { next.run(request).await } else { no_route(request).await } }
        }));
        let before = router.clone();
        // axum only reports an overlap by a panic.
        router = catch_unwind(AssertUnwindSafe(|| before.merge(own))).map_err(|_| ServerError::Routes {
            problems: vec![format!("the own router of `{module}` has a route that exists already, or a fallback")],
        })?;
    }
    Ok(router)
}
