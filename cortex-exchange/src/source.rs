//! The bytes of an import: a file that can be read more than once.

use std::fs::File;
use std::io::{Read, Seek, SeekFrom, Write};
use std::path::Path;

use cortex_core::{Error, Result};
use sha2::{Digest, Sha256};

use crate::error::ExchangeError;

const CHUNK: usize = 64 * 1024;

/// A file to import. It is read twice: once to check it as a whole, once row by row.
#[derive(Debug)]
pub struct Source {
    file: File,
    length: u64,
}

impl Source {
    /// The file at `path`.
    ///
    /// # Errors
    /// It can't be opened.
    pub fn open(path: &Path) -> Result<Self> {
        let failed = |error: std::io::Error| {
            let message = format!("`{}` can't be opened: {error}", path.display());
            Error::invalid("exchange.file", message).with_help("check its name and that it may be read")
        };
        let file = File::open(path).map_err(failed)?;
        let length = file.metadata().map_err(failed)?.len();
        Ok(Self { file, length })
    }

    /// What `reader` yields, kept in a temporary file that goes with the value.
    ///
    /// # Errors
    /// It can't be read, or not written down.
    pub fn spool(mut reader: impl Read) -> Result<Self> {
        let failed = |error: std::io::Error| match error.get_ref().and_then(|e| e.downcast_ref::<ExchangeError>()) {
            Some(refusal) => Error::from(refusal.clone()),
            None => Error::unavailable("exchange.spool", "the file can't be kept while it is read").with_source(error),
        };
        let mut file = tempfile::tempfile().map_err(failed)?;
        let length = std::io::copy(&mut reader, &mut file).map_err(failed)?;
        file.flush().map_err(failed)?;
        Ok(Self { file, length })
    }

    /// How many bytes it has.
    #[must_use]
    pub fn length(&self) -> u64 {
        self.length
    }

    /// Reads it from its start.
    pub(crate) fn reader(&self) -> Result<File, ExchangeError> {
        let mut file = self.file.try_clone()?;
        file.seek(SeekFrom::Start(0))?;
        Ok(file)
    }

    /// The fingerprint of its bytes; a text must be UTF-8.
    pub(crate) fn fingerprint(&self, is_text: bool) -> Result<String, ExchangeError> {
        let (mut reader, mut hash, mut text) = (self.reader()?, Sha256::new(), Utf8::default());
        let mut chunk = vec![0; CHUNK];
        loop {
            let read = reader.read(&mut chunk)?;
            let Some(bytes) = chunk.get(..read).filter(|bytes| !bytes.is_empty()) else { break };
            hash.update(bytes);
            if is_text {
                text.check(bytes)?;
            }
        }
        if is_text {
            text.end()?;
        }
        Ok(hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect())
    }
}

/// Checks that bytes are UTF-8, chunk by chunk, and knows where they are not.
#[derive(Debug)]
struct Utf8 {
    /// The beginning of a character whose rest is in the next chunk.
    rest: Vec<u8>,
    first: bool,
    line: u64,
    column: u64,
}

impl Default for Utf8 {
    fn default() -> Self {
        Self { rest: Vec::new(), first: true, line: 1, column: 1 }
    }
}

impl Utf8 {
    fn check(&mut self, chunk: &[u8]) -> Result<(), ExchangeError> {
        if std::mem::take(&mut self.first) && (chunk.starts_with(&[0xFF, 0xFE]) || chunk.starts_with(&[0xFE, 0xFF])) {
            return Err(ExchangeError::Utf16);
        }
        if self.rest.is_empty() {
            return self.whole(chunk);
        }
        let mut joined = std::mem::take(&mut self.rest);
        joined.extend_from_slice(chunk);
        self.whole(&joined)
    }

    fn whole(&mut self, bytes: &[u8]) -> Result<(), ExchangeError> {
        match std::str::from_utf8(bytes) {
            Ok(text) => {
                self.pass(text);
                Ok(())
            }
            Err(error) => {
                let (valid, rest) = bytes.split_at(error.valid_up_to());
                self.pass(std::str::from_utf8(valid).unwrap_or_default());
                if error.error_len().is_some() {
                    return Err(self.wrong());
                }
                self.rest = rest.to_vec();
                Ok(())
            }
        }
    }

    fn pass(&mut self, text: &str) {
        match text.rfind('\n') {
            Some(last) => {
                self.line += text.bytes().filter(|byte| *byte == b'\n').count() as u64;
                self.column = 1 + text.get(last + 1..).map_or(0, |rest| rest.chars().count() as u64);
            }
            None => self.column += text.chars().count() as u64,
        }
    }

    fn wrong(&self) -> ExchangeError {
        ExchangeError::Encoding { line: self.line, column: self.column }
    }

    fn end(&self) -> Result<(), ExchangeError> {
        if self.rest.is_empty() { Ok(()) } else { Err(self.wrong()) }
    }
}

#[cfg(test)]
mod tests {
    use super::{ExchangeError, Utf8};

    #[track_caller]
    fn check(chunks: &[&[u8]], expected: &Result<(), ExchangeError>) {
        let mut text = Utf8::default();
        let found = chunks.iter().try_for_each(|chunk| text.check(chunk)).and_then(|()| text.end());
        assert_eq!(&found, expected);
    }

    #[test]
    fn wrong_bytes_are_found_where_they_are() {
        check(&[b"a,b\n", "ä,é\n".as_bytes()], &Ok(()));
        check(&[b"a\nbc\xe4d"], &Err(ExchangeError::Encoding { line: 2, column: 3 }));
        check(&[b"a\n\xc3", b"\xa4\xe4"], &Err(ExchangeError::Encoding { line: 2, column: 2 }));
        check(&["ü".as_bytes().split_at(1).0], &Err(ExchangeError::Encoding { line: 1, column: 1 }));
        check(&[b"\xff\xfea\0"], &Err(ExchangeError::Utf16));
    }
}
