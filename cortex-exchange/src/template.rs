//! Empty files to fill in: the columns that an import takes, with hints where the format has room for them.

use std::io::Write;

use cortex_core::Result;
use cortex_data::{CustomField, CustomKind, FieldKind, FieldMeta, FieldSet, KnownEntity, Work};
use serde_json::{Map, Value as Json};

#[cfg(feature = "parquet")]
use crate::column::Columns;
use crate::error::ExchangeError;
use crate::format::Format;
#[cfg(feature = "parquet")]
use crate::options::ExportOptions;
use crate::plan::second;
use crate::write::unwritten;

/// What is to be known of one column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Hint {
    pub(crate) name: String,
    /// `text`, `date`, `one of ...`
    pub(crate) holds: String,
    pub(crate) required: bool,
    pub(crate) rules: String,
}

/// Writes an empty file for imports into `entity`.
pub(crate) fn template(work: &Work, entity: &str, sink: &mut (dyn Write + Send), format: Format) -> Result<()> {
    format.require()?;
    let entity = work.database().registry().entity(entity)?.clone();
    if !entity.is_importable() {
        return Err(ExchangeError::NotImportable(entity.resource().to_owned()).into());
    }
    let meta = entity.meta();
    let (custom, hidden) = work.read_blocking(|tx| Ok((tx.custom_fields(meta)?, tx.hidden_fields(meta)?)))?;
    let hints = hints(&entity, &custom, &hidden);
    match format {
        Format::Csv => {
            let mut writer = csv::Writer::from_writer(sink);
            writer.write_record(hints.iter().map(|hint| &hint.name)).map_err(unwritten)?;
            writer.flush().map_err(unwritten)
        }
        Format::Jsonl => {
            let object: Map<String, Json> =
                hints.iter().map(|hint| (hint.name.clone(), Json::from(hint.text()))).collect();
            serde_json::to_writer(&mut *sink, &object).map_err(unwritten)?;
            sink.write_all(b"\n").map_err(unwritten)
        }
        #[cfg(feature = "xlsx")]
        Format::Xlsx => crate::write::template_sheet(sink, &hints),
        #[cfg(feature = "parquet")]
        Format::Parquet => {
            let hidden: Vec<&str> = hidden.iter().map(String::as_str).collect();
            let columns = Columns::of(&entity, &custom, &fields(&entity, &custom, &hidden), &hidden)?;
            crate::write::begin(sink, &ExportOptions::new(format), &columns)?.end()
        }
        #[cfg(not(all(feature = "xlsx", feature = "parquet")))]
        other => Err(ExchangeError::NotBuilt(other).into()),
    }
}

impl Hint {
    pub(crate) fn text(&self) -> String {
        let needed = if self.required { "required" } else { "optional" };
        let parts = [self.holds.as_str(), needed, self.rules.as_str()];
        parts.iter().filter(|part| !part.is_empty()).copied().collect::<Vec<_>>().join(", ")
    }
}

/// The fields of which a typed file has columns. Those that are never shown have none.
#[cfg(feature = "parquet")]
fn fields(entity: &KnownEntity, custom: &FieldSet, hidden: &[&str]) -> Vec<String> {
    let own = entity.meta().fields.iter().filter(|field| {
        let shown = !matches!(field.kind, FieldKind::Extra) && field.name != "id";
        shown && !field.rules.read_only && !field.rules.write_only
    });
    let names = own.map(|field| field.name).chain(custom.iter().map(|field| field.path()));
    names.filter(|name| !hidden.contains(name)).map(str::to_owned).collect()
}

/// The columns that an import takes; the id comes last, since most files have none.
fn hints(entity: &KnownEntity, custom: &FieldSet, hidden: &[String]) -> Vec<Hint> {
    let meta = entity.meta();
    let fields = meta.fields.iter();
    let fields = fields.filter(|f| {
        let shown = !matches!(f.kind, FieldKind::Extra) && (!meta.is_key(f) || meta.takes_keys());
        shown && !f.rules.read_only && !hidden.iter().any(|hidden| hidden == f.name)
    });
    let mut hints = Vec::new();
    for field in fields {
        hints.push(hint(field));
        if let Some(second) = second(field.kind) {
            let holds = if second == "unit" { "a unit code such as `pcs`" } else { "a currency code such as `EUR`" };
            let (name, required) = (format!("{}.{second}", field.name), !field.nullable);
            hints.push(Hint { name, holds: holds.to_owned(), required, rules: String::new() });
        }
    }
    hints.extend(
        custom.iter().filter(|field| !hidden.iter().any(|path| path == field.path())).map(|field| of_custom(field)),
    );
    hints
}

fn of_custom(field: &CustomField) -> Hint {
    let definition = field.definition();
    let holds = match definition.kind {
        CustomKind::Number => "a number such as `12.50`".to_owned(),
        CustomKind::Money => "an amount such as `12.50 EUR`".to_owned(),
        CustomKind::Date => "a date such as `2026-03-01`".to_owned(),
        CustomKind::DateTime => "a time such as `2026-03-01T08:00:00Z`".to_owned(),
        CustomKind::Boolean => "`true` or `false`".to_owned(),
        CustomKind::Choice => format!("one of {}", definition.choices.join(", ")),
        CustomKind::MultiChoice => format!("any of {}, with commas between them", definition.choices.join(", ")),
        CustomKind::Reference => "an id".to_owned(),
        CustomKind::Json => "JSON".to_owned(),
        CustomKind::Text => "text".to_owned(),
    };
    let mut notes = Vec::new();
    notes.extend(definition.unique.then(|| "unique".to_owned()));
    notes.extend(definition.max_len.map(|max| format!("at most {max} characters")));
    notes.extend(definition.min.as_ref().map(|min| format!("at least {min}")));
    notes.extend(definition.max.as_ref().map(|max| format!("at most {max}")));
    Hint { name: field.path().to_owned(), holds, required: definition.required, rules: notes.join(", ") }
}

fn hint(field: &FieldMeta) -> Hint {
    let holds = match field.kind {
        FieldKind::Bool => "`true` or `false`".to_owned(),
        FieldKind::Int | FieldKind::BigInt => "a whole number".to_owned(),
        FieldKind::Id => match field.rules.references {
            Some(other) => format!("the id of a {}", other().name),
            None => "an id".to_owned(),
        },
        FieldKind::Instant => "a time such as `2026-03-01T08:00:00Z`".to_owned(),
        FieldKind::Day => "a date such as `2026-03-01`".to_owned(),
        FieldKind::Decimal | FieldKind::Rate | FieldKind::Money | FieldKind::Price | FieldKind::Quantity => {
            "a number such as `12.50`".to_owned()
        }
        FieldKind::Currency => "a currency code such as `EUR`".to_owned(),
        FieldKind::Unit => "a unit code such as `pcs`".to_owned(),
        FieldKind::Json => "JSON".to_owned(),
        FieldKind::Choice(names) => format!("one of {}", names.join(", ")),
        _ => "text".to_owned(),
    };
    let rules = &field.rules;
    let mut notes = Vec::new();
    notes.extend(rules.unique.then(|| "unique".to_owned()));
    notes.extend(rules.max_len.map(|max| format!("at most {max} characters")));
    notes.extend(rules.min.map(|min| format!("at least {min}")));
    notes.extend(rules.max.map(|max| format!("at most {max}")));
    notes.extend(rules.pattern.map(|pattern| format!("matches {pattern}")));
    notes.extend((!rules.one_of.is_empty()).then(|| format!("one of {}", rules.one_of.join(", "))));
    Hint { name: field.name.to_owned(), holds, required: !field.nullable, rules: notes.join(", ") }
}
