//! The one who writes the index.

use std::{collections::BTreeSet, hash::BuildHasher, sync::Arc};

use entity::enums::Visibility;
use tantivy::{
    IndexWriter, TantivyDocument, Term,
    indexer::{IndexWriterOptions, LogMergePolicy, NoMergePolicy},
    tokenizer::{PreTokenizedString, Token},
};
use uuid::Uuid;

use super::{
    known::Known,
    reader::Snapshot,
    schema::SHAPE,
    store::{Index, Mark, broken},
};
use crate::{
    platform::fault::{Fault, Outcome},
    search::{
        register::{Competence, Entry, Holder, Kind, Link, Numbers, Register, Shelf, Span, Value},
        text::tokens,
    },
};

/// How many bytes the library may hold per thread before it writes a part.
const ARENA: usize = 48 << 20;
/// How many parts of about one size are made into one.
const MERGED: usize = 4;
/// From which share of lines on that were taken out a part is written anew.
const GONE: f32 = 0.2;
/// As [`ARENA`], for the register, which is small.
const SMALL_ARENA: usize = 16 << 20;

/// One revision of a line.
#[derive(Clone, Debug)]
pub struct LineRow {
    /// The line.
    pub id: Uuid,
    /// What is tested and how.
    pub competence: u32,
    /// Who holds it.
    pub holder: u32,
    /// When it is in force.
    pub span: u32,
    /// The site.
    pub lab: u32,
    /// Items that it needs.
    pub equipment: Vec<Link>,
    /// Persons authorised for it beyond whole fields.
    pub signatories: Vec<Link>,
}

/// Writes lines and entries, and publishes what was written.
pub struct Writer {
    index: Arc<Index>,
    register: Register,
    numbers: Arc<Numbers>,
    known: Known,
    dirty: BTreeSet<(Shelf, u32)>,
    lines: IndexWriter,
    entries: IndexWriter,
}

impl Writer {
    /// Writes into an index whose register is given. There can be but one.
    ///
    /// # Errors
    /// `INTERNAL` where another process writes it.
    pub fn new(index: Arc<Index>, register: Register, numbers: Arc<Numbers>, threads: usize) -> Outcome<Self> {
        let options = |threads, arena| {
            IndexWriterOptions::builder()
                .num_worker_threads(threads)
                .memory_budget_per_thread(arena)
                .num_merge_threads(1)
                .build()
        };
        let lines = index.lines.writer_with_options(options(threads.max(1), ARENA)).map_err(broken)?;
        let entries = index.register.writer_with_options(options(1, SMALL_ARENA)).map_err(broken)?;
        let known = Known::of(&register);
        let writer = Self { index, register, numbers, known, dirty: BTreeSet::new(), lines, entries };
        writer.merge_now_and_then();
        Ok(writer)
    }

    /// Questions go through every part, so parts are kept fewer than the library would.
    fn merge_now_and_then(&self) {
        let mut merging = LogMergePolicy::default();
        merging.set_min_num_segments(MERGED);
        merging.set_max_docs_before_merge(usize::MAX);
        merging.set_del_docs_ratio_before_merge(GONE);
        self.lines.set_merge_policy(Box::new(merging));
    }

    /// Leaves all parts as they are until [`Writer::unite`]: what will be made into one anyway is not merged before.
    pub fn leave_apart(&self) {
        self.lines.set_merge_policy(Box::new(NoMergePolicy));
    }

    /// Begins to make all parts into one. The future tells when that is done; meanwhile everything goes on.
    ///
    /// # Errors
    /// `INTERNAL` where the index cannot be read.
    pub fn unite(&mut self) -> Outcome<Option<impl Future<Output = Outcome<()>> + Send + use<>>> {
        self.merge_now_and_then();
        let parts = self.index.lines.searchable_segment_ids().map_err(broken)?;
        let united = (parts.len() > 1).then(|| self.lines.merge(&parts));
        Ok(united.map(|merged| async move { merged.await.map(|_| ()).map_err(broken) }))
    }

    /// What the numbers mean, with all that was put in so far.
    pub fn register(&self) -> &Register {
        &self.register
    }

    /// The number of a text.
    pub fn value(&mut self, kind: Kind, text: &str) -> u32 {
        let Known { hash, values, .. } = &mut self.known;
        let register = &self.register;
        let same =
            |number: &u32| register.values.get(*number).is_some_and(|value| value.kind == kind && &*value.text == text);
        let hashed = hash.hash_one((kind, text));
        if let Some(number) = values.find(hashed, same) {
            return *number;
        }
        let number = next(self.register.values.len());
        values.insert_unique(hashed, number, |each| {
            register.values.get(*each).map_or(0, |value| hash.hash_one((value.kind, &*value.text)))
        });
        self.put(number, Entry::Value(Value::new(kind, text)));
        number
    }

    /// The number of what is tested and how.
    pub fn competence(&mut self, competence: Competence) -> u32 {
        let fresh = next(self.register.competences.len());
        let number = *self.known.competences.entry(competence).or_insert(fresh);
        if number == fresh {
            self.put(number, Entry::Competence(competence));
        }
        number
    }

    /// The number of who holds lines.
    pub fn holder(&mut self, holder: Holder) -> u32 {
        let fresh = next(self.register.holders.len());
        let number = *self.known.holders.entry(holder).or_insert(fresh);
        if number == fresh {
            self.put(number, Entry::Holder(holder));
        }
        number
    }

    /// The number of when lines are in force.
    pub fn span(&mut self, span: Span) -> u32 {
        let fresh = next(self.register.spans.len());
        let number = *self.known.spans.entry(span).or_insert(fresh);
        if number == fresh {
            self.put(number, Entry::Span(span));
        }
        number
    }

    /// The number of what has an id; given now where it had none.
    pub fn number(&mut self, shelf: Shelf, id: Uuid) -> u32 {
        if let Some(number) = self.numbers.get(shelf, id) {
            return number;
        }
        let (number, entry) = match shelf {
            Shelf::Lab => (self.register.labs.len(), Entry::Lab(Default::default())),
            Shelf::Certificate => (self.register.certificates.len(), Entry::Certificate(Default::default())),
            Shelf::Equipment => (self.register.equipment.len(), Entry::Equipment(Default::default())),
            Shelf::Signatory => (self.register.signatories.len(), Entry::Signatory(Default::default())),
            Shelf::Offering => (self.register.offerings.len(), Entry::Offering(Default::default())),
            _ => (self.register.standards.len(), Entry::Standard(Default::default())),
        };
        let number = next(number);
        self.numbers.note(shelf, id, number);
        self.put(number, entry);
        number
    }

    /// Puts an entry in its place.
    pub fn put(&mut self, number: u32, entry: Entry) {
        self.dirty.insert((entry.shelf(), number));
        self.register.put(number, entry);
    }

    /// Takes all revisions of a line out.
    pub fn remove_line(&mut self, id: Uuid) {
        self.lines.delete_term(Term::from_field_bytes(self.index.line_fields.line, id.as_bytes()));
    }

    /// Writes a revision of a line.
    ///
    /// # Errors
    /// `INTERNAL` where the index cannot be written.
    pub fn line(&mut self, row: &LineRow) -> Outcome<()> {
        let fields = &self.index.line_fields;
        let mut document = TantivyDocument::new();
        let (high, low) = row.id.as_u64_pair();
        document.add_bytes(fields.line, row.id.as_bytes());
        document.add_u64(fields.competence, row.competence.into());
        document.add_u64(fields.holder, row.holder.into());
        document.add_u64(fields.lab, row.lab.into());
        document.add_u64(fields.span, row.span.into());
        document.add_u64(fields.high, high);
        document.add_u64(fields.low, low);
        for link in &row.equipment {
            document.add_u64(fields.equipment, link.packed());
        }
        for link in &row.signatories {
            document.add_u64(fields.signatory, link.packed());
        }
        self.lines.add_document(document).map(|_| ()).map_err(broken)
    }

    /// Makes what was written lasting, and tells how it is seen from now on.
    ///
    /// The register goes first: where the machine stops between the two, what is told twice does no harm, while a line
    /// whose numbers mean nothing would.
    ///
    /// # Errors
    /// `INTERNAL` where the index cannot be written.
    pub fn commit(&mut self, mark: Mark) -> Outcome<Snapshot> {
        let mark = Mark { shape: SHAPE, ..mark };
        let payload = serde_json::to_string(&mark).map_err(Fault::internal)?;
        for (shelf, number) in std::mem::take(&mut self.dirty) {
            self.entry(shelf, number)?;
        }
        for writer in [&mut self.entries, &mut self.lines] {
            let mut prepared = writer.prepare_commit().map_err(broken)?;
            prepared.set_payload(&payload);
            prepared.commit().map_err(broken)?;
        }
        self.snapshot(mark)
    }

    /// What was committed last, as it is seen.
    ///
    /// # Errors
    /// `INTERNAL` where the index cannot be read.
    pub fn snapshot(&self, mark: Mark) -> Outcome<Snapshot> {
        self.index.snapshot(self.register.clone(), Arc::clone(&self.numbers), mark)
    }

    fn entry(&mut self, shelf: Shelf, number: u32) -> Outcome<()> {
        let Some(entry) = self.register.entry(shelf, number) else { return Ok(()) };
        let fields = &self.index.entry_fields;
        let mut key = [0; 5];
        key[0] = shelf as u8;
        key[1..].copy_from_slice(&number.to_be_bytes());
        self.entries.delete_term(Term::from_field_bytes(fields.key, &key));
        let mut document = TantivyDocument::new();
        document.add_bytes(fields.key, &key);
        document.add_u64(fields.number, number.into());
        if let Entry::Value(value) = &entry {
            document.add_pre_tokenized_text(fields.tokens, listed(tokens::of_value(value)));
        }
        let bytes = postcard::to_allocvec(&(number, entry)).map_err(Fault::internal)?;
        document.add_bytes(fields.entry, &bytes);
        self.entries.add_document(document).map(|_| ()).map_err(broken)
    }

    /// Waits until merges that are under way have ended.
    ///
    /// # Errors
    /// `INTERNAL` where one of them fails.
    pub fn settle(self) -> Outcome<()> {
        self.entries.wait_merging_threads().map_err(broken)?;
        self.lines.wait_merging_threads().map_err(broken)
    }
}

fn listed(tokens: Vec<String>) -> PreTokenizedString {
    let tokens = tokens.into_iter().map(|text| Token { text, position: 0, ..Token::default() }).collect();
    PreTokenizedString { text: String::new(), tokens }
}

fn next(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

/// The stricter of two words on who may see something.
pub fn stricter(one: Visibility, other: Visibility) -> Visibility {
    one.max(other)
}
