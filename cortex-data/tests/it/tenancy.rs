//! Tenants in shared tables, schemas and databases of their own.

mod archives;
mod budget;
mod chaos;
mod crew;
mod directory;
mod isolation;
mod killed;
mod lives;
mod migrations;
mod moves;
mod quotas;
mod relay;
mod rows;
mod world;
