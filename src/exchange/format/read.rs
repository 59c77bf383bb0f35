//! Files to typed records, one at a time.

use std::{collections::VecDeque, path::Path, sync::Arc};

use super::{
    Cells, Kind, Mapping, Refusal,
    heading::{self, Headings},
    shortened,
};
use crate::{
    exchange::sheet::{Note, RawRow, Table, column_letters},
    platform::fault::{Fault, Outcome},
};

/// Where a record stands in its file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Origin {
    /// Worksheet; empty for CSV.
    pub sheet: Arc<str>,
    /// Row from 1.
    pub row: u64,
}

/// A record and where it stands.
#[derive(Clone, Debug, PartialEq)]
pub struct Row<T> {
    /// Where.
    pub origin: Origin,
    /// What.
    pub value: T,
}

/// What a row of a file came to.
#[derive(Clone, Debug, PartialEq)]
pub enum Entry<T> {
    /// A record.
    Row(Row<T>),
    /// Everything that is wrong with a row that is none; never empty.
    Refused(Vec<Refusal>),
}

/// A kind of record that rows can become and that can become a row.
pub trait Record: Sized {
    /// What is remembered from row to row of one sheet.
    type State: Default;
    /// The kind.
    const KIND: Kind;

    /// Reads one row; problems go to the cells. None: the row says nothing by itself (a title of a group).
    fn read(state: &mut Self::State, cells: &mut Cells<'_>, out: &mut Vec<Row<Self>>);

    /// The refusal of an earlier row that could be told only now, with the next row or at the end of the sheet.
    fn late(_state: &mut Self::State, _ended: bool) -> Option<Refusal> {
        None
    }

    /// The cells of the written columns, in their order.
    fn write(&self, cells: &mut Vec<String>);
}

/// The records of one file, read as they are asked for.
pub struct Records<T: Record> {
    table: Table,
    mapping: Mapping,
    row: RawRow,
    /// Rows that were looked at for headings and are still to be read.
    waiting: VecDeque<RawRow>,
    headings: Option<Headings>,
    sheet: Option<Arc<str>>,
    state: T::State,
    entries: VecDeque<Entry<T>>,
    made: Vec<Row<T>>,
    notes: Vec<Note>,
    /// Sheets without headings, with what is wrong with the first.
    headless: Option<Fault>,
    /// Whether any sheet had headings.
    found: bool,
    titles: u64,
    ended: bool,
}

impl<T: Record> Records<T> {
    /// Opens a file.
    ///
    /// # Errors
    /// As [`Table::open`].
    pub fn open(path: &Path, mapping: Mapping) -> Outcome<Self> {
        let table = Table::open(path, &mapping.sheet_options())?;
        Ok(Self {
            table,
            mapping,
            row: RawRow::default(),
            waiting: VecDeque::new(),
            headings: None,
            sheet: None,
            state: T::State::default(),
            entries: VecDeque::new(),
            made: Vec::new(),
            notes: Vec::new(),
            headless: None,
            found: false,
            titles: 0,
            ended: false,
        })
    }

    /// Name of the file without folders.
    pub fn file(&self) -> &str {
        self.table.file()
    }

    /// The next record or refused row; `None` at the end.
    ///
    /// # Errors
    /// `Fault::Invalid` where the file as a whole cannot be read (any further): as [`Table::next_row`], and
    /// `MISSING_COLUMNS`, `MAPPED_HEADING_MISSING`.
    pub fn next_entry(&mut self) -> Outcome<Option<Entry<T>>> {
        loop {
            if let Some(entry) = self.entries.pop_front() {
                return Ok(Some(entry));
            }
            if self.ended {
                return Ok(None);
            }
            self.advance()?;
        }
    }

    /// Notes since the last call: hidden sheets, unknown headings, titles between the rows.
    pub fn take_notes(&mut self) -> Vec<Note> {
        self.notes.extend(self.table.take_notes());
        std::mem::take(&mut self.notes)
    }

    /// Reads one row, or the beginning of one sheet.
    fn advance(&mut self) -> Outcome<()> {
        if let Some(next) = self.waiting.pop_front() {
            self.row = next;
        } else if !self.table.next_row(&mut self.row)? {
            self.ended = true;
            self.end_sheet();
            return match self.headless.take() {
                Some(fault) if !self.found => Err(fault),
                None if !self.found => heading::find(self.table.file(), T::KIND, &[], &self.mapping).map(drop),
                _ => Ok(()),
            };
        }
        if self.sheet.as_ref() != Some(&self.row.sheet) {
            self.end_sheet();
            return self.begin_sheet();
        }
        self.read_row();
        Ok(())
    }

    /// Takes the first rows of a sheet aside and finds its headings among them.
    fn begin_sheet(&mut self) -> Outcome<()> {
        let name = self.row.sheet.clone();
        let mut rows = vec![std::mem::take(&mut self.row)];
        rows.extend(self.waiting.drain(..));
        let within =
            heading::WITHIN.max(usize::try_from(self.mapping.options.heading_row.unwrap_or(0)).unwrap_or(0) + 1);
        while rows.len() < within.min(10_000) && rows.last().is_some_and(|row| row.sheet == name) {
            let mut row = RawRow::default();
            row.sheet = name.clone();
            if !self.table.next_row(&mut row)? {
                break;
            }
            rows.push(row);
        }
        let own = rows.iter().take_while(|row| row.sheet == name).count();
        self.sheet = Some(name.clone());
        match heading::find(self.table.file(), T::KIND, &rows[..own], &self.mapping) {
            Ok(headings) => {
                self.note_unknown(&headings);
                self.waiting = rows.split_off(headings.after).into();
                self.headings = Some(headings);
                self.found = true;
            }
            Err(fault) => {
                if rows[..own].iter().any(|row| !row.is_blank()) {
                    self.notes.push(Note::new(
                        self.table.file(),
                        &name,
                        None,
                        "The sheet has no known headings and was not read.",
                    ));
                    self.headless.get_or_insert(fault);
                }
                self.waiting = rows.split_off(own).into();
            }
        }
        Ok(())
    }

    fn end_sheet(&mut self) {
        if let Some(late) = T::late(&mut self.state, true) {
            self.entries.push_back(Entry::Refused(vec![late]));
        }
        if self.titles > 20 {
            let sheet = self.sheet.clone().unwrap_or_default();
            let message = format!(
                "{} titles and repeated headings stand between the rows; the first 20 are listed.",
                self.titles
            );
            self.notes.push(Note::new(self.table.file(), &sheet, None, message));
        }
        self.titles = 0;
        self.state = T::State::default();
        self.headings = None;
    }

    fn read_row(&mut self) {
        let Some(headings) = &self.headings else { return };
        if self.row.is_blank() {
            return;
        }
        if self.row.banner || is_closing(&self.row) || headings.repeated_by(&self.row) {
            self.title();
            return;
        }
        let mut cells = Cells {
            file: self.table.file(),
            row: &self.row,
            headings,
            mapping: &self.mapping,
            columns: T::KIND.columns(),
            problems: Vec::new(),
            notes: Vec::new(),
        };
        T::read(&mut self.state, &mut cells, &mut self.made);
        let (problems, notes) = (cells.problems, cells.notes);
        if problems.is_empty() {
            self.notes.extend(notes);
        }
        if let Some(late) = T::late(&mut self.state, false) {
            self.entries.push_back(Entry::Refused(vec![late]));
        }
        if problems.is_empty() {
            self.entries.extend(self.made.drain(..).map(Entry::Row));
        } else {
            self.made.clear();
            self.entries.push_back(Entry::Refused(problems));
        }
    }

    fn title(&mut self) {
        self.titles += 1;
        if self.titles <= 20 {
            let text = self.row.cells().find(|text| !text.trim().is_empty()).map(shortened).unwrap_or_default();
            let message = format!("A title or heading between the rows was passed over: “{text}”.");
            self.notes.push(Note::new(self.table.file(), &self.row.sheet, Some(self.row.number), message));
        }
    }

    fn note_unknown(&mut self, headings: &Headings) {
        for (column, name) in &headings.unknown {
            let message =
                format!("Column {} “{}” is not known and was not read.", column_letters(*column), shortened(name));
            self.notes.push(Note::new(self.table.file(), self.sheet.as_deref().unwrap_or_default(), None, message));
        }
    }
}

/// 以下空白: the mark under the last row of an annex.
fn is_closing(row: &RawRow) -> bool {
    let mut filled = row.cells().map(str::trim).filter(|text| !text.is_empty());
    filled.next().is_some_and(|text| text.contains("以下空白")) && filled.all(|text| text.contains("以下空白"))
}
