//! One row of a sheet, in one buffer that is used again for the next.

use std::sync::Arc;

use super::limits;

/// What is wrong with a cell itself, whatever stands in its column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Spoilt {
    /// Longer than [`limits::CELL_CHARS`]; only its beginning was kept.
    TooLong,
    /// A formula's error value, such as `#N/A`.
    Error,
}

impl Spoilt {
    /// The stable code for import reports.
    pub fn code(self) -> &'static str {
        match self {
            Self::TooLong => "CELL_TOO_LONG",
            Self::Error => "CELL_ERROR",
        }
    }

    /// One sentence for the person who has the file.
    pub fn reason(self) -> String {
        match self {
            Self::TooLong => format!(
                "The cell has more than {} characters; where that is not meant, a closing quotation mark is missing.",
                limits::CELL_CHARS
            ),
            Self::Error => "The cell holds the error value of a formula; put the value in its place.".into(),
        }
    }
}

/// A row as it stands in the file: texts by column, 0 = `A`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RawRow {
    /// Name of the worksheet; empty for CSV.
    pub sheet: Arc<str>,
    /// Number of the row as a spreadsheet program shows it, from 1. In CSV a cell with line breaks is still one row.
    pub number: u64,
    /// Whether nothing but one text stands here, merged over three columns or more: a title between the rows.
    pub banner: bool,
    text: String,
    ends: Vec<usize>,
    spoilt: Vec<(usize, Spoilt)>,
}

impl RawRow {
    /// A row of these cells.
    pub fn of<'t>(number: u64, cells: impl IntoIterator<Item = &'t str>) -> Self {
        let mut row = Self { number, ..Self::default() };
        cells.into_iter().for_each(|cell| row.push(cell));
        row
    }

    /// Text of a column; empty where the row has none.
    pub fn cell(&self, column: usize) -> &str {
        let Some(&end) = self.ends.get(column) else { return "" };
        &self.text[self.start(column)..end]
    }

    /// How many cells the row has, trailing empty ones included where the file has them.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Whether the row has no cell at all.
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// Whether every cell is empty or blank.
    pub fn is_blank(&self) -> bool {
        self.text.trim().is_empty()
    }

    /// The texts in order of columns.
    pub fn cells(&self) -> impl Iterator<Item = &str> {
        (0..self.len()).map(|column| self.cell(column))
    }

    /// What is wrong with the cell of a column itself.
    pub fn spoilt(&self, column: usize) -> Option<Spoilt> {
        self.spoilt.iter().find(|(at, _)| *at == column).map(|(_, how)| *how)
    }

    /// Every spoilt cell with its column.
    pub fn all_spoilt(&self) -> &[(usize, Spoilt)] {
        &self.spoilt
    }

    /// Bytes of text.
    pub(super) fn bytes(&self) -> usize {
        self.text.len()
    }

    /// Empties the row for the next.
    pub(super) fn clear(&mut self) {
        self.text.clear();
        self.ends.clear();
        self.spoilt.clear();
        self.banner = false;
    }

    /// Adds a whole cell.
    pub(super) fn push(&mut self, text: &str) {
        self.text.push_str(text);
        self.ends.push(self.text.len());
    }

    /// Adds to the cell that is being read.
    pub(super) fn extend(&mut self, text: &str) {
        self.text.push_str(text);
    }

    /// Bytes of the cell that is being read.
    pub(super) fn open_bytes(&self) -> usize {
        self.text.len() - self.ends.last().copied().unwrap_or(0)
    }

    /// Ends the cell that is being read; one that is too long is cut to its beginning and marked.
    pub(super) fn end_cell(&mut self) {
        let start = self.ends.last().copied().unwrap_or(0);
        let cell = &self.text[start..];
        if cell.len() > limits::CELL_CHARS && cell.chars().count() > limits::CELL_CHARS {
            let kept = cell.char_indices().nth(80).map_or(cell.len(), |(at, _)| at);
            self.text.truncate(start + kept);
            self.spoilt.push((self.ends.len(), Spoilt::TooLong));
        }
        self.ends.push(self.text.len());
    }

    /// Marks the cell added last.
    pub(super) fn spoil_last(&mut self, how: Spoilt) {
        self.spoilt.push((self.ends.len().saturating_sub(1), how));
    }

    fn start(&self, column: usize) -> usize {
        if column == 0 { 0 } else { self.ends[column - 1] }
    }
}

/// The letters of a column: 0 → `A`, 26 → `AA`.
pub fn column_letters(column: usize) -> String {
    let mut letters = Vec::new();
    let mut rest = column + 1;
    while rest > 0 {
        rest -= 1;
        #[expect(clippy::cast_possible_truncation, reason = "a remainder of 26 fits a byte")]
        letters.push(b'A' + (rest % 26) as u8);
        rest /= 26;
    }
    letters.iter().rev().map(|&letter| char::from(letter)).collect()
}
