//! Everything over HTTP, driven in process; on a port only where the port is the point.

mod auth;
mod conditions;
mod docs;
mod errors;
mod fleet;
mod guard;
mod handlers;
mod health;
mod limits;
mod once;
mod rest;
mod routes;
mod serve;
mod support;
mod ui;
