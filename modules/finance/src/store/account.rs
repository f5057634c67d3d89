//! The chart of accounts, and which account plays which role.

use codexion::prelude::{Choice, Id, Repository};

use crate::domain::AccountKind;

/// One account of the chart.
#[derive(Debug, Clone, PartialEq, Repository)]
#[repository(table = "finance_accounts", tenant, company, versioned, audited)]
pub struct Account {
    /// Its id.
    pub id: Id<Account>,
    /// What bookkeepers call it: `1200`.
    #[field(unique, max_len = 20)]
    pub code: String,
    /// For people.
    #[field(max_len = 200)]
    pub name: String,
    /// What its balance means.
    pub kind: AccountKind,
    /// The heading it stands under.
    #[field(references = Account)]
    pub parent: Option<Id<Account>>,
    /// A heading only groups; entries go to the accounts under it.
    pub heading: bool,
    /// Whether its lines are matched with each other, as those of receivables and payables are.
    pub reconcilable: bool,
}

/// Says which account plays a role in entries that programs make.
#[derive(Debug, Clone, PartialEq, Repository)]
#[repository(table = "finance_account_roles", tenant, company, versioned, audited)]
pub struct AccountRole {
    /// Its id.
    pub id: Id<AccountRole>,
    /// The role.
    #[field(unique)]
    pub role: Role,
    /// The account.
    #[field(references = Account)]
    pub account: Id<Account>,
}

/// What an account is for, as far as programs must know.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Choice)]
pub enum Role {
    /// What customers owe.
    Receivable,
    /// What is owed to suppliers.
    Payable,
    /// Where money comes in and goes out.
    Bank,
    /// Income from goods and services.
    Sales,
    /// Income from shipping.
    Freight,
    /// Goods and services that are not kept in stock.
    Purchases,
    /// The value of the stock.
    Stock,
    /// What the sold goods had cost.
    CostOfGoodsSold,
    /// Goods that came before their bill.
    GoodsReceivedNotInvoiced,
    /// Stock that was found, lost or valued anew.
    StockAdjustment,
    /// Taxes on sales, owed to the state.
    SalesTax,
    /// Taxes on purchases, owed by the state.
    PurchaseTax,
    /// Coins that rounding leaves over.
    RoundOff,
    /// Small differences that nobody will pay.
    WriteOff,
    /// What the owners brought in; the other side of opening balances.
    Equity,
    /// Results of earlier years.
    RetainedEarnings,
    /// Better rates than expected.
    ExchangeGain,
    /// Worse rates than expected.
    ExchangeLoss,
}
