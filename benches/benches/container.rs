//! Resolving services, against a struct of `Arc`s written by hand.
#![expect(clippy::expect_used, reason = "a benchmark that can't be set up stops, and says why")]

use std::hint::black_box;
use std::sync::{Arc, OnceLock};

use benches::{Ratio, print_ratios};
use codexion::core::{Application, Manifest, Module, Need, Provider, Registrar};
use criterion::Criterion;

trait Ledger: Send + Sync {
    fn entries(&self) -> u64;
}

#[derive(Provider)]
#[provider(singleton, binds = dyn Ledger)]
struct Books {
    #[provider(default)]
    entries: u64,
}

impl Ledger for Books {
    fn entries(&self) -> u64 {
        self.entries
    }
}

#[derive(Provider)]
#[provider(singleton)]
struct Accounts {
    ledger: Arc<dyn Ledger>,
}

#[derive(Provider)]
#[provider(singleton)]
struct Taxes {
    accounts: Arc<Accounts>,
}

#[derive(Provider)]
#[provider(scoped)]
struct Posting {
    ledger: Arc<dyn Ledger>,
    accounts: Arc<Accounts>,
    taxes: Arc<Taxes>,
}

struct Finance;

impl Module for Finance {
    fn manifest(&self) -> Manifest {
        Manifest::new("finance", "1.0.0")
    }

    fn register(&self, m: &mut Registrar) {
        m.provide::<Books>().provide::<Accounts>().provide::<Taxes>().provide::<Posting>();
    }
}

/// What a person writes instead of a container.
struct Hand {
    ledger: Arc<dyn Ledger>,
    accounts: Arc<Accounts>,
    taxes: Arc<Taxes>,
}

impl Hand {
    #[inline(never)]
    fn ledger(&self) -> Arc<dyn Ledger> {
        Arc::clone(&self.ledger)
    }

    #[inline(never)]
    fn posting(&self) -> Arc<Posting> {
        let (ledger, accounts, taxes) = (self.ledger(), Arc::clone(&self.accounts), Arc::clone(&self.taxes));
        Arc::new(Posting { ledger, accounts, taxes })
    }
}

/// A request that makes a service once, when first asked.
#[derive(Default)]
struct HandRequest {
    posting: OnceLock<Arc<Posting>>,
}

fn main() {
    let application = Application::new().module(Finance).assemble().expect("an application");
    let container = application.container().clone();
    let hand = Arc::new(Hand {
        ledger: container.get().expect("a ledger"),
        accounts: container.get().expect("accounts"),
        taxes: container.get().expect("taxes"),
    });
    // Used, so that nothing is optimised away for being unread.
    let posting = hand.posting();
    assert_eq!(posting.ledger.entries() + posting.accounts.ledger.entries(), posting.taxes.accounts.ledger.entries());

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
    group.bench_function("floor", |b| {
        b.iter(|| {
            let application = Arc::clone(black_box(&hand));
            let request = HandRequest::default();
            Arc::clone(request.posting.get_or_init(|| application.posting()))
        });
    });
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
