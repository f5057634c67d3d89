//! Consumers of messages: functions that subscribe to events, and the handlers of jobs.

use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;

use cortex_core::{Container, Event, ModuleName, Need, Result};

use crate::outbox::{Message, MessageKind};
use crate::register::{Injector, Parts};
use crate::tx::Tx;
use crate::work::Work;

/// A function that reacts to an event, in a transaction of its own after the commit of the one that emitted it.
///
/// ```
/// # use cortex_core::{Event, Inject, Result};
/// # use cortex_data::Tx;
/// # struct PeriodClosed;
/// # struct Costs;
/// # impl Costs { fn recost(&self, _: &mut Tx) -> Result<()> { Ok(()) } }
/// fn recost_after_close(tx: &mut Tx, event: &PeriodClosed, costs: Inject<Costs>) -> Result<()> {
///     costs.recost(tx)
/// }
/// ```
///
/// What it writes, the events that it emits and the mark that it is done are one transaction: it is done exactly
/// once in the database, whatever fails in between. Effects elsewhere may come twice.
#[diagnostic::on_unimplemented(
    message = "this is not a subscriber of `{E}`",
    label = "expected a function of `&mut Tx`, `&{E}` and at most four injected arguments that answers `Result<()>`",
    note = "write `fn name(tx: &mut Tx, event: &{E}, service: Inject<Service>) -> Result<()>`"
)]
pub trait Subscriber<E, A>: Send + Sync + 'static {
    /// Reacts to `event`.
    ///
    /// # Errors
    /// What the function answers; it is called again later.
    fn call(&self, tx: &mut Tx, event: &E, args: A) -> Result<()>;
}

macro_rules! subscriber {
    ($($arg:ident $part:ident),*) => {
        impl<F, E, $($part),*> Subscriber<E, ($($part,)*)> for F
        where
            F: Fn(&mut Tx, &E, $($part),*) -> Result<()> + Send + Sync + 'static,
        {
            fn call(&self, tx: &mut Tx, event: &E, ($($arg,)*): ($($part,)*)) -> Result<()> {
                self(tx, event, $($arg),*)
            }
        }
    };
}

subscriber!();
subscriber!(a A);
subscriber!(a A, b B);
subscriber!(a A, b B, c C);
subscriber!(a A, b B, c C, d D);

pub(crate) type Handle = dyn Fn(&mut Tx, &Message, &Injector) -> Result<()> + Send + Sync;

/// What a job does before the transaction in which it is done.
pub(crate) type Prepare = dyn Fn(&Work, &Message) -> Result<()> + Send + Sync;

/// A consumer as a module contributes it.
pub(crate) struct Subscription {
    /// Stored with every delivery: the name of the function in its module, or that of the job.
    pub(crate) name: String,
    pub(crate) kind: MessageKind,
    pub(crate) topic: &'static str,
    pub(crate) needs: Vec<Need>,
    pub(crate) prepare: Option<Arc<Prepare>>,
    pub(crate) handle: Arc<Handle>,
}

impl Subscription {
    pub(crate) fn to<E: Event, A: Parts>(name: String, subscriber: impl Subscriber<E, A>) -> Self {
        let handle = move |tx: &mut Tx, message: &Message, injector: &Injector| {
            let event = message.event::<E>()?;
            let args = injector.take::<A>(tx.cx())?;
            subscriber.call(tx, &event, args)
        };
        let (kind, topic, needs) = (MessageKind::Event, E::NAME, A::needs());
        Self { name, kind, topic, needs, prepare: None, handle: Arc::new(handle) }
    }

    /// The same with its injected arguments found.
    pub(crate) fn bind(&self, module: ModuleName, container: &Container) -> Result<Consumer> {
        Ok(Consumer {
            name: self.name.clone(),
            module,
            kind: self.kind,
            topic: self.topic,
            injector: Injector::new(container, &self.needs)?,
            prepare: self.prepare.clone(),
            handle: Arc::clone(&self.handle),
        })
    }
}

/// A consumer that can be called.
pub(crate) struct Consumer {
    pub(crate) name: String,
    pub(crate) module: ModuleName,
    pub(crate) kind: MessageKind,
    pub(crate) topic: &'static str,
    injector: Injector,
    /// What comes before the transaction, where there is anything.
    pub(crate) prepare: Option<Arc<Prepare>>,
    handle: Arc<Handle>,
}

impl Consumer {
    pub(crate) fn handle(&self, tx: &mut Tx, message: &Message) -> Result<()> {
        (self.handle)(tx, message, &self.injector)
    }
}

impl fmt::Debug for Consumer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} of {}", self.name, self.topic)
    }
}

/// All consumers, by name and by what they consume.
#[derive(Debug, Default)]
pub(crate) struct Consumers {
    all: Vec<Consumer>,
    names: HashMap<String, usize>,
    topics: HashMap<(MessageKind, &'static str), Vec<usize>>,
}

impl Consumers {
    pub(crate) fn new(all: Vec<Consumer>) -> Self {
        let mut consumers = Self { all, ..Self::default() };
        for (place, consumer) in consumers.all.iter().enumerate() {
            consumers.names.insert(consumer.name.clone(), place);
            consumers.topics.entry((consumer.kind, consumer.topic)).or_default().push(place);
        }
        consumers
    }

    pub(crate) fn named(&self, name: &str) -> Option<&Consumer> {
        self.names.get(name).and_then(|place| self.all.get(*place))
    }

    /// Those of one topic, in module order.
    pub(crate) fn of<'a>(&'a self, kind: MessageKind, topic: &str) -> impl Iterator<Item = &'a Consumer> {
        let places = self.topics.iter().find(|((of, name), _)| *of == kind && *name == topic).map(|(_, places)| places);
        places.into_iter().flatten().filter_map(|place| self.all.get(*place))
    }
}
