//! A migration as a module gives it, and as it runs on one database.

use std::borrow::Cow;
use std::fmt::{self, Write};

use cortex_core::{MigrationFile, Registrar};
use sha2::{Digest, Sha256};

use crate::database::Backend;

type Text = Cow<'static, str>;

/// One migration: a name to sort by and SQL for both ways.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Migration {
    name: Text,
    up: Text,
    down: Text,
    up_sqlite: Option<Text>,
    up_postgres: Option<Text>,
    down_sqlite: Option<Text>,
    down_postgres: Option<Text>,
}

impl Migration {
    /// A migration that is the same on every database. Without SQL for `down` there is no way back.
    ///
    /// ```
    /// use cortex_data::Migration;
    ///
    /// let books = Migration::new("0001_books", "CREATE TABLE books (title text)", "DROP TABLE books");
    /// assert_eq!(books.name(), "0001_books");
    /// ```
    #[must_use]
    pub fn new(name: impl Into<Text>, up: impl Into<Text>, down: impl Into<Text>) -> Self {
        Self {
            name: name.into(),
            up: up.into(),
            down: down.into(),
            up_sqlite: None,
            up_postgres: None,
            down_sqlite: None,
            down_postgres: None,
        }
    }

    /// The same with SQL that one database runs in addition: after `up`, and before `down`.
    #[must_use]
    pub fn only_on(mut self, backend: Backend, up: impl Into<Text>, down: impl Into<Text>) -> Self {
        match backend {
            Backend::Sqlite => (self.up_sqlite, self.down_sqlite) = (Some(up.into()), Some(down.into())),
            Backend::Postgres => (self.up_postgres, self.down_postgres) = (Some(up.into()), Some(down.into())),
        }
        self
    }

    /// The name, by which a module's migrations are ordered.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// SHA-256 of all its parts, in hex. Line ends don't count: git may rewrite them.
    #[must_use]
    pub fn checksum(&self) -> String {
        let own = [
            ("up_sqlite", self.up_sqlite.as_deref()),
            ("up_postgres", self.up_postgres.as_deref()),
            ("down_sqlite", self.down_sqlite.as_deref()),
            ("down_postgres", self.down_postgres.as_deref()),
        ];
        let parts = [("up", Some(&*self.up)), ("down", Some(&*self.down))].into_iter().chain(own);
        let mut hash = Sha256::new();
        for (label, text) in parts {
            let Some(text) = text else { continue };
            let text = text.replace("\r\n", "\n");
            hash.update(format!("{label} {}\n", text.len()));
            hash.update(text);
        }
        hash.finalize().iter().fold(String::with_capacity(64), |mut hex, byte| {
            let _ = write!(hex, "{byte:02x}");
            hex
        })
    }

    pub(super) fn up_parts(&self, backend: Backend) -> Vec<Part> {
        let (file, own) = match backend {
            Backend::Sqlite => ("up.sqlite.sql", &self.up_sqlite),
            Backend::Postgres => ("up.postgres.sql", &self.up_postgres),
        };
        self.parts([("up.sql", Some(&self.up)), (file, own.as_ref())])
    }

    pub(super) fn down_parts(&self, backend: Backend) -> Vec<Part> {
        let (file, own) = match backend {
            Backend::Sqlite => ("down.sqlite.sql", &self.down_sqlite),
            Backend::Postgres => ("down.postgres.sql", &self.down_postgres),
        };
        self.parts([(file, own.as_ref()), ("down.sql", Some(&self.down))])
    }

    fn parts(&self, parts: [(&str, Option<&Text>); 2]) -> Vec<Part> {
        let present = parts.into_iter().filter_map(|(file, sql)| Some((file, sql?)));
        present
            .map(|(file, sql)| Part { file: format!("{}/{file}", self.name), sql: sql.clone().into_owned() })
            .collect()
    }
}

impl From<MigrationFile> for Migration {
    fn from(file: MigrationFile) -> Self {
        Self {
            name: file.name.into(),
            up: file.up.into(),
            down: file.down.into(),
            up_sqlite: file.up_sqlite.map(Into::into),
            up_postgres: file.up_postgres.map(Into::into),
            down_sqlite: file.down_sqlite.map(Into::into),
            down_postgres: file.down_postgres.map(Into::into),
        }
    }
}

/// One file of a migration, as it runs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// Its path below the module's migrations: `0001_accounts/up.sql`.
    pub file: String,
    /// Its statements.
    pub sql: String,
}

/// A migration that would run. Displayed as SQL with a comment per file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// The module.
    pub module: String,
    /// The migration.
    pub name: String,
    /// What would run, in order, in one transaction.
    pub parts: Vec<Part>,
}

impl Step {
    pub(super) fn up(module: &str, migration: &Migration, backend: Backend) -> Self {
        let parts = migration.up_parts(backend);
        Self { module: module.to_owned(), name: migration.name().to_owned(), parts }
    }

    pub(super) fn down(module: &str, migration: &Migration, backend: Backend) -> Self {
        let parts = migration.down_parts(backend);
        Self { module: module.to_owned(), name: migration.name().to_owned(), parts }
    }
}

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for part in &self.parts {
            writeln!(f, "-- {}: {}\n{}\n", self.module, part.file, part.sql.trim())?;
        }
        Ok(())
    }
}

/// Lets a module bring migrations from code.
pub trait RegisterMigrations {
    /// Adds a migration of this module, beside those that its manifest names. For programs of one file; others
    /// keep migrations in a folder, where they are seen in reviews and by editors.
    fn migration(
        &mut self,
        name: impl Into<Cow<'static, str>>,
        up: impl Into<Cow<'static, str>>,
        down: impl Into<Cow<'static, str>>,
    ) -> &mut Self;
}

impl RegisterMigrations for Registrar {
    fn migration(
        &mut self,
        name: impl Into<Cow<'static, str>>,
        up: impl Into<Cow<'static, str>>,
        down: impl Into<Cow<'static, str>>,
    ) -> &mut Self {
        self.contribute(Migration::new(name, up, down))
    }
}
