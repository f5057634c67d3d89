//! What `cargo metadata` and `git` say about the workspace.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde::Deserialize;

use crate::{Error, Result};

/// Where the project lies.
#[derive(Debug)]
pub struct Workspace {
    root: PathBuf,
}

/// One text file that is, or is about to be, under version control.
#[derive(Debug)]
pub(crate) struct SourceFile {
    /// Relative to the root, with `/`.
    pub(crate) path: String,
    pub(crate) text: String,
}

impl Workspace {
    /// The workspace of the `cargo run` around this process, else the one this command was built from.
    ///
    /// # Errors
    /// Fails when the sources were moved since.
    pub fn find() -> Result<Self> {
        let manifest = std::env::var_os("CARGO_MANIFEST_DIR").unwrap_or_else(|| env!("CARGO_MANIFEST_DIR").into());
        let root = Path::new(&manifest).parent().unwrap_or(Path::new("."));
        let root = root.canonicalize().map_err(Error::file(root))?;
        Ok(Self { root })
    }

    /// The folder of the root manifest.
    #[must_use]
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// The same `cargo` that runs this command, in the root of the workspace.
    pub(crate) fn cargo(&self) -> Command {
        let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
        command.current_dir(&self.root);
        // Set by the `cargo run` around this process; they would make other crates believe they are this one.
        for (name, _) in std::env::vars_os() {
            let text = name.to_string_lossy();
            if text.starts_with("CARGO_PKG_") || text.starts_with("CARGO_MANIFEST_") {
                command.env_remove(&name);
            }
        }
        command
    }

    /// Members, dependencies and how they hang together.
    pub(crate) fn metadata(&self) -> Result<Metadata> {
        let mut command = self.cargo();
        command.args(["metadata", "--format-version=1", "--all-features"]);
        let output = command.output().map_err(Error::io("cannot start `cargo metadata`"))?;
        if !output.status.success() {
            let status = format!("{}\n{}", output.status, String::from_utf8_lossy(&output.stderr));
            return Err(Error::Program { program: "cargo metadata".into(), status });
        }
        serde_json::from_slice(&output.stdout)
            .map_err(|source| Error::Json { what: "the output of `cargo metadata`".into(), source })
    }

    /// All text files that git tracks or would add.
    pub(crate) fn files(&self) -> Result<Vec<SourceFile>> {
        let output = Command::new("git")
            .current_dir(&self.root)
            .args(["ls-files", "-z", "--cached", "--others", "--exclude-standard"])
            .output()
            .map_err(Error::io("cannot start `git ls-files`"))?;
        if !output.status.success() {
            let status = String::from_utf8_lossy(&output.stderr).into_owned();
            return Err(Error::Program { program: "git ls-files".into(), status });
        }
        let names = String::from_utf8_lossy(&output.stdout);
        let paths: BTreeSet<&str> = names.split('\0').filter(|name| !name.is_empty()).collect();
        let mut files = Vec::new();
        for path in paths {
            let full = self.root.join(path);
            if !full.is_file() {
                continue; // deleted, not yet committed
            }
            let bytes = fs::read(&full).map_err(Error::file(&full))?;
            // What is not UTF-8 is data, such as an image or a test input in another encoding.
            if let Ok(text) = String::from_utf8(bytes) {
                files.push(SourceFile { path: path.to_owned(), text });
            }
        }
        Ok(files)
    }
}

#[derive(Debug, Deserialize)]
pub(crate) struct Metadata {
    pub(crate) packages: Vec<Package>,
    pub(crate) workspace_members: Vec<String>,
    pub(crate) resolve: Resolve,
    pub(crate) target_directory: PathBuf,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Package {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) version: String,
    pub(crate) license: Option<String>,
    /// The name of the registry; nothing for a crate of ours.
    pub(crate) source: Option<String>,
    pub(crate) dependencies: Vec<Dependency>,
    pub(crate) features: BTreeMap<String, Vec<String>>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Dependency {
    pub(crate) name: String,
    /// `dev`, `build`, or nothing for a normal one.
    pub(crate) kind: Option<String>,
    pub(crate) req: String,
    pub(crate) rename: Option<String>,
    pub(crate) path: Option<String>,
    pub(crate) uses_default_features: bool,
    pub(crate) features: Vec<String>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Resolve {
    nodes: Vec<Node>,
}

#[derive(Debug, Deserialize)]
struct Node {
    id: String,
    deps: Vec<NodeDependency>,
}

#[derive(Debug, Deserialize)]
struct NodeDependency {
    pkg: String,
    dep_kinds: Vec<DependencyKind>,
}

#[derive(Debug, Deserialize)]
struct DependencyKind {
    kind: Option<String>,
}

impl Metadata {
    /// The crates of this workspace.
    pub(crate) fn members(&self) -> impl Iterator<Item = &Package> {
        self.packages.iter().filter(|package| self.workspace_members.contains(&package.id))
    }

    /// Whether the workspace has this crate yet.
    pub(crate) fn has_member(&self, name: &str) -> bool {
        self.members().any(|package| package.name == name)
    }

    /// Everything a member links in the end: the names in its tree of normal dependencies, each with the
    /// path that leads to it.
    pub(crate) fn linked(&self, member: &str) -> BTreeMap<String, String> {
        let nodes: HashMap<&str, &Node> = self.resolve.nodes.iter().map(|node| (node.id.as_str(), node)).collect();
        let names: HashMap<&str, &str> = self.packages.iter().map(|p| (p.id.as_str(), p.name.as_str())).collect();
        let mut found = BTreeMap::new();
        let mut open: Vec<(&str, String)> =
            self.members().filter(|p| p.name == member).map(|p| (p.id.as_str(), p.name.clone())).collect();
        while let Some((id, path)) = open.pop() {
            let Some(name) = names.get(id) else { continue };
            if found.contains_key(*name) {
                continue;
            }
            found.insert((*name).to_owned(), path.clone());
            let normal = nodes.get(id).into_iter().flat_map(|node| &node.deps);
            for dependency in normal.filter(|dep| dep.dep_kinds.iter().any(|kind| kind.kind.is_none())) {
                let next = names.get(dependency.pkg.as_str()).copied().unwrap_or_default();
                open.push((&dependency.pkg, format!("{path} -> {next}")));
            }
        }
        found
    }
}
