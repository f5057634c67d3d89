//! How many instructions the same work takes, ours and the floor's: figures that other work on the machine leaves
//! alone. Valgrind counts them, so that it is behind a feature.
#![expect(clippy::expect_used, reason = "a benchmark that can't be set up stops, and says why")]
#![expect(missing_docs, unused_qualifications, reason = "the macros write it so")]

use std::hint::black_box;
use std::sync::Arc;

use benches::graph::{Hand, HandRequest, Ledger, Posting, container};
use benches::{Asked, Company, Place, boot, places};
use codexion::core::Need;
use gungraun::{Callgrind, LibraryBenchmarkConfig, library_benchmark, library_benchmark_group, main};
use tokio::runtime::Runtime;

/// How often each is done: what happens once, such as preparing a statement, is lost among the rest.
const ROUNDS: u32 = 500;
/// Records in the table.
const RECORDS: u32 = 1_000;
/// Where the threads for blocking work are given theirs: that counts like the thread that waits for it.
const BLOCKING: &str = "--toggle-collect=tokio::runtime::task::raw::poll";

/// Everything but what is measured is done when it is made.
type Rounds = Box<dyn FnMut()>;

fn rounds(mut round: impl FnMut() + 'static) -> Rounds {
    round();
    Box::new(move || (0..ROUNDS).for_each(|_| round()))
}

fn hand() -> Arc<Hand> {
    Arc::new(Hand::new(&container()))
}

fn singleton_by_hand() -> Rounds {
    let hand = hand();
    rounds(move || drop(black_box(black_box(&hand).ledger())))
}

fn singleton_by_handle() -> Rounds {
    let container = container();
    let (scope, handle) = (container.scope(), container.handle::<dyn Ledger>().expect("a handle"));
    rounds(move || drop(black_box(black_box(&handle).get(&scope))))
}

fn singleton_by_injection() -> Rounds {
    let container = container();
    let slots = container.slots(&[Need::of::<dyn Ledger>()]).expect("slots");
    rounds(move || drop(black_box(container.resolver(black_box(&slots)).take::<Arc<dyn Ledger>>())))
}

fn scope_by_hand() -> Rounds {
    let hand = hand();
    rounds(move || drop(black_box(HandRequest::open(black_box(&hand)).posting())))
}

fn scope_of_container() -> Rounds {
    let container = container();
    let handle = container.handle::<Posting>().expect("a handle");
    rounds(move || {
        let scope = black_box(&container).scope();
        drop(black_box(handle.get(&scope)));
    })
}

/// The one database that is there without a server. Its folder goes with the closure.
fn sqlite() -> Place {
    places().into_iter().next().expect("a database")
}

fn runtime() -> Runtime {
    tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime")
}

fn asks(choose: fn((Asked, Asked)) -> Asked, path: fn(&Asked) -> &str) -> Rounds {
    let (place, runtime) = (sqlite(), runtime());
    let asked = choose(Asked::both(&place, RECORDS).expect("services"));
    rounds(move || {
        assert!(runtime.block_on(asked.get(path(&asked))) > 0, "{}", place.kind);
    })
}

fn ours_one() -> Rounds {
    asks(|(ours, _)| ours, |asked| &asked.one)
}

fn floor_one() -> Rounds {
    asks(|(_, floor)| floor, |asked| &asked.one)
}

fn ours_list() -> Rounds {
    asks(|(ours, _)| ours, |asked| &asked.list)
}

fn floor_list() -> Rounds {
    asks(|(_, floor)| floor, |asked| &asked.list)
}

fn ours_posting() -> Rounds {
    let place = sqlite();
    let (company, _) = Company::both(&place).expect("a company");
    rounds(move || {
        company.post();
        black_box(place.kind);
    })
}

fn floor_posting() -> Rounds {
    let place = sqlite();
    let (_, mut by_hand) = Company::both(&place).expect("a company");
    rounds(move || {
        by_hand.post();
        black_box(place.kind);
    })
}

fn started() -> Rounds {
    let (place, runtime) = (sqlite(), runtime());
    Asked::both(&place, 1).expect("a filled database");
    runtime.block_on(boot(&place.url));
    Box::new(move || runtime.block_on(boot(&place.url)))
}

#[library_benchmark]
#[bench::singleton_by_handle(singleton_by_hand())]
#[bench::singleton_by_injection(singleton_by_hand())]
#[bench::scope_and_service(scope_by_hand())]
#[bench::get_one(floor_one())]
#[bench::get_list_of_100(floor_list())]
#[bench::post_10_lines(floor_posting())]
fn floor(mut rounds: Rounds) -> Rounds {
    rounds();
    rounds
}

#[library_benchmark]
#[bench::singleton_by_handle(singleton_by_handle())]
#[bench::singleton_by_injection(singleton_by_injection())]
#[bench::scope_and_service(scope_of_container())]
#[bench::get_one(ours_one())]
#[bench::get_list_of_100(ours_list())]
#[bench::post_10_lines(ours_posting())]
fn ours(mut rounds: Rounds) -> Rounds {
    rounds();
    rounds
}

#[library_benchmark]
#[bench::start_and_stop(started())]
fn boots(mut once: Rounds) -> Rounds {
    once();
    once
}

library_benchmark_group!(name = pairs, compare_by_id = true, benchmarks = [floor, ours]);
library_benchmark_group!(name = boot_of_an_application, benchmarks = boots);

main!(
    config = LibraryBenchmarkConfig::default().tool(Callgrind::with_args([BLOCKING, "--cache-sim=no"])),
    library_benchmark_groups = [pairs, boot_of_an_application]
);
