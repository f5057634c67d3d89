//! Imports, exports and templates over HTTP.

mod stream;

use cortex_core::{Error, Inject, Registrar, Result};
use cortex_data::Work;
use cortex_web::axum::Json;
use cortex_web::axum::extract::Path;
use cortex_web::axum::http::{HeaderValue, StatusCode, header};
use cortex_web::axum::response::{IntoResponse, Response};
use cortex_web::{Answer, Query, Raw, Reply, Streamed, WebRegistrar};
use schemars::JsonSchema;
use serde::Deserialize;

use crate::config::ExchangeConfig;
use crate::error::ExchangeError;
use crate::format::Format;
use crate::options::{ExportOptions, ImportOptions, Mapping, OnError};
use crate::report::{ImportReport, Outcome};
use crate::service::Exchange;

pub(crate) fn register(m: &mut Registrar) {
    m.post("/imports/{entity}", import).get("/exports/{entity}", export).get("/templates/{entity}", template);
}

/// How to import the file that is the body of the request.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct ImportParams {
    /// The format of the file
    format: Format,
    /// What stands between the cells of a CSV file; a comma unless said otherwise
    delimiter: Option<char>,
    /// The sheet of a workbook; the first one unless said otherwise
    sheet: Option<String>,
    /// Which columns go to which fields, as JSON: `{"columns": {"Name": "name"}, "constants": {}, "ignore": []}`
    mapping: Option<String>,
    /// `refuse` stores all rows or none, `skip` leaves out those that are wrong
    #[serde(default)]
    on_error: OnError,
    /// Fields by which a row finds the record that it changes, with commas between them
    key: Option<String>,
    /// Checks everything and stores nothing
    #[serde(default)]
    dry_run: bool,
    /// Imports a file once more that was imported before
    #[serde(default)]
    again: bool,
}

impl ImportParams {
    fn options(self) -> Result<ImportOptions, ExchangeError> {
        let mapping = match self.mapping.as_deref() {
            None => Mapping::default(),
            Some(text) => {
                serde_json::from_str(text).map_err(|error| ExchangeError::Mapping(vec![error.to_string()]))?
            }
        };
        let defaults = ImportOptions::new(self.format);
        Ok(ImportOptions {
            delimiter: self.delimiter.unwrap_or(defaults.delimiter),
            sheet: self.sheet,
            mapping,
            on_error: self.on_error,
            key: names(self.key.as_deref()),
            dry_run: self.dry_run,
            again: self.again,
            ..defaults
        })
    }
}

/// Which records to export, and how.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct ExportParams {
    /// The format of the file
    format: Format,
    /// What stands between the cells of a CSV file; a comma unless said otherwise
    delimiter: Option<char>,
    /// Which records, as in lists
    filter: Option<String>,
    /// In which order, as in lists
    sort: Option<String>,
    /// Which fields, with commas between them
    select: Option<String>,
}

/// Which template.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct TemplateParams {
    /// The format of the file
    format: Format,
}

fn names(list: Option<&str>) -> Vec<String> {
    let names = list.unwrap_or_default().split(',').map(str::trim).filter(|name| !name.is_empty());
    names.map(str::to_owned).collect()
}

/// The report of an import: `200`, or `422` where rows were wrong and nothing is stored.
struct Told(ImportReport);

impl Reply for Told {
    fn reply(self) -> Result<Response> {
        let refused = self.0.outcome == Outcome::Refused;
        let status = if refused { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
        Ok((status, Json(self.0)).into_response())
    }

    fn describe(
        ctx: &mut cortex_web::aide::generate::GenContext,
        operation: &mut cortex_web::aide::openapi::Operation,
    ) {
        <Raw<Json<ImportReport>> as Reply>::describe(ctx, operation);
    }
}

async fn import(
    exchange: Inject<Exchange>,
    config: Inject<ExchangeConfig>,
    work: Work,
    entity: Raw<Path<String>>,
    query: Query<ImportParams>,
    body: Streamed,
) -> Answer<Told> {
    let options = query.0.options()?;
    let source = stream::spool(body.0, config.upload_limit).await?;
    let entity = entity.0.0;
    let report = blocking(move || exchange.import(&work, &entity, &source, &options, &mut |_| Ok(()))).await?;
    Ok(Told(report))
}

async fn export(
    exchange: Inject<Exchange>,
    work: Work,
    entity: Raw<Path<String>>,
    query: Query<ExportParams>,
) -> Answer<Raw<Response>> {
    let params = query.0;
    let defaults = ExportOptions::new(params.format);
    let options = ExportOptions {
        delimiter: params.delimiter.unwrap_or(defaults.delimiter),
        filter: params.filter,
        sort: params.sort,
        fields: names(params.select.as_deref()),
        ..defaults
    };
    let entity = entity.0.0;
    let name = work.database().registry().entity(&entity)?.resource().to_owned();
    let format = options.format;
    let body = stream::body(move |sink| exchange.export(&work, &entity, sink, &options, &mut |_| Ok(())).map(drop));
    Ok(Raw(file(&name, format, body.await?)))
}

async fn template(
    exchange: Inject<Exchange>,
    work: Work,
    entity: Raw<Path<String>>,
    query: Query<TemplateParams>,
) -> Answer<Raw<Response>> {
    let (entity, format) = (entity.0.0, query.0.format);
    let name = work.database().registry().entity(&entity)?.resource().to_owned();
    let bytes = blocking(move || {
        let mut bytes = Vec::new();
        exchange.template(&work, &entity, &mut bytes, format)?;
        Ok(bytes)
    });
    Ok(Raw(file(&name, format, bytes.await?.into())))
}

/// A file to be saved.
fn file(name: &str, format: Format, body: cortex_web::axum::body::Body) -> Response {
    let mut response = Response::new(body);
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(format.media_type()));
    // Names of entities are made of letters, digits, `_`, `-` and `.`.
    if let Ok(value) = HeaderValue::try_from(format!("attachment; filename=\"{name}.{}\"", format.as_str())) {
        headers.insert(header::CONTENT_DISPOSITION, value);
    }
    response
}

async fn blocking<R: Send + 'static>(f: impl FnOnce() -> Result<R> + Send + 'static) -> Result<R> {
    let done = tokio::task::spawn_blocking(f).await;
    done.unwrap_or_else(
        |e| Err(Error::internal("panic", "the exchange of records stopped unexpectedly").with_source(e)),
    )
}
