//! The contents of files, as objects under the ids of their rows: in a folder, or at a store that speaks S3.
//!
//! An object is there whole or not at all: what is under way is written elsewhere, and takes its place at the end.

mod draft;
mod place;
mod writing;

use std::{ops::Range, path::PathBuf, sync::Arc};

use bytes::Bytes;
use chrono::{DateTime, Utc};
use entity::ids::AttachmentId;
use futures_util::{
    StreamExt, TryStreamExt,
    stream::{self, BoxStream},
};
use object_store::{Error, GetOptions, GetRange, ObjectMeta, ObjectStore, ObjectStoreExt, path::Path};
use uuid::Uuid;

pub use place::{Place, S3};
pub use writing::Writing;

use crate::platform::fault::{Fault, Outcome};

/// Under which the contents are; beside it, `probe` is for trying whether the store works.
const ROOT: &str = "files";

/// The store. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Objects {
    store: Arc<dyn ObjectStore>,
    /// Where the store is a folder.
    folder: Option<PathBuf>,
    /// How many bytes are gathered before they are written.
    part: usize,
}

/// Content on its way out.
pub type Pieces = BoxStream<'static, Result<Bytes, Error>>;

impl Objects {
    /// Opens the store, and makes its folder where it is missing.
    ///
    /// # Errors
    /// `INVALID` naming what cannot be used.
    pub fn open(place: &Place) -> Outcome<Self> {
        place::open(place)
    }

    /// Begins to write the content of a file.
    pub fn begin(&self, id: AttachmentId) -> Writing {
        Writing::new(Arc::clone(&self.store), path(id), self.part)
    }

    /// A part of the content of a file that has `size` bytes.
    ///
    /// # Errors
    /// `INTERNAL` where the object is not there, or has another size than its row says; `UNAVAILABLE`.
    pub async fn read(&self, id: AttachmentId, size: u64, part: Range<u64>) -> Outcome<Pieces> {
        let options = GetOptions { range: Some(GetRange::Bounded(part)), ..GetOptions::default() };
        match self.store.get_opts(&path(id), options).await {
            Ok(found) if found.meta.size == size => Ok(found.into_stream()),
            Ok(found) => {
                Err(Fault::internal(format!("{id} has {} bytes in the store, and {size} by its row", found.meta.size)))
            }
            Err(Error::NotFound { .. }) => Err(Fault::internal(format!("{id} is STORED, and not in the store"))),
            Err(cause) => Err(unavailable(&cause)),
        }
    }

    /// Takes the contents of files away; what is not there is no fault.
    ///
    /// # Errors
    /// `UNAVAILABLE`.
    pub async fn delete(&self, ids: Vec<AttachmentId>) -> Outcome<()> {
        let paths = stream::iter(ids).map(|id| Ok(path(id))).boxed();
        let mut gone = self.store.delete_stream(paths);
        while let Some(each) = gone.next().await {
            match each {
                Ok(_) | Err(Error::NotFound { .. }) => {}
                Err(cause) => return Err(unavailable(&cause)),
            }
        }
        Ok(())
    }

    /// The files whose content was written before a moment, in pieces of at most `most`.
    pub fn older(&self, than: DateTime<Utc>, most: usize) -> BoxStream<'static, Outcome<Vec<AttachmentId>>> {
        let is_old = move |found: &ObjectMeta| std::future::ready(found.last_modified < than);
        let objects = self.store.list(Some(&Path::from(ROOT))).try_filter(is_old);
        let ids = objects.try_filter_map(|found| std::future::ready(Ok(id_of(&found.location))));
        ids.map_err(|cause| unavailable(&cause)).try_chunks(most).map_err(|broken| broken.1).boxed()
    }

    /// Takes away what a process that died has left of contents under way before a moment. A store that speaks S3 does
    /// that by itself, by a rule of the bucket. Returns how many there were.
    ///
    /// # Errors
    /// `UNAVAILABLE`.
    pub async fn clear_drafts(&self, before: DateTime<Utc>) -> Outcome<u64> {
        match &self.folder {
            Some(folder) => draft::clear(folder.join(ROOT), before).await,
            None => Ok(0),
        }
    }

    /// Writes something, reads it back and takes it away again.
    ///
    /// # Errors
    /// `UNAVAILABLE`, with what does not work.
    pub async fn probe(&self, name: Uuid) -> Outcome<()> {
        let told =
            |what: &str, cause: Error| Fault::Unavailable(format!("The store of files does not {what}: {cause}."));
        let path = Path::from(format!("probe/{}", name.as_hyphenated()));
        let content = Bytes::copy_from_slice(name.as_bytes());
        self.store.put(&path, content.clone().into()).await.map_err(|cause| told("take anything", cause))?;
        let found = self.store.get(&path).await.map_err(|cause| told("give anything back", cause))?;
        let found = found.bytes().await.map_err(|cause| told("give anything back", cause))?;
        self.store.delete(&path).await.map_err(|cause| told("take anything away", cause))?;
        if found == content {
            Ok(())
        } else {
            Err(Fault::Unavailable("The store of files gives something else back.".into()))
        }
    }
}

/// Where the content of a file is. The last digits of an id are random; its first ones are the time.
fn path(id: AttachmentId) -> Path {
    let name = id.0.as_hyphenated().to_string();
    Path::from(format!("{ROOT}/{}/{name}", &name[name.len() - 2..]))
}

/// The file whose content is there; none for what is not ours.
fn id_of(location: &Path) -> Option<AttachmentId> {
    let id = AttachmentId(Uuid::try_parse(location.filename()?).ok()?);
    (path(id) == *location).then_some(id)
}

/// The store does not do what it should. Why goes to the log.
fn unavailable(cause: &Error) -> Fault {
    tracing::error!(error = %cause, "the store of files does not answer");
    Fault::Unavailable("The store of files does not answer; try again in a moment.".to_owned())
}
