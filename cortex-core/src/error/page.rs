//! What error codes mean, for whoever meets one: sections of a document that comes with the module.

use crate::{Kind, Refusal};

/// What a section begins with, before its code.
const HEADING: &str = "## ";
/// What the first line of a section begins with.
const STATUS: &str = "Status: ";

/// The page of one error code: what happened, and what to do.
///
/// A module writes all of its pages into one document, and names it where it is registered:
/// `m.errors(include_str!("../docs/errors.md"))`. Each page is a section:
///
/// ```
/// use cortex_core::ErrorPage;
///
/// let document = "## fleet.sold\n\nStatus: 409\n\nThe vehicle is sold already.\n\nLook for another one.\n";
/// let pages = ErrorPage::all_of(document)?;
/// let expected = ErrorPage {
///     code: "fleet.sold",
///     status: "409",
///     text: "The vehicle is sold already.\n\nLook for another one.",
/// };
/// assert_eq!(pages, [expected]);
/// # Ok::<(), cortex_core::ErrorPageError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ErrorPage {
    /// The code, which is the heading.
    pub code: &'static str,
    /// The status of the answer to a request, or where else the error is met.
    pub status: &'static str,
    /// Paragraphs, lists with `- `, and code between backticks; nothing else of Markdown.
    pub text: &'static str,
}

impl ErrorPage {
    /// The pages of a document. What stands before the first of them is for those who read the document.
    ///
    /// # Errors
    /// There are no pages; a heading is no code; a page has no status or no text.
    pub fn all_of(document: &'static str) -> Result<Vec<Self>, ErrorPageError> {
        let pages: Vec<_> = sections(document).into_iter().map(Self::of).collect::<Result<_, _>>()?;
        if pages.is_empty() { Err(ErrorPageError::NoPages) } else { Ok(pages) }
    }

    fn of(section: &'static str) -> Result<Self, ErrorPageError> {
        let (code, body) = halves(section);
        if !is_code(code) {
            return Err(ErrorPageError::Heading { heading: code.to_owned() });
        }
        let (status, text) = halves(body);
        match status.strip_prefix(STATUS) {
            None => Err(ErrorPageError::NoStatus { code: code.to_owned() }),
            Some(_) if text.is_empty() => Err(ErrorPageError::NoText { code: code.to_owned() }),
            Some(status) => Ok(Self { code, status: status.trim(), text }),
        }
    }
}

/// The first line and the rest.
fn halves(text: &'static str) -> (&'static str, &'static str) {
    let (first, rest) = text.split_once('\n').unwrap_or((text, ""));
    (first.trim(), rest.trim())
}

/// What follows each heading, up to the next one.
fn sections(document: &'static str) -> Vec<&'static str> {
    let mut starts = Vec::new();
    let mut at = 0;
    for line in document.split_inclusive('\n') {
        if line.starts_with(HEADING) {
            starts.push(at);
        }
        at += line.len();
    }
    let ends = starts.iter().copied().skip(1).chain([document.len()]);
    starts.iter().zip(ends).filter_map(|(start, end)| document.get(start + HEADING.len()..end)).collect()
}

/// Small letters, digits and `_`, with dots between: what may stand in a path as it is.
fn is_code(text: &str) -> bool {
    let is_letter = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
    text.split('.').all(|word| !word.is_empty() && word.chars().all(is_letter))
}

/// Why a document has no pages of errors.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ErrorPageError {
    /// It has no section.
    #[error("the document has no pages of errors")]
    NoPages,
    /// A heading is no code.
    #[error("the heading `{heading}` is not the code of an error")]
    Heading {
        /// The heading.
        heading: String,
    },
    /// A page does not say its status.
    #[error("the page of the error `{code}` does not begin with its status")]
    NoStatus {
        /// The code.
        code: String,
    },
    /// A page has no text.
    #[error("the page of the error `{code}` says nothing")]
    NoText {
        /// The code.
        code: String,
    },
}

impl Refusal for ErrorPageError {
    fn kind(&self) -> Kind {
        Kind::Config
    }

    fn code(&self) -> &'static str {
        "modules.error_pages"
    }

    fn help(&self) -> Option<String> {
        Some("write sections: `## module.code`, a line `Status: 409`, what happened and what to do".to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(document: &'static str, expected: Result<&[(&str, &str, &str)], &str>) {
        let found = ErrorPage::all_of(document).map_err(|error| error.to_string());
        let found = found.map(|pages| pages.iter().map(|p| (p.code, p.status, p.text)).collect::<Vec<_>>());
        assert_eq!(found, expected.map(<[_]>::to_vec).map_err(str::to_owned));
    }

    #[test]
    fn sections_are_pages() {
        let two =
            "# All\n\nSee ## below.\n\n## a.b_2\n\nStatus: 409\n\nOne.\n\n- two\n\n## c\nStatus: at start\nThree.";
        check(two, Ok(&[("a.b_2", "409", "One.\n\n- two"), ("c", "at start", "Three.")]));
        check("## a\r\n\r\nStatus: 409\r\n\r\nOne.\r\n", Ok(&[("a", "409", "One.")]));
    }

    #[test]
    fn what_is_no_page_is_named() {
        check("# Nothing\n\nat all\n", Err("the document has no pages of errors"));
        check("## A title\n\nStatus: 1\n\nx", Err("the heading `A title` is not the code of an error"));
        check("## a..b\n\nStatus: 1\n\nx", Err("the heading `a..b` is not the code of an error"));
        check("## a\n\nx", Err("the page of the error `a` does not begin with its status"));
        check("## a\n\nStatus: 1\n\n## b\n\nStatus: 1\n\nx", Err("the page of the error `a` says nothing"));
    }
}
