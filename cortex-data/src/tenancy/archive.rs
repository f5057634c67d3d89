//! Archives: everything of one tenant in one file, which every place of every database can take.
//!
//! An archive is a zip file with `manifest.json` and one file of JSON Lines per table. The manifest says which version
//! of the schema the rows are of, and how many there are with which digest; nothing is written anywhere before all of
//! it holds.

mod error;
mod manifest;
mod read;
mod write;

pub use error::ArchiveError;
pub(crate) use manifest::ArchiveModule;
pub(crate) use read::Archive;
pub(crate) use write::write;
