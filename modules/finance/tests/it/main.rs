//! Integration tests of finance, one binary.

#[cfg(test)]
mod api;
#[cfg(test)]
mod books;
#[cfg(test)]
mod domain;
#[cfg(test)]
mod guide;
