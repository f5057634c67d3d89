//! Tenants in shared tables, schemas and databases of their own.

mod budget;
mod directory;
mod isolation;
mod killed;
mod migrations;
mod quotas;
mod relay;
mod rows;
mod world;
