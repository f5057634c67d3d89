//! Cuts SQL into statements, so that a failure can name the one at fault.

/// A statement of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Piece<'a> {
    /// The line it begins in, from 1.
    pub(super) line: usize,
    /// Its text without the semicolon and without comments before it.
    pub(super) sql: &'a str,
}

impl Piece<'_> {
    /// Whether it begins or ends a transaction, which belongs to the migrator alone.
    pub(super) fn controls_transaction(&self) -> bool {
        const WORDS: [&str; 8] = ["BEGIN", "START", "COMMIT", "END", "ROLLBACK", "ABORT", "SAVEPOINT", "RELEASE"];
        let word = self.sql.split(|c: char| !c.is_ascii_alphabetic()).next().unwrap_or_default();
        WORDS.iter().any(|control| word.eq_ignore_ascii_case(control))
    }

    /// The statement on one line, cut where it is long.
    pub(super) fn in_short(&self) -> String {
        const CHARS_MAX: usize = 300;
        let line = self.sql.split_whitespace().collect::<Vec<_>>().join(" ");
        match line.char_indices().nth(CHARS_MAX) {
            Some((end, _)) => format!("{}...", line.get(..end).unwrap_or_default()),
            None => line,
        }
    }
}

/// The statements of `sql`, in order.
///
/// Knows quotes, comments, PostgreSQL's dollar quotes, and the `BEGIN .. END` bodies of triggers and functions.
pub(super) fn split(sql: &str) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    let mut start = None;
    let mut body = Body::default();
    let mut at = 0;
    while let Some(rest) = sql.get(at..).filter(|rest| !rest.is_empty()) {
        let (token, length) = token(rest);
        match token {
            Token::Semicolon if body.depth == 0 => {
                pieces.extend(start.take().and_then(|start| piece(sql, start, at)));
                body = Body::default();
            }
            Token::Space => {}
            Token::Word => {
                start.get_or_insert(at);
                body.word(rest.get(..length).unwrap_or_default());
            }
            Token::Semicolon | Token::Other => {
                start.get_or_insert(at);
            }
        }
        at += length;
    }
    pieces.extend(start.and_then(|start| piece(sql, start, sql.len())));
    pieces
}

fn piece(sql: &str, start: usize, end: usize) -> Option<Piece<'_>> {
    let line = sql.get(..start)?.matches('\n').count() + 1;
    Some(Piece { line, sql: sql.get(start..end)?.trim_end() })
}

/// Where a semicolon does not end the statement: inside the body of a trigger or function.
#[derive(Default)]
struct Body {
    creates: bool,
    has_body: bool,
    depth: u32,
}

impl Body {
    fn word(&mut self, word: &str) {
        let is = |expected: &[&str]| expected.iter().any(|e| word.eq_ignore_ascii_case(e));
        if is(&["CREATE"]) {
            self.creates = true;
        } else if self.creates && is(&["TRIGGER", "FUNCTION", "PROCEDURE"]) {
            self.has_body = true;
        } else if self.has_body && is(&["BEGIN", "CASE"]) {
            self.depth += 1;
        } else if self.has_body && is(&["END"]) {
            self.depth = self.depth.saturating_sub(1);
        }
    }
}

enum Token {
    Space,
    Word,
    Semicolon,
    Other,
}

/// The token at the start of `rest`, which is not empty, and its length.
fn token(rest: &str) -> (Token, usize) {
    let first = rest.chars().next().unwrap_or(' ');
    let until = |end: &str, from: usize| {
        let found = rest.get(from..).and_then(|tail| tail.find(end));
        found.map_or(rest.len(), |at| from + at + end.len())
    };
    if rest.starts_with("--") {
        (Token::Space, until("\n", 2))
    } else if rest.starts_with("/*") {
        (Token::Space, until("*/", 2))
    } else if first == '\'' || first == '"' {
        // A doubled quote inside reads as the end of one text and the start of the next: the same for us.
        (Token::Other, until(if first == '"' { "\"" } else { "'" }, 1))
    } else if first == '$' {
        (Token::Other, dollar(rest).map_or(1, |tag| until(tag, tag.len())))
    } else if first.is_alphabetic() || first == '_' {
        let end = rest.find(|c: char| !c.is_alphanumeric() && c != '_' && c != '$');
        (Token::Word, end.unwrap_or(rest.len()))
    } else if first == ';' {
        (Token::Semicolon, 1)
    } else if first.is_whitespace() {
        (Token::Space, first.len_utf8())
    } else {
        (Token::Other, first.len_utf8())
    }
}

/// `$tag$` at the start of `rest`.
fn dollar(rest: &str) -> Option<&str> {
    let end = 1 + rest.get(1..)?.find('$')?;
    let name = rest.get(1..end)?;
    let is_tag =
        name.chars().all(|c| c.is_alphanumeric() || c == '_') && !name.starts_with(|c: char| c.is_ascii_digit());
    if is_tag { rest.get(..=end) } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(sql: &str, expected: &[(usize, &str)]) {
        let found: Vec<_> = split(sql).iter().map(|piece| (piece.line, piece.sql)).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn statements_end_at_semicolons() {
        check("", &[]);
        check(" ;; -- nothing\n", &[]);
        check("SELECT 1", &[(1, "SELECT 1")]);
        check("-- one; still\nSELECT 1;\n\n/* two; */ SELECT 2 ;", &[(2, "SELECT 1"), (4, "SELECT 2")]);
    }

    #[test]
    fn quoted_semicolons_are_text() {
        check("SELECT 'a;''b;', \"c;\"; SELECT 'ü;'", &[(1, "SELECT 'a;''b;', \"c;\""), (1, "SELECT 'ü;'")]);
        check(
            "DO $$ BEGIN x; END $$; DO $q$ y; $$ z; $q$",
            &[(1, "DO $$ BEGIN x; END $$"), (1, "DO $q$ y; $$ z; $q$")],
        );
        check("SELECT $1; SELECT 'open", &[(1, "SELECT $1"), (1, "SELECT 'open")]);
    }

    #[test]
    fn bodies_of_triggers_stay_together() {
        let trigger = "CREATE TRIGGER t BEFORE UPDATE ON e WHEN old.posted BEGIN\n\
                       SELECT CASE WHEN 1 THEN RAISE(ABORT, 'no; never') END;\nDELETE FROM x;\nEND";
        check(&format!("{trigger};\nDROP TABLE y;"), &[(1, trigger), (5, "DROP TABLE y")]);
        let executes = "create trigger t before update on e for each row execute function f()";
        check(&format!("{executes};select 1"), &[(1, executes), (1, "select 1")]);
    }

    #[test]
    fn transaction_control_is_seen() {
        let controls = |sql: &str| split(sql).iter().any(Piece::controls_transaction);
        assert!(controls("SELECT 1; commit;"));
        assert!(controls("-- x\nBEGIN;"));
        assert!(!controls("CREATE TRIGGER t AFTER INSERT ON e BEGIN DELETE FROM x; END;"));
        assert!(!controls("UPDATE beginnings SET commit_id = 1"));
    }
}
