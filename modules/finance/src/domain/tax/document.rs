//! The taxes of a whole document: what is rounded where, what is deductible, what adds up to what.

use codexion::core::{Choice, Currency, Date, Decimal, Money, MoneyError, Price, Quantity, Rate, Rounding};

use super::{Chain, Tax, TaxId, TaxShare};
use crate::TaxError;
use crate::domain::apportion;

/// A line to be taxed.
#[derive(Debug, Clone, Copy)]
pub struct TaxableLine<'a> {
    /// How much; below zero on credit notes.
    pub quantity: Quantity,
    /// For one unit.
    pub price: Price,
    /// Taken off the price.
    pub discount: Rate,
    /// Charged on it, in this order.
    pub taxes: &'a [Tax],
    /// The share of the taxes that is reclaimed; the rest is cost. One for sales.
    pub deductible: Rate,
}

/// What holds for the whole document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TaxSettings {
    /// Decides which taxes are in force.
    pub date: Date,
    /// The document's.
    pub currency: Currency,
    /// Whether prices include the taxes.
    pub prices: PriceBasis,
    /// What is rounded where.
    pub rounding: TaxRounding,
}

/// Whether prices include their taxes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Choice)]
pub enum PriceBasis {
    /// Taxes come on top.
    Net,
    /// Taxes are inside.
    Gross,
}

/// Where amounts are rounded to coins.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Choice)]
pub enum RoundAt {
    /// Each line on its own; the document is the sum of its lines.
    Line,
    /// The sum once.
    Document,
}

/// How and where amounts are rounded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct TaxRounding {
    /// The rule.
    pub rule: Rounding,
    /// For net amounts. Rounded per document, the lines still get whole coins that add up.
    pub net: RoundAt,
    /// For taxes.
    pub tax: RoundAt,
}

/// The document with its figures.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TaxedDocument {
    /// One for each line, in order.
    pub lines: Vec<TaxedLine>,
    /// One for each tax, in the order of first use.
    pub taxes: Vec<TaxTotal>,
    /// Sum of the lines without taxes.
    pub net: Money,
    /// Sum of the taxes.
    pub tax: Money,
    /// What the total of prices with tax is more than net and tax after rounding, for the round-off account.
    pub adjustment: Money,
    /// Net, tax and adjustment: what is to be paid.
    pub total: Money,
}

/// The figures of a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TaxedLine {
    /// Without taxes.
    pub net: Money,
    /// With the taxes that are not deductible: what the goods cost.
    pub cost: Money,
    /// Its taxes: whole coins where taxes are rounded per line, unrounded otherwise.
    pub taxes: Vec<TaxShare>,
}

/// The figures of a tax, to be reported and posted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TaxTotal {
    /// Which tax.
    pub tax: TaxId,
    /// What it was charged on.
    pub base: Money,
    /// How much it is.
    pub amount: Money,
    /// How much of it is reclaimed.
    pub deductible: Money,
}

impl TaxRounding {
    /// Net amounts and taxes per line.
    #[must_use]
    pub const fn per_line(rule: Rounding) -> Self {
        Self { rule, net: RoundAt::Line, tax: RoundAt::Line }
    }

    /// Net amounts per line, taxes once for the document: what most tax authorities ask for.
    #[must_use]
    pub const fn tax_per_document(rule: Rounding) -> Self {
        Self { rule, net: RoundAt::Line, tax: RoundAt::Document }
    }

    /// Net amounts and taxes once for the document.
    #[must_use]
    pub const fn per_document(rule: Rounding) -> Self {
        Self { rule, net: RoundAt::Document, tax: RoundAt::Document }
    }
}

/// A line before anything is rounded for the document.
struct Draft {
    chain: Chain,
    share: Decimal,
    quantity: Decimal,
    /// As priced, with or without taxes.
    priced: Decimal,
    net: Decimal,
    taxes: Vec<TaxShare>,
}

/// Taxes a document. Unrounded figures carry the 28 digits of a decimal; sums over lines are made before they are
/// divided, so that three thirds are a whole.
///
/// # Errors
/// [`TaxError::Money`] when a price is in another currency than the document, [`TaxError::NotInvertible`] for prices
/// that include a tax of -100 %, [`TaxError::TooDeep`], [`TaxError::Overflow`].
pub fn assess(lines: &[TaxableLine<'_>], settings: &TaxSettings) -> Result<TaxedDocument, TaxError> {
    let drafts = lines.iter().map(|line| draft(line, settings)).collect::<Result<Vec<_>, _>>()?;
    let nets = round_all(drafts.iter().map(|d| d.net), settings.rounding.net, settings)?;
    let (taxes, kept) = match settings.rounding.tax {
        RoundAt::Line => taxes_per_line(&drafts, settings)?,
        RoundAt::Document => taxes_per_document(&drafts, settings)?,
    };
    let currency = settings.currency;
    let net = Money::sum(nets.iter().copied(), currency)?;
    let tax = Money::sum(taxes.iter().map(|t| t.amount), currency)?;
    let adjustment = match settings.prices {
        PriceBasis::Net => Money::zero(currency),
        PriceBasis::Gross => {
            let priced = round_all(drafts.iter().map(|d| d.priced), settings.rounding.net, settings)?;
            Money::sum(priced, currency)?.checked_sub(net)?.checked_sub(tax)?
        }
    };
    let total = Money::sum([net, tax, adjustment], currency)?;
    let mut taxed = Vec::with_capacity(drafts.len());
    for ((draft, net), kept) in drafts.into_iter().zip(nets).zip(kept) {
        let taxes = match settings.rounding.tax {
            RoundAt::Line => rounded_shares(draft.taxes, settings),
            RoundAt::Document => draft.taxes,
        };
        taxed.push(TaxedLine { net, cost: net.checked_add(kept)?, taxes });
    }
    Ok(TaxedDocument { lines: taxed, taxes, net, tax, adjustment, total })
}

fn draft(line: &TaxableLine<'_>, settings: &TaxSettings) -> Result<Draft, TaxError> {
    if line.price.currency() != settings.currency {
        let (expected, found) = (settings.currency, line.price.currency());
        return Err(MoneyError::CurrencyMismatch { expected, found }.into());
    }
    let chain = Chain::new(line.taxes, settings.currency, settings.date)?;
    let quantity = line.quantity.amount();
    let left = Decimal::ONE - line.discount.to_decimal();
    let priced = line.price.amount().checked_mul(quantity).and_then(|full| full.checked_mul(left));
    let priced = priced.ok_or(TaxError::Overflow)?;
    let net = match settings.prices {
        PriceBasis::Net => priced,
        PriceBasis::Gross => chain.backward(priced, quantity)?,
    };
    let taxes = chain.forward(net, quantity)?;
    Ok(Draft { chain, share: line.deductible.to_decimal(), quantity, priced, net, taxes })
}

/// Amounts in whole coins: each rounded, or parts of their rounded sum.
fn round_all(
    exact: impl Iterator<Item = Decimal>,
    at: RoundAt,
    settings: &TaxSettings,
) -> Result<Vec<Money>, TaxError> {
    let exact: Vec<Decimal> = exact.collect();
    if at == RoundAt::Line {
        return exact.into_iter().map(|amount| money(amount, settings)).collect();
    }
    if exact.is_empty() {
        return Ok(Vec::new());
    }
    Ok(apportion(&exact, money(sum(exact.iter().copied())?, settings)?)?)
}

/// Totals of the taxes, and for each line the taxes that are its cost.
type Taxes = (Vec<TaxTotal>, Vec<Money>);

fn taxes_per_line(drafts: &[Draft], settings: &TaxSettings) -> Result<Taxes, TaxError> {
    let zero = Money::zero(settings.currency);
    let mut totals = Vec::new();
    let mut kept = vec![zero; drafts.len()];
    for tax in used(drafts) {
        let mut total = TaxTotal { tax, base: zero, amount: zero, deductible: zero };
        for (draft, kept) in drafts.iter().zip(&mut kept) {
            for share in draft.taxes.iter().filter(|share| share.tax == tax) {
                let amount = money(share.amount, settings)?;
                let deductible = amount.times(draft.share, settings.rounding.rule)?;
                *kept = kept.checked_add(amount.checked_sub(deductible)?)?;
                total.base = total.base.checked_add(money(share.base, settings)?)?;
                total.amount = total.amount.checked_add(amount)?;
                total.deductible = total.deductible.checked_add(deductible)?;
            }
        }
        totals.push(total);
    }
    Ok((totals, kept))
}

fn taxes_per_document(drafts: &[Draft], settings: &TaxSettings) -> Result<Taxes, TaxError> {
    let groups = grouped_shares(drafts, settings.prices)?;
    let mut totals = Vec::new();
    let mut cost = Money::zero(settings.currency);
    for tax in used(drafts) {
        let of_tax = || groups.iter().filter(|(share, _)| share.tax == tax);
        let amount = money(sum(of_tax().map(|(share, _)| share.amount))?, settings)?;
        let deducted = of_tax().map(|(share, part)| share.amount.checked_mul(*part).ok_or(TaxError::Overflow));
        let deductible = money(sum(deducted.collect::<Result<Vec<_>, _>>()?)?, settings)?;
        let bases = drafts.iter().flat_map(|d| &d.taxes).filter(|share| share.tax == tax).map(|share| share.base);
        let base = Money::sum(round_all(bases, settings.rounding.net, settings)?, settings.currency)?;
        cost = cost.checked_add(amount.checked_sub(deductible)?)?;
        totals.push(TaxTotal { tax, base, amount, deductible });
    }
    let undeducted = drafts.iter().map(not_deductible).collect::<Result<Vec<_>, _>>()?;
    let kept = if undeducted.is_empty() { Vec::new() } else { apportion(&undeducted, cost)? };
    Ok((totals, kept))
}

/// The taxes of a document in the order of first use; few, so a list will do.
fn used(drafts: &[Draft]) -> Vec<TaxId> {
    let mut used = Vec::new();
    for share in drafts.iter().flat_map(|d| &d.taxes) {
        if !used.contains(&share.tax) {
            used.push(share.tax);
        }
    }
    used
}

/// Taxes of the sums of all lines that share their taxes and their deductible share, with that share.
fn grouped_shares(drafts: &[Draft], prices: PriceBasis) -> Result<Vec<(TaxShare, Decimal)>, TaxError> {
    let mut groups: Vec<(&Chain, Decimal, Decimal, Decimal)> = Vec::new();
    for draft in drafts {
        match groups.iter_mut().find(|(chain, share, ..)| **chain == draft.chain && *share == draft.share) {
            Some((_, _, priced, quantity)) => {
                *priced = sum([*priced, draft.priced])?;
                *quantity = sum([*quantity, draft.quantity])?;
            }
            None => groups.push((&draft.chain, draft.share, draft.priced, draft.quantity)),
        }
    }
    let mut shares = Vec::new();
    for (chain, share, priced, quantity) in groups {
        let net = match prices {
            PriceBasis::Net => priced,
            PriceBasis::Gross => chain.backward(priced, quantity)?,
        };
        shares.extend(chain.forward(net, quantity)?.into_iter().map(|tax| (tax, share)));
    }
    Ok(shares)
}

fn not_deductible(draft: &Draft) -> Result<Decimal, TaxError> {
    let all = sum(draft.taxes.iter().map(|share| share.amount))?;
    all.checked_mul(Decimal::ONE - draft.share).ok_or(TaxError::Overflow)
}

fn rounded_shares(shares: Vec<TaxShare>, settings: &TaxSettings) -> Vec<TaxShare> {
    let digits = settings.currency.minor_units();
    let rounded = |share: TaxShare| TaxShare { amount: settings.rounding.rule.round(share.amount, digits), ..share };
    shares.into_iter().map(rounded).collect()
}

fn money(exact: Decimal, settings: &TaxSettings) -> Result<Money, TaxError> {
    Ok(Money::from_decimal(exact, settings.currency, settings.rounding.rule)?)
}

fn sum(amounts: impl IntoIterator<Item = Decimal>) -> Result<Decimal, TaxError> {
    amounts.into_iter().try_fold(Decimal::ZERO, |sum, x| sum.checked_add(x)).ok_or(TaxError::Overflow)
}
