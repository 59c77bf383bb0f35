//! Tables out to files, row by row, the same bytes for the same rows.
//!
//! CSV is RFC 4180 in UTF-8 but for the line ending, which is LF on every machine: every spreadsheet program takes it,
//! and so do line tools. Line breaks inside cells stay as they are. Cells are written as they are, also those that
//! begin with `=`, `+`, `-` or `@` and that a spreadsheet program may take for a formula: a mark put before them would
//! come back as a part of the value, and files that travel between programs must say what the register says. Who opens
//! an export by hand takes XLSX, where every cell is text and nothing is ever a formula.

use std::io::Write;

use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, Workbook, Worksheet, XlsxError};

use super::limits;
use crate::platform::fault::{Fault, Outcome};

/// Where rows go.
pub trait Sheet {
    /// Writes one row; the first is the headings.
    ///
    /// # Errors
    /// `Fault::Invalid` for a text longer than a cell may be, `Fault::Internal` where the file cannot be written.
    fn row(&mut self, cells: &[&str]) -> Outcome<()>;
}

/// A CSV file that is being written.
pub struct CsvSheet<W: Write> {
    out: W,
}

impl<W: Write> CsvSheet<W> {
    /// Writes to `out`, with a byte order mark where `mark` says so (older Excel needs it to see UTF-8).
    ///
    /// # Errors
    /// `Fault::Internal` where it cannot be written.
    pub fn new(mut out: W, mark: bool) -> Outcome<Self> {
        if mark {
            out.write_all("\u{feff}".as_bytes()).map_err(Fault::internal)?;
        }
        Ok(Self { out })
    }

    /// Writes out what is buffered and gives the target back.
    ///
    /// # Errors
    /// `Fault::Internal` where it cannot be written.
    pub fn finish(mut self) -> Outcome<W> {
        self.out.flush().map_err(Fault::internal)?;
        Ok(self.out)
    }

    fn cell(&mut self, text: &str) -> std::io::Result<()> {
        let bytes = text.as_bytes();
        let plain = !bytes.iter().any(|b| matches!(b, b'"' | b',' | b'\n' | b'\r'));
        if plain && !text.starts_with([' ', '\t']) && !text.ends_with([' ', '\t']) {
            return self.out.write_all(bytes);
        }
        self.out.write_all(b"\"")?;
        self.out.write_all(text.replace('"', "\"\"").as_bytes())?;
        self.out.write_all(b"\"")
    }
}

impl<W: Write> Sheet for CsvSheet<W> {
    fn row(&mut self, cells: &[&str]) -> Outcome<()> {
        for (at, text) in cells.iter().enumerate() {
            if at > 0 {
                self.out.write_all(b",").map_err(Fault::internal)?;
            }
            self.cell(text).map_err(Fault::internal)?;
        }
        self.out.write_all(b"\n").map_err(Fault::internal)
    }
}

/// A workbook that is being written: rows go to a temporary file at once, so that memory stays flat. When a sheet is
/// full the next begins with the same headings.
pub struct XlsxSheet {
    name: String,
    book: Workbook,
    sheets: usize,
    next: u32,
    heading: Vec<String>,
}

impl XlsxSheet {
    /// A workbook whose first sheet is `name` (the next `name 2`, …).
    ///
    /// # Errors
    /// `Fault::Internal` where no temporary file can be made.
    pub fn new(name: &str) -> Outcome<Self> {
        let mut book = Workbook::new();
        // The time of making would make two exports of the same rows differ.
        let epoch = ExcelDateTime::from_ymd(2000, 1, 1).map_err(Fault::internal)?;
        book.set_properties(&DocProperties::new().set_creation_datetime(&epoch));
        let mut sheet = Self { name: name.to_owned(), book, sheets: 0, next: 0, heading: Vec::new() };
        sheet.begin().map_err(Fault::internal)?;
        Ok(sheet)
    }

    /// Packs the workbook into `out`.
    ///
    /// # Errors
    /// `Fault::Internal` where it cannot be written.
    pub fn finish<W: Write + Send>(mut self, out: W) -> Outcome<()> {
        self.book.save_to_writer(out).map_err(Fault::internal)
    }

    fn begin(&mut self) -> Result<(), XlsxError> {
        self.sheets += 1;
        let name = if self.sheets == 1 { self.name.clone() } else { format!("{} {}", self.name, self.sheets) };
        let sheet = self.book.add_worksheet_with_constant_memory()?;
        sheet.set_name(name)?;
        sheet.set_freeze_panes(1, 0)?;
        self.next = 0;
        if !self.heading.is_empty() {
            put(sheet, 0, &self.heading, true)?;
            self.next = 1;
        }
        Ok(())
    }

    fn current(&mut self) -> Result<&mut Worksheet, XlsxError> {
        self.book.worksheet_from_index(self.sheets - 1)
    }
}

impl Sheet for XlsxSheet {
    fn row(&mut self, cells: &[&str]) -> Outcome<()> {
        if let Some(long) = cells.iter().position(|cell| cell.chars().count() > limits::CELL_CHARS) {
            let message = format!("A text has more than {} characters; export CSV instead.", limits::CELL_CHARS);
            return Err(Fault::invalid(super::column_letters(long), "CELL_TOO_LONG", message));
        }
        let first = self.heading.is_empty();
        if first {
            self.heading = cells.iter().map(|&cell| cell.to_owned()).collect();
        }
        if self.next == limits::SHEET_ROWS {
            self.begin().map_err(Fault::internal)?;
        }
        let at = self.next;
        self.next += 1;
        self.current().and_then(|sheet| put(sheet, at, cells, first)).map_err(Fault::internal)
    }
}

/// Writes texts, never formulas or numbers: `000123` and `=1+1` come back as they are.
fn put(sheet: &mut Worksheet, row: u32, cells: &[impl AsRef<str>], bold: bool) -> Result<(), XlsxError> {
    let format = if bold { Format::new().set_bold().set_num_format("@") } else { Format::new().set_num_format("@") };
    for (column, text) in (0..).zip(cells) {
        let text = text.as_ref();
        if !text.is_empty() {
            sheet.write_string_with_format(row, column, text, &format)?;
        }
    }
    Ok(())
}
