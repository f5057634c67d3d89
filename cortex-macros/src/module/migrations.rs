//! The folder of migrations: `0001_accounts/{up,down}[.sqlite|.postgres].sql`, read when the module is compiled.

use std::collections::BTreeMap;
use std::path::Path;
use std::{fs, io};

use proc_macro2::TokenStream;
use quote::quote;

const FILES: [&str; 6] =
    ["up.sql", "down.sql", "up.sqlite.sql", "up.postgres.sql", "down.sqlite.sql", "down.postgres.sql"];

/// One folder.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Migration {
    /// From the manifest of the crate: `/migrations/0001_accounts`.
    path: String,
    name: String,
    files: Vec<String>,
}

impl Migration {
    pub(crate) fn expand(&self, core: &TokenStream) -> TokenStream {
        let Self { name, path, files } = self;
        let text = |file: &str| {
            let path = format!("{path}/{file}");
            quote! { ::core::include_str!(::core::concat!(::core::env!("CARGO_MANIFEST_DIR"), #path)) }
        };
        let maybe = |file: &str| match files.iter().any(|found| found == file) {
            true => {
                let text = text(file);
                quote! { ::core::option::Option::Some(#text) }
            }
            false => quote! { ::core::option::Option::None },
        };
        let (up, down) = (text("up.sql"), text("down.sql"));
        let (up_sqlite, up_postgres) = (maybe("up.sqlite.sql"), maybe("up.postgres.sql"));
        let (down_sqlite, down_postgres) = (maybe("down.sqlite.sql"), maybe("down.postgres.sql"));
        quote! {
            #core::MigrationFile {
                name: #name, up: #up, down: #down,
                up_sqlite: #up_sqlite, up_postgres: #up_postgres,
                down_sqlite: #down_sqlite, down_postgres: #down_postgres,
            }
        }
    }
}

/// Every migration in the order of their names, and everything that is wrong.
pub(crate) fn find(home: &Path, folder: &str) -> (Vec<Migration>, Vec<String>) {
    let folder = folder.trim_matches('/');
    let mut wrong = Vec::new();
    let names = match names(&home.join(folder)) {
        Ok(names) => names,
        Err(error) => {
            return (Vec::new(), vec![format!("the folder `{folder}` of this crate cannot be read: {}", error.kind())]);
        }
    };
    let mut found = Vec::new();
    let mut numbers: BTreeMap<String, String> = BTreeMap::new();
    for (name, is_folder) in names {
        let shown = format!("{folder}/{name}");
        if !is_folder {
            if name.ends_with(".sql") {
                wrong.push(format!("`{shown}` lies beside the migrations; each has a folder of its own: `{folder}/0001_accounts/up.sql`"));
            }
            continue;
        }
        let Some(number) = number(&name) else {
            wrong.push(format!(
                "`{shown}` is not named like a migration: four digits and a name, such as `0001_accounts`"
            ));
            continue;
        };
        if let Some(other) = numbers.insert(number.to_owned(), name.clone()) {
            wrong.push(format!("`{folder}/{other}` and `{shown}` have the same number"));
        }
        let (files, mistakes) = files(&home.join(folder).join(&name), &shown);
        if mistakes.is_empty() {
            found.push(Migration { path: format!("/{shown}"), name, files });
        }
        wrong.extend(mistakes);
    }
    (found, wrong)
}

/// The names in a folder, sorted, and whether each is a folder. Hidden ones are left out.
fn names(folder: &Path) -> io::Result<Vec<(String, bool)>> {
    let mut names = Vec::new();
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        if !name.starts_with('.') {
            names.push((name, entry.path().is_dir()));
        }
    }
    names.sort();
    Ok(names)
}

fn number(name: &str) -> Option<&str> {
    let (number, rest) = name.split_once('_')?;
    let digits = number.len() == 4 && number.chars().all(|c| c.is_ascii_digit());
    let letters = !rest.is_empty() && rest.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_');
    (digits && letters).then_some(number)
}

fn files(folder: &Path, shown: &str) -> (Vec<String>, Vec<String>) {
    let names = match names(folder) {
        Ok(names) => names,
        Err(error) => return (Vec::new(), vec![format!("`{shown}` cannot be read: {}", error.kind())]),
    };
    let sql: Vec<String> = names.into_iter().map(|(name, _)| name).filter(|name| name.ends_with(".sql")).collect();
    let mut wrong = Vec::new();
    for needed in ["up.sql", "down.sql"] {
        if !sql.iter().any(|name| name == needed) {
            wrong.push(format!("`{shown}` has no `{needed}`"));
        }
    }
    for stranger in sql.iter().filter(|name| !FILES.contains(&name.as_str())) {
        wrong.push(format!("`{shown}/{stranger}` is never run; a migration has `{}`", FILES.join("`, `")));
    }
    (sql, wrong)
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::find;

    #[track_caller]
    fn check(files: &[&str], names: &[&str], wrong: &[&str]) {
        let home = tempfile::tempdir().unwrap();
        for file in files {
            let path = home.path().join("migrations").join(file);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, "SELECT 1;").unwrap();
        }
        let (found, mistakes) = find(home.path(), "migrations");
        let found: Vec<_> = found.iter().map(|migration| migration.name.as_str()).collect();
        assert_eq!((found.as_slice(), mistakes.len()), (names, wrong.len()), "{mistakes:?}");
        for (mistake, part) in mistakes.iter().zip(wrong) {
            assert!(mistake.contains(part), "`{mistake}` does not say `{part}`");
        }
    }

    #[test]
    fn folders_come_in_the_order_of_their_names() {
        let files = [
            "0002_b/up.sql",
            "0002_b/down.sql",
            "0001_a/down.sql",
            "0001_a/up.sql",
            "0001_a/up.sqlite.sql",
            "README.md",
        ];
        check(&files, &["0001_a", "0002_b"], &[]);
    }

    #[test]
    fn every_mistake_is_found() {
        check(&["0001_a/up.sql", "0002_b/down.sql"], &[], &["0001_a` has no `down.sql`", "0002_b` has no `up.sql`"]);
        check(&["first/up.sql"], &[], &["`migrations/first` is not named like a migration"]);
        check(&["up.sql"], &[], &["lies beside the migrations"]);
        let typo = ["0001_a/up.sql", "0001_a/down.sql", "0001_a/up.sqlit.sql"];
        check(&typo, &[], &["`migrations/0001_a/up.sqlit.sql` is never run"]);
        let same = ["0001_a/up.sql", "0001_a/down.sql", "0001_b/up.sql", "0001_b/down.sql"];
        check(&same, &["0001_a", "0001_b"], &["have the same number"]);
    }

    #[test]
    fn a_missing_folder_is_named() {
        let home = tempfile::tempdir().unwrap();
        let (_, wrong) = find(home.path(), "migrations");
        assert_eq!(wrong, ["the folder `migrations` of this crate cannot be read: entity not found"]);
    }
}
