//! Taxes and groups of taxes.

use std::collections::HashMap;

use codexion::prelude::{Choice, Date, Filter, Id, Money, Rate, ReadTx, Repository, Result};

use super::{Account, InvoiceSide};
use crate::domain::AccountId;
use crate::domain::tax::{self, TaxId};

/// A tax, or a group of taxes under one name.
#[derive(Debug, Clone, PartialEq, Repository)]
#[repository(table = "finance_taxes", tenant, company, versioned, audited)]
pub struct Tax {
    /// Its id.
    pub id: Id<Tax>,
    /// What people call it: `VAT20`.
    #[field(unique, max_len = 20)]
    pub code: String,
    /// For people.
    #[field(max_len = 200)]
    pub name: String,
    /// How it is reckoned.
    pub kind: TaxKind,
    /// Of a share: how much of the base, `0.2` for 20 %.
    pub rate: Option<Rate>,
    /// Of an amount per unit: how much for one.
    pub amount: Option<Money>,
    /// Whether the taxes after it are charged on this one too.
    pub raises_base: bool,
    /// First day in force.
    pub valid_from: Option<Date>,
    /// Last day in force.
    pub valid_until: Option<Date>,
    /// The group it is a member of.
    #[field(references = Tax)]
    pub member_of: Option<Id<Tax>>,
    /// Its place in the group.
    pub position: i32,
    /// Where it is posted for sales, if not to the account of that role.
    #[field(references = Account)]
    pub sales_account: Option<Id<Account>>,
    /// Where it is posted for purchases, if not to the account of that role.
    #[field(references = Account)]
    pub purchase_account: Option<Id<Account>>,
}

/// How a tax is reckoned.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Choice)]
pub enum TaxKind {
    /// A share of the base.
    Share,
    /// So much for each unit.
    PerUnit,
    /// Its members, one after the other.
    Group,
}

impl Tax {
    /// A share of the base, in force at all times: `Tax::share("VAT20", "VAT 20 %", rate)`.
    #[must_use]
    pub fn share(code: &str, name: &str, rate: Rate) -> Self {
        Self { rate: Some(rate), ..Self::bare(code, name, TaxKind::Share) }
    }

    /// So much for each unit, in force at all times.
    #[must_use]
    pub fn per_unit(code: &str, name: &str, amount: Money) -> Self {
        Self { amount: Some(amount), ..Self::bare(code, name, TaxKind::PerUnit) }
    }

    /// Several taxes under one name; the members name it in `member_of`.
    #[must_use]
    pub fn group(code: &str, name: &str) -> Self {
        Self::bare(code, name, TaxKind::Group)
    }

    fn bare(code: &str, name: &str, kind: TaxKind) -> Self {
        Self {
            id: Id::new(),
            code: code.to_owned(),
            name: name.to_owned(),
            kind,
            rate: None,
            amount: None,
            raises_base: false,
            valid_from: None,
            valid_until: None,
            member_of: None,
            position: 0,
            sales_account: None,
            purchase_account: None,
        }
    }
}

/// All taxes as the rules know them, groups with their members.
pub(crate) fn domain_taxes(tx: &mut ReadTx) -> Result<HashMap<TaxId, tax::Tax>> {
    let mut stored = Tax::list(tx, &Filter::All)?;
    stored.sort_by(|a, b| (a.position, &a.code).cmp(&(b.position, &b.code)));
    let rules = stored.iter().filter_map(|tax| Some((tax.id, domain_tax(tax, &stored, 0)?)));
    Ok(rules.collect())
}

/// `None` for a group nested deeper than the rules allow: one that contains itself.
fn domain_tax(of: &Tax, all: &[Tax], depth: usize) -> Option<tax::Tax> {
    if depth >= tax::DEPTH_MAX {
        return None;
    }
    let members = || all.iter().filter(|member| member.member_of == Some(of.id));
    let rule = match of.kind {
        TaxKind::Share => tax::Tax::share(of.id, of.rate?),
        TaxKind::PerUnit => tax::Tax::per_unit(of.id, of.amount?),
        TaxKind::Group => {
            let members = members().map(|member| domain_tax(member, all, depth + 1)).collect::<Option<Vec<_>>>()?;
            tax::Tax::group(of.id, members)
        }
    };
    let rule = rule.valid(of.valid_from, of.valid_until);
    Some(if of.raises_base { rule.raising_base() } else { rule })
}

/// Where taxes are posted, as far as they say so themselves.
pub(crate) fn tax_accounts(tx: &mut ReadTx, taxes: &[TaxId], side: InvoiceSide) -> Result<HashMap<TaxId, AccountId>> {
    let account = |tax: Tax| match side {
        InvoiceSide::Customer => Some((tax.id, tax.sales_account?)),
        InvoiceSide::Supplier => Some((tax.id, tax.purchase_account?)),
    };
    Ok(Tax::get_many(tx, taxes)?.into_iter().filter_map(account).collect())
}
