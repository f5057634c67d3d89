//! Shows what `#[derive(Module)]` writes.

/// Vehicles of a company.
#[derive(Module)]
#[module(
    name = "fleet",
    needs = ["finance >=1, <2"],
    optional = ["crm"],
    migrations = "tests/expansions/migrations"
)]
pub struct Fleet;
