//! A lending library in one file: `cargo run -p quickstart` migrates and serves, and prints its address and a token.

use codexion::data::{Entity, create_table_sql};
use codexion::prelude::*;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A book of the library.
#[derive(Debug, Clone, Repository)]
#[repository(table = "library_books", tenant, versioned, audited, soft_delete)]
pub struct Book {
    /// Given when it is added.
    pub id: Id<Book>,
    /// Unique among the books of a tenant.
    #[field(unique, pattern = "[0-9]{13}")]
    pub isbn: String,
    /// As printed on the cover.
    #[field(max_len = 200)]
    pub title: String,
    /// What a lost copy costs.
    #[field(min = 0)]
    pub price: Money,
    /// Who has it; only lending and returning change it.
    #[field(read_only, pii = "person", max_len = 100)]
    pub lent_to: Option<String>,
}

/// Lending a book to a reader.
#[derive(Debug)]
pub struct LendBook;

impl Policy for LendBook {
    type Resource = Book;
    const RESOURCE: &'static str = "library.book";
    const ACTION: &'static str = "lend";
}

/// A book left the library.
#[derive(Debug, Serialize, Deserialize, Event)]
#[event(name = "library.book_lent", version = 1, aggregate = "book")]
pub struct BookLent {
    book: Id<Book>,
    reader: String,
}

/// What a reader asks for.
#[derive(Debug, Deserialize, JsonSchema)]
pub struct LendRequest {
    reader: String,
}

/// What the desk answers.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Loan {
    title: String,
    reader: String,
    due: Date,
}

/// The lending desk.
#[derive(Debug, Provider)]
#[provider(singleton)]
pub struct Desk {
    settings: Arc<LibraryConfig>,
}

/// `[library]` in `cortex.toml`, or `CORTEX_LIBRARY__LOAN_DAYS`.
#[derive(Debug, Config)]
#[config(key = "library")]
pub struct LibraryConfig {
    /// How long a reader may keep a book.
    #[config(default = 28)]
    loan_days: i32,
}

impl Desk {
    /// Lends a book. One unit of work; the caller decides when it commits.
    pub fn lend(&self, tx: &mut Tx, id: Id<Book>, request: &LendRequest) -> Result<Loan> {
        let book = Book::get(tx, id)?;
        tx.authorize::<LendBook>(&book)?;
        let book = Book::update(tx, id, |book| match book.lent_to.replace(request.reader.clone()) {
            None => Ok(()),
            Some(other) => Err(Error::refused("library.lent", format!("`{}` is lent to {other}", book.title))),
        })?;
        tx.emit(BookLent { book: id, reader: request.reader.clone() });
        let due = tx.today().saturating_add(self.settings.loan_days.days());
        Ok(Loan { title: book.title, reader: request.reader.clone(), due })
    }
}

/// `POST /api/v1/library/books/{id}/lend`
async fn lend(work: Work, desk: Inject<Desk>, id: PathId<Book>, body: Body<LendRequest>) -> Answer<Loan> {
    work.write(move |tx| desk.lend(tx, *id, &body)).await
}

/// Notes in the log who has what; a subscriber could as well send a mail.
fn note_loan(tx: &mut Tx, event: &BookLent) -> Result<()> {
    codexion::tracing::info!("{} reads `{}`", event.reader, Book::get(tx, event.book)?.title);
    Ok(())
}

/// The library.
#[derive(Debug, Module)]
#[module(name = "library")]
pub struct Library;

impl Registers for Library {
    fn register(&self, m: &mut Registrar) {
        m.migration("0001_books", create_table_sql(Book::META), "DROP TABLE library_books");
        m.config::<LibraryConfig>().provide::<Desk>().repository::<Book>().policy::<LendBook>();
        m.errors("## library.lent\n\nStatus: 409\n\nSomebody else has the book.\n\nLend it when it is back.\n");
        m.rest::<Book>("/books").post("/books/{id}/lend", lend).event::<BookLent>().on(note_loan);
    }
}

#[tokio::main]
async fn main() -> Result<()> {
    App::new().module(Library).run().await
}
