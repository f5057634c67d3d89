//! What billing refuses.

use codexion::prelude::{Kind, Refusal};

/// Why an order is not invoiced.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BillingError {
    /// Nothing of the order can be invoiced now.
    #[error("nothing of the order `{number}` is to be invoiced")]
    NothingOpen {
        /// The order's.
        number: String,
    },
    /// A draft holds what would be invoiced again.
    #[error("the order `{number}` has a draft of an invoice already")]
    DraftOpen {
        /// The order's.
        number: String,
    },
    /// The order line is not part of it.
    #[error("`{line}` is no line of it")]
    UnknownLine {
        /// Its id.
        line: String,
    },
    /// The books don't know the tax that was agreed.
    #[error("the books have no tax `{code}`")]
    UnknownTax {
        /// As on the order.
        code: String,
    },
    /// A tax was agreed, but not which.
    #[error("`{line}` is taxed, but the order does not say by which tax of the books")]
    NoTaxCode {
        /// The line in words.
        line: String,
    },
    /// The invoice is not one of an order.
    #[error("the invoice does not come from an order")]
    NoOrder,
    /// It is paid, or was never posted.
    #[error("nothing of the invoice is open")]
    NothingDue,
}

impl Refusal for BillingError {
    fn kind(&self) -> Kind {
        match self {
            Self::UnknownLine { .. } => Kind::Invalid,
            _ => Kind::Refused,
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::NothingOpen { .. } => "crm_finance.nothing_open",
            Self::DraftOpen { .. } => "crm_finance.draft_open",
            Self::UnknownLine { .. } => "crm_finance.unknown_line",
            Self::UnknownTax { .. } => "crm_finance.unknown_tax",
            Self::NoTaxCode { .. } => "crm_finance.no_tax_code",
            Self::NoOrder => "crm_finance.no_order",
            Self::NothingDue => "crm_finance.nothing_due",
        }
    }

    fn help(&self) -> Option<String> {
        match self {
            Self::NothingOpen { .. } => {
                Some("confirm the order first; one that is invoiced on shipment waits for it".to_owned())
            }
            Self::DraftOpen { .. } => Some("post the draft, change it, or cancel it".to_owned()),
            Self::UnknownTax { code } => Some(format!("add the tax `{code}` to the books")),
            _ => None,
        }
    }
}
