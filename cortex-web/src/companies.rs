//! `/api/v1/cortex/companies`: the companies and branches of a tenant, founded, changed and archived at run time.

use axum::http::Method;
use cortex_core::{Currency, Id, Registrar, Result};
use cortex_data::{Companies, Company, CompanyChange, NewCompany, Tx, Work};
use schemars::JsonSchema;
use serde::Serialize;

use crate::handler::{Answers, Args, Body, Created, Handler, PathId};
use crate::registrar;
use crate::route::Route;

const PATH: &str = "/api/v1/cortex/companies";

/// A company or branch as clients see it.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub struct CompanyView {
    /// What the header `Cortex-Company` names it by, as its code does.
    pub id: Id<Company>,
    /// Its code.
    pub code: String,
    /// For people.
    pub name: String,
    /// The company that it is a branch of.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub parent: Option<Id<Company>>,
    /// The currency of its books.
    pub currency: Currency,
    /// Where its days begin.
    pub time_zone: String,
    /// Whether nothing can be written in it any more.
    pub archived: bool,
}

impl From<Company> for CompanyView {
    fn from(company: Company) -> Self {
        let Company { id, code, name, parent, currency, time_zone, archived } = company;
        Self { id, code, name, parent, currency, time_zone, archived }
    }
}

async fn list_companies(work: Work) -> Result<Vec<CompanyView>> {
    work.read(|tx| Ok(Companies::list(tx)?.into_iter().map(CompanyView::from).collect())).await
}

async fn show_company(work: Work, id: PathId<Company>) -> Result<CompanyView> {
    work.read(move |tx| Companies::find(tx, &id.to_string()).map(CompanyView::from)).await
}

async fn create_company(work: Work, body: Body<NewCompany>) -> Result<Created<CompanyView>> {
    let view = work.write(move |tx| Companies::create(tx, &body).map(CompanyView::from)).await?;
    Ok(Created::new(view))
}

async fn change_company(work: Work, id: PathId<Company>, body: Body<CompanyChange>) -> Result<CompanyView> {
    work.write(move |tx| Companies::change(tx, *id, &body).map(CompanyView::from)).await
}

async fn archive_company(work: Work, id: PathId<Company>) -> Result<CompanyView> {
    work.write(move |tx: &mut Tx| Companies::archive(tx, *id).map(CompanyView::from)).await
}

async fn restore_company(work: Work, id: PathId<Company>) -> Result<CompanyView> {
    work.write(move |tx: &mut Tx| Companies::restore(tx, *id).map(CompanyView::from)).await
}

/// Registers the routes of companies, once per application: the application itself calls it.
pub fn register_companies(m: &mut Registrar) {
    add(m, Method::GET, "", list_companies);
    add(m, Method::POST, "", create_company);
    add(m, Method::GET, "/{id}", show_company);
    add(m, Method::PUT, "/{id}", change_company);
    add(m, Method::POST, "/{id}/archive", archive_company);
    add(m, Method::POST, "/{id}/restore", restore_company);
}

fn add<H, A>(m: &mut Registrar, method: Method, path: &str, handler: H)
where
    H: Handler<A>,
    A: Args,
    H::Output: Answers,
{
    let full = format!("{PATH}{path}");
    let route = Route::new(m.module(), method, full.clone(), handler);
    registrar::register(m, &full, route);
}
