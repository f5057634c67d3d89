//! Reads the European Central Bank's file of reference rates.

use std::collections::HashSet;

use codexion::prelude::{Currency, Date, Decimal, Rate, Repository, Result, Tx};

use super::ImportSummary;
use crate::error::ImportError;
use crate::store::{ExchangeRate, rate};

/// What stands where no rate was published.
const ABSENT: [&str; 3] = ["N/A", "-", ""];
/// Currencies that had rates and exist no more: there are no amounts in them to convert.
const FORMER: [&str; 11] = ["BGN", "CYP", "EEK", "HRK", "LTL", "LVL", "MTL", "ROL", "SIT", "SKK", "TRL"];
/// Rates written together: memory stays flat.
const BATCH: usize = 4_000;

/// A field of a line, with the column of its first character.
struct Cell<'a> {
    column: usize,
    text: &'a str,
}

fn cells(line: &str) -> Vec<Cell<'_>> {
    let mut column = 1;
    let mut cells = Vec::new();
    for raw in line.split(',') {
        let blanks = raw.chars().take_while(|c| c.is_whitespace()).count();
        cells.push(Cell { column: column + blanks, text: raw.trim() });
        column += raw.chars().count() + 1;
    }
    // Lines end in a comma.
    if cells.last().is_some_and(|cell| cell.text.is_empty()) {
        cells.pop();
    }
    cells
}

pub(super) fn import(tx: &mut Tx, file: &str, csv: &str) -> Result<ImportSummary> {
    let csv = csv.strip_prefix('\u{feff}').unwrap_or(csv);
    let mut lines = csv.lines().zip(1..).filter(|(line, _)| !line.trim().is_empty());
    let Some((header, at)) = lines.next() else {
        return Err(ImportError::new(file, 1, 1, "the file is empty").into());
    };
    let currencies = currencies(file, at, header)?;
    let stored: HashSet<(Currency, Date)> = rate::stored(tx, Currency::EUR)?;
    let mut summary = ImportSummary::default();
    let mut batch = Vec::new();
    let mut days = HashSet::new();
    for (line, at) in lines {
        let (date, rates) = day(file, at, line, &currencies)?;
        if !days.insert(date) {
            return Err(ImportError::new(file, at, 1, format!("`{date}` stands twice")).into());
        }
        for (currency, rate) in rates {
            let Some(currency) = currency else {
                summary.skipped += 1;
                continue;
            };
            if stored.contains(&(currency, date)) {
                summary.unchanged += 1;
                continue;
            }
            summary.created += 1;
            batch.push(ExchangeRate { id: tx.new_id(), base: Currency::EUR, currency, date, rate });
        }
        if batch.len() >= BATCH {
            ExchangeRate::insert_many(tx, &batch)?;
            batch.clear();
        }
    }
    if days.is_empty() {
        return Err(ImportError::new(file, 2, 1, "the file has no rates").into());
    }
    ExchangeRate::insert_many(tx, &batch)?;
    Ok(summary)
}

/// The currencies of the columns; `None` for one that exists no more.
fn currencies(file: &str, at: usize, header: &str) -> Result<Vec<Option<Currency>>, ImportError> {
    let mut names = cells(header).into_iter();
    match names.next() {
        Some(first) if first.text == "Date" => {}
        first => {
            let found = first.map_or("", |cell| cell.text);
            return Err(ImportError::new(file, at, 1, format!("expected the column `Date`, found `{found}`")));
        }
    }
    let (mut currencies, mut seen) = (Vec::new(), HashSet::new());
    for Cell { column, text } in names {
        let wrong = |_| ImportError::new(file, at, column, format!("`{text}` is not a currency"));
        if !seen.insert(text) {
            return Err(ImportError::new(file, at, column, format!("the column `{text}` stands twice")));
        }
        let former = FORMER.contains(&text);
        currencies.push(if former { None } else { Some(Currency::parse(text).map_err(wrong)?) });
    }
    if currencies.is_empty() {
        return Err(ImportError::new(file, at, 1, "there is no column with rates"));
    }
    Ok(currencies)
}

type Day = (Date, Vec<(Option<Currency>, Rate)>);

fn day(file: &str, at: usize, line: &str, currencies: &[Option<Currency>]) -> Result<Day, ImportError> {
    let cells = cells(line);
    let end = line.chars().count() + 1;
    let Some((first, rest)) = cells.split_first() else {
        return Err(ImportError::new(file, at, 1, "the line is empty"));
    };
    let wrong = || ImportError::new(file, at, first.column, format!("`{}` is not a date", first.text));
    let date = date(first.text).ok_or_else(wrong)?;
    if rest.len() != currencies.len() {
        let what = format!("expected {} rates, found {}", currencies.len(), rest.len());
        return Err(ImportError::new(file, at, end, what));
    }
    let mut rates = Vec::new();
    for (Cell { column, text }, currency) in rest.iter().zip(currencies) {
        if ABSENT.contains(text) {
            continue;
        }
        let wrong = || ImportError::new(file, at, *column, format!("`{text}` is not a rate"));
        let value: Decimal = text.parse().map_err(|_| wrong())?;
        let rate = Rate::new(value).map_err(|_| wrong())?;
        if rate <= Rate::ZERO {
            return Err(wrong());
        }
        rates.push((*currency, rate));
    }
    Ok((date, rates))
}

/// `2026-04-13` in the history, `13 April 2026` in the file of a day.
fn date(text: &str) -> Option<Date> {
    const MONTHS: [&str; 12] = [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ];
    if let Ok(date) = text.parse() {
        return Some(date);
    }
    let mut words = text.split_whitespace();
    let (day, month, year) = (words.next()?, words.next()?, words.next()?);
    let month = i8::try_from(MONTHS.iter().position(|name| *name == month)? + 1).ok()?;
    Date::new(year.parse().ok()?, month, day.parse().ok()?).ok()
}
