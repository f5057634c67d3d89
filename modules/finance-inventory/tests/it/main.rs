//! Stock and books agree.
#![expect(clippy::unwrap_used, reason = "a test that fails says where")]

mod books;
mod company;
mod history;
