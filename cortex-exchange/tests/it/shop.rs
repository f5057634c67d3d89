//! A module with fields of every type, and short words for what tests do with it.

use codexion::data::{CustomKind, Entity, Extra, FieldCatalogue, FieldDefinition, Filter};
use codexion::prelude::*;
use cortex_exchange::{
    Exchange, ExchangeModule, ExportOptions, Format, ImportOptions, ImportReport, Mapping, OnError, RowError, Source,
};
use cortex_testing::TestApp;

/// What a product is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Choice)]
pub(crate) enum Kind {
    Goods,
    Service,
}

/// Who makes products.
#[derive(Debug, Clone, PartialEq, Repository)]
#[repository(table = "shop_brands", tenant, audited)]
pub(crate) struct Brand {
    pub(crate) id: Id<Brand>,
    #[field(unique, max_len = 20)]
    pub(crate) code: String,
    pub(crate) name: String,
}

/// Every type of field.
#[derive(Debug, Clone, PartialEq, Repository)]
#[repository(table = "shop_products", tenant, versioned)]
pub(crate) struct Product {
    pub(crate) id: Id<Product>,
    #[field(unique, max_len = 40)]
    pub(crate) sku: String,
    pub(crate) name: String,
    pub(crate) note: Option<String>,
    pub(crate) price: Money,
    pub(crate) cost: Option<Price>,
    pub(crate) stock: Option<Quantity>,
    pub(crate) weight: Option<Decimal>,
    pub(crate) ratio: Option<Rate>,
    pub(crate) active: bool,
    #[field(min = 0, max = 1000)]
    pub(crate) rank: i32,
    pub(crate) views: Option<i64>,
    pub(crate) made: Option<Date>,
    pub(crate) seen: Option<Timestamp>,
    pub(crate) kind: Kind,
    pub(crate) money: Option<Currency>,
    pub(crate) measure: Option<Unit>,
    pub(crate) data: Option<serde_json::Value>,
    #[field(references = Brand)]
    pub(crate) brand: Option<Id<Brand>>,
    #[field(read_only)]
    pub(crate) popularity: i64,
    #[field(write_only)]
    pub(crate) pin: Option<String>,
    pub(crate) extra: Extra,
}

/// What nobody may import.
#[derive(Debug, Clone, PartialEq, Repository)]
#[repository(table = "shop_ledgers", tenant)]
pub(crate) struct Ledger {
    pub(crate) id: Id<Ledger>,
    pub(crate) amount: i64,
}

/// A table of another program, with keys that people give.
#[derive(Debug, Clone, PartialEq, Repository)]
#[repository(table = "OLD_ITEMS", external, all_tenants)]
pub(crate) struct OldItem {
    #[field(column = "ITEM_NO")]
    pub(crate) number: i64,
    #[field(column = "TITLE", max_len = 20)]
    pub(crate) title: String,
}

#[derive(Debug, Module)]
#[module(name = "shop", migrations = "tests/it/shop_migrations")]
pub(crate) struct Shop;

impl Registers for Shop {
    fn register(&self, m: &mut Registrar) {
        m.repository::<Brand>().repository::<Product>().repository::<Ledger>().importable::<Product>();
        m.repository::<OldItem>().importable::<OldItem>();
        m.rest::<Brand>("/brands").browse::<Ledger>("/ledgers");
    }
}

/// Runs `test` with the shop on every database.
pub(crate) fn each(test: impl Fn(&TestApp)) {
    TestApp::each(|app| app.module(ExchangeModule).module(Shop), test);
}

/// CSV with the bad rows refused, every row new.
pub(crate) fn csv() -> ImportOptions {
    ImportOptions::new(Format::Csv)
}

pub(crate) fn skipping(options: ImportOptions) -> ImportOptions {
    ImportOptions { on_error: OnError::Skip, ..options }
}

pub(crate) fn keyed(options: ImportOptions, key: &[&str]) -> ImportOptions {
    ImportOptions { key: key.iter().map(|name| (*name).to_owned()).collect(), ..options }
}

pub(crate) fn mapped(options: ImportOptions, columns: &[(&str, &str)], constants: &[(&str, &str)]) -> ImportOptions {
    let pairs = |all: &[(&str, &str)]| all.iter().map(|(a, b)| ((*a).to_owned(), (*b).to_owned())).collect();
    let mapping = Mapping { columns: pairs(columns), constants: pairs(constants), ignore: Vec::new() };
    ImportOptions { mapping, ..options }
}

pub(crate) fn import(app: &TestApp, entity: &str, bytes: &[u8], options: &ImportOptions) -> Result<ImportReport> {
    import_with(&app.work(), entity, bytes, options)
}

pub(crate) fn import_with(work: &Work, entity: &str, bytes: &[u8], options: &ImportOptions) -> Result<ImportReport> {
    let source = Source::spool(bytes)?;
    let report = Exchange::default().import(work, entity, &source, options, &mut |_| Ok(()))?;
    assert_eq!(report.lines, report.inserted + report.updated + report.unchanged + report.refused, "{report:?}");
    Ok(report)
}

pub(crate) fn export(app: &TestApp, entity: &str, options: &ExportOptions) -> Vec<u8> {
    export_with(&app.work(), entity, options)
}

pub(crate) fn export_with(work: &Work, entity: &str, options: &ExportOptions) -> Vec<u8> {
    let mut bytes = Vec::new();
    Exchange::default().export(work, entity, &mut bytes, options, &mut |_| Ok(())).unwrap();
    bytes
}

pub(crate) fn brands(app: &TestApp) -> Vec<(String, String)> {
    let mut all: Vec<_> = app
        .work()
        .read_blocking(|tx| Brand::list(tx, &Filter::All))
        .unwrap()
        .into_iter()
        .map(|brand| (brand.code, brand.name))
        .collect();
    all.sort();
    all
}

pub(crate) fn products(app: &TestApp) -> Vec<Product> {
    let mut all = app.work().read_blocking(|tx| Product::list(tx, &Filter::All)).unwrap();
    all.sort_by(|a, b| a.sku.cmp(&b.sku));
    all
}

/// Line, column, value and code of each error.
pub(crate) fn places(errors: &[RowError]) -> Vec<(u64, &str, &str, &str)> {
    errors
        .iter()
        .map(|e| {
            let (column, value) = (e.column.as_deref().unwrap_or(""), e.value.as_deref().unwrap_or(""));
            (e.line, column, value, e.code.as_str())
        })
        .collect()
}

/// Custom fields of every kind, all of products, for the tenant of `work`.
pub(crate) fn define_fields(work: &Work) {
    let kinds = [
        ("label", CustomKind::Text),
        ("size", CustomKind::Number),
        ("budget", CustomKind::Money),
        ("due", CustomKind::Date),
        ("seen", CustomKind::DateTime),
        ("fit", CustomKind::Boolean),
        ("color", CustomKind::Choice),
        ("tags", CustomKind::MultiChoice),
        ("maker", CustomKind::Reference),
        ("more", CustomKind::Json),
    ];
    work.write_blocking(|tx| {
        for (name, kind) in kinds {
            let choices = match kind {
                CustomKind::Choice | CustomKind::MultiChoice => ["red", "=blue", "a,b"].map(str::to_owned).to_vec(),
                _ => Vec::new(),
            };
            let references = (kind == CustomKind::Reference).then(|| "shop.brand".to_owned());
            let max_len = (kind == CustomKind::Text).then_some(200);
            let field = FieldDefinition { choices, references, max_len, ..FieldDefinition::new(name, kind) };
            FieldCatalogue::define(tx, Product::META, field)?;
        }
        Ok(())
    })
    .unwrap();
}
