//! Which column of a file goes where, and a row of the file as the object that clients would send.

mod cell;
mod target;

use std::collections::HashMap;

use cortex_data::{EXTRA, FieldKind, FieldMeta, KnownEntity, ReadTx};
use serde_json::{Map, Value as Json, json};
use uuid::Uuid;

use crate::error::ExchangeError;
use crate::lookup::Lookups;
use crate::options::Mapping;
use crate::read::{Cell, Line};
use crate::report::RowError;

pub(crate) use cell::cell_to_json;
pub(crate) use target::{Custom, Finder, Lookup, Target, second};

/// Which column goes where.
#[derive(Debug)]
pub(crate) struct Plan {
    finder: Finder,
    mapping: Mapping,
    /// By the index of the column.
    targets: Vec<Target>,
    constants: Vec<(Target, Cell)>,
    ignored: Vec<String>,
    /// Columns by the field that they go to, for messages.
    by_field: HashMap<String, usize>,
}

/// An object to create or change a record with, and the id where the file says one.
#[derive(Debug)]
pub(crate) struct Draft {
    pub(crate) object: Map<String, Json>,
    pub(crate) id: Option<Uuid>,
}

impl Plan {
    /// A plan for the columns so far.
    pub(crate) fn new(
        tx: &mut ReadTx,
        entity: &KnownEntity,
        mapping: &Mapping,
        columns: &[String],
    ) -> cortex_core::Result<Self> {
        let finder = Finder::new(tx, entity)?;
        let mut plan = Self {
            finder,
            mapping: mapping.clone(),
            targets: Vec::new(),
            constants: Vec::new(),
            ignored: Vec::new(),
            by_field: HashMap::new(),
        };
        let mut problems = Vec::new();
        for (field, value) in &mapping.constants {
            match plan.finder.find(field) {
                Ok(target) if !target.is_ignored() => plan.constants.push((target, Cell::Text(value.clone()))),
                Ok(_) => problems.push(format!("`{field}` is set by the server")),
                Err(problem) => problems.push(problem),
            }
        }
        problems.extend(columns.iter().filter_map(|column| plan.add(column).err()));
        // A file of objects says its columns later.
        let named = mapping.columns.keys().chain(&mapping.ignore);
        if !columns.is_empty() {
            let missing = named.filter(|name| !columns.contains(name));
            problems.extend(missing.map(|name| format!("the file has no column `{name}`")));
        }
        if problems.is_empty() { Ok(plan) } else { Err(ExchangeError::Mapping(problems).into()) }
    }

    /// Adds the next column.
    fn add(&mut self, column: &str) -> Result<(), String> {
        let index = self.targets.len();
        let target = self.target(column);
        let stored = match &target {
            Ok(target) => target.clone(),
            Err(_) => Target::Ignored,
        };
        if stored.is_ignored() && target.is_ok() {
            self.ignored.push(column.to_owned());
        }
        if let Some(path) = stored.path()
            && let Some(before) = self.by_field.insert(path.clone(), index)
            && before != index
        {
            self.targets.push(stored);
            return Err(format!("two columns go to `{path}`"));
        }
        self.targets.push(stored);
        target.map(drop)
    }

    fn target(&self, column: &str) -> Result<Target, String> {
        if self.mapping.ignore.iter().any(|ignored| ignored == column) {
            return Ok(Target::Ignored);
        }
        match self.mapping.columns.get(column) {
            Some(field) => match self.finder.find(field)? {
                Target::Ignored => Err(format!("`{field}` is set by the server")),
                target => Ok(target),
            },
            None => self.finder.find(column).map_err(|problem| format!("column `{column}`: {problem}")),
        }
    }

    /// Takes in columns that the file named since.
    pub(crate) fn grow(&mut self, columns: &[String]) -> Result<(), ExchangeError> {
        let new = columns.get(self.targets.len()..).unwrap_or_default();
        let problems: Vec<String> = new.iter().filter_map(|column| self.add(column).err()).collect();
        if problems.is_empty() { Ok(()) } else { Err(ExchangeError::Mapping(problems)) }
    }

    /// Columns that are not read.
    pub(crate) fn ignored(&self) -> &[String] {
        &self.ignored
    }

    /// Every lookup with the texts of these rows that it has to find.
    pub(crate) fn lookups<'a>(&'a self, lines: &'a [Line]) -> Vec<(&'a Lookup, Vec<&'a Cell>)> {
        let mut all = Vec::new();
        for (index, target) in self.targets.iter().enumerate() {
            if let Target::Lookup(lookup) = target {
                let cells = lines.iter().flat_map(|line| &line.cells).filter(|(i, _)| *i == index);
                all.push((lookup, cells.map(|(_, cell)| cell).filter(|cell| !cell.is_empty()).collect()));
            }
        }
        for (target, cell) in &self.constants {
            if let Target::Lookup(lookup) = target {
                all.push((lookup, vec![cell]));
            }
        }
        all
    }

    /// The object of a row, or all that is wrong with its cells.
    pub(crate) fn draft(&self, line: &Line, lookups: &Lookups) -> Result<Draft, Vec<RowError>> {
        let mut build = Build { draft: Draft { object: Map::new(), id: None }, pairs: Vec::new(), wrong: Vec::new() };
        let constants = self.constants.iter().map(|(target, cell)| (target, cell));
        let cells = line.cells.iter().filter_map(|(i, cell)| self.targets.get(*i).map(|target| (target, cell)));
        for (target, cell) in constants.chain(cells) {
            build.put(target, cell, lookups);
        }
        build.join_pairs();
        build.refuse_hidden(&self.finder);
        if build.wrong.is_empty() {
            return Ok(build.draft);
        }
        let error = |(path, message): (String, String)| {
            self.located(line, RowError::new(line.number, "type", message).at(&path))
        };
        Err(build.wrong.into_iter().map(error).collect())
    }

    /// An error that names a field as one that names the column of the file, with the value there.
    pub(crate) fn located(&self, line: &Line, error: RowError) -> RowError {
        let Some(path) = error.column.clone() else { return error };
        let exact = self.by_field.get(&path).copied();
        let below = || {
            let found = self.by_field.iter().find(|(field, _)| field.split('.').next() == Some(path.as_str()));
            found.map(|(_, index)| *index)
        };
        let Some(index) = exact.or_else(below) else { return error };
        let column = self.finder.column_name(index, &self.mapping, &path);
        let error = match column {
            Some(name) => error.at(&name),
            None => error,
        };
        if self.finder.is_secret(&path) {
            return error;
        }
        let cell = line.cells.iter().find(|(i, _)| *i == index).map(|(_, cell)| cell.shown());
        match cell {
            Some(value) if !value.is_empty() => error.with_value(&value),
            _ => error,
        }
    }

    /// The columns' names, for messages.
    pub(crate) fn name_columns(&mut self, columns: &[String]) {
        self.finder.name_columns(columns);
    }
}

/// An object while it is put together.
struct Build {
    draft: Draft,
    /// Amounts and their currencies or units, by the path of the field.
    pairs: Vec<(String, &'static str, Option<Cell>, Option<Cell>)>,
    wrong: Vec<(String, String)>,
}

impl Build {
    fn put(&mut self, target: &Target, cell: &Cell, lookups: &Lookups) {
        match target {
            Target::Ignored => {}
            Target::Id => self.id(cell),
            Target::Field(field) if second(field.kind).is_some() => {
                let unit = second(field.kind).unwrap_or_default();
                self.pair(field.name.to_owned(), unit).2 = Some(cell.clone());
            }
            Target::Second(field) => {
                let unit = second(field.kind).unwrap_or_default();
                self.pair(field.name.to_owned(), unit).3 = Some(cell.clone());
            }
            Target::Field(field) => self.field(field, cell),
            Target::Lookup(lookup) => self.lookup(lookup, cell, lookups),
            Target::Custom(custom) => self.custom(custom, cell),
        }
    }

    fn id(&mut self, cell: &Cell) {
        if cell.is_empty() {
            return;
        }
        match Uuid::parse_str(cell.shown().trim()) {
            Ok(id) => self.draft.id = Some(id),
            Err(_) => self.wrong.push(("id".to_owned(), format!("`{}` is not an id", cell.shown()))),
        }
    }

    fn field(&mut self, field: &'static FieldMeta, cell: &Cell) {
        // An empty cell of a text that must be there is the empty text.
        let empty = cell.is_empty() && !field.nullable && matches!(field.kind, FieldKind::Text);
        let json = if empty { Ok(Json::from("")) } else { cell_to_json(field.kind, cell) };
        match json {
            Ok(json) => drop(self.draft.object.insert(field.name.to_owned(), json)),
            Err(message) => self.wrong.push((field.name.to_owned(), message)),
        }
    }

    fn lookup(&mut self, lookup: &Lookup, cell: &Cell, lookups: &Lookups) {
        let found = if cell.is_empty() { Ok(Json::Null) } else { lookups.find(lookup, cell) };
        match found {
            Ok(json) => drop(self.draft.object.insert(lookup.field.name.to_owned(), json)),
            Err(message) => self.wrong.push((format!("{}.{}", lookup.field.name, lookup.by.name), message)),
        }
    }

    fn custom(&mut self, custom: &Custom, cell: &Cell) {
        let path = custom.path();
        if custom.is_amount() {
            let pair = self.pair(path, "currency");
            let place = if custom.is_second() { &mut pair.3 } else { &mut pair.2 };
            *place = Some(cell.clone());
            return;
        }
        match custom.to_json(cell) {
            Ok(json) => self.insert(&path, json),
            Err(message) => self.wrong.push((path, message)),
        }
    }

    /// Puts a value where its path says: `extra.color` into the object `extra`.
    fn insert(&mut self, path: &str, json: Json) {
        match path.split_once('.') {
            None => drop(self.draft.object.insert(path.to_owned(), json)),
            Some((outer, inner)) => {
                let object = self.draft.object.entry(outer).or_insert_with(|| Json::Object(Map::new()));
                if let Json::Object(object) = object {
                    object.insert(inner.to_owned(), json);
                }
            }
        }
    }

    fn pair(&mut self, path: String, unit: &'static str) -> &mut (String, &'static str, Option<Cell>, Option<Cell>) {
        let at = self.pairs.iter().position(|(known, ..)| *known == path).unwrap_or_else(|| {
            self.pairs.push((path, unit, None, None));
            self.pairs.len() - 1
        });
        #[expect(clippy::indexing_slicing, reason = "the index was found or pushed just before")]
        &mut self.pairs[at]
    }

    /// Refuses what the actor may not see, in an object of custom fields as a whole.
    fn refuse_hidden(&mut self, finder: &Finder) {
        let names = self.draft.object.get(EXTRA).and_then(Json::as_object).into_iter().flat_map(Map::keys);
        let hidden = names.filter(|name| finder.hides(name)).map(|name| format!("{EXTRA}.{name}"));
        let wrong: Vec<_> = hidden.map(|path| (path, "you may not change it".to_owned())).collect();
        self.wrong.extend(wrong);
    }

    fn join_pairs(&mut self) {
        for (path, unit, amount, second) in std::mem::take(&mut self.pairs) {
            match joined(unit, amount, second) {
                Ok(json) => self.insert(&path, json),
                Err(message) => self.wrong.push((path, message)),
            }
        }
    }
}

/// An amount with its currency or unit, from one cell (`12.50 EUR`) or two.
fn joined(unit: &str, amount: Option<Cell>, second: Option<Cell>) -> Result<Json, String> {
    let text = |cell: Option<Cell>| match cell {
        None => Ok(None),
        Some(cell) if cell.is_empty() => Ok(None),
        Some(Cell::Text(text) | Cell::Raw(text)) => Ok(Some(text.trim().to_owned())),
        Some(Cell::Json(Json::String(text))) => Ok(Some(text)),
        Some(Cell::Json(json)) => Err(json),
    };
    let amount = match text(amount) {
        Ok(amount) => amount,
        // An object is an amount with everything.
        Err(json @ Json::Object(_)) => return Ok(json),
        Err(json) => return Err(format!("`{json}` is not an amount: write it as a text")),
    };
    let second = text(second).map_err(|json| format!("`{json}` is not a {unit}"))?;
    match (amount, second) {
        (None, None) => Ok(Json::Null),
        (Some(amount), Some(second)) => Ok(json!({ "amount": amount, unit: second })),
        (None, Some(_)) => Err(format!("has a {unit} without an amount")),
        (Some(whole), None) => match whole.rsplit_once(char::is_whitespace) {
            Some((amount, second)) => Ok(json!({ "amount": amount.trim_end(), unit: second })),
            None => Err(format!("`{whole}` has no {unit}: write both, or give the {unit} a column or a constant")),
        },
    }
}
