//! Standard numbers: how they are read, printed, compared and found in free text.
//!
//! The rules are those of the product's domain facts: one kind of dash, half width, upper case,
//! `PREFIX NUMBER[.PART…]-YEAR`. Reading is one pass over the text without backtracking beyond a few characters.

mod digits;
mod prefix;
mod scan;
mod tail;

use std::{fmt, ops::Range};

use self::scan::{Cursor, Glyph, glyphs};
use crate::platform::lenient::fold;

/// The number of a standard as somebody wrote it, and what it means.
///
/// Made by [`StandardNumber::parse`], [`StandardNumber::or_raw`] or [`find_all`]. Two numbers are compared with
/// [`StandardNumber::grade`], never with `==`, which would compare the raw texts too.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct StandardNumber {
    /// The text as it was written; never changed.
    pub raw: String,
    /// Issuer and series without `/T`: `GB`, `DB44`, `T/GDAQI`, `ISO/IEC`. Empty where the text could not be read.
    pub family: String,
    /// The prefix as printed: `GB/T`, `DB44/T`.
    pub prefix: String,
    /// The number with its parts: `5009.12`, `105-C06`, `202405`.
    pub number: String,
    /// The four-digit year; `None` for an undated number.
    pub year: Option<u16>,
    /// Clause or method within the standard, without brackets: `第一法`, `4.2`, `/XG1-2019`.
    pub suffix: Option<String>,
}

/// Why a text is not the number of one standard.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unreadable {
    /// Nothing but blanks.
    Empty,
    /// The text does not begin with a known prefix.
    UnknownPrefix,
    /// A prefix, but no number that would fit it.
    NoNumber,
    /// More than one standard; use [`find_all`].
    Several,
}

impl fmt::Display for Unreadable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Empty => "The standard number is empty.",
            Self::UnknownPrefix => "The text does not begin with a known standard prefix such as GB/T.",
            Self::NoNumber => "After the prefix there is no standard number.",
            Self::Several => "The text names more than one standard.",
        })
    }
}

impl std::error::Error for Unreadable {}

/// How a cited number meets a wanted one (product: match grades).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum MatchGrade {
    /// Same standard, same year.
    Exact,
    /// Same standard, another year.
    OtherEdition,
    /// Same standard; at least one side has no year.
    Undated,
    /// Another standard.
    Different,
}

/// Families whose numbers carry the edition themselves, so that no year is missing from them.
const EDITION_IN_NUMBER: [&str; 6] = ["BJS", "KJ", "EPA", "AOAC", "NIOSH", "YBB"];

impl StandardNumber {
    /// Reads one number with an optional clause behind it.
    ///
    /// # Errors
    /// [`Unreadable`]; the register never refuses such a text, see [`StandardNumber::or_raw`].
    pub fn parse(text: &str) -> Result<Self, Unreadable> {
        let glyphs = glyphs(text);
        let mut cursor = Cursor { glyphs: &glyphs, at: 0 };
        while matches!(cursor.peek(0), ' ' | '《' | '〈' | '<') {
            cursor.at += 1;
        }
        if cursor.at == glyphs.len() {
            return Err(Unreadable::Empty);
        }
        let mut found = read(&mut cursor, text, Amid::Alone)?;
        let rest = cursor.bytes(cursor.at, glyphs.len());
        let further = Finder { cursor, source: text, last_end: usize::MAX };
        if !further.scan().is_empty() {
            return Err(Unreadable::Several);
        }
        let rest = text[rest].trim_start_matches(|c: char| !c.is_alphanumeric() && !"([（【§".contains(c)).trim();
        let rest = tail::clean(rest.trim_end_matches(['》', '〉', '>', '。', '，', '；', '、', ',', ';']));
        if !rest.is_empty() {
            found.suffix = Some(found.suffix.map_or(rest.clone(), |clause| format!("{clause} {rest}")));
        }
        found.raw = text.to_owned();
        Ok(found)
    }

    /// Reads one number, or keeps the text as it is: the register never refuses what it cannot read.
    ///
    /// An unread text has an empty family and prefix, and its folded text as number, so that equal texts still meet.
    pub fn or_raw(text: &str) -> Self {
        Self::parse(text).unwrap_or_else(|_| Self {
            raw: text.to_owned(),
            family: String::new(),
            prefix: String::new(),
            number: fold(text),
            year: None,
            suffix: None,
        })
    }

    /// Whether the text could be read as a standard number.
    pub fn is_read(&self) -> bool {
        !self.family.is_empty()
    }

    /// The canonical `PREFIX NUMBER[.PART…]-YEAR`, without the clause; an unread text folded.
    pub fn printed(&self) -> String {
        let year = self.year.map_or(String::new(), |year| format!("-{year}"));
        if self.is_read() { format!("{} {}{year}", self.prefix, self.number) } else { self.number.clone() }
    }

    /// The match key for indexing: family without `/T`, and number, as in `GB 5009.12`. `/T` never separates, because
    /// many mandatory standards became recommended ones in 2017 under the same number.
    pub fn key(&self) -> String {
        if self.is_read() { format!("{} {}", self.family, self.number) } else { self.number.clone() }
    }

    /// How this number meets `other`; the order of the two does not matter, nor do their clauses.
    pub fn grade(&self, other: &Self) -> MatchGrade {
        if self.family != other.family || self.number != other.number {
            return MatchGrade::Different;
        }
        match (self.year, other.year) {
            (Some(own), Some(others)) if own == others => MatchGrade::Exact,
            (Some(_), Some(_)) => MatchGrade::OtherEdition,
            (None, None) if !self.is_read() || EDITION_IN_NUMBER.contains(&self.family.as_str()) => MatchGrade::Exact,
            _ => MatchGrade::Undated,
        }
    }
}

impl fmt::Display for StandardNumber {
    /// [`StandardNumber::printed`] and the clause.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.printed())?;
        self.suffix.as_ref().map_or(Ok(()), |suffix| write!(f, " {suffix}"))
    }
}

/// Finds every standard number in a text, in order, with the bytes that it takes including its clause. `raw` of each
/// is just those bytes.
pub fn find_all(text: &str) -> Vec<(Range<usize>, StandardNumber)> {
    let glyphs = glyphs(text);
    Finder { cursor: Cursor { glyphs: &glyphs, at: 0 }, source: text, last_end: usize::MAX }.scan()
}

/// A number as somebody types it into a search: where it may be glued to the word before it, and spelled as it is spoken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Typed {
    /// Its bytes, with its clause.
    pub span: Range<usize>,
    /// The number.
    pub number: StandardNumber,
    /// The letters that it is glued to (`Pb` of `PbGB 5009.12`); whoever knows words must say whether they are one.
    pub glued: Option<Range<usize>>,
}

/// Finds the numbers of a text that somebody typed: as [`find_all`], and `国标5009.12`, and such that are glued to a word of
/// letters. A register's texts are read by [`find_all`] alone: codes of companies are full of such letters.
pub fn find_typed(text: &str) -> Vec<Typed> {
    let glyphs = glyphs(text);
    Finder { cursor: Cursor { glyphs: &glyphs, at: 0 }, source: text, last_end: usize::MAX }.typed()
}

/// Finds clauses and methods that are named by their ordinal, apart from a number: `第一法`, `第2篇`.
pub fn find_clauses(text: &str) -> Vec<Range<usize>> {
    let glyphs = glyphs(text);
    let mut cursor = Cursor { glyphs: &glyphs, at: 0 };
    let mut found = Vec::new();
    while cursor.at < glyphs.len() {
        let from = cursor.at;
        if tail::ordinal(&mut cursor) {
            found.push(cursor.bytes(from, cursor.at));
        } else {
            cursor.at += 1;
        }
    }
    found
}

/// What surrounds a number that is read.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Amid {
    /// Nothing: the text is the number.
    Alone,
    /// Any text.
    Text,
}

/// Walks a text from number to number.
struct Finder<'g> {
    cursor: Cursor<'g>,
    source: &'g str,
    /// Where the number before ended; the next may be glued to it.
    last_end: usize,
}

impl Finder<'_> {
    fn scan(mut self) -> Vec<(Range<usize>, StandardNumber)> {
        let mut found = Vec::new();
        while self.cursor.at < self.cursor.glyphs.len() {
            match self.here() {
                Some(number) => found.push(number),
                None => self.cursor.at += 1,
            }
        }
        found
    }

    fn typed(mut self) -> Vec<Typed> {
        let mut found = Vec::new();
        while self.cursor.at < self.cursor.glyphs.len() {
            let own = self.here().or_else(|| self.spoken()).map(|(span, number)| Typed { span, number, glued: None });
            match own.or_else(|| self.glued()) {
                Some(number) => found.push(number),
                None => self.cursor.at += 1,
            }
        }
        found
    }

    /// The number that begins here; the cursor is left behind it.
    fn here(&mut self) -> Option<(Range<usize>, StandardNumber)> {
        let mut ahead = self.cursor;
        let number = self.may_begin(ahead.at).then(|| read(&mut ahead, self.source, Amid::Text))?.ok()?;
        Some(self.taken(ahead, number))
    }

    /// `国标5009.12`.
    fn spoken(&mut self) -> Option<(Range<usize>, StandardNumber)> {
        let mut ahead = self.cursor;
        if !(ahead.take('国') && ahead.take('标')) {
            return None;
        }
        let prefix = prefix::national();
        let (number, year) = digits::read(&mut ahead, prefix.style)?;
        let suffix = tail::read(&mut ahead, self.source);
        let read =
            StandardNumber { raw: String::new(), family: prefix.family, prefix: prefix.printed, number, year, suffix };
        Some(self.taken(ahead, read))
    }

    /// The number that begins here amid a word of letters. `GB` needs a point or four digits then, all others a year.
    fn glued(&mut self) -> Option<Typed> {
        let at = self.cursor.at;
        let is_letter = |at: usize| self.cursor.glyphs.get(at).is_some_and(|glyph| glyph.c.is_ascii_uppercase());
        let from = (0..at).rev().take_while(|before| is_letter(*before)).last()?;
        let mut ahead = self.cursor;
        let word = scan::spell(ahead.letters(8));
        let known = prefix::is_known(&word) || word.strip_suffix('T').is_some_and(prefix::is_known);
        let mut ahead = self.cursor;
        let number = known.then(|| read(&mut ahead, self.source, Amid::Text))?.ok()?;
        let long = number.number.contains('.') || number.number.len() > 3;
        if number.year.is_none() && !(number.family == "GB" && long) {
            return None;
        }
        let glued = Some(self.cursor.bytes(from, at));
        let (span, number) = self.taken(ahead, number);
        Some(Typed { span, number, glued })
    }

    /// Steps behind a number.
    fn taken(&mut self, ahead: Cursor<'_>, mut number: StandardNumber) -> (Range<usize>, StandardNumber) {
        let bytes = ahead.bytes(self.cursor.at, ahead.at);
        self.source[bytes.clone()].clone_into(&mut number.raw);
        (self.cursor.at, self.last_end) = (ahead.at, ahead.at);
        (bytes, number)
    }

    /// A number begins with a letter that does not continue a word.
    fn may_begin(&self, at: usize) -> bool {
        let c = |at: usize| self.cursor.glyphs.get(at).map_or('\0', |glyph: &Glyph| glyph.c);
        c(at).is_ascii_uppercase() && (at == 0 || at == self.last_end || !c(at - 1).is_ascii_alphanumeric())
    }
}

/// Reads prefix, number, year and clause at the cursor; `raw` is left empty for the caller.
fn read(cursor: &mut Cursor<'_>, source: &str, amid: Amid) -> Result<StandardNumber, Unreadable> {
    let mut prefix = prefix::read(cursor).ok_or(Unreadable::UnknownPrefix)?;
    let behind = *cursor;
    let (number, year) = match digits::read(cursor, prefix.style) {
        Some(found) => found,
        // `WS 76` alone is a number; amid a text two letters and two digits can be anything, and `CH4` is a gas.
        None if amid == Amid::Alone && behind.peek(0) == ' ' => {
            prefix.style.least_digits = 2;
            *cursor = behind;
            let found = digits::read(cursor, prefix.style).ok_or(Unreadable::NoNumber)?;
            cursor.blanks();
            if cursor.at < cursor.glyphs.len() {
                return Err(Unreadable::NoNumber);
            }
            found
        }
        None => return Err(Unreadable::NoNumber),
    };
    let suffix = tail::read(cursor, source);
    Ok(StandardNumber { raw: String::new(), family: prefix.family, prefix: prefix.printed, number, year, suffix })
}
