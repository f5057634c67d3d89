//! The lives of quotes and orders.

use codexion::prelude::Choice;

use crate::error::StateError;

/// The life of a quote.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Choice)]
pub enum QuoteState {
    /// Not yet offered.
    Draft,
    /// Offered to the customer.
    Sent,
    /// Became an order.
    Accepted,
    /// The customer does not want it.
    Declined,
}

/// The life of a sales or purchase order. How far it has come in between is its [`Progress`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Choice)]
pub enum OrderState {
    /// Can still be changed.
    Draft,
    /// Agreed with the other side.
    Confirmed,
    /// Everything moved, invoiced and paid.
    Done,
    /// Nothing came of it.
    Cancelled,
}

/// How far an order has come in one respect.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Choice)]
pub enum Progress {
    /// Nothing yet.
    Open,
    /// A part.
    Partly,
    /// Everything.
    Whole,
}

/// When a sales order is invoiced.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Choice)]
pub enum InvoiceOn {
    /// As soon as it is confirmed.
    #[default]
    Order,
    /// What has been shipped.
    Shipment,
}

/// When a sales order is shipped.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Choice)]
pub enum ShipOn {
    /// As soon as it is confirmed.
    #[default]
    Order,
    /// What has been paid.
    Payment,
}

impl QuoteState {
    /// Offers it.
    ///
    /// # Errors
    /// It is no draft.
    pub fn send(self) -> Result<Self, StateError> {
        match self {
            Self::Draft => Ok(Self::Sent),
            _ => Err(StateError::new("send", "quote", &self)),
        }
    }

    /// Turns it into an order.
    ///
    /// # Errors
    /// It was answered already.
    pub fn accept(self) -> Result<Self, StateError> {
        match self {
            Self::Draft | Self::Sent => Ok(Self::Accepted),
            _ => Err(StateError::new("accept", "quote", &self)),
        }
    }

    /// Notes that nothing comes of it.
    ///
    /// # Errors
    /// It was answered already.
    pub fn decline(self) -> Result<Self, StateError> {
        match self {
            Self::Draft | Self::Sent => Ok(Self::Declined),
            _ => Err(StateError::new("decline", "quote", &self)),
        }
    }
}

impl OrderState {
    /// Agrees on it.
    ///
    /// # Errors
    /// It is no draft.
    pub fn confirm(self) -> Result<Self, StateError> {
        match self {
            Self::Draft => Ok(Self::Confirmed),
            _ => Err(StateError::new("confirm", "order", &self)),
        }
    }

    /// Gives it up; whether something came of it already, the order's progress knows.
    ///
    /// # Errors
    /// It is done or cancelled.
    pub fn cancel(self) -> Result<Self, StateError> {
        match self {
            Self::Draft | Self::Confirmed => Ok(Self::Cancelled),
            _ => Err(StateError::new("cancel", "order", &self)),
        }
    }

    /// Where it stands after something moved, was invoiced or was paid.
    ///
    /// # Errors
    /// It is not confirmed.
    pub fn advance(self, act: &'static str, whole: bool) -> Result<Self, StateError> {
        match self {
            Self::Confirmed | Self::Done if whole => Ok(Self::Done),
            Self::Confirmed => Ok(Self::Confirmed),
            _ => Err(StateError::new(act, "order", &self)),
        }
    }
}
