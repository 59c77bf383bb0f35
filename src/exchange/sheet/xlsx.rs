//! XLSX as a stream. The workbook reader lends its cells from itself and may panic on what it did not foresee, so it
//! runs on a thread of its own and hands over batches of rows; a few batches wait at most.

use std::{
    fs::File,
    io::BufReader,
    path::{Path, PathBuf},
    sync::{
        Arc,
        mpsc::{Receiver, SyncSender, sync_channel},
    },
    thread::{self, JoinHandle},
};

use calamine::{Reader, SheetType, SheetVisible, Xlsx};

use super::{
    Note, RawRow, Spoilt,
    archive::{self, bad},
    limits,
    merged::Merged,
    shown::{self, Shown},
};
use crate::platform::fault::{Fault, Outcome};

/// Rows and bytes that are handed over at once.
const BATCH_ROWS: usize = 256;
const BATCH_BYTES: usize = 256 << 10;

enum Message {
    Note(Note),
    Rows(Vec<RawRow>),
    Failed(Fault),
    End,
}

/// A workbook that is being read: its visible sheets one after the other.
pub(super) struct Workbook {
    file: String,
    messages: Receiver<Message>,
    reader: Option<JoinHandle<()>>,
    batch: std::vec::IntoIter<RawRow>,
    notes: Vec<Note>,
    ended: bool,
}

impl Workbook {
    /// Vets the archive and starts reading.
    pub(super) fn open(file: &str, path: &Path) -> Outcome<Self> {
        archive::vet(file, path)?;
        let (sender, messages) = sync_channel(4);
        let work = Work { file: file.to_owned(), path: path.to_owned(), sender };
        let reader =
            thread::Builder::new().name("workbook".into()).spawn(move || work.run()).map_err(Fault::internal)?;
        let (batch, notes) = (Vec::new().into_iter(), Vec::new());
        Ok(Self { file: file.to_owned(), messages, reader: Some(reader), batch, notes, ended: false })
    }

    /// The next row; false at the end of the last sheet.
    pub(super) fn next(&mut self, row: &mut RawRow) -> Outcome<bool> {
        loop {
            if let Some(next) = self.batch.next() {
                *row = next;
                return Ok(true);
            }
            if self.ended {
                return Ok(false);
            }
            match self.messages.recv() {
                Ok(Message::Rows(rows)) => self.batch = rows.into_iter(),
                Ok(Message::Note(note)) => self.notes.push(note),
                Ok(Message::Failed(fault)) => {
                    self.ended = true;
                    return Err(fault);
                }
                Ok(Message::End) => self.ended = true,
                Err(_) => {
                    self.ended = true;
                    self.reader.take().map(JoinHandle::join);
                    return Err(bad(&self.file, "its parts do not fit together"));
                }
            }
        }
    }

    /// Notes since the last call.
    pub(super) fn take_notes(&mut self) -> Vec<Note> {
        std::mem::take(&mut self.notes)
    }
}

/// The receiver is gone: nobody wants the rest.
struct Unwanted;

/// Either the workbook is bad, or nobody wants more of it.
enum Stop {
    Failed(Fault),
    Unwanted,
}

impl From<Fault> for Stop {
    fn from(fault: Fault) -> Self {
        Self::Failed(fault)
    }
}

impl From<Unwanted> for Stop {
    fn from(_: Unwanted) -> Self {
        Self::Unwanted
    }
}

/// What the reading thread owns.
struct Work {
    file: String,
    path: PathBuf,
    sender: SyncSender<Message>,
}

impl Work {
    fn run(self) {
        let last = match self.read() {
            Ok(()) => Message::End,
            Err(Stop::Failed(fault)) => Message::Failed(fault),
            Err(Stop::Unwanted) => return,
        };
        // Whoever wanted the rows may be gone by now; then nobody is left to be told.
        drop(self.sender.send(last));
    }

    fn send(&self, message: Message) -> Result<(), Unwanted> {
        self.sender.send(message).map_err(|_| Unwanted)
    }

    fn read(&self) -> Result<(), Stop> {
        let source = BufReader::new(File::open(&self.path).map_err(Fault::internal)?);
        let mut workbook = Xlsx::new(source).map_err(|e| bad(&self.file, &e.to_string()))?;
        for sheet in workbook.sheets_metadata().to_vec() {
            if sheet.typ != SheetType::WorkSheet {
                continue;
            }
            if sheet.visible != SheetVisible::Visible {
                let message = "The sheet is hidden and was not read; show it in the spreadsheet program to import it.";
                self.send(Message::Note(Note::new(&self.file, &sheet.name, None, message)))?;
                continue;
            }
            self.sheet(&mut workbook, &sheet.name)?;
        }
        Ok(())
    }

    fn sheet(&self, workbook: &mut Xlsx<BufReader<File>>, name: &str) -> Result<(), Stop> {
        let damaged = |e: calamine::XlsxError| bad(&self.file, &e.to_string());
        let areas = workbook.merge_cells_by_sheet_name(name).map_err(damaged)?;
        let mut cells = workbook.worksheet_cells_reader(name).map_err(damaged)?;
        let shown: Vec<Shown> = cells.styles().iter().map(Shown::of).collect();
        let mut line = Line::new(&self.file, name, Merged::new(areas));
        while let Some((cell, style)) = cells.next_cell_with_style_id().map_err(damaged)? {
            let (row, column) = cell.get_position();
            if row >= limits::SHEET_ROWS || column as usize >= limits::COLUMNS {
                return Err(bad(&self.file, "a cell lies outside the sheet").into());
            }
            if row < line.row {
                return Err(bad(&self.file, "its rows are not in order").into());
            }
            if row > line.row {
                line.finish()?;
                line.row = row;
                if line.full() {
                    self.send(Message::Rows(line.take()))?;
                }
            }
            line.put(
                column as usize,
                shown::text(cell.get_value(), shown.get(style).copied().unwrap_or(Shown::Plain)),
            )?;
        }
        line.finish()?;
        Ok(self.send(Message::Rows(line.take()))?)
    }
}

/// The row that is being gathered, and the finished ones before it.
struct Line<'f> {
    file: &'f str,
    sheet: Arc<str>,
    merged: Merged,
    row: u32,
    cells: Vec<String>,
    errors: Vec<usize>,
    bytes: usize,
    batch: Vec<RawRow>,
    batch_bytes: usize,
}

impl<'f> Line<'f> {
    fn new(file: &'f str, sheet: &str, merged: Merged) -> Self {
        let sheet = Arc::from(sheet);
        Self { file, sheet, merged, row: 0, cells: vec![], errors: vec![], bytes: 0, batch: vec![], batch_bytes: 0 }
    }

    fn put(&mut self, column: usize, value: Result<String, String>) -> Outcome<()> {
        let text = match value {
            Ok(text) if text.is_empty() => return Ok(()),
            Ok(text) => text,
            Err(error) => {
                self.errors.push(column);
                error
            }
        };
        self.bytes += text.len();
        if self.bytes > limits::ROW_BYTES {
            return Err(bad(self.file, "a row holds more than 4 MiB of text"));
        }
        if self.cells.len() <= column {
            self.cells.resize(column + 1, String::new());
        }
        self.cells[column] = text;
        Ok(())
    }

    fn finish(&mut self) -> Outcome<()> {
        let banner = self.merged.carry(self.file, self.row, &mut self.cells)?;
        let mut row = RawRow::default();
        (row.sheet, row.number, row.banner) = (self.sheet.clone(), u64::from(self.row) + 1, banner);
        for (column, text) in self.cells.drain(..).enumerate() {
            row.extend(&text);
            row.end_cell();
            if self.errors.contains(&column) {
                row.spoil_last(Spoilt::Error);
            }
        }
        self.errors.clear();
        self.bytes = 0;
        self.batch_bytes += row.bytes();
        if !row.is_empty() {
            self.batch.push(row);
        }
        Ok(())
    }

    fn full(&self) -> bool {
        self.batch.len() >= BATCH_ROWS || self.batch_bytes >= BATCH_BYTES
    }

    fn take(&mut self) -> Vec<RawRow> {
        self.batch_bytes = 0;
        std::mem::take(&mut self.batch)
    }
}
