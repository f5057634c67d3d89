//! Tests of the data layer at its public boundary.

#[cfg(test)]
mod app;
#[cfg(test)]
mod company;
#[cfg(test)]
mod custom;
#[cfg(test)]
mod derive;
#[cfg(test)]
mod external;
#[cfg(test)]
mod filter;
#[cfg(test)]
mod hooks;
#[cfg(test)]
mod jobs;
#[cfg(test)]
mod migrate;
#[cfg(test)]
mod module_state;
#[cfg(test)]
mod outbox;
#[cfg(test)]
mod page;
#[cfg(test)]
mod parcel;
#[cfg(test)]
mod register;
#[cfg(test)]
mod repository;
#[cfg(test)]
mod schema;
#[cfg(test)]
mod shape;
#[cfg(test)]
mod support;
#[cfg(test)]
mod tenancy;
#[cfg(test)]
mod validate;
