//! Exact values: amounts, prices, quantities, rates, rounding and the clock.

mod clock;
mod currency;
mod json;
mod money;
mod rounding;
mod units;
