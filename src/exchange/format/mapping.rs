//! The mapping file: how a file with headings of its own is to be read.
//!
//! ```toml
//! [columns]              # heading in the file = our column; "" leaves the column out without a note
//! "CertNo" = "certificate_number"
//! "Key" = ["code", "institution"]   # one heading for two of our columns
//! [values.status]        # words of the file = words that are understood; by column
//! "Operating" = "有效"
//! [constants]            # for columns that the file has not, and for cells that are empty
//! agency = "GD"
//! [options]
//! delimiter = ";"        # otherwise detected
//! encoding = "gb18030"   # otherwise detected
//! heading_row = 3        # otherwise found
//! date_format = "MM/DD/YYYY"
//! carry = true           # empty cells of an annex mean "as above"; otherwise so when no row names its lab
//! ```

use std::{collections::BTreeMap, path::Path};

use serde::Deserialize;

use super::{Kind, column::plain};
use crate::{
    exchange::sheet::{Encoding, Options},
    platform::{
        fault::{Fault, Outcome, Problems},
        lenient::fold,
    },
};

/// How a file is to be read, beyond what its headings say. The default leaves everything to the headings.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Mapping {
    /// Heading in the file → keys of our columns; an empty one to leave the column out.
    #[serde(default)]
    pub columns: BTreeMap<String, Targets>,
    /// Key of a column → word in the file → word that is understood; words compare without regard to case and width.
    #[serde(default)]
    pub values: BTreeMap<String, BTreeMap<String, String>>,
    /// Key of a column → value.
    #[serde(default)]
    pub constants: BTreeMap<String, String>,
    /// How the file is written.
    #[serde(default)]
    pub options: MappingOptions,
}

/// What a heading is mapped to: `"code"`, or `["code", "institution"]`.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(untagged)]
pub enum Targets {
    /// One of our columns.
    One(String),
    /// Several, which get the same cell.
    Several(Vec<String>),
}

impl Targets {
    /// The keys of the columns.
    pub fn keys(&self) -> &[String] {
        match self {
            Self::One(key) => std::slice::from_ref(key),
            Self::Several(keys) => keys,
        }
    }
}

/// How a mapped file is written.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MappingOptions {
    /// One ASCII character between the cells of a CSV file, or `tab`.
    pub delimiter: Option<String>,
    /// `utf-8` or `gb18030`.
    pub encoding: Option<String>,
    /// Row of the headings, from 1.
    pub heading_row: Option<u64>,
    /// Order of year, month and day, such as `MM/DD/YYYY`.
    pub date_format: Option<String>,
    /// Whether empty cells of an annex mean "as above".
    pub carry: Option<bool>,
}

impl Mapping {
    /// Reads a mapping file for a kind.
    ///
    /// # Errors
    /// `Fault::Invalid`: `MAPPING_UNREADABLE`, `UNKNOWN_COLUMN`, `BAD_OPTION`.
    pub fn read(path: &Path, kind: Kind) -> Outcome<Self> {
        let name = path.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned());
        let text = std::fs::read_to_string(path).map_err(|e| {
            Fault::invalid(&name, "MAPPING_UNREADABLE", format!("The mapping file cannot be read: {e}."))
        })?;
        Self::parse(&name, &text, kind)
    }

    /// Reads the text of a mapping file; `name` is for messages.
    ///
    /// # Errors
    /// As [`Mapping::read`].
    pub fn parse(name: &str, text: &str, kind: Kind) -> Outcome<Self> {
        let mapping: Self = toml::from_str(text).map_err(|e| {
            Fault::invalid(name, "MAPPING_UNREADABLE", format!("The mapping file is not as it should be: {e}"))
        })?;
        mapping.checked(name, kind)
    }

    fn checked(self, name: &str, kind: Kind) -> Outcome<Self> {
        let mut problems = Problems::default();
        let known: Vec<&str> = kind.columns().iter().map(|column| column.key).collect();
        let mapped = self.columns.values().flat_map(Targets::keys).filter(|key| !key.is_empty());
        for key in mapped.chain(self.constants.keys()).chain(self.values.keys()) {
            if !known.contains(&key.as_str()) {
                let message = format!("{} have no column {key}; there are {}.", kind.word(), known.join(", "));
                problems.add(name, "UNKNOWN_COLUMN", message);
            }
        }
        if self.options.delimiter.is_some() && self.delimiter().is_none() {
            problems.add(name, "BAD_OPTION", "Write one ASCII character as delimiter, or tab.");
        }
        if self.options.encoding.as_deref().is_some_and(|name| Encoding::parse(name).is_none()) {
            problems.add(name, "BAD_OPTION", "Write utf-8 or gb18030 as encoding.");
        }
        if self.options.heading_row == Some(0) {
            problems.add(name, "BAD_OPTION", "Rows are counted from 1: write the heading_row as the program shows it.");
        }
        let format = self.options.date_format.as_deref().map(str::to_uppercase);
        if format.is_some_and(|format| ["Y", "M", "D"].iter().any(|part| !format.contains(part))) {
            problems.add(name, "BAD_OPTION", "Write the date_format with Y, M and D, such as MM/DD/YYYY.");
        }
        problems.finish()?;
        Ok(self)
    }

    /// What the reading of rows needs to know.
    pub fn sheet_options(&self) -> Options {
        Options { encoding: self.options.encoding.as_deref().and_then(Encoding::parse), delimiter: self.delimiter() }
    }

    /// The columns that a heading is mapped to: `None` where the mapping does not speak of it.
    pub(super) fn targets(&self, plain_heading: &str) -> Option<&[String]> {
        self.columns.iter().find(|(heading, _)| plain(heading) == plain_heading).map(|(_, targets)| targets.keys())
    }

    /// What a cell of a column says: the word that the mapping gives for it, or itself.
    pub(super) fn value<'t>(&'t self, column: &str, text: &'t str) -> &'t str {
        let words = self.values.get(column).into_iter().flatten();
        let folded = fold(text);
        words.into_iter().find(|(word, _)| fold(word) == folded).map_or(text, |(_, meant)| meant)
    }

    fn delimiter(&self) -> Option<u8> {
        match self.options.delimiter.as_deref()?.as_bytes() {
            [byte] if byte.is_ascii() && !matches!(byte, b'"' | b'\r' | b'\n') => Some(*byte),
            b"tab" | b"\\t" => Some(b'\t'),
            _ => None,
        }
    }
}
