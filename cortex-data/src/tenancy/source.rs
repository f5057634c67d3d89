//! What may name the tenant of a request.

use std::fmt;

use serde::{Deserialize, Serialize};

/// What may name the tenant of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TenantSource {
    /// The proof of who sends it.
    Token,
    /// The header `Cortex-Tenant`, by the tenant's name.
    Header,
    /// The host name that it is sent to, where that is a tenant's.
    Host,
    /// The beginning of its path: `/t/<name>/`.
    Path,
}

impl TenantSource {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Token, Self::Header, Self::Host, Self::Path];
}

impl fmt::Display for TenantSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Token => "the token",
            Self::Header => "the header `Cortex-Tenant`",
            Self::Host => "the host name",
            Self::Path => "the path",
        })
    }
}
