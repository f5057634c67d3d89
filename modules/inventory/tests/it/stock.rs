//! Stock through the service, on every database.

mod batch;
mod counts;
mod flow;
mod history;
mod late;
mod locks;
mod promises;
mod schema;
mod yard;
