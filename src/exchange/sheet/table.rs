//! A file of rows, whatever its form.

use std::{
    fs::File,
    io::{BufReader, Read},
    path::Path,
};

use serde::{Deserialize, Serialize};

use super::{
    Encoding, RawRow, broken,
    csv::Csv,
    sniff::{self, Found},
    xlsx::Workbook,
};
use crate::platform::fault::Outcome;

/// Something that the owner of a file should know and that is no refusal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Note {
    /// Name of the file without folders.
    pub file: String,
    /// Worksheet; empty for CSV and for the whole file.
    pub sheet: String,
    /// Row from 1, where it is about one.
    pub row: Option<u64>,
    /// One sentence.
    pub message: String,
}

impl Note {
    /// A note about a file, a sheet or a row.
    pub fn new(file: &str, sheet: &str, row: Option<u64>, message: impl Into<String>) -> Self {
        Self { file: file.to_owned(), sheet: sheet.to_owned(), row, message: message.into() }
    }
}

/// What the caller knows about a CSV file; what is `None` is found out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Options {
    /// How characters are written.
    pub encoding: Option<Encoding>,
    /// The byte between cells.
    pub delimiter: Option<u8>,
}

enum Source {
    Csv(Box<Csv<BufReader<File>>>),
    Workbook(Box<Workbook>),
}

/// A file that is read row by row: the one table of a CSV file, or the visible sheets of a workbook one after another.
pub struct Table {
    file: String,
    source: Source,
}

impl Table {
    /// Opens a file and settles by its content what it is.
    ///
    /// # Errors
    /// `Fault::Invalid` under the file's name: `FILE_UNREADABLE`, `EMPTY_FILE`, `NOT_A_SPREADSHEET`, `BAD_WORKBOOK`,
    /// `WORKBOOK_TOO_LARGE`, `CELL_TOO_LONG`, `INVALID_ENCODING`, `NUL_BYTE`, `UTF_16`.
    pub fn open(path: &Path, options: &Options) -> Outcome<Self> {
        let file = path.file_name().map_or_else(|| path.to_string_lossy(), |name| name.to_string_lossy()).into_owned();
        let unreadable =
            |e: &std::io::Error| broken(&file, "FILE_UNREADABLE", format!("The file cannot be read: {e}."));
        if path.is_dir() {
            return Err(broken(&file, "FILE_UNREADABLE", "This is a folder; name the files in it."));
        }
        let mut head = Vec::with_capacity(512);
        File::open(path).and_then(|source| source.take(512).read_to_end(&mut head)).map_err(|e| unreadable(&e))?;
        let source = match sniff::kind(&file, &head)? {
            Found::Archive => Source::Workbook(Box::new(Workbook::open(&file, path)?)),
            Found::Csv => {
                let source = File::open(path).map_err(|e| unreadable(&e))?;
                Source::Csv(Box::new(Csv::open(&file, BufReader::with_capacity(1 << 16, source), options)?))
            }
        };
        Ok(Self { file, source })
    }

    /// Name of the file without folders.
    pub fn file(&self) -> &str {
        &self.file
    }

    /// Reads the next row into `row`; false at the end. Sheets follow one another: `row.sheet` tells.
    ///
    /// # Errors
    /// As [`Table::open`], and `UNTERMINATED_QUOTE`, `TOO_MANY_COLUMNS`, `ROW_TOO_LONG`. Reading on after an error gives
    /// nothing that can be relied on.
    pub fn next_row(&mut self, row: &mut RawRow) -> Outcome<bool> {
        match &mut self.source {
            Source::Csv(csv) => csv.next(row),
            Source::Workbook(workbook) => workbook.next(row),
        }
    }

    /// Notes that came up since the last call, such as hidden sheets.
    pub fn take_notes(&mut self) -> Vec<Note> {
        match &mut self.source {
            Source::Csv(_) => Vec::new(),
            Source::Workbook(workbook) => workbook.take_notes(),
        }
    }
}
