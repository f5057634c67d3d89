//! Founding, changing, archiving and finding companies.

use cortex_core::{CompanyId, Error, Id, Result};

use super::cache::all;
use super::{Company, CompanyChange, CompanyError, EnterCompany, ManageCompanies, NewCompany, tree};
use crate::repository::Repository as _;
use crate::tx::{ReadTx, Tx};

/// The companies of a tenant. Founding and changing them needs the permission `cortex.company.manage`.
#[derive(Debug, Clone, Copy, Default)]
pub struct Companies;

impl Companies {
    /// Most companies and branches of one tenant: all of them are kept in memory together.
    pub const MAX: usize = 1_000;
    /// Most levels of companies and branches.
    pub const DEPTH_MAX: usize = 8;

    /// Founds a company, or a branch of one. The first of a tenant is its main company, and what was written before
    /// belongs to it.
    ///
    /// # Errors
    /// [`CompanyError`]; its code is taken; the actor may not manage companies.
    pub fn create(tx: &mut Tx, new: &NewCompany) -> Result<Company> {
        let all = all(tx)?;
        if all.len() >= Self::MAX {
            return Err(CompanyError::TooMany.into());
        }
        let id = if all.is_empty() { Id::from_uuid(CompanyId::MAIN.uuid()) } else { tx.new_id() };
        let parent = new.parent.and_then(|id| all.iter().find(|company| company.id == id));
        let currency = new.currency.or(parent.map(|company| company.currency)).ok_or(CompanyError::NoCurrency)?;
        let zone = new.time_zone.clone().or_else(|| parent.map(|company| company.time_zone.clone()));
        let company = Company {
            id,
            code: new.code.clone(),
            name: new.name.clone(),
            parent: new.parent,
            currency,
            time_zone: zone.unwrap_or_else(|| "UTC".to_owned()),
            archived: false,
        };
        check(&all, &company)?;
        tx.authorize::<ManageCompanies>(&company)?;
        Company::insert(tx, &company)?;
        tx.change_companies();
        Ok(company)
    }

    /// Changes a company: its code, its name, where it stands, where its days begin.
    ///
    /// # Errors
    /// As [`create`](Self::create).
    pub fn change(tx: &mut Tx, id: Id<Company>, change: &CompanyChange) -> Result<Company> {
        let all = all(tx)?;
        let CompanyChange { code, name, parent, time_zone } = change.clone();
        alter(tx, id, |company| {
            *company = Company { code, name, parent, time_zone, ..company.clone() };
            check(&all, company).map_err(Error::from)
        })
    }

    /// Ends the work in a company: what it has can be read, and nothing be written any more.
    ///
    /// # Errors
    /// [`CompanyError::Main`], [`CompanyError::Branches`]; the actor may not manage companies.
    pub fn archive(tx: &mut Tx, id: Id<Company>) -> Result<Company> {
        let all = all(tx)?;
        alter(tx, id, |company| {
            if company.key() == CompanyId::MAIN {
                return Err(CompanyError::Main.into());
            }
            if all.iter().any(|other| other.parent == Some(id) && !other.archived) {
                return Err(CompanyError::Branches(company.code.clone()).into());
            }
            company.archived = true;
            Ok(())
        })
    }

    /// Takes up the work in an archived company again.
    ///
    /// # Errors
    /// The company that it is a branch of is archived; the actor may not manage companies.
    pub fn restore(tx: &mut Tx, id: Id<Company>) -> Result<Company> {
        let all = all(tx)?;
        alter(tx, id, |company| {
            company.archived = false;
            check(&all, company).map_err(Error::from)
        })
    }

    /// The companies that the actor may enter, by their codes.
    ///
    /// # Errors
    /// The database refuses the statement.
    pub fn list(tx: &mut ReadTx) -> Result<Vec<Company>> {
        let mut companies = all(tx)?;
        companies.retain(|company| tx.check::<EnterCompany>(company).is_ok());
        companies.sort_by(|a, b| a.code.cmp(&b.code));
        Ok(companies)
    }

    /// The company with this id or code, if the actor may enter it.
    ///
    /// # Errors
    /// [`CompanyError::Unknown`]; the actor may not enter it.
    pub fn find(tx: &mut ReadTx, id_or_code: &str) -> Result<Company> {
        let id = id_or_code.parse::<Id<Company>>().ok();
        let named = |company: &Company| Some(company.id) == id || company.code == id_or_code;
        let company = all(tx)?.into_iter().find(named);
        let company = company.ok_or_else(|| CompanyError::Unknown(id_or_code.to_owned()))?;
        tx.check::<EnterCompany>(&company)?;
        Ok(company)
    }

    /// The company of the unit of work; none while the tenant has not described its main one.
    ///
    /// # Errors
    /// The database refuses the statement.
    pub fn current(tx: &mut ReadTx) -> Result<Option<Company>> {
        let id = Id::from_uuid(tx.company().uuid());
        Company::find(tx, id)
    }

    /// The company of the unit of work and all its branches, each before its own: what a consolidated report is
    /// about. Empty while the tenant has not described its main company.
    ///
    /// # Errors
    /// The actor may not enter one of them.
    pub fn with_branches(tx: &mut ReadTx) -> Result<Vec<Company>> {
        let (all, id) = (all(tx)?, tx.company());
        let Some(root) = all.iter().find(|company| company.key() == id) else { return Ok(Vec::new()) };
        let found = tree::under(&all, root);
        found.iter().try_for_each(|company| tx.check::<EnterCompany>(company))?;
        Ok(found)
    }
}

/// Changes a company as the actor may.
fn alter(tx: &mut Tx, id: Id<Company>, change: impl FnOnce(&mut Company) -> Result<()>) -> Result<Company> {
    let company = Company::find(tx, id)?.ok_or_else(|| CompanyError::Unknown(id.to_string()))?;
    tx.authorize::<ManageCompanies>(&company)?;
    let changed = Company::update(tx, id, change)?;
    tx.change_companies();
    Ok(changed)
}

fn check(all: &[Company], company: &Company) -> Result<(), CompanyError> {
    company.zone()?;
    if company.key() == CompanyId::MAIN && company.parent.is_some() {
        return Err(CompanyError::Main);
    }
    tree::check(all, company)
}
