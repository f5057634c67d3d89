//! The quickstart as a newcomer has it: a crate outside of this workspace, with the facade as a path dependency.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use tempfile::TempDir;

use super::Context;
use super::app::App;
use crate::report::say;
use crate::workspace::{Dependency, Package};
use crate::{Error, Result};

/// The example that is copied.
const EXAMPLE: &str = "quickstart";
const NAME: &str = "outside-quickstart";
/// As in this workspace, so that what was compiled for it is used again.
pub(super) const PROFILE: &str = "
[profile.dev]
debug = \"line-tables-only\"

[profile.dev.package.\"*\"]
debug = false
";

impl Context<'_> {
    /// Copies the quickstart, builds it with default features, starts it and asks it over HTTP.
    pub(super) fn outside(&self) -> Result<()> {
        let Some(example) = self.metadata.members().find(|member| member.name == EXAMPLE) else {
            say(format!("there is no example named {EXAMPLE} yet"));
            return Ok(());
        };
        let folder = TempDir::with_prefix("cortex-outside-").map_err(Error::io("cannot create a temporary folder"))?;
        let krate = folder.path().join("crate");
        copy(&self.workspace.root().join("examples").join(EXAMPLE), &krate)?;
        write(&krate.join("Cargo.toml"), &manifest(example))?;
        let lock = self.workspace.root().join("Cargo.lock");
        if lock.is_file() {
            // The versions that were tested; cargo leaves out what is not needed.
            fs::copy(&lock, krate.join("Cargo.lock")).map_err(Error::file(&lock))?;
        }
        let mut command = self.workspace.cargo();
        command.arg("build").current_dir(&krate).env("CARGO_TARGET_DIR", &self.metadata.target_directory);
        self.runner.run(&mut command)?;
        let program = self.metadata.target_directory.join("debug").join(NAME);
        let app = App::start(self.runner, &program, folder.path(), None)?;
        app.explore(app.token().as_deref())?;
        app.stop()
    }
}

/// A manifest outside of the workspace with the same dependencies.
fn manifest(example: &Package) -> String {
    let mut text = format!("[package]\nname = \"{NAME}\"\nversion = \"0.1.0\"\nedition = \"2024\"\npublish = false\n");
    text.push_str("\n[dependencies]\n");
    for dependency in example.dependencies.iter().filter(|dependency| dependency.kind.is_none()) {
        let _ = writeln!(text, "{}", line(dependency));
    }
    text.push_str(PROFILE);
    text.push_str("\n[workspace]\n");
    text
}

fn line(dependency: &Dependency) -> String {
    let name = dependency.rename.as_deref().unwrap_or(&dependency.name);
    let place = match &dependency.path {
        Some(path) => format!("path = {path:?}"),
        None => format!("version = {:?}", dependency.req),
    };
    let package =
        if dependency.rename.is_some() { format!("package = {:?}, ", dependency.name) } else { String::new() };
    let defaults = if dependency.uses_default_features { "" } else { ", default-features = false" };
    let features = &dependency.features;
    let features = if features.is_empty() { String::new() } else { format!(", features = {features:?}") };
    format!("{name} = {{ {package}{place}{defaults}{features} }}")
}

/// Copies a folder, hidden files apart.
fn copy(from: &Path, to: &Path) -> Result<()> {
    fs::create_dir_all(to).map_err(Error::file(to))?;
    for entry in fs::read_dir(from).map_err(Error::file(from))? {
        let entry = entry.map_err(Error::file(from))?;
        let target = to.join(entry.file_name());
        if entry.file_name().to_string_lossy().starts_with('.') {
            continue;
        }
        if entry.path().is_dir() {
            copy(&entry.path(), &target)?;
        } else {
            fs::copy(entry.path(), &target).map_err(Error::file(&entry.path()))?;
        }
    }
    Ok(())
}

pub(super) fn write(path: &Path, text: &str) -> Result<()> {
    fs::write(path, text).map_err(Error::file(path))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn dependency(name: &str, path: Option<&str>, features: &[&str]) -> Dependency {
        Dependency {
            name: name.into(),
            kind: None,
            req: "^1".into(),
            rename: None,
            path: path.map(Into::into),
            uses_default_features: path.is_some(),
            features: features.iter().map(ToString::to_string).collect(),
        }
    }

    #[test]
    fn dependencies_are_taken_over() {
        let ours = dependency("codexion", Some("/a/codexion"), &[]);
        assert_eq!(line(&ours), "codexion = { path = \"/a/codexion\" }");
        let foreign = dependency("serde", None, &["derive"]);
        assert_eq!(line(&foreign), "serde = { version = \"^1\", default-features = false, features = [\"derive\"] }");
        let renamed = Dependency { rename: Some("json".into()), ..dependency("serde_json", None, &[]) };
        assert_eq!(line(&renamed), "json = { package = \"serde_json\", version = \"^1\", default-features = false }");
    }

    #[test]
    fn a_folder_is_copied_whole() {
        let root = tempfile::tempdir().unwrap();
        let (from, to) = (root.path().join("from"), root.path().join("to"));
        fs::create_dir_all(from.join("src")).unwrap();
        fs::write(from.join("src/main.rs"), "fn main() {}").unwrap();
        fs::write(from.join(".hidden"), "").unwrap();
        copy(&from, &to).unwrap();
        assert!(to.join("src/main.rs").is_file());
        assert!(!to.join(".hidden").exists());
    }
}
