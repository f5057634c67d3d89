//! What the HTTP edge itself refuses: requests it can't read, and servers that can't start.

use std::net::SocketAddr;

use axum::http::StatusCode;
use cortex_core::{Kind, Refusal};
use cortex_data::TenantSource;

/// Why a request is refused before, or instead of, its handler.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum RequestError {
    /// There is no such route.
    #[error("there is nothing at `{path}`")]
    NoRoute {
        /// The path.
        path: String,
    },
    /// Nobody explains the code.
    #[error("no module explains the error `{code}`")]
    UnknownCode {
        /// The code.
        code: String,
    },
    /// The route has other methods.
    #[error("`{path}` does not take {method}")]
    Method {
        /// The method.
        method: String,
        /// The path.
        path: String,
    },
    /// The body is not declared to be JSON.
    #[error("the body is declared as `{found}`, JSON is expected")]
    ContentType {
        /// What it is declared as; `nothing` where it is not declared.
        found: String,
    },
    /// The body is not JSON.
    #[error("the body is not JSON: {reason} at line {line} column {column}")]
    Json {
        /// What the parser says.
        reason: String,
        /// From 1.
        line: usize,
        /// From 1.
        column: usize,
    },
    /// The body is larger than the limit.
    #[error("the body is larger than {limit} bytes")]
    TooLarge {
        /// The limit.
        limit: usize,
    },
    /// The body ended early.
    #[error("the body could not be read to its end")]
    Broken,
    /// The query string does not fit.
    #[error("the query string does not fit: {reason}")]
    Query {
        /// What is wrong.
        reason: String,
    },
    /// A header can't be understood.
    #[error("the header `{name}` can't be understood: {reason}")]
    Header {
        /// The header.
        name: &'static str,
        /// What is wrong.
        reason: String,
    },
    /// The route takes no idempotency key.
    #[error("this route takes no `Idempotency-Key`")]
    NoOnce,
    /// Nobody is signed in.
    #[error("this route needs a token")]
    TokenMissing,
    /// The token is wrong.
    #[error("the token is not valid")]
    TokenInvalid,
    /// What names the tenant of the request contradicts itself, or the actor may not act there.
    #[error("{one} and {other} are of different tenants")]
    TenantMismatch {
        /// What names one tenant.
        one: TenantSource,
        /// What names another one.
        other: TenantSource,
    },
    /// Nothing names the tenant of the request, and the token does not count.
    #[error("nothing says which tenant the request is for")]
    TenantUnnamed,
    /// The server has too much to do.
    #[error("the server has too much to do")]
    Busy,
    /// The actor sends too much.
    #[error("more than {rate} requests per second")]
    Rate {
        /// The limit.
        rate: u32,
    },
    /// It took too long.
    #[error("the request took longer than allowed")]
    Timeout,
    /// The client names a version of a record that has none.
    #[error("the record has no version, so that `If-Match` can't hold")]
    Unversioned,
}

impl RequestError {
    /// The status, where it is more exact than that of the kind.
    pub(crate) fn status(&self) -> StatusCode {
        match self {
            Self::NoRoute { .. } | Self::UnknownCode { .. } => StatusCode::NOT_FOUND,
            Self::Method { .. } => StatusCode::METHOD_NOT_ALLOWED,
            Self::ContentType { .. } => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Self::Json { .. } | Self::Broken | Self::Query { .. } | Self::Header { .. } | Self::NoOnce => {
                StatusCode::BAD_REQUEST
            }
            Self::TenantUnnamed => StatusCode::BAD_REQUEST,
            Self::TenantMismatch { .. } => StatusCode::FORBIDDEN,
            Self::TooLarge { .. } => StatusCode::PAYLOAD_TOO_LARGE,
            Self::TokenMissing | Self::TokenInvalid => StatusCode::UNAUTHORIZED,
            Self::Busy => StatusCode::SERVICE_UNAVAILABLE,
            Self::Rate { .. } => StatusCode::TOO_MANY_REQUESTS,
            Self::Timeout => StatusCode::GATEWAY_TIMEOUT,
            Self::Unversioned => StatusCode::PRECONDITION_FAILED,
        }
    }
}

impl Refusal for RequestError {
    fn kind(&self) -> Kind {
        match self {
            Self::NoRoute { .. } | Self::UnknownCode { .. } => Kind::NotFound,
            Self::TooLarge { .. } => Kind::TooLarge,
            Self::TokenMissing | Self::TokenInvalid => Kind::Unauthorized,
            Self::TenantMismatch { .. } => Kind::Forbidden,
            Self::Busy => Kind::Unavailable,
            Self::Rate { .. } => Kind::Limited,
            Self::Timeout => Kind::Timeout,
            Self::Unversioned => Kind::PreconditionFailed,
            _ => Kind::Invalid,
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::NoRoute { .. } => "request.no_route",
            Self::UnknownCode { .. } => "request.unknown_code",
            Self::Method { .. } => "request.method",
            Self::ContentType { .. } => "request.content_type",
            Self::Json { .. } => "request.json",
            Self::TooLarge { .. } => "request.too_large",
            Self::Broken => "request.broken",
            Self::Query { .. } => "request.query",
            Self::Header { .. } => "request.header",
            Self::NoOnce => "request.no_once",
            Self::TokenMissing => "auth.token_missing",
            Self::TokenInvalid => "auth.token_invalid",
            Self::TenantMismatch { .. } => "tenancy.mismatch",
            Self::TenantUnnamed => "tenancy.unnamed",
            Self::Busy => "server.busy",
            Self::Rate { .. } => "server.rate",
            Self::Timeout => "server.timeout",
            Self::Unversioned => "request.unversioned",
        }
    }

    fn help(&self) -> Option<String> {
        let help = match self {
            Self::NoRoute { .. } => "all routes are listed at `/api/docs`",
            Self::UnknownCode { .. } => "the codes that are explained are listed at `/api/errors`",
            Self::Method { .. } => "the header `Allow` lists the methods that it takes",
            Self::ContentType { .. } => "send `Content-Type: application/json`",
            Self::TooLarge { .. } => "send less, or raise `web.body_limit`",
            Self::NoOnce => "send the request without the header",
            Self::TokenMissing => "send `Authorization: Bearer <token>`",
            Self::TokenInvalid => "the token is in the file that the server named when it started",
            Self::TenantMismatch { .. } => "name one tenant, and send the token of somebody who may act there",
            Self::TenantUnnamed => "name it in one of the ways that `tenancy.from` of the configuration lists",
            Self::Busy | Self::Rate { .. } => "try again after the seconds in `Retry-After`",
            Self::Timeout => "ask for less at once, or raise `web.timeout`",
            Self::Unversioned => "send the request without `If-Match`",
            Self::Json { .. } | Self::Broken | Self::Query { .. } | Self::Header { .. } => return None,
        };
        Some(help.to_owned())
    }
}

/// Why a server can't start.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ServerError {
    /// Another program listens there.
    #[error("`{address}` is already in use by another program")]
    PortTaken {
        /// The address.
        address: SocketAddr,
    },
    /// The address can't be listened on.
    #[error("can't listen on `{address}`: {reason}")]
    Listen {
        /// The address.
        address: SocketAddr,
        /// What the operating system says.
        reason: std::io::Error,
    },
    /// Everybody could reach a server that only knows the development token.
    #[error("`{address}` can be reached from other machines, and the development token is for this one alone")]
    NotLoopback {
        /// The address.
        address: SocketAddr,
    },
    /// The development token can't be kept.
    #[error("the development token `{path}` can't be {verb}: {reason}")]
    Token {
        /// The file.
        path: String,
        /// `read` or `written`.
        verb: &'static str,
        /// What is wrong.
        reason: String,
    },
    /// Two routes are the same, or can't be told apart.
    #[error("{}", .problems.join("; "))]
    Routes {
        /// What is wrong, each.
        problems: Vec<String>,
    },
    /// An allowed origin is none.
    #[error("`{origin}` is not an origin")]
    Origin {
        /// What was configured.
        origin: String,
    },
    /// Requests were still running when the time to drain was over.
    #[error("{running} requests were still running after {seconds} s and were cut off")]
    Undrained {
        /// How many.
        running: usize,
        /// How long the server waited.
        seconds: u64,
    },
}

impl Refusal for ServerError {
    fn kind(&self) -> Kind {
        match self {
            Self::Undrained { .. } => Kind::Timeout,
            _ => Kind::Config,
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::PortTaken { .. } => "server.port_taken",
            Self::Listen { .. } => "server.listen",
            Self::NotLoopback { .. } => "server.not_loopback",
            Self::Token { .. } => "server.token",
            Self::Routes { .. } => "server.routes",
            Self::Origin { .. } => "server.origin",
            Self::Undrained { .. } => "server.undrained",
        }
    }

    fn help(&self) -> Option<String> {
        Some(match self {
            Self::PortTaken { address } => {
                let next = SocketAddr::new(address.ip(), address.port().wrapping_add(1));
                format!("stop that program, or choose another address: `--listen {next}`")
            }
            Self::Listen { .. } => "choose another address: `--listen 127.0.0.1:8080`".to_owned(),
            Self::NotLoopback { address } => {
                format!("listen on this machine alone: `--listen 127.0.0.1:{}`", address.port())
            }
            Self::Token { .. } => "mend or delete the file; a new token is made where there is none".to_owned(),
            Self::Routes { .. } => "give each route a path and method of its own".to_owned(),
            Self::Origin { .. } => "write scheme and host in `web.cors_origins`: `https://shop.example`".to_owned(),
            Self::Undrained { .. } => "raise `web.drain`".to_owned(),
        })
    }
}
