//! The tenant of a request: what its token, a header, its host name and its path say must not contradict each other.

use std::borrow::Cow;
use std::sync::Arc;

use axum::http::request::Parts;
use axum::http::{Extensions, HeaderMap, HeaderName};
use cortex_core::{Cx, Error};
use cortex_data::{Directory, TenancyError, TenantEntry, TenantSource};

use crate::auth::Authenticator;
use crate::error::RequestError;
use crate::host::host_of;
use crate::problem::Failure;

/// Names the tenant that a request is for.
pub(crate) const TENANT: HeaderName = HeaderName::from_static("cortex-tenant");

/// The tenant that the path of a request named, among the extensions of the request.
#[derive(Debug, Clone)]
pub(crate) struct PathTenant(pub(crate) String);

type Entry = Arc<TenantEntry>;

/// Finds the tenants of requests.
pub(crate) struct Tenants {
    directory: Directory,
    from: Vec<TenantSource>,
}

impl Tenants {
    /// Believes what is in `from`.
    pub(crate) fn new(directory: Directory, from: Vec<TenantSource>) -> Self {
        Self { directory, from }
    }

    /// The context in the tenant that the request names: the token's own, or one that the authenticator lets it enter.
    pub(crate) async fn enter(
        &self,
        cx: Cx,
        request: &Parts,
        authenticator: &dyn Authenticator,
    ) -> Result<Cx, Failure> {
        let Some((source, tenant)) = self.named(request).await? else {
            return match self.from.contains(&TenantSource::Token) {
                true => Ok(cx),
                false => Err(RequestError::TenantUnnamed.into()),
            };
        };
        if tenant.id == cx.tenant() {
            return Ok(cx);
        }
        match authenticator.may_enter(&cx, &tenant).await? {
            true => Ok(cx.with_tenant(tenant.id)),
            false => Err(RequestError::TenantMismatch { one: TenantSource::Token, other: source }.into()),
        }
    }

    /// The tenant that the request names beside its token, and where it does so first.
    async fn named(&self, request: &Parts) -> Result<Option<(TenantSource, Entry)>, Failure> {
        let mut named: Option<(TenantSource, Entry)> = None;
        for &source in &self.from {
            let found = match source {
                TenantSource::Token => None,
                TenantSource::Header => self.in_header(&request.headers).await?,
                TenantSource::Host => self.at_host(request).await?,
                TenantSource::Path => self.in_path(&request.extensions).await?,
            };
            match (&named, found) {
                (Some((one, known)), Some(tenant)) if known.id != tenant.id => {
                    return Err(RequestError::TenantMismatch { one: *one, other: source }.into());
                }
                (None, Some(tenant)) => named = Some((source, tenant)),
                _ => {}
            }
        }
        Ok(named)
    }

    async fn in_header(&self, headers: &HeaderMap) -> Result<Option<Entry>, Failure> {
        let mut values = headers.get_all(&TENANT).iter();
        let Some(value) = values.next() else { return Ok(None) };
        let wrong = |reason: &str| RequestError::Header { name: "Cortex-Tenant", reason: reason.to_owned() };
        if values.next().is_some() {
            return Err(wrong("it is sent more than once").into());
        }
        let name = value.to_str().map_err(|_| wrong("only printable ASCII characters are allowed"))?;
        self.by_name(name).await.map(Some)
    }

    /// A host name that is no tenant's names none: the server has names of its own.
    async fn at_host(&self, request: &Parts) -> Result<Option<Entry>, Failure> {
        let Some(host) = host_of(request) else { return Ok(None) };
        let host = host.strip_suffix('.').unwrap_or(host);
        let lower = match host.bytes().any(|b| b.is_ascii_uppercase()) {
            true => Cow::Owned(host.to_ascii_lowercase()),
            false => Cow::Borrowed(host),
        };
        Ok(self.directory.by_host(&lower).await?)
    }

    async fn in_path(&self, extensions: &Extensions) -> Result<Option<Entry>, Failure> {
        let Some(PathTenant(name)) = extensions.get() else { return Ok(None) };
        self.by_name(name).await.map(Some)
    }

    async fn by_name(&self, name: &str) -> Result<Entry, Failure> {
        let found = self.directory.by_name(name).await?;
        found.ok_or_else(|| Error::from(TenancyError::Unknown { name: name.to_owned() }).into())
    }
}
