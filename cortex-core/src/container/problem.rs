//! What the check of the graph can find, in words.

use std::fmt;

use crate::{Kind, Refusal};

/// One thing that does not fit in the graph of bindings.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Problem {
    /// Something is needed that nobody provides.
    Missing {
        /// Who asks, from the outside in; the last one is missing.
        path: Vec<String>,
        /// The module that asks.
        module: String,
    },
    /// Things need each other in a ring.
    Cycle {
        /// The ring; the first one is repeated at the end.
        path: Vec<String>,
    },
    /// Two different providers are bound to the same trait, or two unrelated modules replace the same binding.
    Ambiguous {
        /// What is bound.
        key: String,
        /// Who claims it: provider and module.
        claims: Vec<(String, String)>,
    },
    /// The same thing is provided twice.
    Duplicate {
        /// What is provided.
        key: String,
        /// By which modules.
        modules: Vec<String>,
    },
    /// A singleton would keep the scoped value of one request for ever.
    Captive {
        /// Who asks, from the outside in; the last one is scoped, the one before it a singleton.
        path: Vec<String>,
    },
    /// A module replaces or decorates what nobody provides.
    NothingThere {
        /// `replaces` or `decorates`.
        verb: &'static str,
        /// What nobody provides.
        key: String,
        /// The module that wants to change it.
        module: String,
    },
    /// A decorator does not take what it decorates.
    InnerIgnored {
        /// The decorator.
        decorator: String,
        /// What it decorates.
        key: String,
        /// The module that registers it.
        module: String,
    },
}

impl Problem {
    /// How to mend it.
    #[must_use]
    pub fn help(&self) -> String {
        match self {
            Self::Missing { path, module } => {
                let missing = path.last().map_or("", String::as_str);
                format!(
                    "provide `{missing}` in module `{module}` or in one that it needs, or ask for an `Option<Arc<{missing}>>`"
                )
            }
            Self::Cycle { .. } => "split one of them, so that the shared part is a third provider".to_owned(),
            Self::Ambiguous { key, .. } => {
                format!("write `replace::<{key}, _>()` in the module that should win, and let it need the other module")
            }
            Self::Duplicate { .. } => {
                "register it in one module only; the others declare that module a need".to_owned()
            }
            Self::Captive { path } => match path.as_slice() {
                [.., keeper, _] => format!("make `{keeper}` scoped, or pass the value as an argument of its methods"),
                _ => String::new(),
            },
            Self::NothingThere { key, .. } => format!("provide `{key}`, or declare the module that does a need"),
            Self::InnerIgnored { key, .. } => {
                format!("give it a field `Arc<{key}>`, or write `replace` where the old one is not wanted")
            }
        }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing { path, .. } => write!(f, "{}, which no module provides", Path(path)),
            Self::Cycle { path } => write!(f, "{}, which is a cycle", Path(path)),
            Self::Ambiguous { key, claims } => {
                let claims: Vec<_> =
                    claims.iter().map(|(who, module)| format!("`{who}` of module `{module}`")).collect();
                write!(f, "`{key}` is bound to {}", claims.join(" and to "))
            }
            Self::Duplicate { key, modules } => {
                let modules: Vec<_> = modules.iter().map(|module| format!("module `{module}`")).collect();
                write!(f, "`{key}` is provided by {}", modules.join(" and by "))
            }
            Self::Captive { path } => {
                write!(f, "{}, but a singleton cannot keep what lives for one request", Path(path))
            }
            Self::NothingThere { verb, key, module } => {
                write!(f, "module `{module}` {verb} `{key}`, which no module provides")
            }
            Self::InnerIgnored { decorator, key, module } => {
                write!(f, "`{decorator}` of module `{module}` decorates `{key}` but does not take it")
            }
        }
    }
}

/// `A needs B -> C`.
struct Path<'a>(&'a [String]);

impl fmt::Display for Path<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Some((who, rest)) = self.0.split_first() else { return Ok(()) };
        write!(f, "{who} needs {}", rest.join(" -> "))
    }
}

/// Everything that does not fit in the graph, found before anything starts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GraphError {
    problems: Vec<Problem>,
}

impl GraphError {
    pub(crate) fn new(problems: Vec<Problem>) -> Self {
        Self { problems }
    }

    /// Every problem, in the order of the modules.
    #[must_use]
    pub fn problems(&self) -> &[Problem] {
        &self.problems
    }
}

impl fmt::Display for GraphError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.problems.len() {
            1 => write!(f, "the modules do not fit together")?,
            many => write!(f, "the modules do not fit together in {many} places")?,
        }
        for problem in &self.problems {
            write!(f, "\n  - {problem}\n    {}", problem.help())?;
        }
        Ok(())
    }
}

impl std::error::Error for GraphError {}

impl Refusal for GraphError {
    fn kind(&self) -> Kind {
        Kind::Config
    }

    fn code(&self) -> &'static str {
        "container.graph"
    }
}
