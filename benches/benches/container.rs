//! Resolving services, against a struct of `Arc`s written by hand.
#![expect(clippy::expect_used, reason = "a benchmark that can't be set up stops, and says why")]

use std::hint::black_box;
use std::sync::Arc;

use benches::graph::{Hand, HandRequest, Ledger, Posting, container};
use benches::{Ratio, print_ratios};
use codexion::core::Need;
use criterion::Criterion;

fn main() {
    let container = container();
    let hand = Arc::new(Hand::new(&container));
    let mut criterion = Criterion::default().configure_from_args();
    let mut group = criterion.benchmark_group("container_singleton");
    let handle = container.handle::<dyn Ledger>().expect("a handle");
    let scope = container.scope();
    group.bench_function("floor", |b| b.iter(|| black_box(&hand).ledger()));
    group.bench_function("ours", |b| b.iter(|| black_box(&handle).get(&scope)));
    group.finish();

    let mut group = criterion.benchmark_group("container_injected");
    let slots = container.slots(&[Need::of::<dyn Ledger>()]).expect("slots");
    group.bench_function("ours", |b| b.iter(|| container.resolver(black_box(&slots)).take::<Arc<dyn Ledger>>()));
    group.finish();

    let mut group = criterion.benchmark_group("container_scoped");
    let handle = container.handle::<Posting>().expect("a handle");
    group.bench_function("floor", |b| b.iter(|| HandRequest::open(black_box(&hand)).posting()));
    group.bench_function("ours", |b| {
        b.iter(|| {
            let scope = container.scope();
            black_box(&handle).get(&scope)
        });
    });
    group.finish();
    criterion.final_summary();

    let ratio = |what: &str, group: &str, floor: &str| Ratio {
        what: what.to_owned(),
        ours: format!("{group}/ours"),
        floor: format!("{floor}/floor"),
        goal: "<= 1.2x time",
    };
    print_ratios(&[
        ratio("resolve a singleton by handle", "container_singleton", "container_singleton"),
        ratio("resolve a singleton by slots", "container_injected", "container_singleton"),
        ratio("open a scope and build a service", "container_scoped", "container_scoped"),
    ]);
}
