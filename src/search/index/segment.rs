//! A part of the lines, as questions go through it.

use std::sync::{Arc, OnceLock};

use tantivy::{
    DocSet, SegmentReader, TERMINATED, Term,
    columnar::{Column, ColumnValues},
    index::SegmentId,
    schema::{Field, IndexRecordOption},
};

use super::{
    by_holder::ByHolder,
    in_force::{InForce, OfDates},
};
use crate::search::register::{Day, Register};

/// Lines looked at with one call into a column.
const STRETCH: usize = 1_024;

/// A part of the lines, sorted by competence.
pub struct Segment {
    number: u32,
    reader: SegmentReader,
    held: Arc<Held>,
    /// See [`Segment::gone_by_holder`].
    gone: OnceLock<Vec<u32>>,
}

/// What is opened once for a part, whatever is taken out of it later.
///
/// Who holds a line is asked of millions of lines at a time, and is unpacked, four bytes a line; so is whether it is in force,
/// one bit a line for each of the dates that are asked about. The lines in the order of their holders take four bytes more, as
/// soon as a question goes through them.
struct Held {
    holders: Box<[u32]>,
    spans: Arc<dyn ColumnValues<u64>>,
    in_force: OfDates,
    by_holder: OnceLock<ByHolder>,
    in_force_by_holder: OfDates,
    high: Arc<dyn ColumnValues<u64>>,
    low: Arc<dyn ColumnValues<u64>>,
    equipment: Column<u64>,
    signatory: Column<u64>,
    lab: Field,
    line: Field,
    /// Each competence with the place of its first line, in order; the last one ends the part.
    runs: Vec<(u32, u32)>,
}

impl Segment {
    pub(super) fn open(number: u32, reader: &SegmentReader, before: Option<&Self>) -> tantivy::Result<Self> {
        if let Some(before) = before {
            return Ok(Self { number, reader: reader.clone(), held: Arc::clone(&before.held), gone: OnceLock::new() });
        }
        let fast = reader.fast_fields();
        let column = |name: &str| fast.u64(name).map(|column| column.values);
        let links = |name: &str| {
            fast.column_opt::<u64>(name)
                .map(|column| column.unwrap_or_else(|| Column::build_empty_column(reader.max_doc())))
        };
        let held = Held {
            holders: unpacked(&*column("holder")?, reader.max_doc()),
            spans: column("span")?,
            in_force: OfDates::default(),
            by_holder: OnceLock::new(),
            in_force_by_holder: OfDates::default(),
            high: column("high")?,
            low: column("low")?,
            equipment: links("equipment")?,
            signatory: links("signatory")?,
            lab: reader.schema().get_field("lab")?,
            line: reader.schema().get_field("line")?,
            runs: runs(&*column("competence")?, reader.max_doc()),
        };
        Ok(Self { number, reader: reader.clone(), held: Arc::new(held), gone: OnceLock::new() })
    }

    pub(super) fn id(&self) -> SegmentId {
        self.reader.segment_id()
    }

    /// Its place in the snapshot.
    pub fn number(&self) -> u32 {
        self.number
    }

    /// How many lines it has, those included that were taken out.
    pub fn len(&self) -> u32 {
        self.reader.max_doc()
    }

    /// Whether it has no line.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Whether a line was taken out.
    pub fn is_gone(&self, line: u32) -> bool {
        self.reader.is_deleted(line)
    }

    /// Whether any line was taken out.
    pub fn has_gone(&self) -> bool {
        self.reader.has_deletes()
    }

    /// Each competence with the place of its first line, in the order of both.
    pub fn runs(&self) -> &[(u32, u32)] {
        &self.held.runs
    }

    /// Where the run of that place among [`Segment::runs`] ends.
    pub fn end(&self, run: usize) -> u32 {
        self.runs().get(run + 1).map_or(self.len(), |next| next.1)
    }

    /// The competence of a line.
    pub fn competence(&self, line: u32) -> u32 {
        let runs = self.runs();
        runs[runs.partition_point(|run| run.1 <= line).saturating_sub(1)].0
    }

    /// The holders of all lines.
    pub fn holders(&self) -> &[u32] {
        &self.held.holders
    }

    /// When a line is in force, as the number of its span.
    pub fn span(&self, line: u32) -> u32 {
        number(self.held.spans.get_val(line))
    }

    /// Which lines are in force on a date, whether or not they were taken out.
    pub fn in_force(&self, register: &Register, on: Day) -> Arc<InForce> {
        self.held.in_force.get(on, || InForce::of(&*self.held.spans, self.len(), register, on))
    }

    /// The lines in the order of their holders.
    pub fn by_holder(&self) -> &ByHolder {
        self.held.by_holder.get_or_init(|| ByHolder::of(self.holders(), self.runs()))
    }

    /// As [`Segment::in_force`], in the order of the holders.
    pub fn in_force_by_holder(&self, register: &Register, on: Day) -> Arc<InForce> {
        self.held
            .in_force_by_holder
            .get(on, || InForce::by_holder(&*self.held.spans, (self.holders(), self.by_holder()), (register, on)))
    }

    /// How many lines were taken out.
    pub fn gone(&self) -> u32 {
        self.reader.num_deleted_docs()
    }

    /// The places of the lines that were taken out in the order of the holders, ascending.
    pub fn gone_by_holder(&self) -> &[u32] {
        self.gone.get_or_init(|| {
            let lines = (0..self.len()).filter(|line| self.has_gone() && self.is_gone(*line));
            let mut places: Vec<u32> = lines.map(|line| self.place(line)).collect();
            places.sort_unstable();
            places
        })
    }

    /// Where a line stands in the order of the holders.
    fn place(&self, line: u32) -> u32 {
        let (holder, competence) = (self.holders()[line as usize], self.competence(line));
        let run = self.run_of(competence);
        let before = self.holders()[run.start..line as usize].iter().filter(|one| **one == holder).count();
        number((self.by_holder().first(holder, competence) + before) as u64)
    }

    /// The line that stands at a place in the order of the holders.
    pub fn line_at(&self, holder: u32, place: usize) -> Option<u32> {
        let by_holder = self.by_holder();
        let run = self.run_of(*by_holder.competences().get(place)?);
        let of_holder = self.holders()[run.clone()].iter().enumerate().filter(|(_, one)| **one == holder);
        let (at, _) = of_holder.into_iter().nth(by_holder.nth(holder, place))?;
        Some(number((run.start + at) as u64))
    }

    /// The lines of a competence.
    fn run_of(&self, competence: u32) -> std::ops::Range<usize> {
        match self.runs().binary_search_by_key(&competence, |run| run.0) {
            Ok(at) => self.runs()[at].1 as usize..self.end(at) as usize,
            Err(_) => 0..0,
        }
    }

    /// The id of a line.
    pub fn line(&self, line: u32) -> u128 {
        u128::from(self.held.high.get_val(line)) << 64 | u128::from(self.held.low.get_val(line))
    }

    /// The links of a line to equipment, packed.
    pub fn equipment(&self, line: u32) -> impl Iterator<Item = u64> + '_ {
        self.held.equipment.values_for_doc(line)
    }

    /// The links of a line to signatories, packed.
    pub fn signatories(&self, line: u32) -> impl Iterator<Item = u64> + '_ {
        self.held.signatory.values_for_doc(line)
    }

    /// The lines of a site, in order; those that were taken out among them.
    ///
    /// # Errors
    /// Those of reading the index.
    pub fn of_lab(&self, lab: u32) -> tantivy::Result<Vec<u32>> {
        self.with(&Term::from_field_u64(self.held.lab, u64::from(lab)))
    }

    /// The revisions of a line that are not taken out.
    ///
    /// # Errors
    /// Those of reading the index.
    pub fn of_line(&self, id: u128) -> tantivy::Result<Vec<u32>> {
        let mut found = self.with(&Term::from_field_bytes(self.held.line, &id.to_be_bytes()))?;
        found.retain(|line| !self.is_gone(*line));
        Ok(found)
    }

    fn with(&self, term: &Term) -> tantivy::Result<Vec<u32>> {
        let index = self.reader.inverted_index(term.field())?;
        let Some(mut lines) = index.read_postings(term, IndexRecordOption::Basic)? else { return Ok(Vec::new()) };
        let mut found = Vec::with_capacity(lines.size_hint() as usize);
        while lines.doc() != TERMINATED {
            found.push(lines.doc());
            lines.advance();
        }
        Ok(found)
    }
}

pub(crate) fn number(stored: u64) -> u32 {
    u32::try_from(stored).unwrap_or(u32::MAX)
}

/// All values of a column, a stretch at a time.
pub(super) fn each_stretch(column: &dyn ColumnValues<u64>, lines: u32, mut act: impl FnMut(u32, &[u64])) {
    let mut stretch = [0_u64; STRETCH];
    for from in (0..lines).step_by(STRETCH) {
        let stretch = &mut stretch[..((lines - from) as usize).min(STRETCH)];
        column.get_range(from.into(), stretch);
        act(from, stretch);
    }
}

/// All values of a column.
fn unpacked(column: &dyn ColumnValues<u64>, lines: u32) -> Box<[u32]> {
    let mut values = Vec::with_capacity(lines as usize);
    each_stretch(column, lines, |_, stretch| values.extend(stretch.iter().copied().map(number)));
    values.into()
}

/// Where each competence begins. Not by way of all values, which would take four bytes a line for a moment.
fn runs(competences: &dyn ColumnValues<u64>, lines: u32) -> Vec<(u32, u32)> {
    let mut runs: Vec<(u32, u32)> = Vec::new();
    each_stretch(competences, lines, |from, stretch| {
        for (line, competence) in (from..).zip(stretch.iter().copied().map(number)) {
            if runs.last().is_none_or(|last| last.0 != competence) {
                runs.push((competence, line));
            }
        }
    });
    runs
}
