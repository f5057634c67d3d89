//! One record and a list of 100 through the whole service, in process, against bare axum and diesel.
#![expect(clippy::expect_used, reason = "a benchmark that can't be set up stops, and says why")]

use std::hint::black_box;

use benches::{Asked, Place, Ratio, places, print_ratios};
use criterion::{Criterion, Throughput};

/// Records in the table.
const RECORDS: u32 = 10_000;

fn measure(criterion: &mut Criterion, place: &Place, ratios: &mut Vec<Ratio>) {
    let runtime =
        tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().expect("a runtime");
    let (ours, floor) = Asked::both(place, RECORDS).expect("services");
    for what in ["one", "list100"] {
        let name = format!("http_{what}_{}", place.kind);
        let mut group = criterion.benchmark_group(&name);
        group.throughput(Throughput::Elements(1));
        for (side, asked) in [("ours", &ours), ("floor", &floor)] {
            let path = if what == "one" { &asked.one } else { &asked.list };
            group.bench_function(side, |b| b.to_async(&runtime).iter(async || black_box(asked.get(path).await)));
        }
        group.finish();
        let what = format!("GET {what}, {}", place.kind);
        let (ours, floor) = (format!("{name}/ours"), format!("{name}/floor"));
        ratios.push(Ratio { what, ours, floor, goal: ">= 0.85x throughput" });
    }
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
