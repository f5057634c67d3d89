//! `[tenancy]` of the configuration: where new tenants go, and how much of the machine all of them may use.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use cortex_core::{Config, IdError, Result, TenantId, TimeSpan};

use super::error::TenancyError;
use super::placement::{Placement, PlacementKind};
use super::source::TenantSource;
use super::tenant::Quotas;
use super::wall::is_plain_name;
use crate::Backend;

/// Connections beside those of the main database, where the configuration names no cap.
const CONNECTIONS_BESIDE: usize = 32;
/// Loaded databases of tenants, where the configuration says nothing.
const OPEN_MAX: u32 = 128;
/// Connections of one tenant's database, where the configuration says nothing.
const TENANT_CONNECTIONS: u16 = 4;

/// `[tenancy]` of the configuration.
#[derive(Debug, Clone, Config)]
#[config(key = "tenancy", crate = cortex_core)]
pub struct TenancyConfig {
    /// Where new tenants go: `shared`, `schema` (PostgreSQL) or `database`.
    #[config(default = "shared", one_of = ["shared", "schema", "database"])]
    pub mode: String,
    /// Where tenants of a tier go, such as `{ gold = "database", free = "shared" }`.
    pub tiers: BTreeMap<String, String>,
    /// What tenants of a tier may use, such as `{ free = "rows=10000 bytes=50000000 requests_per_minute=600" }`.
    pub quotas: BTreeMap<String, String>,
    /// Most connections open at once over all databases; 0 for those of `database.connections` and 33 more.
    pub connections: u16,
    /// Most connections to one tenant's own database.
    #[config(default = TENANT_CONNECTIONS)]
    pub tenant_connections: u16,
    /// Most databases of tenants that are loaded at a time.
    #[config(default = OPEN_MAX)]
    pub open_max: u32,
    /// A tenant's database that nobody used for so long is closed.
    #[config(default = "5m")]
    pub idle: TimeSpan,
    /// Folder of the tenants' SQLite files; beside the main file, or `tenants`, where nothing is said.
    #[config(default = "")]
    pub folder: String,
    /// URL of a tenant's PostgreSQL database with `{name}` in place of its name; the server of the main database
    /// where nothing is said.
    #[config(secret, default = "")]
    pub postgres: String,
    /// Whether PostgreSQL itself keeps the rows of tenants apart, as a second wall behind the queries.
    #[config(default = true)]
    pub row_security: bool,
    /// What may name the tenant of a request: `token`, `header`, `host` and `path`, which must not contradict each
    /// other. Without `token`, one of the others has to name it.
    #[config(default = TenantSource::ALL.to_vec())]
    pub from: Vec<TenantSource>,
    /// The id of the tenant that the rows of external tables with `one_tenant` belong to.
    #[config(default = "")]
    pub external_tenant: String,
    /// Tenants that are migrated before all others, by name.
    pub canary: Vec<String>,
    /// Tenants that are migrated at the same time.
    #[config(default = 4)]
    pub migrate_parallel: u16,
}

impl TenancyConfig {
    /// What a [`Database`](crate::Database) is opened with.
    ///
    /// # Errors
    /// [`TenancyError::Config`] when a tier or quota says something that does not exist.
    pub fn options(&self) -> Result<TenancyOptions, TenancyError> {
        let kind = |key: &'static str, text: &str| {
            let wrong = || format!("`{text}` is none of `shared`, `schema` and `database`");
            PlacementKind::parse(text).ok_or_else(|| TenancyError::Config { key, reason: wrong() })
        };
        let tiers = self.tiers.iter().map(|(tier, text)| Ok((tier.clone(), kind("tiers", text)?)));
        let quotas = self.quotas.iter().map(|(tier, text)| Ok((tier.clone(), parse_quotas(text)?)));
        let text = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        let wrong = |error: IdError| TenancyError::Config { key: "external_tenant", reason: error.to_string() };
        let external_tenant = text(&self.external_tenant).map(|id| id.parse().map_err(wrong)).transpose()?;
        Ok(TenancyOptions {
            mode: kind("mode", &self.mode)?,
            tiers: tiers.collect::<Result<_, _>>()?,
            quotas: quotas.collect::<Result<_, _>>()?,
            connections: (self.connections > 0).then(|| usize::from(self.connections)),
            tenant_connections: usize::from(self.tenant_connections),
            open_max: usize::try_from(self.open_max).unwrap_or(usize::MAX),
            idle: self.idle.into(),
            folder: text(&self.folder).map(PathBuf::from),
            postgres: text(&self.postgres),
            row_security: self.row_security,
            external_tenant,
            canary: self.canary.clone(),
            migrate_parallel: usize::from(self.migrate_parallel).max(1),
        })
    }
}

/// Reads `rows=10000 bytes=50000000`.
fn parse_quotas(text: &str) -> Result<Quotas, TenancyError> {
    let mut quotas = Quotas::default();
    for pair in text.split_whitespace() {
        let wrong = || TenancyError::Config { key: "quotas", reason: format!("`{pair}` is no quota") };
        let (name, limit) = pair.split_once('=').ok_or_else(wrong)?;
        let limit = Some(limit.parse().map_err(|_| wrong())?);
        match name {
            "rows" => quotas.rows = limit,
            "bytes" => quotas.bytes = limit,
            "requests_per_minute" => quotas.requests_per_minute = limit,
            "jobs_per_hour" => quotas.jobs_per_hour = limit,
            _ => return Err(wrong()),
        }
    }
    Ok(quotas)
}

/// How tenants are placed and what all of them may use: [`TenancyConfig`] after it was checked.
#[derive(Debug, Clone)]
pub struct TenancyOptions {
    /// Where new tenants go.
    pub mode: PlacementKind,
    /// Where tenants of a tier go.
    pub tiers: BTreeMap<String, PlacementKind>,
    /// What tenants of a tier may use.
    pub quotas: BTreeMap<String, Quotas>,
    /// Most connections open at once over all databases.
    pub connections: Option<usize>,
    /// Most connections to one tenant's own database.
    pub tenant_connections: usize,
    /// Most databases of tenants that are loaded at a time.
    pub open_max: usize,
    /// A tenant's database that nobody used for so long is closed.
    pub idle: std::time::Duration,
    /// Folder of the tenants' SQLite files.
    pub folder: Option<PathBuf>,
    /// URL of a tenant's PostgreSQL database, with `{name}`.
    pub postgres: Option<String>,
    /// Whether PostgreSQL itself keeps the rows of tenants apart.
    pub row_security: bool,
    /// The tenant that the rows of external tables with `one_tenant` belong to.
    pub external_tenant: Option<TenantId>,
    /// Tenants that are migrated before all others, by name.
    pub canary: Vec<String>,
    /// Tenants that are migrated at the same time.
    pub migrate_parallel: usize,
}

impl Default for TenancyOptions {
    fn default() -> Self {
        Self {
            mode: PlacementKind::Shared,
            tiers: BTreeMap::new(),
            quotas: BTreeMap::new(),
            connections: None,
            tenant_connections: usize::from(TENANT_CONNECTIONS),
            open_max: usize::try_from(OPEN_MAX).unwrap_or(usize::MAX),
            idle: std::time::Duration::from_secs(300),
            folder: None,
            postgres: None,
            row_security: true,
            external_tenant: None,
            canary: Vec::new(),
            migrate_parallel: 4,
        }
    }
}

impl TenancyOptions {
    /// Where a new tenant of `tier` goes.
    #[must_use]
    pub fn kind_of(&self, tier: &str) -> PlacementKind {
        self.tiers.get(tier).copied().unwrap_or(self.mode)
    }

    /// What a new tenant of `tier` may use.
    #[must_use]
    pub fn quotas_of(&self, tier: &str) -> Quotas {
        self.quotas.get(tier).copied().unwrap_or_default()
    }

    /// Most connections open at once, with a main database that has `main` of them.
    pub(crate) fn cap(&self, main: usize) -> usize {
        // One more for the writer of SQLite.
        self.connections.unwrap_or(main.saturating_add(1 + CONNECTIONS_BESIDE))
    }

    /// The folder of the tenants' SQLite files.
    pub(crate) fn folder(&self, main_url: &str) -> PathBuf {
        match (&self.folder, main_url.strip_prefix("sqlite:")) {
            (Some(folder), _) => folder.clone(),
            (None, Some(path)) => {
                let path = Path::new(path.strip_prefix("//").unwrap_or(path));
                path.parent().unwrap_or_else(|| Path::new("")).join("tenants")
            }
            (None, None) => PathBuf::from("tenants"),
        }
    }

    /// The URL of the database at a location; `None` for what is no database.
    pub(crate) fn url(&self, placement: &Placement, main_url: &str) -> Result<Option<String>, TenancyError> {
        let Placement::Database(location) = placement else { return Ok(None) };
        let wrong = || TenancyError::Location { location: super::place::shown(location) };
        if location.starts_with("sqlite:") || location.contains("://") {
            return Ok(Some(location.clone()));
        }
        if let Some(stem) = location.strip_suffix(".db") {
            return match is_plain_name(stem) {
                true => Ok(Some(format!("sqlite:{}", self.folder(main_url).join(location).display()))),
                false => Err(wrong()),
            };
        }
        if !is_plain_name(location) {
            return Err(wrong());
        }
        if let Some(template) = &self.postgres {
            return Ok(Some(template.replace("{name}", location)));
        }
        replace_database(main_url, location).map(Some).ok_or_else(wrong)
    }

    /// Which database system a new tenant's own database is on.
    pub(crate) fn backend_of_databases(&self, main: Backend) -> Backend {
        if self.postgres.is_some() { Backend::Postgres } else { main }
    }
}

/// The URL of another database on the same PostgreSQL server.
pub(crate) fn replace_database(url: &str, name: &str) -> Option<String> {
    let (scheme, rest) = url.split_once("://")?;
    if !scheme.starts_with("postgres") {
        return None;
    }
    let (before, query) = rest.split_once('?').map_or((rest, None), |(before, query)| (before, Some(query)));
    let host = before.split_once('/').map_or(before, |(host, _)| host);
    let query = query.map(|query| format!("?{query}")).unwrap_or_default();
    Some(format!("{scheme}://{host}/{name}{query}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn locations_become_urls() {
        let options = TenancyOptions { folder: Some("data/t".into()), ..TenancyOptions::default() };
        let url = |main: &str, at: &str| options.url(&Placement::Database(at.to_owned()), main);
        let postgres = "postgres://u:p@h:5432/main?sslmode=require";
        assert_eq!(url("sqlite:main.db", "acme.db"), Ok(Some("sqlite:data/t/acme.db".to_owned())));
        assert_eq!(url(postgres, "acme"), Ok(Some("postgres://u:p@h:5432/acme?sslmode=require".to_owned())));
        assert_eq!(url(postgres, "sqlite:/x/y.db"), Ok(Some("sqlite:/x/y.db".to_owned())));
        assert!(url("sqlite:main.db", "acme").is_err());
        assert!(url("sqlite:main.db", "../acme.db").is_err());
        assert!(url(postgres, "a\"b").is_err());
        assert_eq!(options.url(&Placement::Shared, postgres), Ok(None));
        let beside = TenancyOptions::default().folder("sqlite:/var/lib/erp/main.db");
        assert_eq!(beside, Path::new("/var/lib/erp/tenants"));
    }

    #[test]
    fn quotas_are_read() {
        let quotas = parse_quotas("rows=10 requests_per_minute=5").unwrap();
        assert_eq!(quotas, Quotas { rows: Some(10), requests_per_minute: Some(5), ..Quotas::default() });
        assert!(parse_quotas("rows").is_err() && parse_quotas("rows=x").is_err() && parse_quotas("cows=1").is_err());
    }
}
