//! The start page: the company's key figures and charts, rendered here, with nothing loaded from elsewhere.

mod chart;
mod panels;
mod words;

use codexion::DEVELOPMENT_TENANT;
use codexion::data::Database;
use codexion::prelude::*;
use codexion::web::Html;

use crate::report::{Report, Reports};
use words::escape;

const STYLE: &str = include_str!("page/style.css");

/// `GET /`: the figures of the company that the development token belongs to. Nobody signs in for it, as the server
/// listens on this machine only as long as that token is all there is.
pub(crate) async fn start(database: Inject<Database>, reports: Inject<Reports>) -> Answer<Html> {
    let work = database.work(Cx::new(DEVELOPMENT_TENANT, Actor::system("start page")));
    let report = work.snapshot(move |tx| reports.read(tx)).await?;
    Ok(Html(render(report.as_ref())?))
}

/// The page for these figures, or how to begin where there are none.
///
/// # Errors
/// An amount does not fit.
pub fn render(report: Option<&Report>) -> Result<String> {
    let (title, subtitle, body) = match report {
        Some(report) => {
            let day = words::day(report.day);
            let currency = report.balances.debit.currency();
            (report.company.as_str(), format!("Figures as of {day}, in {currency}"), panels::all(report)?)
        }
        None => ("Codexion ERP", "There is no company yet".to_owned(), EMPTY.to_owned()),
    };
    let title = escape(title);
    Ok(format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"color-scheme\" content=\"light dark\">\n<title>{title}</title>\n<style>\n{STYLE}</style>\n</head>\n\
         <body>\n<header>\n<h1>{title}</h1>\n<p class=\"quiet\">{subtitle}</p>\n\
         <nav><a href=\"/api/docs\">API documentation</a><a href=\"/health/ready\">Health</a></nav>\n</header>\n\
         <main>\n{body}</main>\n\
         <footer>Codexion Cortex {version}. The same figures on the command line: <code>erp report</code></footer>\n\
         </body>\n</html>\n",
        version = env!("CARGO_PKG_VERSION"),
    ))
}

/// What is shown while there is no company.
const EMPTY: &str = "<section class=\"panel\" style=\"margin: 22px 0\">\n\
    <h2>Make the demo company</h2>\n<p class=\"quiet\">A year of orders, shipments, invoices and payments, made in \
    some seconds. Stop this server and start it again with:</p>\n<pre>erp --set company.demo=true</pre>\n\
    <h2>Or bring your own</h2>\n<p class=\"quiet\">The Northwind trading company, from its CSV files:</p>\n\
    <pre>erp import northwind DIR</pre>\n\
    <p class=\"quiet\">Everything can also be done over HTTP: see the <a href=\"/api/docs\">API documentation</a>.</p>\n\
    </section>\n";
