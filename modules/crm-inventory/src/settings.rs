//! What an installation decides about shipping.

use codexion::prelude::*;

/// Shipping and receiving.
#[derive(Debug, Clone, Config)]
#[config(key = "shipping")]
pub struct ShippingSettings {
    /// The warehouse that goods leave and arrive at, unless said otherwise.
    #[config(default = "MAIN")]
    pub warehouse: String,
    /// The currency in which products without a price are valued.
    #[config(default = "EUR")]
    pub currency: String,
}
