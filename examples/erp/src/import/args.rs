//! The words after `import`.

use std::path::PathBuf;

use codexion::prelude::{Kind, Refusal};

use super::RoundingRule;

/// What is to be imported.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Task {
    /// A folder of CSV files: a whole company.
    Northwind { dir: PathBuf, rounding: Option<RoundingRule> },
    /// A folder with the lines of a shop's invoices.
    OnlineRetail { dir: PathBuf },
    /// A national chart of accounts.
    Chart { file: PathBuf },
    /// Exchange rates.
    Rates { file: PathBuf },
}

/// What is wrong with the words.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(super) enum UsageError {
    #[error("it is not said what to import")]
    Nothing,
    #[error("`{0}` can't be imported")]
    Unknown(String),
    #[error("`import {what}` needs one {needed}")]
    Path { what: &'static str, needed: &'static str },
    #[error("`--rounding` needs a rule, not `{0}`")]
    Rounding(String),
    #[error("`import` has no option `{0}`")]
    Option(String),
}

impl Refusal for UsageError {
    fn kind(&self) -> Kind {
        Kind::Invalid
    }

    fn code(&self) -> &'static str {
        "import.usage"
    }

    fn help(&self) -> Option<String> {
        Some(match self {
            Self::Rounding(_) => "the rules are `half-up`, `half-even` and `per-document`".to_owned(),
            Self::Option(_) => {
                "options of the program stand before the command: `erp --data-dir DIR import ...`".to_owned()
            }
            _ => "`import northwind DIR [--rounding half-up|half-even|per-document]`, `import online-retail DIR`, \
                  `import chart FILE` or `import rates FILE`"
                .to_owned(),
        })
    }
}

impl Task {
    pub(super) fn parse(words: &[String]) -> Result<Self, UsageError> {
        let mut words = words.iter().map(String::as_str);
        let (what, needed) = match words.next() {
            Some("northwind") => ("northwind", "folder"),
            Some("online-retail") => ("online-retail", "folder"),
            Some("chart") => ("chart", "file"),
            Some("rates") => ("rates", "file"),
            Some(other) => return Err(UsageError::Unknown(other.to_owned())),
            None => return Err(UsageError::Nothing),
        };
        let (mut paths, mut rounding) = (Vec::new(), None);
        while let Some(word) = words.next() {
            match word.split_once('=').map_or((word, None), |(option, value)| (option, Some(value))) {
                ("--rounding", value) if what == "northwind" => {
                    let rule = value.or_else(|| words.next()).unwrap_or_default();
                    rounding = Some(RoundingRule::named(rule).ok_or_else(|| UsageError::Rounding(rule.to_owned()))?);
                }
                (option, _) if option.starts_with("--") => return Err(UsageError::Option(option.to_owned())),
                _ => paths.push(PathBuf::from(word)),
            }
        }
        let mut paths = paths.into_iter();
        let (Some(path), None) = (paths.next(), paths.next()) else {
            return Err(UsageError::Path { what, needed });
        };
        Ok(match what {
            "northwind" => Self::Northwind { dir: path, rounding },
            "online-retail" => Self::OnlineRetail { dir: path },
            "chart" => Self::Chart { file: path },
            _ => Self::Rates { file: path },
        })
    }
}

#[cfg(test)]
mod tests {
    use super::{PathBuf, RoundingRule, Task, UsageError};

    #[track_caller]
    fn check(line: &str, expected: &Result<Task, UsageError>) {
        let words: Vec<String> = line.split_whitespace().map(str::to_owned).collect();
        assert_eq!(&Task::parse(&words), expected);
    }

    #[test]
    fn words_say_what_to_import() {
        let dir = || PathBuf::from("d");
        check("northwind d", &Ok(Task::Northwind { dir: dir(), rounding: None }));
        let half_even = Some(RoundingRule::HalfEven);
        check("northwind --rounding half-even d", &Ok(Task::Northwind { dir: dir(), rounding: half_even }));
        check("northwind d --rounding=half-even", &Ok(Task::Northwind { dir: dir(), rounding: half_even }));
        check("online-retail d", &Ok(Task::OnlineRetail { dir: dir() }));
        check("chart d", &Ok(Task::Chart { file: dir() }));
        check("rates d", &Ok(Task::Rates { file: dir() }));
    }

    #[test]
    fn wrong_words_are_named() {
        check("", &Err(UsageError::Nothing));
        check("southwind d", &Err(UsageError::Unknown("southwind".to_owned())));
        check("northwind", &Err(UsageError::Path { what: "northwind", needed: "folder" }));
        check("chart a b", &Err(UsageError::Path { what: "chart", needed: "file" }));
        check("online-retail", &Err(UsageError::Path { what: "online-retail", needed: "folder" }));
        check("northwind d --rounding up", &Err(UsageError::Rounding("up".to_owned())));
        check("northwind d --rounding", &Err(UsageError::Rounding(String::new())));
        check("rates d --rounding half-up", &Err(UsageError::Option("--rounding".to_owned())));
        check("northwind d --data-dir x", &Err(UsageError::Option("--data-dir".to_owned())));
    }
}
