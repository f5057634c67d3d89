//! What the HTTP edge adds to the registrar: routes, generated REST, pages and own routers.

use axum::http::Method;
use cortex_core::{Error, Registrar};
use cortex_data::{Entity, Writable};

use crate::handler::{Answers, Args, Handler};
use crate::rest;
use crate::route::{API, RawRouter, Route, check_path};

/// The methods that the HTTP edge adds to the registrar. What handlers inject is checked when the application starts.
///
/// ```
/// # use cortex_core::{Inject, Registrar};
/// # use cortex_data::Work;
/// # use cortex_web::{Answer, Body, PathId, WebRegistrar};
/// # struct Vehicle;
/// # struct FleetService;
/// # impl FleetService {
/// #     fn sell(&self, _: &mut cortex_data::Tx, _: cortex_core::Id<Vehicle>, _: &SellRequest) -> Answer<Sale> {
/// #         Ok(Sale {})
/// #     }
/// # }
/// # #[derive(serde::Deserialize, schemars::JsonSchema)]
/// # struct SellRequest {}
/// # #[derive(serde::Serialize, schemars::JsonSchema)]
/// # struct Sale {}
/// async fn sell(
///     work: Work,
///     fleet: Inject<FleetService>,
///     id: PathId<Vehicle>,
///     body: Body<SellRequest>,
/// ) -> Answer<Sale> {
///     work.write(move |tx| fleet.sell(tx, *id, &body)).await
/// }
///
/// fn register(m: &mut Registrar) {
///     m.post("/vehicles/{id}/sell", sell); // POST /api/v1/fleet/vehicles/{id}/sell
/// }
/// ```
pub trait WebRegistrar {
    /// Answers `GET /api/v1/<module><path>`.
    fn get<H, A>(&mut self, path: &str, handler: H) -> &mut Self
    where
        H: Handler<A>,
        A: Args,
        H::Output: Answers;

    /// Answers `POST /api/v1/<module><path>`.
    fn post<H, A>(&mut self, path: &str, handler: H) -> &mut Self
    where
        H: Handler<A>,
        A: Args,
        H::Output: Answers;

    /// Answers `PUT /api/v1/<module><path>`.
    fn put<H, A>(&mut self, path: &str, handler: H) -> &mut Self
    where
        H: Handler<A>,
        A: Args,
        H::Output: Answers;

    /// Answers `PATCH /api/v1/<module><path>`.
    fn patch<H, A>(&mut self, path: &str, handler: H) -> &mut Self
    where
        H: Handler<A>,
        A: Args,
        H::Output: Answers;

    /// Answers `DELETE /api/v1/<module><path>`.
    fn delete<H, A>(&mut self, path: &str, handler: H) -> &mut Self
    where
        H: Handler<A>,
        A: Args,
        H::Output: Answers;

    /// Answers `GET <path>`: a page for people, outside of `/api`.
    fn page<H, A>(&mut self, path: &str, handler: H) -> &mut Self
    where
        H: Handler<A>,
        A: Args,
        H::Output: Answers;

    /// Lists, shows, creates, changes and deletes records of `E` at `/api/v1/<module><path>`; shows their history
    /// where the entity keeps one, and restores them where deleting only marks them.
    ///
    /// The guard is asked for `list`, `read`, `create`, `update` and `delete` on `<module>.<entity>`.
    fn rest<E: Writable>(&mut self, path: &str) -> &mut Self;

    /// Lists and shows records of `E` at `/api/v1/<module><path>`, with their history where the entity keeps one: for
    /// what is changed by verbs of its own and never field by field, or by others.
    ///
    /// The guard is asked for `list` and `read` on `<module>.<entity>`.
    fn browse<E: Entity>(&mut self, path: &str) -> &mut Self;

    /// Merges an own router of axum as it is. What it has under `/api` needs a signed-in actor, whose context is
    /// the extension `Cx` of the request.
    fn raw(&mut self, router: axum::Router) -> &mut Self;
}

macro_rules! methods {
    ($($name:ident $method:ident)*) => {$(
        fn $name<H, A>(&mut self, path: &str, handler: H) -> &mut Self
        where
            H: Handler<A>,
            A: Args,
            H::Output: Answers,
        {
            add(self, Method::$method, path, handler)
        }
    )*};
}

impl WebRegistrar for Registrar {
    methods! { get GET post POST put PUT patch PATCH delete DELETE }

    fn page<H, A>(&mut self, path: &str, handler: H) -> &mut Self
    where
        H: Handler<A>,
        A: Args,
        H::Output: Answers,
    {
        let reserved = ["/api", "/health", "/t"].iter().any(|own| path == *own || path.starts_with(&format!("{own}/")));
        if reserved {
            let message = format!("the page `{path}` is where the framework's own routes are");
            self.refuse(
                Error::config("web.path", message).with_help("choose a path outside of `/api`, `/health` and `/t`"),
            );
            return self;
        }
        let route = Route::new(self.module(), Method::GET, path.to_owned(), handler).page();
        register(self, path, route)
    }

    fn rest<E: Writable>(&mut self, path: &str) -> &mut Self {
        rest::register::<E>(self, path);
        self
    }

    fn browse<E: Entity>(&mut self, path: &str) -> &mut Self {
        rest::register_reads::<E>(self, path);
        self
    }

    fn raw(&mut self, router: axum::Router) -> &mut Self {
        self.contribute(RawRouter(router))
    }
}

fn add<'a, H, A>(m: &'a mut Registrar, method: Method, path: &str, handler: H) -> &'a mut Registrar
where
    H: Handler<A>,
    A: Args,
    H::Output: Answers,
{
    let route = Route::new(m.module(), method, full_path(m, path), handler);
    register(m, path, route)
}

/// The whole path of a module's route.
pub(crate) fn full_path(m: &Registrar, path: &str) -> String {
    let path = if path == "/" { "" } else { path };
    format!("{API}/{}{path}", m.module())
}

/// Contributes a route and its needs.
pub(crate) fn register<'a>(m: &'a mut Registrar, path: &str, route: Route) -> &'a mut Registrar {
    if let Err(error) = check_path(path) {
        return m.refuse(error);
    }
    m.need(route.label(), route.needs.iter().copied()).contribute(route)
}
