//! Configuration: who wins, what is refused and in which words, what is shown.

use std::collections::BTreeMap;
use std::path::Path;

use cortex_core::{
    ByteSize, Choice, Config, ConfigBuilder, ConfigSection, ConfigSource, Error, Kind, Secret, SectionInfo, TimeSpan,
};
use serde::{Deserialize, Serialize};
use tempfile::TempDir;

mod layers;
mod mistakes;
mod shown;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Choice)]
#[choice(crate = cortex_core, core_only)]
enum Journal {
    #[default]
    Wal,
    WriteThrough,
    #[choice(name = "none")]
    Off,
}

#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
struct Limits {
    body: u32,
    header: u8,
}

/// How the program listens.
#[derive(Debug, PartialEq, Config)]
#[config(key = "web", crate = cortex_core)]
struct Web {
    /// Address to listen on.
    ///
    /// More about it.
    #[config(default = "127.0.0.1")]
    host: String,
    #[config(default = 8080, help = "port to listen on")]
    port: u16,
    #[config(default = "30s")]
    timeout: TimeSpan,
    #[config(default = ByteSize::mib(2))]
    body_limit: ByteSize,
    #[config(default = "off", one_of = ["off", "lax", "strict"])]
    cookies: String,
    origins: Vec<String>,
    compress: bool,
    ratio: f64,
    banner: Option<String>,
    limits: Limits,
    names: BTreeMap<String, i64>,
    #[config(nested)]
    tls: Tls,
}

#[derive(Debug, PartialEq, Config)]
#[config(nested, crate = cortex_core)]
struct Tls {
    #[config(default = "cert.pem")]
    certificate: String,
    /// Opens the key.
    password: Option<Secret>,
}

#[derive(Debug, PartialEq, Config)]
#[config(key = "database", crate = cortex_core)]
struct Database {
    #[config(default = "sqlite://data/erp.db")]
    url: String,
    journal: Journal,
    #[config(required, help = "encrypts columns")]
    column_key: Secret,
    #[config(secret, default = 1234)]
    pin: u32,
}

#[derive(Debug, PartialEq, Config)]
#[config(key = "own", crate = cortex_core, own_default)]
struct Own {
    size: usize,
}

impl Default for Own {
    fn default() -> Self {
        Self { size: 7 }
    }
}

/// A folder with files.
struct Folder(TempDir);

impl Folder {
    fn with(files: &[(&str, &str)]) -> Self {
        let dir = tempfile::tempdir().unwrap();
        for (name, text) in files {
            std::fs::write(dir.path().join(name), text).unwrap();
        }
        Self(dir)
    }

    fn path(&self) -> &Path {
        self.0.path()
    }

    /// The configuration of the folder's files.
    fn builder(&self) -> ConfigBuilder {
        Config::builder().dir(self.path())
    }

    /// The text without the folder's place on this machine.
    fn local(&self, text: &(impl ToString + ?Sized)) -> String {
        text.to_string().replace(&format!("{}/", self.path().display()), "")
    }
}

fn sections() -> Vec<SectionInfo> {
    vec![SectionInfo::of::<Web>(), SectionInfo::of::<Database>(), SectionInfo::of::<Own>()]
}

/// The section `C` of these overrides.
#[track_caller]
fn read<C: ConfigSection>(settings: &[&str]) -> C {
    Config::builder().set_all(settings.iter().copied()).load().unwrap().section().unwrap()
}

/// Message and help of what is wrong with one override.
fn refused<C: ConfigSection + std::fmt::Debug>(setting: &str) -> (String, Option<String>) {
    let error = Config::builder().set(setting).load().and_then(|config| config.section::<C>()).unwrap_err();
    assert_eq!(error.kind(), Kind::Config);
    parts(&error)
}

fn parts(error: &Error) -> (String, Option<String>) {
    (error.message().to_owned(), error.help().map(str::to_owned))
}
