//! A small graph of services, and the struct of `Arc`s that a person writes instead of a container.
#![expect(missing_debug_implementations, reason = "what is measured holds trait objects")]
#![expect(clippy::missing_panics_doc, reason = "a benchmark that can't be set up stops, and says why")]

use std::sync::{Arc, OnceLock};

use codexion::core::{Application, Container, Manifest, Module, Provider, Registrar};

/// What others are built from.
pub trait Ledger: Send + Sync {
    /// How many entries it holds.
    fn entries(&self) -> u64;
}

/// A ledger.
#[derive(Provider)]
#[provider(singleton, binds = dyn Ledger)]
pub struct Books {
    #[provider(default)]
    entries: u64,
}

impl Ledger for Books {
    fn entries(&self) -> u64 {
        self.entries
    }
}

/// A singleton with one part.
#[derive(Provider)]
#[provider(singleton)]
pub struct Accounts {
    ledger: Arc<dyn Ledger>,
}

/// A singleton above another.
#[derive(Provider)]
#[provider(singleton)]
pub struct Taxes {
    accounts: Arc<Accounts>,
}

/// What each scope builds for itself.
#[derive(Provider)]
#[provider(scoped)]
pub struct Posting {
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

/// The container of these services.
#[must_use]
pub fn container() -> Container {
    let application = Application::new().module(Finance).assemble().unwrap_or_else(|e| panic!("{e:?}"));
    application.container().clone()
}

/// What a person writes instead of a container.
pub struct Hand {
    ledger: Arc<dyn Ledger>,
    accounts: Arc<Accounts>,
    taxes: Arc<Taxes>,
}

impl Hand {
    /// The same services, from the container.
    #[must_use]
    pub fn new(container: &Container) -> Self {
        fn get<T: ?Sized + Send + Sync + 'static>(container: &Container) -> Arc<T> {
            container.get().unwrap_or_else(|e| panic!("{e:?}"))
        }
        let hand = Self { ledger: get(container), accounts: get(container), taxes: get(container) };
        // Used, so that nothing is optimised away for being unread.
        let posting = hand.posting();
        let entries = [&posting.ledger, &posting.accounts.ledger, &posting.taxes.accounts.ledger].map(|l| l.entries());
        assert_eq!(entries, [0; 3]);
        hand
    }

    /// A singleton.
    #[inline(never)]
    #[must_use]
    pub fn ledger(&self) -> Arc<dyn Ledger> {
        Arc::clone(&self.ledger)
    }

    /// What is built.
    #[inline(never)]
    #[must_use]
    pub fn posting(&self) -> Arc<Posting> {
        let (ledger, accounts, taxes) = (self.ledger(), Arc::clone(&self.accounts), Arc::clone(&self.taxes));
        Arc::new(Posting { ledger, accounts, taxes })
    }
}

/// A request that makes a service once, when first asked.
pub struct HandRequest {
    application: Arc<Hand>,
    posting: OnceLock<Arc<Posting>>,
}

impl HandRequest {
    /// A request of `application`.
    #[must_use]
    pub fn open(application: &Arc<Hand>) -> Self {
        Self { application: Arc::clone(application), posting: OnceLock::new() }
    }

    /// The service of this request.
    #[must_use]
    pub fn posting(&self) -> Arc<Posting> {
        Arc::clone(self.posting.get_or_init(|| self.application.posting()))
    }
}
