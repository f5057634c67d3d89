//! The chart of accounts that a new company gets: small, and with an account for every role.

use crate::domain::AccountKind::{self, Asset, Equity, Expense, Income, Liability};
use crate::store::Role;

/// An account of the chart.
pub(super) struct Row {
    pub(super) code: &'static str,
    pub(super) name: &'static str,
    pub(super) kind: AccountKind,
    pub(super) parent: Option<&'static str>,
    pub(super) heading: bool,
    pub(super) reconcilable: bool,
    pub(super) role: Option<Role>,
}

const fn heading(code: &'static str, name: &'static str, kind: AccountKind, parent: Option<&'static str>) -> Row {
    Row { code, name, kind, parent, heading: true, reconcilable: false, role: None }
}

const fn account(code: &'static str, name: &'static str, kind: AccountKind, parent: &'static str) -> Row {
    Row { code, name, kind, parent: Some(parent), heading: false, reconcilable: false, role: None }
}

impl Row {
    const fn role(mut self, role: Role) -> Self {
        self.role = Some(role);
        self
    }

    const fn reconcilable(mut self) -> Self {
        self.reconcilable = true;
        self
    }
}

/// Parents before children.
pub(super) const CHART: &[Row] = &[
    heading("1000", "Assets", Asset, None),
    heading("1100", "Cash and bank", Asset, Some("1000")),
    account("1110", "Bank", Asset, "1100").role(Role::Bank),
    account("1120", "Cash", Asset, "1100"),
    heading("1200", "Receivables", Asset, Some("1000")),
    account("1210", "Trade receivables", Asset, "1200").reconcilable().role(Role::Receivable),
    account("1220", "Recoverable tax on purchases", Asset, "1200").role(Role::PurchaseTax),
    account("1230", "Prepaid expenses", Asset, "1200"),
    heading("1300", "Inventory", Asset, Some("1000")),
    account("1310", "Stock", Asset, "1300").role(Role::Stock),
    heading("1500", "Fixed assets", Asset, Some("1000")),
    account("1510", "Equipment", Asset, "1500"),
    account("1520", "Accumulated depreciation", Asset, "1500"),
    heading("2000", "Liabilities", Liability, None),
    heading("2100", "Payables", Liability, Some("2000")),
    account("2110", "Trade payables", Liability, "2100").reconcilable().role(Role::Payable),
    account("2120", "Goods received, not invoiced", Liability, "2100").role(Role::GoodsReceivedNotInvoiced),
    account("2130", "Tax on sales", Liability, "2100").role(Role::SalesTax),
    account("2140", "Accrued expenses", Liability, "2100"),
    account("2150", "Wages payable", Liability, "2100"),
    heading("2500", "Long-term debt", Liability, Some("2000")),
    account("2510", "Bank loans", Liability, "2500"),
    heading("3000", "Equity", Equity, None),
    account("3100", "Capital and opening balances", Equity, "3000").role(Role::Equity),
    account("3200", "Retained earnings", Equity, "3000").role(Role::RetainedEarnings),
    heading("4000", "Income", Income, None),
    account("4100", "Sales", Income, "4000").role(Role::Sales),
    account("4200", "Freight charged to customers", Income, "4000").role(Role::Freight),
    account("4800", "Exchange gains", Income, "4000").role(Role::ExchangeGain),
    account("4900", "Other income", Income, "4000"),
    heading("5000", "Cost of sales", Expense, None),
    account("5100", "Cost of goods sold", Expense, "5000").role(Role::CostOfGoodsSold),
    account("5200", "Purchases not kept in stock", Expense, "5000").role(Role::Purchases),
    account("5300", "Stock adjustments", Expense, "5000").role(Role::StockAdjustment),
    heading("6000", "Operating expenses", Expense, None),
    account("6100", "Wages and salaries", Expense, "6000"),
    account("6200", "Rent", Expense, "6000"),
    account("6300", "Shipping", Expense, "6000"),
    account("6400", "Depreciation", Expense, "6000"),
    account("6900", "Other expenses", Expense, "6000"),
    heading("8000", "Differences", Expense, None),
    account("8100", "Write-offs", Expense, "8000").role(Role::WriteOff),
    account("8200", "Round-off", Expense, "8000").role(Role::RoundOff),
    account("8300", "Exchange losses", Expense, "8000").role(Role::ExchangeLoss),
];
