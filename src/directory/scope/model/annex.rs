//! Editions, and the comparison of a delivered annex with the one in force.

use chrono::NaiveDate;
use entity::{
    competence_scope as line,
    enums::{ScopeVersionReason, Visibility},
    ids::{CertificateId, LabId, ScopeVersionId},
};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::{Line, NewLine};
use crate::{
    directory::text,
    platform::{
        fault::{Outcome, Problems},
        lenient::fold,
    },
};

/// What an edition says of itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edition {
    /// Why it came to be.
    pub reason: ScopeVersionReason,
    /// Its date, from which its lines are in force.
    pub dated: NaiveDate,
    /// Free text.
    pub remarks: Option<String>,
}

/// A new edition with the lines that it brings for one site.
#[derive(Clone, Debug)]
pub struct NewEdition {
    /// The certificate.
    pub certificate: CertificateId,
    /// The site.
    pub lab: LabId,
    /// The edition.
    pub edition: Edition,
    /// Its lines; may be empty.
    pub lines: Vec<NewLine>,
}

/// A delivered annex: the lines of one certificate at one site.
#[derive(Clone, Debug)]
pub struct Annex {
    /// The certificate.
    pub certificate: CertificateId,
    /// The site.
    pub lab: LabId,
    /// The edition that is made where anything differs.
    pub edition: Edition,
    /// The lines, in good form.
    pub lines: Vec<Line>,
    /// Whether these are all lines, so that those in force that are missing here end.
    pub complete: bool,
}

/// What an annex changed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AnnexOutcome {
    /// The edition that was made; none where nothing differed.
    pub edition: Option<ScopeVersionId>,
    /// Lines that came to be.
    pub created: u64,
    /// Lines that have a new revision.
    pub changed: u64,
    /// Lines that ended.
    pub closed: u64,
    /// Lines that stayed as they were.
    pub unchanged: u64,
}

impl Edition {
    /// The edition in good form.
    pub fn checked(self, problems: &mut Problems) -> Self {
        Self { remarks: text::optional(problems, "input.remarks", self.remarks, text::FREE), ..self }
    }
}

impl NewEdition {
    /// Edition and lines in good form.
    ///
    /// # Errors
    /// `INVALID` with every problem of every line.
    pub fn validated(self) -> Outcome<(Edition, Vec<Line>)> {
        let mut problems = Problems::default();
        let edition = self.edition.checked(&mut problems);
        let lines = self
            .lines
            .into_iter()
            .enumerate()
            .map(|(at, line)| line.checked(&format!("input.lines[{at}]"), &mut problems))
            .collect();
        problems.finish()?;
        Ok((edition, lines))
    }
}

/// What a line is and what it says, each in sixteen bytes, so that an annex of any length compares in little memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Fingerprint {
    /// Folded serial number, object, parameter, and the standard or else the method: two lines that agree in these
    /// are the same line.
    pub identity: [u8; 16],
    /// Every text of the line.
    pub content: [u8; 16],
    /// Who may see it; none where the line does not say.
    pub visibility: Option<Visibility>,
}

impl Fingerprint {
    /// Of a delivered line.
    pub fn of_line(line: &Line) -> Self {
        let w = &line.written;
        let named = line.standard_key.clone().unwrap_or_else(|| fold(&w.method));
        Self {
            identity: hash([&line.serial_key, &fold(&w.object), &fold(&w.parameter), &named].map(Some)),
            content: hash([
                Some(&w.serial),
                Some(&w.field),
                Some(&w.object),
                Some(&w.parameter),
                Some(&w.method),
                w.clause.as_ref(),
                w.limits.as_ref(),
                w.remarks.as_ref(),
            ]),
            visibility: w.visibility,
        }
    }

    /// Of a stored revision.
    pub fn of_row(row: &line::Model) -> Self {
        let named = row.standard_key.clone().unwrap_or_else(|| fold(&row.method));
        Self {
            identity: hash([&row.serial_key, &fold(&row.object), &fold(&row.parameter), &named].map(Some)),
            content: hash([
                Some(&row.serial),
                Some(&row.field),
                Some(&row.object),
                Some(&row.parameter),
                Some(&row.method),
                row.clause.as_ref(),
                row.limits.as_ref(),
                row.remarks.as_ref(),
            ]),
            visibility: Some(row.visibility),
        }
    }

    /// Whether a delivered line says what this stored one does.
    pub fn says_as(&self, delivered: &Self) -> bool {
        self.identity == delivered.identity
            && self.content == delivered.content
            && delivered.visibility.is_none_or(|wanted| self.visibility == Some(wanted))
    }
}

/// The first half of SHA-256 over the parts, each with its length, so that no two lists of parts read alike.
fn hash<const N: usize>(parts: [Option<&String>; N]) -> [u8; 16] {
    let mut sha = Sha256::new();
    for part in parts {
        match part {
            None => sha.update([0]),
            Some(text) => {
                sha.update([1]);
                sha.update((text.len() as u64).to_be_bytes());
                sha.update(text);
            }
        }
    }
    let mut half = [0; 16];
    half.copy_from_slice(&sha.finalize()[..16]);
    half
}
