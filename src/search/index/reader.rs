//! One state of the index, as questions see it: it stays as it is while the index moves on.

use std::{
    any::Any,
    sync::{Arc, Mutex, PoisonError, RwLock},
};

use arc_swap::ArcSwap;
use tantivy::{
    DocSet, Searcher, SegmentReader, TERMINATED, Term,
    columnar::{Column, ColumnValues},
    index::SegmentId,
    schema::{Field, IndexRecordOption},
};

use super::{schema::EntryFields, store::Mark};
use crate::search::{
    follow::Free,
    register::{Day, Numbers, Register},
};

/// Lines looked at with one call into a column.
const STRETCH: usize = 1_024;
/// Lines of one word of [`InForce`].
const BITS: usize = 64;
/// Dates that are remembered of each part.
const DATES: usize = 4;

/// A state of the index.
pub struct Snapshot {
    /// What the numbers mean.
    pub register: Register,
    /// The way from ids to numbers.
    pub numbers: Arc<Numbers>,
    /// The lines.
    pub segments: Vec<Arc<Segment>>,
    /// The lines as the library sees them.
    pub lines: Searcher,
    /// The texts.
    pub texts: Searcher,
    /// The fields of the texts.
    pub fields: EntryFields,
    /// How far the index had come.
    pub mark: Mark,
    free: ArcSwap<Free>,
    memory: Mutex<Vec<(Remembered, Remembered)>>,
}

/// What was asked, or found out; its type is known to whoever puts it here.
type Remembered = Arc<dyn Any + Send + Sync>;

/// Things that are remembered at once.
const REMEMBERED: usize = 24;

impl Snapshot {
    pub(super) fn new(
        register: Register,
        numbers: Arc<Numbers>,
        segments: Vec<Arc<Segment>>,
        (lines, texts, fields): (Searcher, Searcher, EntryFields),
        mark: Mark,
    ) -> Self {
        Self {
            register,
            numbers,
            segments,
            lines,
            texts,
            fields,
            mark,
            free: ArcSwap::default(),
            memory: Mutex::default(),
        }
    }

    /// What is free of what is offered: this alone moves on while the lines stay as they are.
    pub fn free(&self) -> Arc<Free> {
        self.free.load_full()
    }

    /// Tells what is free.
    pub fn set_free(&self, free: Arc<Free>) {
        self.free.store(free);
    }

    /// What was found out about something in this state of the index, or what `make` makes to find it out.
    pub fn remembered<K, T>(&self, about: K, make: impl FnOnce() -> T) -> Arc<T>
    where
        K: PartialEq + Send + Sync + 'static,
        T: Send + Sync + 'static,
    {
        let known = |memory: &Vec<(Remembered, Remembered)>| {
            let (_, found) =
                memory.iter().find(|(key, found)| key.downcast_ref() == Some(&about) && found.is::<T>())?;
            Arc::clone(found).downcast().ok()
        };
        if let Some(known) = known(&self.memory.lock().unwrap_or_else(PoisonError::into_inner)) {
            return known;
        }
        // Two may make it at once; that is cheaper than to wait for one another.
        let made = Arc::new(make());
        let mut memory = self.memory.lock().unwrap_or_else(PoisonError::into_inner);
        if memory.len() >= REMEMBERED {
            memory.remove(0);
        }
        memory.push((Arc::new(about), Arc::<T>::clone(&made)));
        made
    }

    /// How many revisions of lines are in it.
    pub fn len(&self) -> u64 {
        self.lines.num_docs()
    }

    /// Whether no line is in it.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// How many lines there are of each competence, those included that were taken out.
    pub fn lines_of(&self) -> Arc<LinesOf> {
        self.remembered((), || {
            let mut lines = vec![0; self.register.competences.len()];
            for segment in &self.segments {
                for (place, (competence, from)) in segment.runs().iter().enumerate() {
                    lines[*competence as usize] += segment.end(place) - from;
                }
            }
            LinesOf(lines)
        })
    }
}

/// How many lines there are of each competence, by number.
pub struct LinesOf(pub Vec<u32>);

/// A part of the lines, sorted by competence.
pub struct Segment {
    number: u32,
    reader: SegmentReader,
    held: Arc<Held>,
}

/// What is opened once for a part, whatever is taken out of it later.
///
/// Who holds a line is asked of millions of lines at a time, and is unpacked, four bytes a line; so is whether it is in force,
/// one bit a line for each of the dates that are asked about.
struct Held {
    holders: Box<[u32]>,
    spans: Arc<dyn ColumnValues<u64>>,
    in_force: RwLock<Vec<(Day, Arc<InForce>)>>,
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
            return Ok(Self { number, reader: reader.clone(), held: Arc::clone(&before.held) });
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
            in_force: RwLock::default(),
            high: column("high")?,
            low: column("low")?,
            equipment: links("equipment")?,
            signatory: links("signatory")?,
            lab: reader.schema().get_field("lab")?,
            line: reader.schema().get_field("line")?,
            runs: runs(&unpacked(&*column("competence")?, reader.max_doc())),
        };
        Ok(Self { number, reader: reader.clone(), held: Arc::new(held) })
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
        let known =
            |all: &[(Day, Arc<InForce>)]| all.iter().find(|(day, _)| *day == on).map(|(_, one)| Arc::clone(one));
        if let Some(known) = known(&self.held.in_force.read().unwrap_or_else(PoisonError::into_inner)) {
            return known;
        }
        let made = Arc::new(InForce::of(&*self.held.spans, self.len(), register, on));
        let mut all = self.held.in_force.write().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = known(&all) {
            return known;
        }
        if all.len() >= DATES {
            all.remove(0);
        }
        all.push((on, Arc::clone(&made)));
        made
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

/// Which lines of a part are in force on a date.
pub struct InForce(Box<[u64]>);

impl InForce {
    fn of(spans: &dyn ColumnValues<u64>, lines: u32, register: &Register, on: Day) -> Self {
        let on: Vec<u64> = register.spans.iter().map(|(_, span)| u64::from(span.from <= on && on < span.to)).collect();
        let mut bits = Vec::with_capacity((lines as usize).div_ceil(BITS));
        let mut stretch = [0_u64; STRETCH];
        for from in (0..lines as usize).step_by(STRETCH) {
            let stretch = &mut stretch[..(lines as usize - from).min(STRETCH)];
            spans.get_range(from as u64, stretch);
            let is = |span: &u64| on.get(usize::try_from(*span).unwrap_or(usize::MAX)).copied().unwrap_or(0);
            bits.extend(stretch.chunks(BITS).map(|word| word.iter().rev().fold(0, |word, span| word << 1 | is(span))));
        }
        Self(bits.into())
    }

    /// 1 where a line is, else 0.
    #[inline]
    pub fn is(&self, line: u32) -> u32 {
        let word = self.0.get(line as usize / BITS).copied().unwrap_or(0);
        u32::from(word >> (line as usize % BITS) & 1 == 1)
    }
}

/// All values of a column.
fn unpacked(column: &dyn ColumnValues<u64>, lines: u32) -> Box<[u32]> {
    let mut values = Vec::with_capacity(lines as usize);
    let mut stretch = [0_u64; STRETCH];
    while values.len() < lines as usize {
        let count = (lines as usize - values.len()).min(STRETCH);
        column.get_range(values.len() as u64, &mut stretch[..count]);
        values.extend(stretch[..count].iter().copied().map(number));
    }
    values.into()
}

/// Where each competence begins.
fn runs(competences: &[u32]) -> Vec<(u32, u32)> {
    let mut runs: Vec<(u32, u32)> = Vec::new();
    for (line, competence) in (0..).zip(competences) {
        if runs.last().is_none_or(|last| last.0 != *competence) {
            runs.push((*competence, line));
        }
    }
    runs
}
