//! Posting an entry of ten lines, against a hand-written loop of the same statements on a bare connection.
#![expect(clippy::expect_used, reason = "a benchmark that can't be set up stops, and says why")]

use benches::{Company, LINES, Place, Ratio, places, print_ratios};
use criterion::Criterion;

fn measure(criterion: &mut Criterion, place: &Place, ratios: &mut Vec<Ratio>) {
    let (company, mut by_hand) = Company::both(place).expect("a company");
    let name = format!("posting_{}", place.kind);
    let mut group = criterion.benchmark_group(&name);
    group.sample_size(30);
    group.bench_function("ours", |b| b.iter(|| company.post()));
    group.bench_function("floor", |b| b.iter(|| by_hand.post()));
    group.finish();
    let what = format!("post an entry of {LINES} lines, {}", place.kind);
    ratios.push(Ratio {
        what,
        ours: format!("{name}/ours"),
        floor: format!("{name}/floor"),
        goal: ">= 0.8x throughput",
    });
}

fn main() {
    let mut criterion = Criterion::default().configure_from_args();
    let mut ratios = Vec::new();
    for place in places() {
        measure(&mut criterion, &place, &mut ratios);
    }
    criterion.final_summary();
    print_ratios(&ratios);
}
