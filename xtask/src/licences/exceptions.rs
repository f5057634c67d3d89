//! Crates whose licence is not on the list, each with the decision that lets them in.

/// One crate that may be used under a licence that is not on the list.
#[derive(Debug)]
pub(super) struct Exception {
    pub(super) name: &'static str,
    pub(super) licence: &'static str,
    /// In one line; the decision says the rest.
    pub(super) reason: &'static str,
    pub(super) decision: &'static str,
}

/// This list may only shrink without a decision.
pub(super) const EXCEPTIONS: &[Exception] = &[Exception {
    name: "pq-src",
    licence: "PostgreSQL",
    reason: "PostgreSQL's client library, built in with the feature `postgres`; a permissive licence like BSD's",
    decision: "docs/decisions/0009-postgresql-licence.md",
}];
