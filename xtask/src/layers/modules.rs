//! Checks that a module keeps SQL in `store/`, HTTP in `api/`, and everything out of `domain/`.

use crate::source::{Spanned, Token, mentions, tokens};
use crate::workspace::SourceFile;

/// What must not be mentioned, where, and why.
struct Rule {
    /// Whether the rule holds in the file at this path below `src/`.
    holds: fn(Place<'_>) -> bool,
    never: &'static [&'static str],
    why: &'static str,
}

/// Where a file lies in its module, and whether it declares an entity.
#[derive(Clone, Copy)]
struct Place<'a> {
    path: &'a str,
    entity: bool,
}

impl Place<'_> {
    fn within(self, folder: &str) -> bool {
        let inside = |rest: &str| rest == ".rs" || rest.starts_with('/');
        self.path.strip_prefix(folder).is_some_and(inside)
    }
}

const RULES: &[Rule] = &[
    Rule {
        holds: |place| !place.within("store"),
        never: &["sql_query", "unscoped", "batch_execute"],
        why: "SQL belongs in `store/`",
    },
    Rule {
        holds: |place| !place.within("store") && !place.entity,
        never: &["diesel"],
        why: "queries belong in `store/`",
    },
    Rule {
        holds: |place| !place.within("api"),
        never: &["axum", "tower_http", "hyper", "codexion::web"],
        why: "HTTP belongs in `api/`",
    },
    Rule {
        holds: |place| place.within("domain"),
        never: &[
            "serde",
            "Serialize",
            "Deserialize",
            "diesel",
            "Repository",
            "Tx",
            "ReadTx",
            "Work",
            "Clock",
            "SystemClock",
            "Inject",
            "Provider",
            "Container",
        ],
        why: "a domain is pure: pass what it needs as values",
    },
];

/// How a statement of SQL begins when somebody writes one into a string.
const STATEMENTS: &[&str] = &["SELECT ", "INSERT INTO ", "UPDATE ", "DELETE FROM ", "WITH ", "CREATE TABLE "];

/// Everything the sources under `modules/` mention in the wrong place.
pub(super) fn findings(files: &[SourceFile]) -> Vec<String> {
    let sources = files.iter().filter_map(|file| Some((file, below_src(&file.path)?)));
    sources.flat_map(|(file, path)| in_file(&file.path, path, &file.text)).collect()
}

/// The part of `modules/finance/src/api/http.rs` after `src/`.
fn below_src(path: &str) -> Option<&str> {
    let (_, rest) = path.strip_prefix("modules/")?.split_once('/')?;
    rest.strip_prefix("src/").filter(|rest| rest.ends_with(".rs"))
}

fn in_file(name: &str, path: &str, source: &str) -> Vec<String> {
    let tokens = tokens(source);
    let entity = mentions(&tokens, "repository").any(|line| is_attribute(&tokens, line));
    let place = Place { path, entity };
    let mut findings = Vec::new();
    for rule in RULES.iter().filter(|rule| (rule.holds)(place)) {
        for word in rule.never {
            findings.extend(mentions(&tokens, word).map(|line| format!("{name}:{line}: `{word}`: {}", rule.why)));
        }
    }
    if !place.within("store") {
        for spanned in &tokens {
            let Token::Text(text) = spanned.token else { continue };
            if STATEMENTS.iter().any(|statement| text.trim_start().starts_with(statement)) {
                findings.push(format!("{name}:{}: a SQL string: SQL belongs in `store/`", spanned.line));
            }
        }
    }
    findings
}

/// Whether `#[repository(` stands on this line.
fn is_attribute(tokens: &[Spanned<'_>], line: usize) -> bool {
    let on_line: Vec<Token<'_>> = tokens.iter().filter(|spanned| spanned.line == line).map(|s| s.token).collect();
    on_line.starts_with(&[Token::Sign('#'), Token::Sign('['), Token::Word("repository"), Token::Sign('(')])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(path: &str, source: &str, expected: &[&str]) {
        let text = source.to_owned();
        let found = findings(&[SourceFile { path: format!("modules/finance/src/{path}"), text }]);
        let found: Vec<&str> = found.iter().map(|f| f.strip_prefix("modules/finance/src/").unwrap()).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn sql_stays_in_store() {
        check("store.rs", "use codexion::diesel; tx.unscoped(\"why\"); sql_query(\"SELECT 1\")", &[]);
        check("store/entry.rs", "use codexion::diesel;", &[]);
        check(
            "service/post.rs",
            "x\ntx.unscoped(\"why\");",
            &["service/post.rs:2: `unscoped`: SQL belongs in `store/`"],
        );
        check(
            "service/post.rs",
            "let q = \"SELECT 1\";",
            &["service/post.rs:1: a SQL string: SQL belongs in `store/`"],
        );
        check("service.rs", "use codexion::diesel;", &["service.rs:1: `diesel`: queries belong in `store/`"]);
    }

    #[test]
    fn an_entity_may_name_diesel_but_not_write_sql() {
        check("account.rs", "use codexion::diesel;\n#[repository(table = \"a\")]\nstruct A;", &[]);
        check(
            "account.rs",
            "#[repository(table = \"a\")]\nstruct A;\nsql_query",
            &["account.rs:3: `sql_query`: SQL belongs in `store/`"],
        );
    }

    #[test]
    fn http_stays_in_api() {
        check("api.rs", "use axum::Router;", &[]);
        check("api/entries.rs", "use codexion::web::Raw;", &[]);
        check("lib.rs", "use codexion::web::Raw;", &["lib.rs:1: `codexion::web`: HTTP belongs in `api/`"]);
        check("apiary.rs", "axum", &["apiary.rs:1: `axum`: HTTP belongs in `api/`"]);
    }

    #[test]
    fn a_domain_is_pure() {
        check("domain/entry.rs", "/// Not `serde`.\nuse codexion::prelude::Money;", &[]);
        check(
            "domain/entry.rs",
            "fn post(tx: &mut Tx) {}",
            &["domain/entry.rs:1: `Tx`: a domain is pure: pass what it needs as values"],
        );
    }

    #[test]
    fn other_folders_are_not_modules() {
        let path = "cortex-data/src/lib.rs".to_owned();
        assert!(findings(&[SourceFile { path, text: "use diesel::sql_query;".into() }]).is_empty());
    }
}
