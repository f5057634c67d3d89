//! Health: together, in order of needs, within their time.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use cortex_core::{
    CheckStatus, Error, Health, HealthCheck, HealthKind, HealthReport, HealthStatus, Kind, Probe, Result, async_trait,
};
use serde_json::json;
use tokio::sync::Barrier;

/// What a check of these tests does.
#[derive(Clone)]
enum Does {
    Pass,
    Warn,
    Fail,
    Panic,
    Hang,
    /// Passes once that many checks have come here.
    Meet(Arc<Barrier>),
    /// Passes and says as how manieth.
    Count(Arc<AtomicUsize>),
}

struct Check {
    name: &'static str,
    does: Does,
    kinds: &'static [HealthKind],
    needs: &'static [&'static str],
    critical: bool,
}

impl Check {
    fn new(name: &'static str, does: Does) -> Self {
        Self { name, does, kinds: &[HealthKind::Ready], needs: &[], critical: true }
    }
}

#[async_trait]
impl HealthCheck for Check {
    fn name(&self) -> &str {
        self.name
    }

    fn kinds(&self) -> &[HealthKind] {
        self.kinds
    }

    fn needs(&self) -> &[&str] {
        self.needs
    }

    fn timeout(&self) -> Duration {
        Duration::from_secs(3)
    }

    fn critical(&self) -> bool {
        self.critical
    }

    async fn check(&self) -> Result<Probe> {
        match &self.does {
            Does::Pass => Ok(Probe::pass()),
            Does::Warn => Ok(Probe::warn("slow")),
            Does::Fail => Err(Error::unavailable("test", "cannot connect")),
            Does::Panic => panic!("a defect"),
            Does::Hang => std::future::pending().await,
            Does::Meet(barrier) => {
                barrier.wait().await;
                Ok(Probe::pass())
            }
            Does::Count(count) => Ok(Probe::pass_with((count.fetch_add(1, Ordering::SeqCst) + 1).to_string())),
        }
    }
}

fn health(checks: Vec<Check>) -> Result<Health> {
    Health::new(checks.into_iter().map(|check| Arc::new(check) as Arc<dyn HealthCheck>).collect())
}

async fn ready(checks: Vec<Check>) -> HealthReport {
    health(checks).unwrap().run(HealthKind::Ready).await
}

fn statuses(report: &HealthReport) -> Vec<(&str, CheckStatus)> {
    report.checks().iter().map(|check| (check.name.as_str(), check.status)).collect()
}

#[tokio::test]
async fn the_worst_check_decides() {
    let optional = |does| Check { critical: false, ..Check::new("b", does) };
    for (check, status) in [
        (Check::new("b", Does::Pass), HealthStatus::Up),
        (Check::new("b", Does::Warn), HealthStatus::Degraded),
        (Check::new("b", Does::Fail), HealthStatus::Down),
        (optional(Does::Fail), HealthStatus::Degraded),
        (optional(Does::Warn), HealthStatus::Degraded),
    ] {
        let report = ready(vec![Check::new("a", Does::Pass), check]).await;
        assert_eq!(report.status(), status, "{report:?}");
        assert_eq!(report.is_usable(), status != HealthStatus::Down);
    }
    assert_eq!(ready(vec![]).await.status(), HealthStatus::Up);
}

#[tokio::test]
async fn only_the_checks_of_a_kind_run_and_what_they_need() {
    let health = health(vec![
        Check { kinds: &[HealthKind::Live], ..Check::new("loop", Does::Pass) },
        Check { kinds: &[HealthKind::Startup, HealthKind::Ready], ..Check::new("database", Does::Pass) },
        Check { kinds: &[HealthKind::Startup], needs: &["disk"], ..Check::new("migrations", Does::Pass) },
        Check { kinds: &[], ..Check::new("disk", Does::Pass) },
    ])
    .unwrap();
    for (kind, expected) in [
        (HealthKind::Live, vec!["loop"]),
        (HealthKind::Ready, vec!["database"]),
        (HealthKind::Startup, vec!["database", "migrations", "disk"]),
    ] {
        let report = health.run(kind).await;
        let names: Vec<&str> = report.checks().iter().map(|check| check.name.as_str()).collect();
        assert_eq!(names, expected);
    }
}

#[tokio::test]
async fn independent_checks_run_at_the_same_time() {
    let barrier = Arc::new(Barrier::new(3));
    let names = ["a", "b", "c"];
    let report = ready(names.map(|name| Check::new(name, Does::Meet(Arc::clone(&barrier)))).into()).await;
    assert_eq!(report.status(), HealthStatus::Up, "{report:?}");
}

#[tokio::test]
async fn a_check_waits_for_those_that_it_needs() {
    let count = Arc::new(AtomicUsize::new(0));
    let check = |name, needs| Check { needs, ..Check::new(name, Does::Count(Arc::clone(&count))) };
    let report = ready(vec![check("c", &["a", "b"]), check("b", &["a"]), check("a", &[])]).await;
    let order: Vec<_> = report.checks().iter().map(|check| (check.name.as_str(), check.message.as_deref())).collect();
    assert_eq!(order, [("c", Some("3")), ("b", Some("2")), ("a", Some("1"))]);
}

#[tokio::test]
async fn what_needs_a_failed_check_is_skipped() {
    let report = ready(vec![
        Check { needs: &["migrations"], ..Check::new("series", Does::Pass) },
        Check { needs: &["database"], ..Check::new("migrations", Does::Pass) },
        Check::new("database", Does::Fail),
        Check::new("mail", Does::Pass),
    ])
    .await;
    assert_eq!(
        statuses(&report),
        [
            ("series", CheckStatus::Skipped),
            ("migrations", CheckStatus::Skipped),
            ("database", CheckStatus::Fail),
            ("mail", CheckStatus::Pass),
        ]
    );
    let summary = "`series`: not asked, since it needs `migrations`; \
                   `migrations`: not asked, since it needs `database`; `database`: cannot connect";
    assert_eq!(report.summary().as_deref(), Some(summary));

    let report = ready(vec![Check::new("a", Does::Warn), Check { needs: &["a"], ..Check::new("b", Does::Pass) }]).await;
    assert_eq!(statuses(&report), [("a", CheckStatus::Warn), ("b", CheckStatus::Pass)]);
}

#[tokio::test(start_paused = true)]
async fn a_check_that_hangs_fails_after_its_time_and_holds_nobody_up() {
    let report = ready(vec![Check::new("slow", Does::Hang), Check::new("fast", Does::Pass)]).await;
    assert_eq!(statuses(&report), [("slow", CheckStatus::Fail), ("fast", CheckStatus::Pass)]);
    assert_eq!(report.checks()[0].message.as_deref(), Some("no answer within 3s"));
    // The paused clock moves on by exactly what is waited for.
    assert_eq!(report.checks()[0].duration.as_secs(), 3);
    assert_eq!(report.checks()[1].duration, Duration::ZERO);
}

#[tokio::test]
async fn a_check_that_panics_fails_alone() {
    let report = ready(vec![Check::new("bad", Does::Panic), Check::new("good", Does::Pass)]).await;
    assert_eq!(statuses(&report), [("bad", CheckStatus::Fail), ("good", CheckStatus::Pass)]);
    assert_eq!(report.checks()[0].message.as_deref(), Some("the check panicked"));
}

#[tokio::test(start_paused = true)]
async fn the_report_is_health_json() {
    let report = ready(vec![
        Check { critical: false, ..Check::new("slow", Does::Hang) },
        Check { needs: &["slow"], critical: false, ..Check::new("after", Does::Pass) },
        Check::new("fine", Does::Pass),
    ])
    .await;
    assert_eq!(HealthReport::MEDIA_TYPE, "application/health+json");
    assert_eq!(
        serde_json::to_value(&report).unwrap(),
        json!({
            "status": "warn",
            "output": "`slow`: no answer within 3s; `after`: not asked, since it needs `slow`",
            "checks": {
                "slow:responseTime": [
                    { "status": "fail", "observedValue": report.checks()[0].duration.as_millis() as f64,
                      "observedUnit": "ms", "output": "no answer within 3s" },
                ],
                "after:responseTime": [
                    { "status": "fail", "observedValue": 0.0, "observedUnit": "ms", "skipped": true,
                      "output": "not asked, since it needs `slow`" },
                ],
                "fine:responseTime": [{ "status": "pass", "observedValue": 0.0, "observedUnit": "ms" }],
            },
        }),
    );
}

#[test]
fn checks_that_do_not_fit_together_are_all_named() {
    let error = health(vec![
        Check::new("a", Does::Pass),
        Check::new("a", Does::Pass),
        Check { needs: &["nothing"], ..Check::new("b", Does::Pass) },
        Check { needs: &["d"], ..Check::new("c", Does::Pass) },
        Check { needs: &["c"], ..Check::new("d", Does::Pass) },
        Check { needs: &["d"], ..Check::new("e", Does::Pass) },
    ])
    .unwrap_err();
    assert_eq!((error.kind(), error.code()), (Kind::Config, "health.checks"));
    assert_eq!(
        error.message(),
        "the health checks do not fit together: two checks are called `a`; `b` needs `nothing`, which does not exist; \
         these need each other in a circle: `c`, `d`",
    );
}
