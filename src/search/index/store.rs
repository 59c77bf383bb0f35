//! Where the two indexes live, how far they have come, and how they are opened.

use std::{
    collections::HashMap,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
};

use serde::{Deserialize, Serialize};
use tantivy::{
    IndexReader, ReloadPolicy, TantivyDocument, TantivyError,
    directory::{Directory as _, INDEX_WRITER_LOCK, MmapDirectory, RamDirectory},
    index::SegmentId,
    schema::{Schema, Value as _},
};

use super::{
    reader::Snapshot,
    schema::{EntryFields, LineFields, SHAPE},
    segment::Segment,
};
use crate::{
    platform::fault::{Fault, Outcome},
    search::register::{Entry, Numbers, Register},
};

/// Where an index is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// In memory: for tests, and gone with the process.
    Memory,
    /// In a folder of its own.
    Folder(PathBuf),
}

/// Which entry of the feed an index has come to. It lives in the index's own commits, so that the two cannot part.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mark {
    /// The shape of the index.
    pub shape: u32,
    /// Number of the last entry of the feed that is in it.
    pub seq: i64,
    /// The hash of that entry, by which another database is noticed.
    pub hash: String,
    /// Whether everything that was there before is in it; not so while it is being built.
    pub whole: bool,
}

/// The two indexes, open.
pub struct Index {
    pub(super) lines: tantivy::Index,
    pub(super) register: tantivy::Index,
    pub(super) line_fields: LineFields,
    pub(super) entry_fields: EntryFields,
    line_reader: IndexReader,
    entry_reader: IndexReader,
    segments: Mutex<HashMap<SegmentId, Arc<Segment>>>,
}

/// What the library says, as a fault of ours. Nothing that a caller sends makes it speak.
pub(super) fn broken(error: TantivyError) -> Fault {
    Fault::internal(error)
}

impl Index {
    /// Opens what is there.
    ///
    /// # Errors
    /// Whatever keeps it from being read; then it is to be made anew.
    pub fn open(folder: &Path) -> Outcome<Self> {
        let lines = tantivy::Index::open_in_dir(folder.join("lines")).map_err(broken)?;
        let register = tantivy::Index::open_in_dir(folder.join("register")).map_err(broken)?;
        let (line_fields, entry_fields) = (LineFields::new(), EntryFields::new());
        if lines.schema() != line_fields.schema || register.schema() != entry_fields.schema {
            return Err(broken(TantivyError::SchemaError("of another version".to_owned())));
        }
        Self::over(lines, register, line_fields, entry_fields)
    }

    /// Begins an empty one; what was in the folder goes.
    ///
    /// # Errors
    /// `INTERNAL` where the folder cannot be written.
    pub fn create(place: &Place) -> Outcome<Self> {
        let (line_fields, entry_fields) = (LineFields::new(), EntryFields::new());
        let lines = made(place, "lines", line_fields.schema.clone(), LineFields::settings())?;
        let settings = tantivy::IndexSettings { docstore_compress_dedicated_thread: false, ..Default::default() };
        let register = made(place, "register", entry_fields.schema.clone(), settings)?;
        Self::over(lines, register, line_fields, entry_fields)
    }

    fn over(
        lines: tantivy::Index,
        register: tantivy::Index,
        line_fields: LineFields,
        entry_fields: EntryFields,
    ) -> Outcome<Self> {
        let reader = |index: &tantivy::Index| {
            index.reader_builder().reload_policy(ReloadPolicy::Manual).try_into().map_err(broken)
        };
        let (line_reader, entry_reader) = (reader(&lines)?, reader(&register)?);
        let segments = Mutex::default();
        Ok(Self { lines, register, line_fields, entry_fields, line_reader, entry_reader, segments })
    }

    /// Whether somebody, of whatever process, is writing it.
    pub fn is_written(&self) -> bool {
        self.lines.directory().acquire_lock(&INDEX_WRITER_LOCK).is_err()
    }

    /// How far it has come.
    ///
    /// # Errors
    /// `INTERNAL` where it cannot be read.
    pub fn mark(&self) -> Outcome<Mark> {
        let meta = self.lines.load_metas().map_err(broken)?;
        let mark: Mark = meta.payload.and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default();
        Ok(if mark.shape == SHAPE { mark } else { Mark::default() })
    }

    /// Reads the whole register into memory.
    ///
    /// # Errors
    /// `INTERNAL` where it cannot be read.
    pub fn load(&self) -> Outcome<(Register, Numbers)> {
        let mut register = Register::default();
        self.entry_reader.reload().map_err(broken)?;
        for segment in self.entry_reader.searcher().segment_readers() {
            let store = segment.get_store_reader(1).map_err(Fault::internal)?;
            for document in store.iter::<TantivyDocument>(segment.alive_bitset()) {
                let document = document.map_err(broken)?;
                let bytes = document.get_first(self.entry_fields.entry).and_then(|value| value.as_bytes());
                let (number, entry): (u32, Entry) =
                    postcard::from_bytes(bytes.unwrap_or_default()).map_err(Fault::internal)?;
                register.put(number, entry);
            }
        }
        let numbers = Numbers::of(&register);
        Ok((register, numbers))
    }

    /// What can be asked now: the last commit of both.
    ///
    /// # Errors
    /// `INTERNAL` where it cannot be read.
    pub fn snapshot(&self, register: Register, numbers: Arc<Numbers>, mark: Mark) -> Outcome<Snapshot> {
        self.entry_reader.reload().map_err(broken)?;
        self.line_reader.reload().map_err(broken)?;
        let lines = self.line_reader.searcher();
        let mut known = self.segments.lock().unwrap_or_else(PoisonError::into_inner);
        let mut segments = Vec::with_capacity(lines.segment_readers().len());
        for (number, reader) in (0..).zip(lines.segment_readers()) {
            let before = known.get(&reader.segment_id()).cloned();
            segments.push(Arc::new(Segment::open(number, reader, before.as_deref()).map_err(broken)?));
        }
        *known = segments.iter().map(|segment| (segment.id(), Arc::clone(segment))).collect();
        drop(known);
        let texts = self.entry_reader.searcher();
        Ok(Snapshot::new(register, numbers, segments, (lines, texts, self.entry_fields.clone()), mark))
    }
}

fn made(place: &Place, name: &str, schema: Schema, settings: tantivy::IndexSettings) -> Outcome<tantivy::Index> {
    let builder = tantivy::Index::builder().schema(schema).settings(settings);
    match place {
        Place::Memory => builder.open_or_create(RamDirectory::create()).map_err(broken),
        Place::Folder(folder) => {
            let folder = folder.join(name);
            if folder.exists() {
                std::fs::remove_dir_all(&folder).map_err(Fault::internal)?;
            }
            std::fs::create_dir_all(&folder).map_err(Fault::internal)?;
            let directory = MmapDirectory::open(&folder).map_err(|error| broken(error.into()))?;
            builder.open_or_create(directory).map_err(broken)
        }
    }
}
