//! Why something can't be done with a tenant.

use cortex_core::{Kind, Refusal};

/// Why something can't be done with a tenant.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
#[expect(missing_docs, reason = "the messages say what the parts are")]
pub enum LifecycleError {
    /// Somebody else does something with it.
    #[error("something else is being done with the tenant `{name}`")]
    Busy { name: String },
    /// It is in a state in which this can't be.
    #[error("the tenant `{name}` is {status}, and must be {wanted} for this")]
    State { name: String, status: &'static str, wanted: &'static str },
    /// It is there already.
    #[error("the tenant `{name}` is there already")]
    Same { name: String },
    /// Units of work that began before do not end.
    #[error("units of work on the tenant `{name}` don't end")]
    OpenWork { name: String },
    /// Its time of grace is not over.
    #[error("the tenant `{name}` can be restored until {until}")]
    NotDue { name: String, until: String },
    /// A time of grace that can't be.
    #[error("a time of grace has 0 to {days_max} days")]
    Grace { days_max: i32 },
    /// The id belongs to a tenant that is or was here.
    #[error("the tenant of this archive is or was in this directory")]
    Known,
}

impl Refusal for LifecycleError {
    fn kind(&self) -> Kind {
        match self {
            Self::Busy { .. } | Self::State { .. } | Self::Same { .. } | Self::NotDue { .. } | Self::Known => {
                Kind::Conflict
            }
            Self::OpenWork { .. } => Kind::Unavailable,
            Self::Grace { .. } => Kind::Invalid,
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::Busy { .. } => "tenancy.busy",
            Self::State { .. } => "tenancy.state",
            Self::Same { .. } => "tenancy.same_place",
            Self::OpenWork { .. } => "tenancy.open_work",
            Self::NotDue { .. } => "tenancy.not_due",
            Self::Grace { .. } => "tenancy.grace",
            Self::Known => "tenancy.known",
        }
    }

    fn help(&self) -> Option<String> {
        let help = match self {
            Self::Busy { .. } => "wait until it is done",
            Self::State { .. } => "look at it with `tenant list`",
            Self::Same { .. } => "name another place",
            Self::OpenWork { .. } => "look for reports or imports that run for long, and try again",
            Self::NotDue { .. } => "wait, or purge it `--now`",
            Self::Grace { .. } => "name the days",
            Self::Known => "import it under a new id",
        };
        Some(help.to_owned())
    }
}
