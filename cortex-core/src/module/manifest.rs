//! What a module says about itself.

use std::fmt;

/// The name of a module: lower case letters, digits, `-` and `_`, starting with a letter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ModuleName(&'static str);

impl ModuleName {
    /// What the application itself provides; before every module.
    pub const APPLICATION: Self = Self::new("application");
    /// What a test or `main` overrides; after every module.
    pub const OVERRIDES: Self = Self::new("overrides");

    /// Wraps a name; the plan of the application checks it.
    #[must_use]
    pub const fn new(name: &'static str) -> Self {
        Self(name)
    }

    /// The text.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        self.0
    }

    pub(crate) fn is_valid(self) -> bool {
        let mut letters = self.0.chars();
        letters.next().is_some_and(|c| c.is_ascii_lowercase())
            && letters.all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-' || c == '_')
            && self != Self::APPLICATION
            && self != Self::OVERRIDES
    }
}

impl fmt::Display for ModuleName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

impl From<&'static str> for ModuleName {
    fn from(name: &'static str) -> Self {
        Self(name)
    }
}

/// What a module says about itself. All of it is checked before anything starts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Manifest {
    /// Its name: the prefix of its tables, routes, permissions and settings.
    pub name: ModuleName,
    /// For people: one line.
    pub about: &'static str,
    /// Its version (`1.4.0`), mostly that of its crate.
    pub version: &'static str,
    /// The modules that it cannot be without.
    pub needs: &'static [ModuleNeed],
    /// The modules that it uses where they are there.
    pub optional: &'static [ModuleNeed],
    /// Its migrations, oldest first.
    pub migrations: &'static [MigrationFile],
}

impl Manifest {
    /// A module without needs and migrations.
    #[must_use]
    pub const fn new(name: &'static str, version: &'static str) -> Self {
        Self { name: ModuleName::new(name), about: "", version, needs: &[], optional: &[], migrations: &[] }
    }

    /// The same with one line for people.
    #[must_use]
    pub const fn about(mut self, about: &'static str) -> Self {
        self.about = about;
        self
    }

    /// The same with the modules that it cannot be without.
    #[must_use]
    pub const fn needs(mut self, needs: &'static [ModuleNeed]) -> Self {
        self.needs = needs;
        self
    }

    /// The same with the modules that it uses where they are there.
    #[must_use]
    pub const fn optional(mut self, optional: &'static [ModuleNeed]) -> Self {
        self.optional = optional;
        self
    }

    /// The same with migrations.
    #[must_use]
    pub const fn migrations(mut self, migrations: &'static [MigrationFile]) -> Self {
        self.migrations = migrations;
        self
    }
}

/// Another module, and which of its versions fit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ModuleNeed {
    /// Its name.
    pub name: ModuleName,
    /// A range such as `>=1, <2`; `*` for any.
    pub range: &'static str,
}

impl ModuleNeed {
    /// The versions of `name` in `range`.
    #[must_use]
    pub const fn new(name: &'static str, range: &'static str) -> Self {
        Self { name: ModuleName::new(name), range }
    }
}

/// One migration of a module, embedded in the binary.
///
/// `up` and `down` are for every database; what is given for one database runs after them (`up`) or before
/// them (`down`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MigrationFile {
    /// The name of its folder: `0001_accounts`. Migrations run in the order of their names.
    pub name: &'static str,
    /// Forward.
    pub up: &'static str,
    /// Back.
    pub down: &'static str,
    /// Forward, only on SQLite.
    pub up_sqlite: Option<&'static str>,
    /// Forward, only on PostgreSQL.
    pub up_postgres: Option<&'static str>,
    /// Back, only on SQLite.
    pub down_sqlite: Option<&'static str>,
    /// Back, only on PostgreSQL.
    pub down_postgres: Option<&'static str>,
}

impl MigrationFile {
    /// A migration that is the same on every database.
    #[must_use]
    pub const fn new(name: &'static str, up: &'static str, down: &'static str) -> Self {
        Self { name, up, down, up_sqlite: None, up_postgres: None, down_sqlite: None, down_postgres: None }
    }
}
