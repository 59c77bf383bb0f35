//! The cells of one row by our columns, read with tolerance; what cannot be read is gathered, all of it.

use chrono::NaiveDate;

use super::{Mapping, Origin, Refusal, heading::Headings, shortened};
use crate::{
    directory::institution::uscc::{self, Verdict},
    exchange::sheet::{Note, RawRow, column_letters},
    platform::lenient::{self, EndDate, Misread, fold, fold_code},
};

/// One row on its way to becoming a record.
pub struct Cells<'r> {
    pub(super) file: &'r str,
    pub(super) row: &'r RawRow,
    pub(super) headings: &'r Headings,
    pub(super) mapping: &'r Mapping,
    pub(super) columns: &'static [super::Column],
    pub(super) problems: Vec<Refusal>,
    pub(super) notes: Vec<Note>,
}

impl Cells<'_> {
    /// Where the row stands.
    pub fn origin(&self) -> Origin {
        Origin { sheet: self.row.sheet.clone(), row: self.row.number }
    }

    /// Whether the file has the column.
    pub fn has(&self, column: impl Into<usize>) -> bool {
        self.headings.at[column.into()].is_some()
    }

    /// Whether the file has the headings of our own, so that it says just what it says.
    pub fn own_form(&self) -> bool {
        self.headings.own(self.columns)
    }

    /// Whether empty cells mean "as above", where nothing else says so.
    pub fn carry(&self) -> Option<bool> {
        self.mapping.options.carry
    }

    /// The text without blanks at its ends; the constant of the mapping where it is empty.
    pub fn raw(&mut self, column: impl Into<usize>) -> &str {
        let column = column.into();
        if let Some(at) = self.headings.at[column] {
            if let Some(spoilt) = self.row.spoilt(at)
                && !self.problems.iter().any(|p| p.code == spoilt.code() && p.column == column_letters(at))
            {
                self.refuse(column, spoilt.code(), spoilt.reason());
            }
            let text = self.row.cell(at).trim_matches(lenient::is_blank);
            let text = match self.mapping.values.is_empty() {
                true => text,
                false => self.mapping.value(self.columns[column].key, text),
            };
            if !text.is_empty() {
                return text;
            }
        }
        self.mapping.constants.get(self.columns[column].key).map_or("", String::as_str)
    }

    /// A text that may be missing.
    pub fn text(&mut self, column: impl Into<usize>) -> Option<String> {
        let text = self.raw(column);
        (!text.is_empty()).then(|| text.to_owned())
    }

    /// A text that must be there.
    pub fn required(&mut self, column: impl Into<usize>) -> String {
        let column = column.into();
        let text = self.raw(column).to_owned();
        if text.is_empty() {
            self.missing(column);
        }
        text
    }

    /// A code that may be missing: half width, upper case, no blanks. A personal identity number is refused.
    pub fn code(&mut self, column: impl Into<usize>) -> Option<String> {
        let column = column.into();
        let code = fold_code(self.raw(column));
        if code.len() >= 15 && uscc::judge(&code) == Verdict::PersonalIdentityNumber {
            self.refuse(column, uscc::PERSONAL_IDENTITY_NUMBER, Verdict::PersonalIdentityNumber.to_string());
        }
        (!code.is_empty()).then_some(code)
    }

    /// An identifier that must be there, kept as written; a personal identity number is refused.
    pub fn required_code(&mut self, column: impl Into<usize>) -> String {
        let column = column.into();
        if self.code(column).is_none() {
            self.missing(column);
        }
        self.raw(column).to_owned()
    }

    /// A unified social credit code that may be missing; one whose outer check alone fails is taken, with a note.
    pub fn uscc(&mut self, column: impl Into<usize>) -> Option<String> {
        let column = column.into();
        let text = self.raw(column).to_owned();
        if text.is_empty() {
            return None;
        }
        match uscc::judge(&text) {
            Verdict::Valid(code) => Some(code.as_str().to_owned()),
            Verdict::ValidWithWarning(code) => {
                let warning = Verdict::ValidWithWarning(code.clone()).to_string();
                self.notes.push(Note::new(self.file, &self.row.sheet, Some(self.row.number), warning));
                Some(code.as_str().to_owned())
            }
            refused => {
                self.refuse(column, refused.code().unwrap_or("USCC_INVALID"), refused.to_string());
                None
            }
        }
    }

    /// A date that may be missing.
    pub fn date(&mut self, column: impl Into<usize>) -> Option<NaiveDate> {
        let column = column.into();
        match self.end_date(column) {
            Some(EndDate::On(date)) => Some(date),
            Some(EndDate::Open) => {
                self.refuse(column, "INVALID_DATE", "A day is needed here; write it as 2024-02-29.");
                None
            }
            None => None,
        }
    }

    /// A date that must be there.
    pub fn required_date(&mut self, column: impl Into<usize>) -> NaiveDate {
        let column = column.into();
        if self.raw(column).is_empty() {
            self.missing(column);
        }
        self.date(column).unwrap_or_default()
    }

    /// The end of a validity that may be missing: a date or 长期.
    pub fn end_date(&mut self, column: impl Into<usize>) -> Option<EndDate> {
        let column = column.into();
        let text = self.raw(column).to_owned();
        let read = match &self.mapping.options.date_format {
            Some(format) if !text.is_empty() => {
                ordered(&text, format).map_or_else(|| lenient::end_date(&text), |text| lenient::end_date(&text))
            }
            _ => lenient::end_date(&text),
        };
        match read {
            Ok(date) => Some(date),
            Err(Misread::Empty) => None,
            Err(Misread::NoSuchDay(_)) => {
                self.refuse(column, "INVALID_DATE", "The calendar has no such day.");
                None
            }
            Err(_) => {
                self.refuse(column, "INVALID_DATE", "This is not a date; write it as 2024-02-29.");
                None
            }
        }
    }

    /// A number that may be missing, within bounds.
    pub fn number(&mut self, column: impl Into<usize>, bounds: std::ops::RangeInclusive<f64>) -> Option<f64> {
        let column = column.into();
        let text = self.raw(column).to_owned();
        match lenient::number(&text) {
            Ok(number) if bounds.contains(&number) => Some(number),
            Ok(_) => {
                let reason = format!("The number must lie between {} and {}.", bounds.start(), bounds.end());
                self.refuse(column, "OUT_OF_RANGE", reason);
                None
            }
            Err(Misread::Empty) => None,
            Err(_) => {
                self.refuse(column, "INVALID_NUMBER", "This is not a number.");
                None
            }
        }
    }

    /// A word of a closed set that may be missing: its API spelling or one of the given Chinese or English words.
    pub fn word<T: std::str::FromStr + Copy>(&mut self, column: impl Into<usize>, words: &[(&str, T)]) -> Option<T> {
        let column = column.into();
        let folded = fold(self.raw(column));
        if folded.is_empty() {
            return None;
        }
        let known = words.iter().find(|(word, _)| fold(word) == folded).map(|(_, value)| *value);
        let found = known.or_else(|| folded.replace([' ', '-'], "_").parse().ok());
        if found.is_none() {
            let words: Vec<&str> = words.iter().map(|(word, _)| *word).collect();
            self.refuse(column, "UNKNOWN_WORD", format!("Write one of {}.", words.join(", ")));
        }
        found
    }

    /// The entries of a list in one cell, between `;`, `,`, `、` or line breaks.
    pub fn list(&mut self, column: impl Into<usize>) -> Vec<String> {
        let marks = [';', '；', ',', '，', '、', '\n'];
        self.raw(column).split(marks).map(str::trim).filter(|each| !each.is_empty()).map(str::to_owned).collect()
    }

    /// Whether nothing was wrong with the row so far.
    pub fn is_sound(&self) -> bool {
        self.problems.is_empty()
    }

    /// Refuses the row because a cell is empty that must not be.
    pub fn missing(&mut self, column: impl Into<usize>) {
        let column = column.into();
        if !self.problems.iter().any(|p| p.code == "MISSING_VALUE" && p.heading == self.heading(column)) {
            self.refuse(column, "MISSING_VALUE", "The cell is empty; fill it in.");
        }
    }

    /// Refuses the row for what stands in a column.
    pub fn refuse(&mut self, column: impl Into<usize>, code: &str, reason: impl Into<String>) {
        let column = column.into();
        let at = self.headings.at[column];
        let value = at.map_or("", |at| self.row.cell(at));
        let value = if value.trim().is_empty() {
            self.mapping.constants.get(self.columns[column].key).map_or("", String::as_str)
        } else {
            value
        };
        let refusal = Refusal {
            file: self.file.to_owned(),
            sheet: self.row.sheet.to_string(),
            row: self.row.number,
            column: at.map(column_letters).unwrap_or_default(),
            heading: self.heading(column),
            value: shortened(value),
            code: code.to_owned(),
            reason: reason.into(),
        };
        self.problems.push(refusal);
    }

    fn heading(&self, column: usize) -> String {
        match self.headings.at[column] {
            Some(at) => self.headings.names[at].clone(),
            None => self.columns[column].shown(),
        }
    }
}

/// Puts the parts of a date into the order year-month-day, as the format (`MM/DD/YYYY`) names them; `None` where the
/// text has not three parts.
fn ordered(text: &str, format: &str) -> Option<String> {
    let folded = fold(text);
    let parts: Vec<&str> =
        folded.split(|c: char| !c.is_ascii_digit()).filter(|part| !part.is_empty()).take(3).collect();
    let format = format.to_uppercase();
    let mut order: Vec<(usize, char)> = ['Y', 'M', 'D'].iter().filter_map(|&c| Some((format.find(c)?, c))).collect();
    order.sort_unstable();
    if parts.len() != 3 || order.len() != 3 {
        return None;
    }
    let part = |wanted: char| order.iter().position(|&(_, c)| c == wanted).map(|at| parts[at]);
    Some(format!("{}-{}-{}", part('Y')?, part('M')?, part('D')?))
}
