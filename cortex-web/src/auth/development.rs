//! The development token: one secret in the data folder, for one person on one machine.

use std::fmt;
use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::net::{IpAddr, SocketAddr};
use std::path::Path;

use axum::http::header::AUTHORIZATION;
use axum::http::request::Parts;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use cortex_core::{Actor, Cx, Error, Id, Result, TenantId, async_trait};
use cortex_data::TenantEntry;
use subtle::ConstantTimeEq;
use uuid::Uuid;

use crate::auth::Authenticator;
use crate::error::{RequestError, ServerError};
use crate::host::host_of;

/// Random bytes in a token.
const TOKEN_BYTES: usize = 32;
/// The person who holds the token.
const DEVELOPER: Id<Actor> = Id::from_uuid(Uuid::from_u128(2));
/// Whoever opens a page without it.
const VISITOR: Id<Actor> = Id::from_uuid(Uuid::from_u128(3));

/// A secret that stands for the developer.
#[derive(Clone)]
pub struct DevToken(String);

impl DevToken {
    /// The token in the file `path`, and whether it was made just now: then it is time to show it.
    ///
    /// # Errors
    /// [`ServerError::Token`] when the file can't be read or written, or holds something else.
    pub fn load_or_create(path: &Path) -> Result<(Self, bool)> {
        match fs::read_to_string(path) {
            Ok(text) => Self::parse(path, text.trim()).map(|token| (token, false)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Self::create(path),
            Err(error) => Err(failed(path, "read", error)),
        }
    }

    /// The text, to be shown once.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// Whether `text` is the token; takes the same time wherever it differs.
    #[must_use]
    pub fn is(&self, text: &str) -> bool {
        self.0.as_bytes().ct_eq(text.as_bytes()).into()
    }

    fn parse(path: &Path, text: &str) -> Result<Self> {
        match URL_SAFE_NO_PAD.decode(text) {
            Ok(bytes) if bytes.len() == TOKEN_BYTES => Ok(Self(text.to_owned())),
            _ => Err(failed(path, "read", "it is damaged")),
        }
    }

    fn create(path: &Path) -> Result<(Self, bool)> {
        let mut bytes = [0; TOKEN_BYTES];
        getrandom::fill(&mut bytes).map_err(|error| failed(path, "written", error))?;
        let token = Self(URL_SAFE_NO_PAD.encode(bytes));
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder).map_err(|error| failed(path, "written", error))?;
        }
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        match options.open(path) {
            Ok(mut file) => writeln!(file, "{}", token.0).and_then(|()| file.sync_all()),
            // Another process made one at the same time: that one counts.
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => return Self::load_or_create(path),
            Err(error) => Err(error),
        }
        .map_err(|error| failed(path, "written", error))?;
        Ok((token, true))
    }
}

fn failed(path: &Path, verb: &'static str, reason: impl fmt::Display) -> Error {
    ServerError::Token { path: path.display().to_string(), verb, reason: reason.to_string() }.into()
}

impl fmt::Debug for DevToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("DevToken(***)")
    }
}

/// Lets whoever sends the development token act as the developer, on this machine alone: in one tenant, and in any
/// other one that a request names.
#[derive(Debug)]
pub struct DevelopmentAuthenticator {
    token: DevToken,
    developer: Cx,
    visitor: Cx,
}

impl DevelopmentAuthenticator {
    /// The developer has the role `owner` in `tenant`.
    #[must_use]
    pub fn new(token: DevToken, tenant: TenantId) -> Self {
        let developer = Cx::new(tenant, Actor::person(DEVELOPER, "developer", &["owner"]));
        let visitor = Cx::new(tenant, Actor::person(VISITOR, "visitor", &[]));
        Self { token, developer, visitor }
    }
}

#[async_trait]
impl Authenticator for DevelopmentAuthenticator {
    async fn authenticate(&self, request: &Parts) -> Result<Cx> {
        let Some(proof) = request.headers.get(AUTHORIZATION) else { return Err(RequestError::TokenMissing.into()) };
        let (scheme, token) = proof.to_str().ok().and_then(|text| text.split_once(' ')).unwrap_or_default();
        match scheme.eq_ignore_ascii_case("bearer") && self.token.is(token.trim()) {
            true => Ok(self.developer.clone()),
            false => Err(RequestError::TokenInvalid.into()),
        }
    }

    /// Pages show the tenant's figures to whoever sits at this machine. A page of another site that was given this
    /// machine's address by its name server has another host name, and gets nothing.
    fn visitor(&self, request: &Parts) -> Option<Cx> {
        host_of(request).is_none_or(is_loopback_host).then(|| self.visitor.clone())
    }

    /// Whoever holds the token holds the database too, and may go everywhere; visitors stay where they are.
    async fn may_enter(&self, cx: &Cx, _: &TenantEntry) -> Result<bool> {
        Ok(cx.actor().id == DEVELOPER)
    }

    fn admit(&self, listen: SocketAddr) -> Result<()> {
        if listen.ip().is_loopback() {
            return Ok(());
        }
        Err(ServerError::NotLoopback { address: listen }.into())
    }
}

/// `localhost`, `127.0.0.1`, `[::1]`
fn is_loopback_host(host: &str) -> bool {
    let name = host.trim_start_matches('[').trim_end_matches(']');
    name.eq_ignore_ascii_case("localhost") || name.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::is_loopback_host;

    #[test]
    fn hosts_of_this_machine() {
        for host in ["localhost", "LOCALHOST", "127.0.0.1", "[::1]"] {
            assert!(is_loopback_host(host), "{host}");
        }
        for host in ["evil.example", "localhost.evil.example", "10.0.0.1", ""] {
            assert!(!is_loopback_host(host), "{host}");
        }
    }
}
