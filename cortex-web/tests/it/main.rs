//! Everything over HTTP, driven in process; on a port only where the port is the point.

#[cfg(test)]
mod auth;
#[cfg(test)]
mod companies;
#[cfg(test)]
mod conditions;
#[cfg(test)]
mod docs;
#[cfg(test)]
mod errors;
#[cfg(test)]
mod explain;
#[cfg(test)]
mod external;
#[cfg(test)]
mod fields;
#[cfg(test)]
mod fleet;
#[cfg(test)]
mod guard;
#[cfg(test)]
mod handlers;
#[cfg(test)]
mod health;
#[cfg(test)]
mod limits;
#[cfg(test)]
mod once;
#[cfg(test)]
mod rest;
#[cfg(test)]
mod routes;
#[cfg(test)]
mod serve;
#[cfg(test)]
mod support;
#[cfg(test)]
mod tenants;
#[cfg(test)]
mod ui;
