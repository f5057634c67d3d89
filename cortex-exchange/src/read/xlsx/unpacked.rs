//! How large a workbook is once it is unpacked: some hundred bytes of an archive can be gigabytes of text.
//!
//! What the archive says of its sizes is not believed: everything is unpacked once, and thrown away. That costs a few
//! percent of what reading the sheet costs.

use std::io::{Read, Seek, SeekFrom};

use zip::ZipArchive;

use super::damaged;
use crate::error::ExchangeError;

/// Where sheets are, which are read row by row.
const SHEETS: &str = "xl/worksheets/";

/// How large the parts of a workbook may be.
#[derive(Debug, Clone, Copy)]
pub(super) struct Limits {
    /// All parts together.
    pub(super) all: u64,
    /// All parts but the sheets: names, styles and shared texts are kept in memory.
    pub(super) kept: u64,
}

impl Limits {
    /// A full sheet of a million rows and a hundred columns fits, and so do two million different texts.
    pub(super) const DEFAULT: Self = Self { all: 8 << 30, kept: 256 << 20 };

    /// Refuses a workbook that unpacks to more, and leaves `file` at its start.
    pub(super) fn check(self, mut file: impl Read + Seek) -> Result<(), ExchangeError> {
        let wrong = |error: zip::result::ZipError| damaged(&error.to_string());
        let mut archive = ZipArchive::new(&mut file).map_err(wrong)?;
        let (mut all, mut kept) = (0, 0);
        for index in 0..archive.len() {
            let part = archive.by_index(index).map_err(wrong)?;
            let is_sheet = part.name().is_ok_and(|name| name.starts_with(SHEETS));
            let (left, limit) = match is_sheet {
                true => (self.all - all, self.all),
                false => ((self.all - all).min(self.kept - kept), self.kept),
            };
            let unpacked = unpack(part, left)?;
            if unpacked > left {
                return Err(ExchangeError::Unpacked { limit });
            }
            all += unpacked;
            kept += if is_sheet { 0 } else { unpacked };
        }
        file.seek(SeekFrom::Start(0))?;
        Ok(())
    }
}

/// How many bytes a part has, or one more than `most`.
fn unpack(part: impl Read, most: u64) -> Result<u64, ExchangeError> {
    Ok(std::io::copy(&mut part.take(most.saturating_add(1)), &mut std::io::sink())?)
}

#[cfg(test)]
mod tests {
    use std::io::{Cursor, Write};

    use zip::ZipWriter;
    use zip::write::SimpleFileOptions;

    use super::{ExchangeError, Limits};

    const LIMITS: Limits = Limits { all: 100_000, kept: 10_000 };

    fn archive(parts: &[(&str, usize)]) -> Vec<u8> {
        let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
        for (name, size) in parts {
            archive.start_file(*name, SimpleFileOptions::default()).unwrap();
            archive.write_all(&vec![b' '; *size]).unwrap();
        }
        archive.finish().unwrap().into_inner()
    }

    #[track_caller]
    fn check(parts: &[(&str, usize)], expected: &Result<(), ExchangeError>) {
        assert_eq!(&LIMITS.check(Cursor::new(archive(parts))), expected);
    }

    #[test]
    fn sheets_may_be_large_and_the_rest_may_not() {
        let (sheet, texts) = ("xl/worksheets/sheet1.xml", "xl/sharedStrings.xml");
        let (all, kept) =
            (Err(ExchangeError::Unpacked { limit: 100_000 }), Err(ExchangeError::Unpacked { limit: 10_000 }));
        check(&[(sheet, 90_000), (texts, 10_000)], &Ok(()));
        check(&[(sheet, 100_001)], &all);
        check(&[(sheet, 60_000), ("xl/worksheets/sheet2.xml", 60_000)], &all);
        check(&[(texts, 10_001)], &kept);
        check(&[(texts, 6_000), ("xl/styles.xml", 6_000)], &kept);
    }

    #[test]
    fn an_archive_that_lies_about_its_sizes_is_found_out() {
        let (size, mut bytes) = (1_000_000_u32, archive(&[("xl/sharedStrings.xml", 1_000_000)]));
        let said = size.to_le_bytes();
        let places: Vec<usize> = (0..bytes.len() - 3).filter(|at| bytes[*at..at + 4] == said).collect();
        assert!(!places.is_empty());
        places.into_iter().for_each(|at| bytes[at..at + 4].copy_from_slice(&100_u32.to_le_bytes()));
        let found = LIMITS.check(Cursor::new(bytes));
        assert!(matches!(found, Err(ExchangeError::Damaged { .. } | ExchangeError::Unpacked { .. })), "{found:?}");
    }
}
