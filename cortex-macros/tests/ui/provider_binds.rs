use cortex_core::Provider;

trait Post: Send + Sync {}
struct Book;

#[derive(Provider)]
#[provider(singleton, binds = Book, binds = [dyn Post, dyn Post], crate = cortex_core)]
struct Ledger;

impl Post for Ledger {}

fn main() {}
