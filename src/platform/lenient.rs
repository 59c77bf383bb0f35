//! Reading what people typed: text folded for comparing, dates, numbers and yes/no as they stand in spreadsheets.
//!
//! Everything here is pure and refuses with a [`Misread`] that says what was wrong; nothing is guessed silently.

mod date;
mod number;

pub use date::{END_OPEN, EndDate, date, date_of_serial, end_date};
pub use number::{number, whole, yes_no};

use std::fmt;

use unicode_normalization::UnicodeNormalization;

/// Why a cell could not be read; `Display` is one sentence for the person who has the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Misread {
    /// The cell is empty.
    Empty,
    /// The text has none of the known forms of a date.
    NotADate(String),
    /// The form is a date's, but the calendar has no such day (2024-02-30).
    NoSuchDay(String),
    /// The text is no number.
    NotANumber(String),
    /// The text is neither yes nor no.
    NotYesOrNo(String),
}

impl Misread {
    /// The stable code for import reports.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Empty => "EMPTY",
            Self::NotADate(_) => "NOT_A_DATE",
            Self::NoSuchDay(_) => "NO_SUCH_DAY",
            Self::NotANumber(_) => "NOT_A_NUMBER",
            Self::NotYesOrNo(_) => "NOT_YES_OR_NO",
        }
    }
}

impl fmt::Display for Misread {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => f.write_str("The cell is empty."),
            Self::NotADate(text) => write!(f, "“{text}” is not a date; write it as 2024-02-29."),
            Self::NoSuchDay(text) => write!(f, "“{text}” is not a day of the calendar."),
            Self::NotANumber(text) => write!(f, "“{text}” is not a number."),
            Self::NotYesOrNo(text) => write!(f, "“{text}” is neither 是 (yes) nor 否 (no)."),
        }
    }
}

impl std::error::Error for Misread {}

/// How much of an unreadable cell an error repeats, in characters.
const QUOTED: usize = 40;

/// The beginning of a cell, fit for an error message.
fn quote(text: &str) -> String {
    let mut short: String = text.chars().take(QUOTED).collect();
    if short.len() < text.len() {
        short.push('…');
    }
    short
}

/// One character as codes are compared: half width, plain dash, slash and blank, upper case.
///
/// Full-width and small forms fold as NFKC would; circled and superscript digits stay what they are, because in a
/// code they are footnote marks and never a part of the number.
pub fn fold_char(c: char) -> char {
    match c {
        'a'..='z' => c.to_ascii_uppercase(),
        ' '..='~' if c != '\\' => c,
        '\u{ff01}'..='\u{ff5e}' => fold_char(char::from_u32(c as u32 - 0xfee0).unwrap_or(c)),
        '\u{fe50}'..='\u{fe6b}' => std::iter::once(c).nfkc().next().filter(|&plain| plain != c).map_or(c, fold_char),
        _ if is_dash(c) => '-',
        '\\' | '\u{2044}' | '\u{2215}' => '/',
        _ if is_blank(c) => ' ',
        _ => c,
    }
}

/// Whether `c` is one of the dashes, hyphens and minus signs that stand for `-` in codes.
pub fn is_dash(c: char) -> bool {
    matches!(
        c,
        '-' | '\u{2010}'
            ..='\u{2015}' | '\u{2043}' | '\u{2212}' | '\u{2500}' | '\u{2501}' | '\u{fe58}' | '\u{fe63}' | '\u{ff0d}'
    )
}

/// Whether `c` takes room but shows nothing: any white space, zero-width marks and the byte order mark.
pub fn is_blank(c: char) -> bool {
    c.is_whitespace() || matches!(c, '\u{200b}'..='\u{200d}' | '\u{2060}' | '\u{feff}')
}

/// Text as it is compared "without regard to case and full or half width": NFKC, one kind of dash, runs of blanks
/// as one blank, none at the ends, upper case. Folding twice changes nothing.
pub fn fold(text: &str) -> String {
    if text.is_ascii() {
        return squeeze(text.chars().map(|c| c.to_ascii_uppercase()));
    }
    let wide: String = text.nfkc().flat_map(char::to_uppercase).collect();
    squeeze(wide.nfkc().map(|c| if is_dash(c) { '-' } else { c }))
}

/// A code as it is compared: [`fold`] without any blanks.
pub fn fold_code(text: &str) -> String {
    let mut folded = fold(text);
    folded.retain(|c| c != ' ');
    folded
}

fn squeeze(chars: impl Iterator<Item = char>) -> String {
    let mut out = String::new();
    let mut gap = false;
    for c in chars {
        if is_blank(c) {
            gap = !out.is_empty();
        } else {
            if gap {
                out.push(' ');
                gap = false;
            }
            out.push(c);
        }
    }
    out
}
