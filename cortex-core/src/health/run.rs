//! Runs checks, each as soon as those that it needs have passed.

use std::collections::HashMap;
use std::sync::Arc;

use tokio::task::{Id, JoinSet};
use tokio::time::{Instant, timeout};

use super::{CheckReport, CheckStatus, HealthCheck, HealthKind, HealthReport, Node, Probe};
use crate::{Error, Kind, Result};

pub(super) async fn run(nodes: &[Node], kind: HealthKind) -> HealthReport {
    let mut done: Vec<Option<CheckReport>> = nodes.iter().map(|_| None).collect();
    let mut waiting = wanted(nodes, kind);
    let wanted = waiting.clone();
    let mut running: JoinSet<CheckReport> = JoinSet::new();
    let mut places: HashMap<Id, usize> = HashMap::new();
    loop {
        while start(nodes, &mut waiting, &mut done, &mut running, &mut places) {}
        let Some(joined) = running.join_next_with_id().await else { break };
        let (id, report) = match joined {
            Ok((id, report)) => (id, Ok(report)),
            Err(error) => (error.id(), Err(error)),
        };
        let Some(place) = places.remove(&id) else { continue };
        let Some(node) = nodes.get(place) else { continue };
        let report = report.unwrap_or_else(|_| CheckReport {
            message: Some("the check panicked".to_owned()),
            ..CheckReport::new(&*node.check, CheckStatus::Fail)
        });
        put(&mut done, place, report);
    }
    let checks = wanted.into_iter().filter_map(|place| done.get_mut(place)?.take()).collect();
    HealthReport::new(checks)
}

/// The checks of a kind and all that they need, in order.
fn wanted(nodes: &[Node], kind: HealthKind) -> Vec<usize> {
    let asked = nodes.iter().enumerate().filter(|(_, node)| node.check.kinds().contains(&kind));
    let mut wanted: Vec<usize> = asked.map(|(place, _)| place).collect();
    let mut index = 0;
    while let Some(node) = wanted.get(index).and_then(|place| nodes.get(*place)) {
        for need in &node.needs {
            if !wanted.contains(need) {
                wanted.push(*need);
            }
        }
        index += 1;
    }
    wanted.sort_unstable();
    wanted
}

/// Starts or skips what can be decided now; whether there was any that was skipped, which may decide others.
fn start(
    nodes: &[Node],
    waiting: &mut Vec<usize>,
    done: &mut [Option<CheckReport>],
    running: &mut JoinSet<CheckReport>,
    places: &mut HashMap<Id, usize>,
) -> bool {
    let mut skipped = false;
    waiting.retain(|place| {
        let Some(node) = nodes.get(*place) else { return false };
        let needs: Vec<Option<&CheckReport>> =
            node.needs.iter().map(|need| done.get(*need).and_then(Option::as_ref)).collect();
        let failed: Vec<String> =
            needs.iter().flatten().filter(|need| !need.usable()).map(|need| format!("`{}`", need.name)).collect();
        if !failed.is_empty() {
            let message = Some(format!("not asked, since it needs {}", failed.join(", ")));
            put(done, *place, CheckReport { message, ..CheckReport::new(&*node.check, CheckStatus::Skipped) });
            skipped = true;
            return false;
        }
        if needs.iter().any(Option::is_none) {
            return true;
        }
        let task = running.spawn(ask(Arc::clone(&node.check)));
        places.insert(task.id(), *place);
        false
    });
    skipped
}

fn put(done: &mut [Option<CheckReport>], place: usize, report: CheckReport) {
    if let Some(slot) = done.get_mut(place) {
        *slot = Some(report);
    }
}

async fn ask(check: Arc<dyn HealthCheck>) -> CheckReport {
    let start = Instant::now();
    let limit = check.timeout();
    let answer: Result<Probe> = match timeout(limit, check.check()).await {
        Ok(answer) => answer,
        Err(_) => Err(Error::new(Kind::Timeout, "health.timeout", format!("no answer within {limit:?}"))),
    };
    let (status, message) = match answer {
        Ok(Probe { warning: false, message }) => (CheckStatus::Pass, message),
        Ok(Probe { warning: true, message }) => (CheckStatus::Warn, message),
        Err(error) => (CheckStatus::Fail, Some(error.message().to_owned())),
    };
    CheckReport { message, duration: start.elapsed(), ..CheckReport::new(&*check, status) }
}
