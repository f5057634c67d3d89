//! HTTP edge of Codexion Cortex: routes, generated REST, OpenAPI, errors, limits and health over axum.
//!
//! Modules add routes by the methods of [`WebRegistrar`]; handlers are plain `async fn`s whose arguments say what
//! they need. [`WebServer`] puts them together into a [`Server`].

mod auth;
mod companies;
mod config;
mod docs;
mod edge;
mod error;
mod explain;
mod fields;
mod handler;
mod health;
mod host;
mod openapi;
mod problem;
mod registrar;
mod rest;
mod route;
mod server;
mod site;

pub use aide;
pub use auth::{Authenticator, DevToken, DevelopmentAuthenticator};
pub use axum;
pub use companies::{CompanyView, register_companies};
pub use config::WebConfig;
pub use error::{RequestError, ServerError};
pub use fields::{FieldView, register_fields};
pub use handler::{
    Answers, Arg, Args, Body, Call, Created, Handler, Html, Input, NoContent, Once, PathId, PathKey, Query,
};
pub use handler::{Raw, Reply, Streamed};
pub use problem::{FieldProblem, Problem, Rejection};
pub use registrar::WebRegistrar;
pub use server::{Server, WebServer};

/// What a handler answers.
pub type Answer<T> = cortex_core::Result<T>;
