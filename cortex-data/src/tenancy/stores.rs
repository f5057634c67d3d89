//! All databases of a process: the main one, and those of tenants, of which few are open at a time.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use cortex_core::Result;

use super::budget::Budget;
use super::store::Store;

/// The main database and those of tenants that are in use.
#[derive(Debug)]
pub(crate) struct Stores {
    main: Arc<Store>,
    budget: Arc<Budget>,
    open_max: usize,
    connections: usize,
    /// By URL.
    others: Mutex<HashMap<Box<str>, Arc<Store>>>,
}

/// What is open now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, schemars::JsonSchema)]
pub struct ConnectionCount {
    /// Most connections that may be open at once, over all databases.
    pub cap: usize,
    /// Connections that are open.
    pub open: usize,
    /// Most connections that were open at once since the start.
    pub peak: usize,
    /// Databases of tenants that are loaded.
    pub databases: usize,
}

impl Stores {
    pub(crate) fn new(main: Store, budget: Arc<Budget>, open_max: usize, connections: usize) -> Arc<Self> {
        let (main, others) = (Arc::new(main), Mutex::default());
        let open_max = open_max.max(1);
        let stores = Arc::new(Self { main, budget, open_max, connections: connections.max(1), others });
        stores.budget.relieved_by(Arc::downgrade(&stores));
        stores
    }

    pub(crate) fn main(&self) -> &Arc<Store> {
        &self.main
    }

    /// The database behind `url`. The one that nobody used for longest makes room for it.
    pub(crate) fn get(&self, url: &str) -> Result<Arc<Store>> {
        let mut surplus = None;
        let store = {
            let mut others = self.others();
            match others.get(url) {
                Some(store) => Arc::clone(store),
                None => {
                    let store = Arc::new(Store::open(url, self.connections, &self.budget, false)?);
                    if others.len() >= self.open_max {
                        surplus = longest_idle(&others).and_then(|url| others.remove(&url));
                    }
                    others.insert(url.into(), Arc::clone(&store));
                    store
                }
            }
        };
        dispose(surplus.into_iter().collect());
        Ok(store)
    }

    /// Closes what nobody uses of the database behind `url`; whether nothing of it is open any more.
    pub(crate) fn close(&self, url: &str) -> bool {
        let closed = {
            let mut others = self.others();
            match others.get(url) {
                Some(store) if Arc::strong_count(store) > 1 => {
                    store.renew();
                    return false;
                }
                _ => others.remove(url),
            }
        };
        drop(closed);
        true
    }

    /// No connection to the database behind `url` that is open now serves another unit of work.
    pub(crate) fn renew(&self, url: &str) {
        let store = self.others().get(url).map(Arc::clone);
        if let Some(store) = store {
            store.renew();
        }
    }

    /// Closes the databases that nobody used for `idle`; answers how many.
    pub(crate) fn close_idle(&self, idle: Duration) -> usize {
        let closed: Vec<Arc<Store>> = {
            let mut others = self.others();
            let urls: Vec<Box<str>> = others
                .iter()
                .filter(|(_, store)| Arc::strong_count(store) == 1 && store.idle_for() >= idle)
                .map(|(url, _)| url.clone())
                .collect();
            urls.iter().filter_map(|url| others.remove(url)).collect()
        };
        closed.len()
    }

    /// Closes one connection that nobody uses, of the database that was not used for longest.
    pub(crate) fn close_one_idle(&self) -> bool {
        let mut stores: Vec<Arc<Store>> = self.others().values().map(Arc::clone).collect();
        stores.sort_by_cached_key(|store| std::cmp::Reverse(store.idle_for()));
        stores.iter().any(|store| store.close_one_idle()) || self.main.close_one_idle()
    }

    pub(crate) fn count(&self) -> ConnectionCount {
        let (cap, open, peak) = (self.budget.cap(), self.budget.open(), self.budget.peak());
        ConnectionCount { cap, open, peak, databases: self.others().len() }
    }

    fn others(&self) -> MutexGuard<'_, HashMap<Box<str>, Arc<Store>>> {
        self.others.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn longest_idle(stores: &HashMap<Box<str>, Arc<Store>>) -> Option<Box<str>> {
    let unused = stores.iter().filter(|(_, store)| Arc::strong_count(store) == 1);
    unused.max_by_key(|(_, store)| store.idle_for()).map(|(url, _)| url.clone())
}

/// Closing a file may write to it, which is no work for a thread that serves many.
fn dispose(stores: Vec<Arc<Store>>) {
    if stores.is_empty() {
        return;
    }
    match tokio::runtime::Handle::try_current() {
        Ok(runtime) => drop(runtime.spawn_blocking(move || drop(stores))),
        Err(_) => drop(stores),
    }
}
