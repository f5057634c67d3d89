//! What keeps a quote or an order from being drafted.

use codexion::prelude::{Currency, Kind, Refusal, Unit};

use super::AmountError;

/// Why a quote or an order cannot be drafted. Lines count from 1.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DraftError {
    /// Nothing is ordered.
    #[error("the document has no lines")]
    Empty,
    /// More than one document can hold.
    #[error("the document has {lines} lines, at most {max} are allowed")]
    TooManyLines {
        /// How many.
        lines: usize,
        /// The limit.
        max: usize,
    },
    /// There is no such product.
    #[error("line {line}: there is no product `{product}`")]
    UnknownProduct {
        /// Of the document.
        line: usize,
        /// Its id.
        product: String,
    },
    /// Nothing or less is ordered.
    #[error("line {line}: the quantity is not above zero")]
    NotPositive {
        /// Of the document.
        line: usize,
    },
    /// The product is counted otherwise.
    #[error("line {line}: `{sku}` is counted in `{expected}`, not in `{found}`")]
    OtherUnit {
        /// Of the document.
        line: usize,
        /// Of the product.
        sku: String,
        /// The product's.
        expected: Unit,
        /// The line's.
        found: Unit,
    },
    /// The price is in another currency than the document.
    #[error("line {line}: the price is in `{found}`, the document in `{expected}`")]
    OtherCurrency {
        /// Of the document.
        line: usize,
        /// The document's.
        expected: Currency,
        /// The line's.
        found: Currency,
    },
    /// Neither the line nor the product says what it costs.
    #[error("line {line}: `{sku}` has no price")]
    NoPrice {
        /// Of the document.
        line: usize,
        /// Of the product.
        sku: String,
    },
    /// There is no such party.
    #[error("there is no party `{party}`")]
    UnknownParty {
        /// Its id.
        party: String,
    },
    /// One can't sell to it.
    #[error("`{code}` is not a customer")]
    NotCustomer {
        /// Of the party.
        code: String,
    },
    /// One can't buy from it.
    #[error("`{code}` is not a supplier")]
    NotSupplier {
        /// Of the party.
        code: String,
    },
    /// The same document was entered already.
    #[error("there is an order with the reference `{reference}` already")]
    ReferenceTaken {
        /// The outside number.
        reference: String,
    },
    /// It cannot be added up.
    #[error(transparent)]
    Amount(#[from] AmountError),
}

impl Refusal for DraftError {
    fn kind(&self) -> Kind {
        match self {
            Self::ReferenceTaken { .. } => Kind::Conflict,
            _ => Kind::Invalid,
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::Empty => "crm.draft.empty",
            Self::TooManyLines { .. } => "crm.draft.too_many_lines",
            Self::UnknownProduct { .. } => "crm.draft.unknown_product",
            Self::NotPositive { .. } => "crm.draft.not_positive",
            Self::OtherUnit { .. } => "crm.draft.other_unit",
            Self::OtherCurrency { .. } => "crm.draft.other_currency",
            Self::NoPrice { .. } => "crm.draft.no_price",
            Self::UnknownParty { .. } => "crm.draft.unknown_party",
            Self::NotCustomer { .. } => "crm.draft.not_customer",
            Self::NotSupplier { .. } => "crm.draft.not_supplier",
            Self::ReferenceTaken { .. } => "crm.draft.reference_taken",
            Self::Amount(error) => error.code(),
        }
    }

    fn help(&self) -> Option<String> {
        match self {
            Self::TooManyLines { .. } => Some("split it into several documents".to_owned()),
            Self::NoPrice { .. } => Some("give the line a price, or the product".to_owned()),
            Self::NotCustomer { .. } => Some("mark the party as a customer first".to_owned()),
            Self::NotSupplier { .. } => Some("mark the party as a supplier first".to_owned()),
            Self::Amount(error) => error.help(),
            _ => None,
        }
    }
}
