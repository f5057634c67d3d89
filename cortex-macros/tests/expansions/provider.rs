//! Shows what `#[derive(Provider)]` writes.

/// Sells vehicles.
#[derive(Provider)]
#[provider(singleton, binds = dyn Dealer, init)]
pub struct Yard {
    clock: Arc<dyn Clock>,
    mailer: Option<Arc<Mailer>>,
    #[provider(default)]
    sold: AtomicU64,
}
