//! Conditions on a record's version: `ETag`, `If-Match` and `If-None-Match` (RFC 9110).

use aide::generate::GenContext;
use aide::openapi::Operation;
use axum::http::{HeaderMap, HeaderName, HeaderValue, header};
use cortex_core::{Error, Kind, Result};

use crate::error::RequestError;
use crate::handler::{Arg, Call};
use crate::openapi::{parameter, response};
use crate::problem::Rejection;

/// The version of a record as an entity tag: `"3"`.
pub(crate) fn tag(version: i64) -> Option<HeaderValue> {
    HeaderValue::from_str(&format!("\"{version}\"")).ok()
}

/// `If-Match`: the change is only made to one of these versions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum IfMatch {
    /// No condition.
    Absent,
    /// `*`: the record exists.
    Any,
    /// One of these tags, without their quotes.
    Versions(Vec<String>),
}

impl IfMatch {
    /// The version that must still be there when the change is made.
    ///
    /// # Errors
    /// [`Kind::PreconditionFailed`] when the record has another version, or none at all.
    pub(crate) fn hold(&self, version: Option<i64>) -> Result<Option<i64>> {
        let Self::Versions(accepted) = self else { return Ok(None) };
        let Some(version) = version else { return Err(RequestError::Unversioned.into()) };
        if accepted.iter().any(|tag| *tag == version.to_string()) {
            return Ok(Some(version));
        }
        Err(Error::new(Kind::PreconditionFailed, "version", format!("the record has version {version} by now"))
            .with_help("read it again, and decide whether the change still makes sense"))
    }
}

impl Arg for IfMatch {
    fn describe(_: &mut GenContext, operation: &mut Operation) {
        let about = "The `ETag` of the record that the change is meant for; another version is refused with 412";
        parameter::header(operation, "If-Match", about);
        response::problem(operation, axum::http::StatusCode::PRECONDITION_FAILED);
    }

    async fn take(call: &mut Call<'_>) -> Result<Self, Rejection> {
        Ok(match tags(&call.parts.headers, &header::IF_MATCH, "If-Match")? {
            None => Self::Absent,
            Some(Tags::Any) => Self::Any,
            // A weak tag never matches here: it says that two versions are alike, not that they are the same.
            Some(Tags::These(tags)) => {
                Self::Versions(tags.into_iter().filter(|tag| !tag.weak).map(|tag| tag.text).collect())
            }
        })
    }
}

/// `If-None-Match`: the answer is only sent when it is not one of these versions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct IfNoneMatch(Option<Vec<String>>);

impl IfNoneMatch {
    /// Whether the client has this version already.
    pub(crate) fn has(&self, version: Option<i64>) -> bool {
        match (&self.0, version) {
            (Some(tags), Some(version)) => tags.iter().any(|tag| *tag == version.to_string()),
            _ => false,
        }
    }
}

impl Arg for IfNoneMatch {
    fn describe(_: &mut GenContext, operation: &mut Operation) {
        let about = "The `ETag` of the record that the client has; the answer is 304 while it has not changed";
        parameter::header(operation, "If-None-Match", about);
        response::empty(operation, axum::http::StatusCode::NOT_MODIFIED, "The client has this version");
    }

    async fn take(call: &mut Call<'_>) -> Result<Self, Rejection> {
        Ok(Self(match tags(&call.parts.headers, &header::IF_NONE_MATCH, "If-None-Match")? {
            None | Some(Tags::Any) => None,
            Some(Tags::These(tags)) => Some(tags.into_iter().map(|tag| tag.text).collect()),
        }))
    }
}

#[derive(Debug, PartialEq, Eq)]
enum Tags {
    Any,
    These(Vec<Tag>),
}

#[derive(Debug, PartialEq, Eq)]
struct Tag {
    weak: bool,
    text: String,
}

/// Reads `*`, or `"3", W/"4"`.
fn tags(headers: &HeaderMap, name: &HeaderName, shown: &'static str) -> Result<Option<Tags>, RequestError> {
    let Some(value) = headers.get(name) else { return Ok(None) };
    let wrong = || RequestError::Header {
        name: shown,
        reason: "expected `*`, or the `ETag` of an answer with its quotes: `\"3\"`".to_owned(),
    };
    let text = value.to_str().map_err(|_| wrong())?.trim();
    if text == "*" {
        return Ok(Some(Tags::Any));
    }
    let one = |part: &str| {
        let part = part.trim();
        let (weak, quoted) = part.strip_prefix("W/").map_or((false, part), |rest| (true, rest));
        let text = quoted.strip_prefix('"')?.strip_suffix('"')?;
        (!text.contains('"')).then(|| Tag { weak, text: text.to_owned() })
    };
    let tags = text.split(',').map(one).collect::<Option<Vec<_>>>().ok_or_else(wrong)?;
    Ok(Some(Tags::These(tags)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(text: &'static str) -> Result<Option<Tags>, RequestError> {
        let mut headers = HeaderMap::new();
        headers.insert(header::IF_MATCH, HeaderValue::from_static(text));
        tags(&headers, &header::IF_MATCH, "If-Match")
    }

    #[test]
    fn entity_tags_are_read() {
        let tag = |weak, text: &str| Tag { weak, text: text.to_owned() };
        assert_eq!(parsed("*"), Ok(Some(Tags::Any)));
        assert_eq!(parsed("\"3\", W/\"4\""), Ok(Some(Tags::These(vec![tag(false, "3"), tag(true, "4")]))));
        for wrong in ["3", "", "\"3", "\"3\",", "\"3\"4\""] {
            assert!(parsed(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_version_holds_or_not() {
        let three = IfMatch::Versions(vec!["3".to_owned()]);
        assert_eq!(three.hold(Some(3)).unwrap(), Some(3));
        assert_eq!(three.hold(Some(4)).unwrap_err().kind(), Kind::PreconditionFailed);
        assert_eq!(three.hold(None).unwrap_err().kind(), Kind::PreconditionFailed);
        assert_eq!(IfMatch::Any.hold(None).unwrap(), None);
    }
}
