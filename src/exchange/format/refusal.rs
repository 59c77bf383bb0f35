//! What a file's owner needs to mend a row.

use std::fmt;

use serde::{Deserialize, Serialize};

/// Why a row was not taken, at one of its cells.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refusal {
    /// Name of the file without folders.
    pub file: String,
    /// Worksheet; empty for CSV.
    pub sheet: String,
    /// Row as a spreadsheet program shows it, from 1.
    pub row: u64,
    /// Letters of the column; empty where the row as a whole is refused or the file has no such column.
    pub column: String,
    /// Heading of the column as it stands in the file, or the name of the column that is missing.
    pub heading: String,
    /// What stands there, shortened and without personal identity numbers.
    pub value: String,
    /// What is wrong, for machines.
    pub code: String,
    /// What is wrong, for people: one sentence.
    pub reason: String,
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.file)?;
        if !self.sheet.is_empty() {
            write!(f, " [{}]", self.sheet)?;
        }
        write!(f, " {}{}", self.column, self.row)?;
        if !self.heading.is_empty() {
            write!(f, " {}", self.heading)?;
        }
        if !self.value.is_empty() {
            write!(f, " “{}”", self.value)?;
        }
        write!(f, ": {} ({})", self.reason, self.code)
    }
}
