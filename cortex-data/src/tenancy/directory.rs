//! The directory: which tenants there are, and where each of them is.
//!
//! Every process keeps it in memory, some 300 bytes a tenant, and reads what changed when its knowledge is older than
//! [`DIRECTORY_TTL`]; a change that was made in this process counts at once.

mod book;
mod table;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError, RwLock, RwLockReadGuard};
use std::time::{Duration, Instant};

use cortex_core::{Actor, Cx, Error, Result, TenantId};

use book::Book;
pub use book::TenantEntry;

use super::error::TenancyError;
use super::placement::Placement;
use super::tenant::Tenant;
use crate::database::Database;
use crate::module::NOBODY;
use crate::tx::{ReadTx, Tx};
use crate::work::Work;

/// Nobody relies on knowledge of the directory that is older.
pub const DIRECTORY_TTL: Duration = Duration::from_secs(2);
/// Most tenants on one page of the directory.
pub const TENANTS_PAGE_MAX: usize = 500;
/// Most host names of one tenant.
pub const TENANT_HOSTS_MAX: usize = 100;

/// The directory of a database. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Directory {
    db: Database,
}

impl Directory {
    pub(crate) fn new(db: &Database) -> Self {
        Self { db: db.clone() }
    }

    /// Units of work on the directory itself, in the main database.
    #[must_use]
    pub fn work(&self, what: &str) -> Work {
        self.db.work(Cx::new(NOBODY, Actor::system(what)))
    }

    /// What is known about a tenant, by id.
    ///
    /// # Errors
    /// The directory can't be read.
    pub async fn find(&self, id: TenantId) -> Result<Option<Arc<TenantEntry>>> {
        self.fresh().await?;
        Ok(self.shelf().book().get(id))
    }

    /// What is known about a tenant, by its name.
    ///
    /// # Errors
    /// The directory can't be read.
    pub async fn by_name(&self, name: &str) -> Result<Option<Arc<TenantEntry>>> {
        self.fresh().await?;
        Ok(self.shelf().book().by_name(name))
    }

    /// What is known about a tenant, by one of its host names, in lower case and without a port.
    ///
    /// # Errors
    /// The directory can't be read.
    pub async fn by_host(&self, host: &str) -> Result<Option<Arc<TenantEntry>>> {
        self.fresh().await?;
        Ok(self.shelf().book().by_host(host))
    }

    /// [`find`](Self::find) for a thread that may block.
    ///
    /// # Errors
    /// As `find`.
    pub fn find_blocking(&self, id: TenantId) -> Result<Option<Arc<TenantEntry>>> {
        self.fresh_blocking()?;
        Ok(self.shelf().book().get(id))
    }

    /// [`by_name`](Self::by_name) for a thread that may block.
    ///
    /// # Errors
    /// As `by_name`.
    pub fn by_name_blocking(&self, name: &str) -> Result<Option<Arc<TenantEntry>>> {
        self.fresh_blocking()?;
        Ok(self.shelf().book().by_name(name))
    }

    /// Forgets how fresh the knowledge of this process is: the next who asks reads what changed.
    pub fn invalidate(&self) {
        self.shelf().expire();
    }

    /// A tenant as it is stored, by id.
    ///
    /// # Errors
    /// [`TenancyError::Unknown`]; the directory can't be read.
    pub fn get(&self, tx: &mut ReadTx, id: TenantId) -> Result<Tenant> {
        table::get(tx, id, false)?.ok_or_else(|| TenancyError::Unknown { name: id.to_string() }.into())
    }

    /// A tenant as it is stored, by id; `None` where there is none.
    pub(crate) fn find_stored(&self, tx: &mut ReadTx, id: TenantId) -> Result<Option<Tenant>> {
        table::get(tx, id, false)
    }

    /// Tenants in a state that passes, which may have to be put right now.
    pub(crate) fn due(&self, tx: &mut ReadTx) -> Result<Vec<Tenant>> {
        table::due(tx)
    }

    /// A tenant as it is stored, by name.
    ///
    /// # Errors
    /// [`TenancyError::Unknown`]; the directory can't be read.
    pub fn named(&self, tx: &mut ReadTx, name: &str) -> Result<Tenant> {
        table::named(tx, name)?.ok_or_else(|| TenancyError::Unknown { name: name.to_owned() }.into())
    }

    /// Tenants whose names come after `after`, by name; at most [`TENANTS_PAGE_MAX`].
    ///
    /// # Errors
    /// The directory can't be read.
    pub fn page(&self, tx: &mut ReadTx, after: &str, limit: usize) -> Result<Vec<Tenant>> {
        table::page(tx, after, limit.min(TENANTS_PAGE_MAX))
    }

    /// Writes a new tenant down.
    ///
    /// # Errors
    /// [`TenancyError::Name`]; [`TenancyError::Taken`].
    pub fn insert(&self, tx: &mut Tx, tenant: &Tenant) -> Result<()> {
        super::check_tenant_name(&tenant.name)?;
        table::insert(tx, tenant)?;
        self.after(tx);
        Ok(())
    }

    /// Reads a tenant under a lock, lets `change` change it, and writes it back; its id stays.
    ///
    /// # Errors
    /// What `change` returns; [`TenancyError::Unknown`], [`TenancyError::Name`], [`TenancyError::Taken`].
    pub fn update(&self, tx: &mut Tx, id: TenantId, change: impl FnOnce(&mut Tenant) -> Result<()>) -> Result<Tenant> {
        let mut tenant = table::get(tx, id, true)?.ok_or_else(|| TenancyError::Unknown { name: id.to_string() })?;
        change(&mut tenant)?;
        tenant.id = id;
        super::check_tenant_name(&tenant.name)?;
        table::update(tx, &tenant)?;
        self.after(tx);
        Ok(tenant)
    }

    /// Removes a tenant from the directory for good. Other processes that know it go on knowing it: this is for what
    /// was never active, and for tombstones that are old enough.
    ///
    /// # Errors
    /// The directory can't be written.
    pub fn remove(&self, tx: &mut Tx, id: TenantId) -> Result<()> {
        table::remove(tx, id)?;
        let db = self.db.clone();
        tx.after_commit(move || db.shelf().forget(id));
        Ok(())
    }

    /// The host names of a tenant, in order.
    ///
    /// # Errors
    /// The directory can't be read.
    pub fn hosts(&self, tx: &mut ReadTx, id: TenantId) -> Result<Vec<String>> {
        table::hosts(tx, id)
    }

    /// Replaces the host names of a tenant, in lower case and without ports; at most [`TENANT_HOSTS_MAX`].
    ///
    /// # Errors
    /// [`TenancyError::Taken`] for another tenant's host name; a host name that is none.
    pub fn set_hosts(&self, tx: &mut Tx, id: TenantId, hosts: &[String]) -> Result<()> {
        if hosts.len() > TENANT_HOSTS_MAX {
            return Err(Error::invalid("tenancy.hosts", format!("a tenant has at most {TENANT_HOSTS_MAX} host names")));
        }
        table::set_hosts(tx, id, hosts)?;
        self.after(tx);
        Ok(())
    }

    /// Calls `f` with every tenant, by name, page by page.
    pub(crate) fn each(&self, mut f: impl FnMut(Tenant) -> Result<()>) -> Result<()> {
        let mut after = String::new();
        loop {
            let from = after.clone();
            let page = self.work("tenants").read_blocking(|tx| self.page(tx, &from, TENANTS_PAGE_MAX))?;
            let Some(last) = page.last() else { return Ok(()) };
            after.clone_from(&last.name);
            page.into_iter().try_for_each(&mut f)?;
        }
    }

    fn after(&self, tx: &mut Tx) {
        let db = self.db.clone();
        tx.after_commit(move || db.shelf().expire());
    }

    fn shelf(&self) -> &Shelf {
        self.db.shelf()
    }

    /// Brings the knowledge of this process up to date where it is too old.
    pub(crate) async fn fresh(&self) -> Result<()> {
        if !self.shelf().must_read() {
            return Ok(());
        }
        let this = self.clone();
        match tokio::task::spawn_blocking(move || this.read()).await {
            Ok(result) => result,
            Err(e) => Err(Error::internal("panic", "reading the directory stopped unexpectedly").with_source(e)),
        }
    }

    pub(crate) fn fresh_blocking(&self) -> Result<()> {
        if self.shelf().must_read() { self.read() } else { Ok(()) }
    }

    fn read(&self) -> Result<()> {
        let shelf = self.shelf();
        let _alone = shelf.reading.lock().unwrap_or_else(PoisonError::into_inner);
        if !shelf.is_due() {
            return Ok(());
        }
        let result = self.read_changes();
        shelf.early.store(false, Ordering::Release);
        result
    }

    fn read_changes(&self) -> Result<()> {
        let shelf = self.shelf();
        let begun = (shelf.millis(), shelf.expired.load(Ordering::Acquire));
        let mut conn = self.db.main_blocking(false)?;
        if self.db.registry().observer().is_some() {
            // What the framework looks up for itself is no statement of the unit of work that is being watched.
            diesel::Connection::set_instrumentation(&mut *conn, |_: diesel::connection::InstrumentationEvent<'_>| {});
        }
        if !shelf.exists.load(Ordering::Acquire) {
            if !crate::migrate::has_table(&mut conn, "cortex_tenants")? {
                shelf.read_at(begun);
                return Ok(());
            }
            shelf.exists.store(true, Ordering::Release);
        }
        let known = shelf.book().revision();
        let changes = table::changes(&mut conn, known)?;
        drop(conn);
        if !changes.tenants.is_empty() {
            self.renew(changes.tenants.iter().map(|changed| &changed.entry));
            let mut book = shelf.book.write().unwrap_or_else(PoisonError::into_inner);
            book.take_over(changes);
            shelf.is_empty.store(book.is_empty(), Ordering::Release);
        }
        shelf.read_at(begun);
        Ok(())
    }

    /// No connection that was opened before a tenant changed serves it afterwards: its database may have been removed,
    /// and another one made in its place.
    fn renew<'a>(&self, changed: impl Iterator<Item = &'a TenantEntry>) {
        let places: Vec<Placement> = {
            let book = self.shelf().book();
            let before = |entry: &TenantEntry| book.get(entry.id).map(|old| old.placement.clone());
            changed.flat_map(|entry| before(entry).into_iter().chain([entry.placement.clone()])).collect()
        };
        for url in places.iter().filter_map(|place| self.db.tenancy().url(place, self.db.url()).ok().flatten()) {
            self.db.stores().renew(&url);
        }
    }
}

/// The directory in memory.
#[derive(Debug)]
pub(crate) struct Shelf {
    book: RwLock<Book>,
    is_empty: AtomicBool,
    exists: AtomicBool,
    begun: Instant,
    /// Milliseconds from `begun` to the last reading, plus one; 0 where nothing may be relied on.
    read: AtomicU64,
    /// Counts calls of `expire`, so that one in the middle of a reading is not lost.
    expired: AtomicU64,
    /// Somebody is reading before it is too late.
    early: AtomicBool,
    reading: Mutex<()>,
}

impl Default for Shelf {
    fn default() -> Self {
        Self {
            book: RwLock::default(),
            is_empty: AtomicBool::new(true),
            exists: AtomicBool::new(false),
            begun: Instant::now(),
            read: AtomicU64::new(0),
            expired: AtomicU64::new(0),
            early: AtomicBool::new(false),
            reading: Mutex::new(()),
        }
    }
}

impl Shelf {
    pub(crate) fn book(&self) -> RwLockReadGuard<'_, Book> {
        self.book.read().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether there are no tenants: then every id is one of the shared place.
    pub(crate) fn is_empty(&self) -> bool {
        self.is_empty.load(Ordering::Acquire)
    }

    /// Whether the caller must read before it relies on what is known. Half-way to the end of its time, one caller
    /// reads while the others go on.
    pub(crate) fn must_read(&self) -> bool {
        must_read(self.age(), &self.early)
    }

    /// Whether nothing may be relied on without reading.
    pub(crate) fn is_outdated(&self) -> bool {
        self.age().is_none_or(|age| age > DIRECTORY_TTL)
    }

    fn is_due(&self) -> bool {
        self.age().is_none_or(|age| age > DIRECTORY_TTL / 2)
    }

    fn age(&self) -> Option<Duration> {
        let read = self.read.load(Ordering::Acquire);
        (read > 0).then(|| Duration::from_millis(self.millis().saturating_sub(read - 1)))
    }

    fn millis(&self) -> u64 {
        u64::try_from(self.begun.elapsed().as_millis()).unwrap_or(u64::MAX)
    }

    fn expire(&self) {
        self.expired.fetch_add(1, Ordering::AcqRel);
        self.read.store(0, Ordering::Release);
    }

    pub(crate) fn forget(&self, id: TenantId) {
        self.book.write().unwrap_or_else(PoisonError::into_inner).forget(id);
    }

    fn read_at(&self, (millis, expired): (u64, u64)) {
        self.read.store(millis + 1, Ordering::Release);
        if self.expired.load(Ordering::Acquire) != expired {
            self.read.store(0, Ordering::Release);
        }
    }
}

fn must_read(age: Option<Duration>, early: &AtomicBool) -> bool {
    match age {
        Some(age) if age <= DIRECTORY_TTL / 2 => false,
        Some(age) if age <= DIRECTORY_TTL => !early.swap(true, Ordering::AcqRel),
        _ => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn knowledge_is_renewed_early_by_one_and_late_by_all() {
        let early = AtomicBool::new(false);
        let ms = Duration::from_millis;
        assert!(!must_read(Some(ms(1_000)), &early));
        assert!(must_read(Some(ms(1_001)), &early), "one reads");
        assert!(!must_read(Some(ms(2_000)), &early), "the others go on");
        assert!(must_read(Some(ms(2_001)), &early) && must_read(Some(ms(9_000)), &early), "all wait");
        assert!(must_read(None, &early));
    }
}
