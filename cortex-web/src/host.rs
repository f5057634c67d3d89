//! The host name that a request was sent to.

use axum::http::header::HOST;
use axum::http::request::Parts;
use axum::http::uri::Authority;

/// The host that a request names, without a port; empty where it can't be read, `None` where there is none.
///
/// What a proxy says about the host that it was asked for itself is not believed: anybody can send such a header.
pub(crate) fn host_of(request: &Parts) -> Option<&str> {
    let named = request.headers.get(HOST).map(|host| host.to_str().unwrap_or_default());
    named.or_else(|| request.uri.authority().map(Authority::as_str)).map(without_port)
}

/// `localhost:8080` as `localhost`, `[::1]:8080` as `[::1]`.
fn without_port(host: &str) -> &str {
    match host.rsplit_once(':') {
        Some((name, port)) if !port.is_empty() && port.chars().all(|c| c.is_ascii_digit()) => name,
        _ => host,
    }
}

#[cfg(test)]
mod tests {
    use super::without_port;

    #[test]
    fn ports_are_no_part_of_a_name() {
        for (host, name) in [
            ("localhost", "localhost"),
            ("acme.example:8080", "acme.example"),
            ("127.0.0.1:80", "127.0.0.1"),
            ("[::1]:8080", "[::1]"),
            ("[::1]", "[::1]"),
            ("acme.example:", "acme.example:"),
            ("", ""),
        ] {
            assert_eq!(without_port(host), name);
        }
    }
}
