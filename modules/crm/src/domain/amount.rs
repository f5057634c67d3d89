//! What lines and documents come to, and where they are rounded.

use codexion::prelude::{Currency, Decimal, Money, Price, Quantity, Rate, Rounding};

use crate::error::AmountError;

/// The figures of a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Figures {
    /// How much.
    pub quantity: Quantity,
    /// For one unit, without tax.
    pub price: Price,
    /// Taken off the price.
    pub discount: Rate,
    /// Charged on what is left.
    pub tax: Rate,
}

/// Where amounts are rounded to coins.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum RoundAt {
    /// Each line on its own; the document is the sum of its lines.
    Line,
    /// The sum once; taxes once per rate.
    Document,
}

/// How and where amounts are rounded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct TotalRule {
    /// The rule.
    pub rounding: Rounding,
    /// For amounts without tax.
    pub net: RoundAt,
    /// For taxes, which are charged on unrounded amounts.
    pub tax: RoundAt,
}

/// What most tax authorities ask for: lines rounded half up, taxes once for the document.
impl Default for TotalRule {
    fn default() -> Self {
        Self { rounding: Rounding::HalfUp, net: RoundAt::Line, tax: RoundAt::Document }
    }
}

impl TotalRule {
    /// Amounts and taxes per line.
    #[must_use]
    pub const fn per_line(rounding: Rounding) -> Self {
        Self { rounding, net: RoundAt::Line, tax: RoundAt::Line }
    }

    /// Amounts and taxes once for the document.
    #[must_use]
    pub const fn per_document(rounding: Rounding) -> Self {
        Self { rounding, net: RoundAt::Document, tax: RoundAt::Document }
    }
}

/// What a document comes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Totals {
    /// Without taxes.
    pub net: Money,
    /// The taxes.
    pub tax: Money,
    /// Both.
    pub total: Money,
}

impl Figures {
    /// What the line comes to without tax, rounded on its own.
    ///
    /// # Errors
    /// [`AmountError`] when the amount does not fit.
    pub fn net(&self, rounding: Rounding) -> Result<Money, AmountError> {
        Ok(Money::from_decimal(self.exact_net()?, self.price.currency(), rounding)?)
    }

    /// Every digit of it.
    fn exact_net(&self) -> Result<Decimal, AmountError> {
        let left = Decimal::ONE - self.discount.to_decimal();
        exact_product(exact_product(self.quantity.amount(), self.price.amount())?, left)
    }

    fn exact_tax(&self) -> Result<Decimal, AmountError> {
        exact_product(self.exact_net()?, self.tax.to_decimal())
    }
}

/// Adds up a document in `currency` plus its `freight`, which carries no tax.
///
/// # Errors
/// [`AmountError`] when a price is in another currency, or an amount does not fit.
pub fn totals(
    lines: impl IntoIterator<Item = Figures>,
    freight: Money,
    rule: TotalRule,
) -> Result<Totals, AmountError> {
    let currency = freight.currency();
    let lines: Vec<Figures> = lines.into_iter().collect();
    for line in &lines {
        Money::zero(currency).checked_add(Money::zero(line.price.currency()))?;
    }
    let net = rounded(&lines, Figures::exact_net, rule.net, currency, rule.rounding)?.checked_add(freight)?;
    let tax = match rule.tax {
        RoundAt::Line => rounded(&lines, Figures::exact_tax, RoundAt::Line, currency, rule.rounding)?,
        RoundAt::Document => tax_per_rate(&lines, currency, rule.rounding)?,
    };
    Ok(Totals { net, tax, total: net.checked_add(tax)? })
}

fn rounded(
    lines: &[Figures],
    exact: impl Fn(&Figures) -> Result<Decimal, AmountError>,
    at: RoundAt,
    currency: Currency,
    rounding: Rounding,
) -> Result<Money, AmountError> {
    let amounts = lines.iter().map(exact).collect::<Result<Vec<_>, _>>()?;
    match at {
        RoundAt::Document => Ok(Money::from_decimal(exact_sum(amounts)?, currency, rounding)?),
        RoundAt::Line => {
            let coins = amounts.into_iter().map(|amount| Money::from_decimal(amount, currency, rounding));
            Ok(Money::sum(coins.collect::<Result<Vec<_>, _>>()?, currency)?)
        }
    }
}

/// Each rate is a tax of its own on the document, and rounded on its own.
fn tax_per_rate(lines: &[Figures], currency: Currency, rounding: Rounding) -> Result<Money, AmountError> {
    let mut rates: Vec<Rate> = lines.iter().map(|line| line.tax).collect();
    rates.sort_unstable();
    rates.dedup();
    let mut tax = Money::zero(currency);
    for rate in rates {
        let taxed = lines.iter().filter(|line| line.tax == rate).map(Figures::exact_tax);
        let sum = exact_sum(taxed.collect::<Result<Vec<_>, _>>()?)?;
        tax = tax.checked_add(Money::from_decimal(sum, currency, rounding)?)?;
    }
    Ok(tax)
}

/// A product of which no digit is lost: decimals on their own would drop the last ones silently.
fn exact_product(a: Decimal, b: Decimal) -> Result<Decimal, AmountError> {
    let (a, b) = (a.normalize(), b.normalize());
    let mantissa = a.mantissa().checked_mul(b.mantissa()).ok_or(AmountError::Inexact)?;
    let product = Decimal::try_from_i128_with_scale(mantissa, a.scale() + b.scale());
    product.map(|product| product.normalize()).map_err(|_| AmountError::Inexact)
}

fn exact_sum(amounts: Vec<Decimal>) -> Result<Decimal, AmountError> {
    amounts.into_iter().try_fold(Decimal::ZERO, |sum, x| sum.checked_add(x)).ok_or(AmountError::Inexact)
}
