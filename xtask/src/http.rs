//! The smallest HTTP client that can ask a started application how it is.

use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use crate::{Error, Result};

const TIMEOUT: Duration = Duration::from_secs(30);

/// A status and a body.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) body: String,
}

/// Sends one GET, with a bearer token where there is one.
///
/// It speaks HTTP/1.0, so that the body simply ends with the connection.
pub(crate) fn get(address: SocketAddr, path: &str, token: Option<&str>) -> Result<Answer> {
    let what = format!("GET http://{address}{path}");
    let mut stream = TcpStream::connect(address).map_err(Error::io(what.as_str()))?;
    stream.set_read_timeout(Some(TIMEOUT)).map_err(Error::io(what.as_str()))?;
    let authorization = token.map(|token| format!("Authorization: Bearer {token}\r\n")).unwrap_or_default();
    let request = format!("GET {path} HTTP/1.0\r\nHost: {address}\r\n{authorization}Connection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).map_err(Error::io(what.as_str()))?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).map_err(Error::io(what.as_str()))?;
    parse(&String::from_utf8_lossy(&answer)).ok_or_else(|| Error::Server(format!("{what}: no HTTP answer")))
}

fn parse(answer: &str) -> Option<Answer> {
    let (head, body) = answer.split_once("\r\n\r\n")?;
    let status = head.strip_prefix("HTTP/1.")?.split(' ').nth(1)?.parse().ok()?;
    Some(Answer { status, body: body.to_owned() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_a_status_and_a_body() {
        let answer = parse("HTTP/1.0 404 Not Found\r\ncontent-length: 2\r\n\r\nno");
        assert_eq!(answer, Some(Answer { status: 404, body: "no".into() }));
        assert_eq!(parse("SSH-2.0-OpenSSH\r\n\r\n"), None);
    }
}
