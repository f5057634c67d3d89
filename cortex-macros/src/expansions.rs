//! What the derives write, kept beside what they were given, so that a change of it is read before it is made.

use std::fs;
use std::path::Path;

use proc_macro2::TokenStream;
use quote::ToTokens;
use syn::DeriveInput;

/// Set to anything, tests write what they would have compared.
const UPDATE: &str = "UPDATE_EXPECT";
/// Longest that the code of an entity of ten fields may be: what it repeats is ordinary code elsewhere.
const REPOSITORY_LINES_MAX: usize = 120;

/// The derive of `tests/expansions/NAME.rs`, formatted.
fn expansion(name: &str, derive: fn(&DeriveInput) -> TokenStream) -> String {
    let source = fs::read_to_string(folder().join(format!("{name}.rs"))).unwrap();
    let file = syn::parse_file(&source).unwrap();
    let input: DeriveInput = syn::parse2(file.items.first().unwrap().to_token_stream()).unwrap();
    prettyplease::unparse(&syn::parse2(derive(&input)).unwrap())
}

fn folder() -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/expansions")
}

#[track_caller]
fn check(name: &str, derive: fn(&DeriveInput) -> TokenStream) {
    let expanded = expansion(name, derive);
    let path = folder().join(format!("{name}.expanded.rs"));
    if std::env::var_os(UPDATE).is_some() {
        fs::write(path, expanded).unwrap();
        return;
    }
    let stored = fs::read_to_string(&path).unwrap_or_default();
    let same = stored.lines().zip(expanded.lines()).take_while(|(stored, expanded)| stored == expanded).count();
    assert!(
        stored == expanded,
        "{} differs from line {}: read the change after `{UPDATE}=1 cargo test -p cortex-macros`\nit is now:\n{expanded}",
        path.display(),
        same + 1,
    );
}

#[test]
fn choice() {
    check("choice", crate::choice::derive);
}

#[test]
fn config() {
    check("config", crate::config::derive);
}

#[test]
fn custom_fields() {
    check("custom_fields", crate::custom_fields::derive);
}

#[test]
fn event() {
    check("event", crate::event::derive);
}

#[test]
fn module() {
    check("module", crate::module::derive);
}

#[test]
fn provider() {
    check("provider", crate::provider::derive);
}

#[test]
fn repository() {
    check("repository", crate::repository::derive);
}

#[test]
fn external() {
    check("external", crate::repository::derive);
}

#[test]
fn repository_of_a_company() {
    check("repository_company", crate::repository::derive);
}

#[test]
fn the_code_of_an_entity_stays_short() {
    let lines = expansion("repository", crate::repository::derive).lines().count();
    assert!(lines <= REPOSITORY_LINES_MAX, "{lines} lines; move what repeats into functions of cortex-data");
}
