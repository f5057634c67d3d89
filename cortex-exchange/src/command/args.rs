//! The words behind `data`.

use std::path::PathBuf;

use crate::error::ExchangeError;
use crate::format::Format;
use crate::options::{ExportOptions, ImportOptions, OnError};

/// How the command is used.
pub(crate) const USAGE: &str = "`data import ENTITY FILE [--map COLUMN=FIELD] [--const FIELD=VALUE] [--ignore COLUMN] \
    [--key FIELD,..] [--skip-bad] [--dry-run] [--again] [--report FILE]`, `data export ENTITY FILE [--filter TEXT] \
    [--sort FIELD,..] [--fields FIELD,..]` or `data template ENTITY FILE`; each takes `--format csv|jsonl|xlsx|parquet`, \
    `--delimiter CHARACTER`, `--sheet NAME` and `--tenant NAME|ID`";

/// What to do with one file.
#[derive(Debug, PartialEq)]
pub(super) struct Task {
    pub(super) entity: String,
    pub(super) file: PathBuf,
    pub(super) tenant: Option<String>,
    pub(super) act: Act,
}

/// What to do.
#[derive(Debug, PartialEq)]
pub(super) enum Act {
    Import { options: ImportOptions, report: Option<PathBuf> },
    Export { options: ExportOptions },
    Template { format: Format },
}

/// Options with a value, in all commands.
const VALUED: [&str; 12] = [
    "--map",
    "--const",
    "--ignore",
    "--key",
    "--report",
    "--filter",
    "--sort",
    "--fields",
    "--format",
    "--delimiter",
    "--sheet",
    "--tenant",
];
/// Options without one.
const FLAGS: [&str; 3] = ["--skip-bad", "--dry-run", "--again"];
const IMPORT: [&str; 9] =
    ["--map", "--const", "--ignore", "--key", "--report", "--sheet", "--skip-bad", "--dry-run", "--again"];
const EXPORT: [&str; 3] = ["--filter", "--sort", "--fields"];

/// The words, told apart.
#[derive(Debug, Default)]
struct Words {
    plain: Vec<String>,
    given: Vec<(String, String)>,
}

fn usage(message: String) -> ExchangeError {
    ExchangeError::Usage(message)
}

impl Words {
    fn of(words: &[String]) -> Result<Self, ExchangeError> {
        let mut all = Self::default();
        let mut words = words.iter();
        while let Some(word) = words.next() {
            let (name, inline) = match word.split_once('=') {
                Some((name, value)) if word.starts_with("--") => (name, Some(value.to_owned())),
                _ => (word.as_str(), None),
            };
            if VALUED.contains(&name) {
                let value = inline.or_else(|| words.next().cloned());
                let value = value.ok_or_else(|| usage(format!("`{name}` needs a value")))?;
                all.given.push((name.to_owned(), value));
            } else if FLAGS.contains(&name) && inline.is_none() {
                all.given.push((name.to_owned(), String::new()));
            } else if word.starts_with("--") {
                return Err(usage(format!("`data` has no option `{word}`")));
            } else {
                all.plain.push(word.clone());
            }
        }
        Ok(all)
    }

    fn one(&self, name: &str) -> Option<&str> {
        self.given.iter().rev().find(|(given, _)| given == name).map(|(_, value)| value.as_str())
    }

    fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.given.iter().filter(move |(given, _)| given == name).map(|(_, value)| value.as_str())
    }

    fn list(&self, name: &str) -> Vec<String> {
        let names = self.all(name).flat_map(|list| list.split(',')).map(str::trim);
        names.filter(|name| !name.is_empty()).map(str::to_owned).collect()
    }

    fn pairs(&self, name: &str) -> Result<impl Iterator<Item = (String, String)>, ExchangeError> {
        let pair = |text: &str| match text.split_once('=') {
            Some((left, right)) => Ok((left.trim().to_owned(), right.to_owned())),
            None => Err(usage(format!("`{name} {text}` has no `=`"))),
        };
        Ok(self.all(name).map(pair).collect::<Result<Vec<_>, _>>()?.into_iter())
    }

    fn delimiter(&self, file: &std::path::Path) -> Result<char, ExchangeError> {
        let by_name =
            if file.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("tsv")) { '\t' } else { ',' };
        let Some(text) = self.one("--delimiter") else { return Ok(by_name) };
        let mut letters = text.chars();
        match (text, letters.next(), letters.next()) {
            ("tab", ..) => Ok('\t'),
            (_, Some(one), None) if one.is_ascii() => Ok(one),
            _ => Err(usage(format!("`--delimiter {text}` is not one character"))),
        }
    }

    /// Refuses options of another command, which would do nothing.
    fn only(&self, act: &str) -> Result<(), ExchangeError> {
        let foreign = |name: &str| match act {
            "import" => EXPORT.contains(&name),
            "export" => IMPORT.contains(&name),
            _ => IMPORT.contains(&name) || EXPORT.contains(&name),
        };
        match self.given.iter().find(|(name, _)| foreign(name)) {
            None => Ok(()),
            Some((name, _)) => Err(usage(format!("`data {act}` has no option `{name}`"))),
        }
    }
}

impl Task {
    pub(super) fn parse(words: &[String]) -> Result<Self, ExchangeError> {
        let words = Words::of(words)?;
        let [act, entity, file] = words.plain.as_slice() else {
            return Err(usage("`data` needs an act, an entity and a file".to_owned()));
        };
        words.only(act)?;
        let file = PathBuf::from(file);
        let format = match words.one("--format") {
            Some(name) => name.parse()?,
            None => Format::of_path(&file)?,
        };
        let delimiter = words.delimiter(&file)?;
        let act = match act.as_str() {
            "import" => {
                let mut options = ImportOptions::new(format);
                options.delimiter = delimiter;
                options.sheet = words.one("--sheet").map(str::to_owned);
                options.mapping.columns = words.pairs("--map")?.collect();
                options.mapping.constants = words.pairs("--const")?.collect();
                options.mapping.ignore = words.all("--ignore").map(str::to_owned).collect();
                options.key = words.list("--key");
                options.dry_run = words.one("--dry-run").is_some();
                options.again = words.one("--again").is_some();
                if words.one("--skip-bad").is_some() {
                    options.on_error = OnError::Skip;
                }
                Act::Import { options, report: words.one("--report").map(PathBuf::from) }
            }
            "export" => {
                let (filter, sort) = (words.one("--filter").map(str::to_owned), words.one("--sort").map(str::to_owned));
                let fields = words.list("--fields");
                Act::Export { options: ExportOptions { delimiter, filter, sort, fields, ..ExportOptions::new(format) } }
            }
            "template" => Act::Template { format },
            other => return Err(usage(format!("`data` can't `{other}`"))),
        };
        Ok(Self { entity: entity.clone(), file, tenant: words.one("--tenant").map(str::to_owned), act })
    }
}

#[cfg(test)]
mod tests {
    use super::{Act, Task};
    use crate::format::Format;
    use crate::options::OnError;

    fn parse(line: &[&str]) -> Result<Task, String> {
        let words: Vec<String> = line.iter().map(|word| (*word).to_owned()).collect();
        Task::parse(&words).map_err(|error| error.to_string())
    }

    #[test]
    fn words_say_what_to_do() {
        let line =
            ["import", "crm.party", "a.csv", "--map", "Company=name", "--const=kind=x", "--key", "code", "--skip-bad"];
        let task = parse(&line).unwrap();
        let Act::Import { options, .. } = task.act else { panic!() };
        assert_eq!(
            (options.format, options.on_error, options.key.as_slice()),
            (Format::Csv, OnError::Skip, ["code".to_owned()].as_slice())
        );
        assert_eq!(options.mapping.columns["Company"], "name");
        assert_eq!(options.mapping.constants["kind"], "x");
        let task = parse(&["export", "crm.party", "a.tsv", "--fields", "code, name", "--filter", "a = 1"]).unwrap();
        let Act::Export { options } = task.act else { panic!() };
        assert_eq!((options.delimiter, options.fields.len()), ('\t', 2));
    }

    #[test]
    fn wrong_words_are_named() {
        for (line, part) in [
            (["import", "x", "a.txt", ""].as_slice(), "needs an act"),
            (&["import", "x", "a.txt"], "`a.txt` is no format"),
            (&["import", "x", "a.csv", "--all"], "`--all`"),
            (&["import", "x", "a.csv", "--sort", "a"], "`--sort`"),
            (&["import", "x", "a.csv", "--map", "a"], "no `=`"),
            (&["import", "x", "a.csv", "--key"], "needs a value"),
            (&["fetch", "x", "a.csv"], "`fetch`"),
        ] {
            let error = parse(line).unwrap_err();
            assert!(error.contains(part), "{error}");
        }
    }
}
