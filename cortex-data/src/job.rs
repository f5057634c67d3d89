//! Jobs: work that must happen after the commit, by the one handler of its name.

use std::sync::Arc;

use cortex_core::{Error, Result};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::outbox::{Draft, Message, MessageKind};
use crate::register::{Injector, Parts};
use crate::subscriber::{Prepare, Subscription};
use crate::tx::Tx;
use crate::work::Work;

/// Jobs have no versions of their own: a job that old programs can't read gets another name.
const JOB_VERSION: u32 = 1;

/// Work that is written down in one transaction and done in another, after the commit, at least once.
///
/// ```
/// # use cortex_core::{Inject, Result};
/// # use cortex_data::{Job, Tx};
/// # struct Mailer;
/// # impl Mailer { fn queue(&self, _: &str) -> Result<()> { Ok(()) } }
/// #[derive(serde::Serialize, serde::Deserialize)]
/// struct SendReminder {
///     to: String,
/// }
///
/// impl Job for SendReminder {
///     type Needs = Inject<Mailer>;
///     const NAME: &'static str = "finance.send_reminder";
///
///     fn run(&self, tx: &mut Tx, mailer: Self::Needs) -> Result<()> {
///         mailer.queue(&self.to)
///     }
/// }
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a job",
    label = "this is not a job",
    note = "derive `Serialize` and `Deserialize`, and write `impl Job for {Self}` with its name and `run`"
)]
pub trait Job: Serialize + DeserializeOwned + Send + Sync + 'static {
    /// What the container gives to [`run`](Self::run): `()`, `Inject<T>`, or a tuple of up to four.
    type Needs: Parts;
    /// The stable name, dotted, starting with the module: `finance.send_reminder`.
    const NAME: &'static str;

    /// Whether [`prepare`](Self::prepare) does anything.
    const PREPARES: bool = false;

    /// What must happen outside of any transaction before [`run`](Self::run), as building an index does: it may take
    /// its time without holding anybody up, other deliveries go on meanwhile. It can happen more than once for one
    /// job, and in two processes at a time.
    ///
    /// # Errors
    /// Any; both are tried again later, after the last attempt the job is a dead letter.
    fn prepare(&self, work: &Work) -> Result<()> {
        let _ = work;
        Ok(())
    }

    /// Does the work. What it writes and the mark that it is done are one transaction.
    ///
    /// # Errors
    /// Any; it is run again later, after the last attempt it is a dead letter.
    fn run(&self, tx: &mut Tx, needs: Self::Needs) -> Result<()>;
}

/// What `job` says, ready to be written.
pub(crate) fn draft<J: Job>(tx: &Tx, job: &J) -> Result<Draft> {
    if tx.database().registry().consumers().of(MessageKind::Job, J::NAME).next().is_none() {
        return Err(Error::internal("job.unknown", format!("no module handles the job `{}`", J::NAME))
            .with_help("register it in its module: `m.job::<..>()`"));
    }
    let payload = Draft::payload(J::NAME, job)?;
    let (trace, company) = (tx.cx().trace(), tx.company());
    Ok(Draft { kind: MessageKind::Job, topic: J::NAME, version: JOB_VERSION, aggregate: None, payload, trace, company })
}

/// The handler of `J` as its module contributes it.
pub(crate) fn handler<J: Job>() -> Subscription {
    let handle = |tx: &mut Tx, message: &Message, injector: &Injector| {
        let job = message.body::<J>()?;
        let needs = injector.take::<J::Needs>(tx.cx())?;
        job.run(tx, needs)
    };
    let prepare = |work: &Work, message: &Message| message.body::<J>()?.prepare(work);
    let prepare = J::PREPARES.then(|| Arc::new(prepare) as Arc<Prepare>);
    let (name, needs) = (J::NAME.to_owned(), <J::Needs as Parts>::needs());
    Subscription { name, kind: MessageKind::Job, topic: J::NAME, needs, prepare, handle: Arc::new(handle) }
}
