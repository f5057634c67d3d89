//! What a round of health checks found, and its form on the wire.

use std::collections::BTreeMap;
use std::time::Duration;

use serde::{Serialize, Serializer};

use super::HealthCheck;

/// How the application is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum HealthStatus {
    /// All is well.
    Up,
    /// It works, but something should be looked at.
    Degraded,
    /// It does not work.
    Down,
}

/// How one check ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum CheckStatus {
    /// All is well.
    Pass,
    /// It works, but somebody should look.
    Warn,
    /// It failed, panicked or took too long.
    Fail,
    /// It was not asked, since a check that it needs did not pass.
    Skipped,
}

/// What one check found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CheckReport {
    /// The check.
    pub name: String,
    /// How it ended.
    pub status: CheckStatus,
    /// Whether the application is down without it.
    pub critical: bool,
    /// How long it took.
    pub duration: Duration,
    /// More, for people.
    pub message: Option<String>,
}

impl CheckReport {
    pub(super) fn new(check: &dyn HealthCheck, status: CheckStatus) -> Self {
        let (name, critical) = (check.name().to_owned(), check.critical());
        Self { name, status, critical, duration: Duration::ZERO, message: None }
    }

    /// Whether others may rely on it.
    pub(super) fn usable(&self) -> bool {
        matches!(self.status, CheckStatus::Pass | CheckStatus::Warn)
    }

    fn weight(&self) -> HealthStatus {
        match (self.status, self.critical) {
            (CheckStatus::Pass, _) => HealthStatus::Up,
            (CheckStatus::Warn, _) | (CheckStatus::Fail | CheckStatus::Skipped, false) => HealthStatus::Degraded,
            (CheckStatus::Fail | CheckStatus::Skipped, true) => HealthStatus::Down,
        }
    }
}

/// What a round of checks found. Serialises as `application/health+json`
/// (draft-inadarei-api-health-check).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HealthReport {
    status: HealthStatus,
    checks: Vec<CheckReport>,
}

impl HealthReport {
    /// The media type of its JSON form.
    pub const MEDIA_TYPE: &'static str = "application/health+json";

    pub(super) fn new(checks: Vec<CheckReport>) -> Self {
        let status = checks.iter().map(CheckReport::weight).max().unwrap_or(HealthStatus::Up);
        Self { status, checks }
    }

    /// The worst of all checks; up where there are none.
    #[must_use]
    pub fn status(&self) -> HealthStatus {
        self.status
    }

    /// Each check, in the order of registration.
    #[must_use]
    pub fn checks(&self) -> &[CheckReport] {
        &self.checks
    }

    /// Whether work can be sent here: up or degraded.
    #[must_use]
    pub fn is_usable(&self) -> bool {
        self.status != HealthStatus::Down
    }

    /// One line on what is wrong; `None` when all is well.
    #[must_use]
    pub fn summary(&self) -> Option<String> {
        let wrong = self.checks.iter().filter(|check| check.status != CheckStatus::Pass);
        let lines: Vec<String> =
            wrong.map(|check| format!("`{}`: {}", check.name, check.message.as_deref().unwrap_or("failed"))).collect();
        (!lines.is_empty()).then(|| lines.join("; "))
    }
}

#[derive(Serialize)]
struct Wire<'a> {
    status: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    output: Option<String>,
    checks: BTreeMap<String, [WireCheck<'a>; 1]>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct WireCheck<'a> {
    status: &'static str,
    observed_value: f64,
    observed_unit: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    output: Option<&'a str>,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    skipped: bool,
}

impl Serialize for HealthReport {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let status = match self.status {
            HealthStatus::Up => "pass",
            HealthStatus::Degraded => "warn",
            HealthStatus::Down => "fail",
        };
        let checks = self.checks.iter().map(|check| {
            let wire = WireCheck {
                status: match check.status {
                    CheckStatus::Pass => "pass",
                    CheckStatus::Warn => "warn",
                    CheckStatus::Fail | CheckStatus::Skipped => "fail",
                },
                observed_value: (check.duration.as_secs_f64() * 1_000_000.0).round() / 1_000.0,
                observed_unit: "ms",
                output: check.message.as_deref(),
                skipped: check.status == CheckStatus::Skipped,
            };
            (format!("{}:responseTime", check.name), [wire])
        });
        Wire { status, output: self.summary(), checks: checks.collect() }.serialize(serializer)
    }
}
