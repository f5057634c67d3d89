//! Entries by hand: drafts, postings, reversals.

use codexion::prelude::{
    Answer, Body, Date, Id, Inject, Money, NoContent, PathId, Registrar, Result, WebRegistrar, Work,
};
use codexion::web::Once;
use schemars::JsonSchema;
use serde::Deserialize;

use super::NewRecord;
use crate::domain::{AccountId, Line, Party, Side};
use crate::service::{Journal, NewEntry, Posted};
use crate::store::{Entry, Series};

/// An entry.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct EntryRequest {
    /// The date it takes effect.
    date: Date,
    /// What it is about.
    text: String,
    /// Its lines; debits equal credits when it is posted.
    lines: Vec<LineRequest>,
}

/// A line of an entry.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct LineRequest {
    /// The account.
    account: AccountId,
    /// Debit or credit.
    side: Side,
    /// How much, in company currency and not below zero.
    amount: Money,
    /// The same in the currency it was agreed in.
    #[serde(default)]
    foreign: Option<Money>,
    /// Who owes or is owed.
    #[serde(default)]
    party: Option<Id<Party>>,
    /// When it is to be paid.
    #[serde(default)]
    due: Option<Date>,
    /// Words of its own.
    #[serde(default)]
    text: String,
}

/// A day.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct OnDay {
    /// The day.
    pub(super) date: Date,
}

/// Where a draft gets its number.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct InSeries {
    /// The code of the series; the journal's if it is not said.
    #[serde(default)]
    series: Option<String>,
}

impl EntryRequest {
    fn read(&self) -> NewEntry {
        NewEntry { date: self.date, text: self.text.clone(), lines: self.lines.iter().map(LineRequest::read).collect() }
    }
}

impl LineRequest {
    fn read(&self) -> Line {
        let mut line = Line::on(self.account, self.side, self.amount).with_text(&self.text);
        if let Some(foreign) = self.foreign {
            line = line.with_foreign(foreign);
        }
        if let Some(party) = self.party {
            line = line.with_party(party);
        }
        match self.due {
            Some(due) => line.with_due(due),
            None => line,
        }
    }
}

/// `POST /entries`: writes and posts an entry at once.
async fn post_entry(work: Work, journal: Inject<Journal>, once: Once, body: Body<EntryRequest>) -> Answer<Posted> {
    let new = body.read();
    work.write(move |tx| once.run(tx, |tx| journal.write(tx, &new))).await
}

/// `POST /entries/drafts`: writes a draft.
async fn draft_entry(
    work: Work,
    journal: Inject<Journal>,
    once: Once,
    body: Body<EntryRequest>,
) -> Answer<NewRecord<Entry>> {
    let new = body.read();
    work.write(move |tx| once.run(tx, |tx| Ok(NewRecord { id: journal.draft(tx, &new)? }))).await
}

/// `PUT /entries/{id}/draft`: writes a draft anew.
async fn redraft_entry(
    work: Work,
    journal: Inject<Journal>,
    id: PathId<Entry>,
    body: Body<EntryRequest>,
) -> Answer<NoContent> {
    let new = body.read();
    work.write(move |tx| journal.redraft(tx, *id, &new)).await?;
    Ok(NoContent)
}

/// `DELETE /entries/{id}/draft`: throws a draft away.
async fn discard_entry(work: Work, journal: Inject<Journal>, id: PathId<Entry>) -> Answer<NoContent> {
    work.write(move |tx| journal.discard(tx, *id)).await?;
    Ok(NoContent)
}

/// `POST /entries/{id}/post`: posts a draft.
async fn post_draft(
    work: Work,
    journal: Inject<Journal>,
    id: PathId<Entry>,
    once: Once,
    body: Body<InSeries>,
) -> Answer<Posted> {
    let series = body.series.clone().unwrap_or_else(|| Series::JOURNAL.to_owned());
    let one = move |posted: Vec<Posted>| -> Result<Posted> {
        posted.into_iter().next().ok_or_else(|| crate::PostError::NotDraft.into())
    };
    work.write(move |tx| once.run(tx, |tx| one(journal.post(tx, &series, &[*id])?))).await
}

/// `POST /entries/{id}/reverse`: undoes a posted entry by another one.
async fn reverse_entry(
    work: Work,
    journal: Inject<Journal>,
    id: PathId<Entry>,
    once: Once,
    body: Body<OnDay>,
) -> Answer<Posted> {
    work.write(move |tx| once.run(tx, |tx| journal.reverse(tx, *id, body.date))).await
}

pub(super) fn register(m: &mut Registrar) {
    m.post("/entries", post_entry);
    m.post("/entries/drafts", draft_entry);
    m.put("/entries/{id}/draft", redraft_entry).delete("/entries/{id}/draft", discard_entry);
    m.post("/entries/{id}/post", post_draft).post("/entries/{id}/reverse", reverse_entry);
}
