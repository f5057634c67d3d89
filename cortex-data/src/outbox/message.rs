//! A message as its consumer gets it.

use cortex_core::{CompanyId, Error, Event, Result};
use serde::de::DeserializeOwned;
use uuid::Uuid;

/// The stored version is not the one that this program reads.
pub(super) const WRONG_VERSION: &str = "outbox.version";
/// The payload is not what this program reads.
pub(super) const WRONG_PAYLOAD: &str = "outbox.payload";

/// Who gets a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum MessageKind {
    /// Every subscriber.
    Event,
    /// The one handler.
    Job,
}

impl MessageKind {
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Event => "event",
            Self::Job => "job",
        }
    }

    pub(crate) fn parse(text: &str) -> Option<Self> {
        [Self::Event, Self::Job].into_iter().find(|kind| kind.as_str() == text)
    }
}

/// A message that one consumer is about to get.
#[derive(Debug)]
pub(crate) struct Message {
    pub(crate) id: Uuid,
    /// Messages of one aggregate come in this order.
    pub(crate) position: i64,
    pub(crate) aggregate: Option<String>,
    /// Earlier attempts.
    pub(crate) attempts: i32,
    pub(crate) topic: String,
    pub(crate) version: i32,
    pub(crate) payload: serde_json::Value,
    /// That of the request which wrote it.
    pub(crate) trace: Uuid,
    /// That in which it happened.
    pub(crate) company: CompanyId,
}

impl Message {
    /// The event that it holds.
    ///
    /// # Errors
    /// It was written in another version, or is not readable as one.
    pub(crate) fn event<E: Event>(&self) -> Result<E> {
        if i64::from(self.version) != i64::from(E::VERSION) {
            let (topic, stored, read) = (&self.topic, self.version, E::VERSION);
            let what = format!("`{topic}` was written in version {stored}; the subscriber reads version {read}");
            return Err(Error::internal(WRONG_VERSION, what).with_help("subscribe to the older version too"));
        }
        self.body()
    }

    /// What it says.
    ///
    /// # Errors
    /// It is not readable as a `T`.
    pub(crate) fn body<T: DeserializeOwned>(&self) -> Result<T> {
        T::deserialize(&self.payload).map_err(|e| {
            Error::internal(WRONG_PAYLOAD, format!("the stored `{}` can't be read: {e}", self.topic))
                .with_help("a change that old readers can't follow takes a new version")
        })
    }
}

/// Whether another attempt is of no use.
pub(super) fn is_permanent(error: &Error) -> bool {
    matches!(error.code(), WRONG_VERSION | WRONG_PAYLOAD)
}
