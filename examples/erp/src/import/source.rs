//! Files as text: UTF-8, or a text in an archive.

use std::io::{Cursor, Read};
use std::path::Path;

use super::error::{Column, ImportError};

/// Largest text that is unpacked: sixty times the rates of 27 years, and no bomb.
const UNPACKED_MAX: u64 = 128 << 20;

/// The name of a file, for people.
pub(super) fn name(file: &Path) -> String {
    file.file_name().map_or_else(|| file.display().to_string(), |name| name.to_string_lossy().into_owned())
}

/// All bytes of a file.
pub(super) fn read(file: &Path) -> Result<Vec<u8>, ImportError> {
    std::fs::read(file).map_err(|e| ImportError::Unreadable { file: file.display().to_string(), why: e.to_string() })
}

/// All of a file as text.
pub(super) fn read_text(file: &Path) -> Result<String, ImportError> {
    text(&name(file), read(file)?, |before| Column::Character(String::from_utf8_lossy(before).chars().count() + 1))
}

/// Bytes as text without a byte order mark; `column` names the place after the sound part of a line.
pub(super) fn text(file: &str, bytes: Vec<u8>, column: impl Fn(&[u8]) -> Column) -> Result<String, ImportError> {
    let text = String::from_utf8(bytes).map_err(|e| {
        let bad = e.utf8_error().valid_up_to();
        let (before, after) = e.as_bytes().split_at_checked(bad).unwrap_or_default();
        let start = before.iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
        let line = before.get(start..).unwrap_or_default();
        let byte = after.first().copied().unwrap_or_default();
        let number = before.iter().filter(|byte| **byte == b'\n').count() + 1;
        let what = format!("byte {} of the line (0x{byte:02X}) is not UTF-8", line.len() + 1);
        damaged(file, number, column(line), what)
    })?;
    Ok(text.strip_prefix('\u{feff}').map(str::to_owned).unwrap_or(text))
}

pub(super) fn damaged(file: &str, line: usize, column: Column, what: String) -> ImportError {
    ImportError::Damaged { file: file.to_owned(), line: u64::try_from(line).unwrap_or(u64::MAX), column, what }
}

/// The text of a file of exchange rates with its name: the file itself, or the table in the archive.
///
/// # Errors
/// [`ImportError`] when the file can't be read, is a damaged archive, or is no UTF-8.
pub fn read_rates(file: &Path) -> Result<(String, String), ImportError> {
    let bytes = read(file)?;
    if !bytes.starts_with(b"PK") {
        return Ok((name(file), read_text(file)?));
    }
    let archive = name(file);
    let (inner, bytes) = unpack(bytes).map_err(|why| ImportError::Archive { file: archive.clone(), why })?;
    let name = format!("{archive}/{inner}");
    let text = text(&name, bytes, |before| Column::Character(String::from_utf8_lossy(before).chars().count() + 1))?;
    Ok((name, text))
}

/// The first table of an archive. Its checksum is verified.
fn unpack(bytes: Vec<u8>) -> Result<(String, Vec<u8>), String> {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).map_err(|e| e.to_string())?;
    let mut names = archive.file_names().filter_map(|name| Some(name.ok()?.into_owned()));
    let inner = names.find(|name| name.ends_with(".csv")).ok_or("it holds no `.csv`")?;
    drop(names);
    let entry = archive.by_name(&inner).map_err(|e| e.to_string())?;
    let mut unpacked = Vec::new();
    let read = entry.take(UNPACKED_MAX + 1).read_to_end(&mut unpacked).map_err(|e| e.to_string())?;
    if u64::try_from(read).unwrap_or(u64::MAX) > UNPACKED_MAX {
        return Err(format!("`{inner}` is larger than {} MiB", UNPACKED_MAX >> 20));
    }
    Ok((inner, unpacked))
}
