//! From nothing to a started application whose data is there already.
#![expect(clippy::expect_used, reason = "a benchmark that can't be set up stops, and says why")]

use benches::{Asked, boot, places};
use criterion::Criterion;

fn main() {
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let mut criterion = Criterion::default().configure_from_args();
    for place in places() {
        Asked::both(&place, 1).expect("a filled database");
        criterion.bench_function(&format!("boot_{}", place.kind), |b| b.to_async(&runtime).iter(|| boot(&place.url)));
    }
    criterion.final_summary();
}
