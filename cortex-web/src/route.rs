//! Routes as modules contribute them.

use std::any::type_name;
use std::fmt;
use std::marker::PhantomData;
use std::sync::Arc;

use aide::generate::GenContext;
use aide::openapi::Operation;
use axum::Router;
use axum::http::Method;
use axum::routing::{MethodFilter, MethodRouter, on_service};
use cortex_core::{Error, ModuleName, Need, Result};

use crate::handler::{Answers, Args, Handler};
use crate::site::{Called, Site};

/// Where the routes of modules are found.
pub(crate) const API: &str = "/api/v1";

type Mount = Box<dyn Fn(Arc<Site>) -> MethodRouter + Send + Sync>;
type Describe = Box<dyn Fn(&mut GenContext, &mut Operation) + Send + Sync>;

/// One route: a method, a path, and the handler behind them.
pub(crate) struct Route {
    pub(crate) module: ModuleName,
    pub(crate) method: Method,
    /// The whole path, with `{names}`.
    pub(crate) path: String,
    /// The handler's name; `None` for a closure.
    pub(crate) name: Option<String>,
    /// Whether it is part of the API: pages are not.
    pub(crate) api: bool,
    pub(crate) needs: Vec<Need>,
    pub(crate) mount: Mount,
    pub(crate) describe: Describe,
}

impl Route {
    /// A route of a module; `path` is the whole one.
    pub(crate) fn new<H, A>(module: ModuleName, method: Method, path: String, handler: H) -> Self
    where
        H: Handler<A>,
        A: Args,
        H::Output: Answers,
    {
        let mut needs = Vec::new();
        A::needs(&mut needs);
        let filter = MethodFilter::try_from(method.clone()).unwrap_or(MethodFilter::GET);
        let mount =
            move |site: Arc<Site>| on_service(filter, Called { site, handler: handler.clone(), args: PhantomData });
        let describe = |ctx: &mut GenContext, operation: &mut Operation| {
            A::describe(ctx, operation);
            H::Output::describe(ctx, operation);
        };
        Self {
            module,
            method,
            path,
            name: function_name::<H>(),
            api: true,
            needs,
            mount: Box::new(mount),
            describe: Box::new(describe),
        }
    }

    /// The same under another name in the documentation.
    pub(crate) fn named(mut self, name: String) -> Self {
        self.name = Some(name);
        self
    }

    /// The same as a page, which the documentation of the API leaves out.
    pub(crate) fn page(mut self) -> Self {
        self.api = false;
        self
    }

    /// How messages name it: `POST /api/v1/fleet/vehicles/{id}/sell`.
    pub(crate) fn label(&self) -> String {
        format!("{} {}", self.method, self.path)
    }
}

impl fmt::Debug for Route {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Route({})", self.label())
    }
}

/// An own axum router of a module.
pub(crate) struct RawRouter(pub(crate) Router);

/// The last part of a function's path; closures have no name.
fn function_name<H>() -> Option<String> {
    let name = type_name::<H>().rsplit("::").next()?;
    let is_name = name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    (is_name && !name.is_empty()).then(|| name.to_owned())
}

/// Checks a path: `/`-separated words and `{names}`, without a `/` at its end.
///
/// # Errors
/// What is wrong, with the path and how to write it.
pub(crate) fn check_path(path: &str) -> Result<()> {
    let wrong = |what: String| {
        let help = "write words and `{names}` with `/` before each: `/vehicles/{id}/sell`";
        Err(Error::config("web.path", format!("the path `{path}` {what}")).with_help(help))
    };
    let Some(rest) = path.strip_prefix('/') else { return wrong("does not start with `/`".to_owned()) };
    if rest.is_empty() {
        return Ok(());
    }
    let mut names = Vec::new();
    for segment in rest.split('/') {
        let name = segment.strip_prefix('{').and_then(|inner| inner.strip_suffix('}'));
        let is_word = |text: &str| {
            !text.is_empty() && text.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.' | '~'))
        };
        match name {
            _ if segment.is_empty() => return wrong("has an empty part, or ends with `/`".to_owned()),
            Some(name) if names.contains(&name) => return wrong(format!("has `{{{name}}}` twice")),
            Some(name) if is_word(name) => names.push(name),
            None if is_word(segment) => {}
            _ => return wrong(format!("has the part `{segment}`")),
        }
    }
    Ok(())
}

/// The path with all parameters called the same: two routes with the same one can't be told apart.
pub(crate) fn shape(path: &str) -> String {
    let parts = path.split('/').map(|part| if part.starts_with('{') { "{}" } else { part });
    parts.collect::<Vec<_>>().join("/")
}
