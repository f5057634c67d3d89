//! Quotes: drafted, sent, accepted as orders, declined.

use std::sync::Arc;

use codexion::prelude::{Currency, Date, Id, Money, Provider, Repository, Result, Tx};
use schemars::JsonSchema;
use serde::Deserialize;

use super::draft::{LineDraft, Side, TaxTerm, check_parties, products_of, resolve};
use super::orders::{OrderDraft, Orders};
use crate::domain::state::{InvoiceOn, QuoteState, ShipOn};
use crate::error::QuoteError;
use crate::policy::{AnswerQuote, DraftQuote};
use crate::store::{LineTerms, Party, Quote, QuoteLine, QuoteSheet, SalesOrder, next_number};

/// What numbers of quotes begin with.
const SERIES: &str = "QU";

/// Takes quotes through their life.
#[derive(Debug, Provider)]
#[provider(singleton)]
pub struct Quotes {
    orders: Arc<Orders>,
}

/// A quote as it is asked for.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct QuoteDraft {
    /// To whom.
    pub customer: Id<Party>,
    /// When.
    pub date: Date,
    /// The last day on which it can be accepted.
    #[serde(default)]
    pub valid_until: Option<Date>,
    /// Of all its prices.
    pub currency: Currency,
    /// Freight and other charges, without tax.
    #[serde(default)]
    pub freight: Option<Money>,
    /// What is offered.
    pub lines: Vec<LineDraft>,
}

impl Quotes {
    /// Drafts a quote.
    ///
    /// # Errors
    /// [`DraftError`](crate::DraftError) with the line at fault; a field breaks a rule.
    pub fn draft(&self, tx: &mut Tx, draft: &QuoteDraft) -> Result<Id<Quote>> {
        check_parties(tx, std::iter::once(draft.customer), Side::Sale)?;
        let products = products_of(tx, draft.lines.iter())?;
        let resolved = resolve(&draft.lines, &products, draft.currency, Side::Sale)?;
        let mut quote = Quote {
            id: tx.new_id(),
            number: String::new(),
            customer: draft.customer,
            date: draft.date,
            valid_until: draft.valid_until,
            state: QuoteState::Draft,
            currency: draft.currency,
            freight: draft.freight.unwrap_or(Money::zero(draft.currency)),
        };
        tx.authorize::<DraftQuote>(&quote)?;
        quote.number = next_number(tx, SERIES)?;
        let lines: Vec<QuoteLine> = resolved.iter().map(|of| line(tx.new_id(), quote.id, of.terms)).collect();
        Quote::insert(tx, &quote)?;
        QuoteLine::insert_many(tx, &lines)?;
        Ok(quote.id)
    }

    /// Notes that a quote was sent to the customer.
    ///
    /// # Errors
    /// [`StateError`](crate::StateError) when it is no draft.
    pub fn send(&self, tx: &mut Tx, id: Id<Quote>) -> Result<Quote> {
        answer(tx, id, QuoteState::send)
    }

    /// Notes that the customer does not want it.
    ///
    /// # Errors
    /// [`StateError`](crate::StateError) when it was answered already.
    pub fn decline(&self, tx: &mut Tx, id: Id<Quote>) -> Result<Quote> {
        answer(tx, id, QuoteState::decline)
    }

    /// Makes a draft order of a quote that the customer accepts on `date`, at the prices of the quote.
    ///
    /// # Errors
    /// [`StateError`](crate::StateError) when it was answered already, [`QuoteError::Expired`], or as drafting an
    /// order.
    pub fn accept(&self, tx: &mut Tx, id: Id<Quote>, date: Date) -> Result<Id<SalesOrder>> {
        let quote = answer(tx, id, QuoteState::accept)?;
        if let Some(until) = quote.valid_until.filter(|until| *until < date) {
            return Err(QuoteError::Expired { until }.into());
        }
        let sheet = QuoteSheet::load(tx, id)?;
        self.orders.draft(
            tx,
            &OrderDraft {
                customer: quote.customer,
                date,
                requested: None,
                reference: None,
                quote: Some(id),
                invoice_on: InvoiceOn::Order,
                ship_on: ShipOn::Order,
                currency: quote.currency,
                freight: Some(quote.freight),
                ship_to: None,
                lines: sheet.lines.into_iter().map(asked).collect(),
            },
        )
    }
}

fn answer(
    tx: &mut Tx,
    id: Id<Quote>,
    to: impl Fn(QuoteState) -> std::result::Result<QuoteState, crate::StateError>,
) -> Result<Quote> {
    let quote = Quote::update(tx, id, |quote| {
        quote.state = to(quote.state)?;
        Ok(())
    })?;
    tx.authorize::<AnswerQuote>(&quote)?;
    Ok(quote)
}

fn line(id: Id<QuoteLine>, quote: Id<Quote>, terms: LineTerms<'_>) -> QuoteLine {
    QuoteLine {
        id,
        quote,
        position: terms.position,
        product: terms.product,
        description: terms.description.to_owned(),
        quantity: terms.quantity,
        price: terms.price,
        discount: terms.discount,
        tax_code: terms.tax_code.map(str::to_owned),
        tax_rate: terms.tax_rate,
    }
}

/// A line of a quote as it is ordered.
fn asked(line: QuoteLine) -> LineDraft {
    LineDraft {
        product: line.product,
        quantity: line.quantity,
        price: Some(line.price),
        discount: line.discount,
        tax: Some(TaxTerm { code: line.tax_code, rate: line.tax_rate }),
    }
}
