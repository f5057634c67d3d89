//! Proof that clippy refuses what leaves the tenant's scope, with the rules of this workspace in a crate outside of it.

use std::fs;

use tempfile::TempDir;

use super::Context;
use super::cargo::Diagnostics;
use super::outside::{PROFILE, write};
use crate::process::Stream;
use crate::report::say;
use crate::{Error, Result};

/// One function that stays in the scope, and one that leaves it.
const SOURCE: &str = r#"//! Reads vehicles.

use cortex_core::{Id, Result};
use cortex_data::{Execute, ReadTx, Repository};
use diesel::{BoolExpressionMethods, ExpressionMethods, QueryDsl};

/// A vehicle.
#[derive(Clone, Repository)]
#[repository(table = "fleet_vehicles", tenant, crate = cortex_data)]
pub struct Vehicle {
    pub id: Id<Vehicle>,
    pub plate: String,
}

pub fn stays(tx: &mut ReadTx) -> Result<i64> {
    let either = fleet_vehicles::plate.eq("a").or(fleet_vehicles::plate.eq("b"));
    Vehicle::query(tx).filter(either).count().row(tx)
}

pub fn leaves(tx: &mut ReadTx) -> Result<i64> {
    Vehicle::query(tx).or_filter(fleet_vehicles::plate.eq("b")).count().row(tx)
}
"#;
/// What the rule says, at the only place where it says it.
const REFUSAL: &str = "use of a disallowed method `diesel::query_dsl::QueryDsl::or_filter`";

impl Context<'_> {
    /// Runs clippy on a crate with a scoped query that ends in `or_filter`, and fails when it has nothing to say.
    pub(super) fn refuses_or_filter(&self) -> Result<()> {
        let folder = TempDir::with_prefix("cortex-refusal-").map_err(Error::io("cannot create a temporary folder"))?;
        let krate = folder.path();
        fs::create_dir(krate.join("src")).map_err(Error::file(krate))?;
        write(&krate.join("src/lib.rs"), SOURCE)?;
        write(&krate.join("Cargo.toml"), &self.manifest())?;
        let lock = self.workspace.root().join("Cargo.lock");
        fs::copy(&lock, krate.join("Cargo.lock")).map_err(Error::file(&lock))?;
        say("clippy must refuse what follows:");
        let mut command = self.workspace.cargo();
        command.args(["clippy", "--quiet", "--", "-D", "clippy::disallowed_methods"]).current_dir(krate);
        command.env("CARGO_TARGET_DIR", &self.metadata.target_directory);
        command.env("CLIPPY_CONF_DIR", self.workspace.root());
        let mut found = Diagnostics::default();
        let ended = self.runner.run_teeing(&mut command, Stream::Errors, |line| found.read(line));
        match ended {
            Ok(()) | Err(Error::Program { .. }) => judge(found.errors()),
            Err(other) => Err(other),
        }
    }

    /// All features, as in the other steps, so that what was compiled for them is used again.
    fn manifest(&self) -> String {
        let root = self.workspace.root();
        let ours = |name: &str| {
            let member = self.metadata.members().find(|member| member.name == name);
            let features: Vec<&String> = member.into_iter().flat_map(|member| member.features.keys()).collect();
            format!("{name} = {{ path = {:?}, features = {features:?} }}\n", root.join(name))
        };
        let diesel = self.metadata.members().flat_map(|member| &member.dependencies).find(|d| d.name == "diesel");
        let diesel = diesel.map_or("*", |diesel| diesel.req.as_str());
        format!(
            "[package]\nname = \"outside-refusal\"\nversion = \"0.1.0\"\nedition = \"2024\"\npublish = false\n\n\
             [dependencies]\n{}{}diesel = {{ version = {diesel:?}, default-features = false }}\n{PROFILE}\n[workspace]\n",
            ours("cortex-core"),
            ours("cortex-data"),
        )
    }
}

/// The one refusal, and nothing else.
fn judge(errors: &[String]) -> Result<()> {
    match errors {
        [only] if only.contains(REFUSAL) => Ok(()),
        [] => Err(Error::Findings(vec![
            "clippy lets `or_filter` pass: name it under `disallowed-methods` in clippy.toml".to_owned(),
        ])),
        others => Err(Error::Findings(others.to_vec())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_refusal_will_do() {
        let refusal = format!("src/lib.rs:21:24: error: {REFUSAL}");
        assert!(judge(std::slice::from_ref(&refusal)).is_ok());
        let Err(Error::Findings(silent)) = judge(&[]) else { panic!("silence will not do") };
        assert!(silent[0].starts_with("clippy lets `or_filter` pass"));
        let broken = "src/lib.rs:3:5: error[E0432]: unresolved import".to_owned();
        let Err(Error::Findings(broken)) = judge(&[refusal, broken]) else { panic!("more will not do") };
        assert_eq!(broken.len(), 2);
    }
}
