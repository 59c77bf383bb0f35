//! What an import did, or would do.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::{Kind, Refusal};
use crate::exchange::sheet::Note;

/// Refusals and notes that a report lists; the rest is counted.
const LISTED: usize = 1_000;

/// What became of the records.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counts {
    /// Records that came to be.
    pub created: u64,
    /// Records that differ from before.
    pub changed: u64,
    /// Records that ended because the delivery no longer has them.
    pub closed: u64,
    /// Records that the register had just so.
    pub unchanged: u64,
}

/// The outcome of an import or of its preview.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Report {
    /// What the files were lists of.
    pub kind: Kind,
    /// Whether nothing was written, because only a preview was asked for.
    pub preview: bool,
    /// What became of the records.
    #[serde(flatten)]
    pub counts: Counts,
    /// Rows that were refused.
    pub refused_rows: u64,
    /// What was wrong with them: the first thousand.
    pub refused: Vec<Refusal>,
    /// Refusals that are not listed any more.
    pub refused_unlisted: u64,
    /// What else the owner of the files should know: the first thousand.
    pub notes: Vec<Note>,
    /// Notes that are not listed any more.
    pub notes_unlisted: u64,
}

impl Report {
    /// An empty report.
    pub fn new(kind: Kind, preview: bool) -> Self {
        Self {
            kind,
            preview,
            counts: Counts::default(),
            refused_rows: 0,
            refused: Vec::new(),
            refused_unlisted: 0,
            notes: Vec::new(),
            notes_unlisted: 0,
        }
    }

    /// Enters one refused row with everything that is wrong with it.
    pub fn refuse(&mut self, refusals: Vec<Refusal>) {
        self.refused_rows += 1;
        for refusal in refusals {
            if self.refused.len() < LISTED {
                self.refused.push(refusal);
            } else {
                self.refused_unlisted += 1;
            }
        }
    }

    /// Enters notes.
    pub fn note(&mut self, notes: impl IntoIterator<Item = Note>) {
        for note in notes {
            if self.notes.len() < LISTED {
                self.notes.push(note);
            } else {
                self.notes_unlisted += 1;
            }
        }
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Counts { created, changed, closed, unchanged } = self.counts;
        let would = if self.preview { " (preview: nothing was written)" } else { "" };
        writeln!(
            f,
            "{}: {created} created, {changed} changed, {closed} closed, {unchanged} unchanged, {} rows refused{would}",
            self.kind.word(),
            self.refused_rows
        )?;
        for refusal in &self.refused {
            writeln!(f, "  refused  {refusal}")?;
        }
        if self.refused_unlisted > 0 {
            writeln!(f, "  refused  … and {} more", self.refused_unlisted)?;
        }
        for Note { file, sheet, row, message } in &self.notes {
            write!(f, "  note     {file}")?;
            if !sheet.is_empty() {
                write!(f, " [{sheet}]")?;
            }
            row.map_or(Ok(()), |row| write!(f, " row {row}"))?;
            writeln!(f, ": {message}")?;
        }
        if self.notes_unlisted > 0 {
            writeln!(f, "  note     … and {} more", self.notes_unlisted)?;
        }
        Ok(())
    }
}
