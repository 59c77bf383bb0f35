//! Content on its way into the store: gathered in parts, which are written one after the other.

use std::sync::Arc;

use bytes::Bytes;
use object_store::{MultipartUpload, ObjectStore, ObjectStoreExt, PutPayload, path::Path};

use super::unavailable;
use crate::platform::fault::Outcome;

/// Content under way. Dropping it before its end leaves nothing in the store.
#[derive(Debug)]
pub struct Writing {
    store: Arc<dyn ObjectStore>,
    path: Path,
    part: usize,
    gathered: Vec<Bytes>,
    bytes: usize,
    /// Begun with the first part that is full: what is shorter is written at once.
    upload: Option<Box<dyn MultipartUpload>>,
}

impl Writing {
    pub(super) fn new(store: Arc<dyn ObjectStore>, path: Path, part: usize) -> Self {
        Self { store, path, part, gathered: Vec::new(), bytes: 0, upload: None }
    }

    /// The next piece.
    ///
    /// # Errors
    /// `UNAVAILABLE`.
    pub async fn push(&mut self, piece: Bytes) -> Outcome<()> {
        self.bytes += piece.len();
        self.gathered.push(piece);
        if self.bytes < self.part {
            return Ok(());
        }
        let part = self.take();
        let upload = match &mut self.upload {
            Some(upload) => upload,
            None => {
                let begun = self.store.put_multipart(&self.path).await.map_err(|cause| unavailable(&cause))?;
                self.upload.insert(begun)
            }
        };
        upload.put_part(part).await.map_err(|cause| unavailable(&cause))
    }

    /// The end: now the object is there, in place of what was there before.
    ///
    /// # Errors
    /// `UNAVAILABLE`; then it is not.
    pub async fn finish(mut self) -> Outcome<()> {
        let rest = self.take();
        let Some(upload) = &mut self.upload else {
            return self.store.put(&self.path, rest).await.map(drop).map_err(|cause| unavailable(&cause));
        };
        if rest.content_length() > 0 {
            upload.put_part(rest).await.map_err(|cause| unavailable(&cause))?;
        }
        upload.complete().await.map_err(|cause| unavailable(&cause))?;
        self.upload = None;
        Ok(())
    }

    fn take(&mut self) -> PutPayload {
        self.bytes = 0;
        std::mem::take(&mut self.gathered).into_iter().collect()
    }
}

impl Drop for Writing {
    fn drop(&mut self) {
        let Some(mut upload) = self.upload.take() else { return };
        if let Ok(runtime) = tokio::runtime::Handle::try_current() {
            runtime.spawn(async move {
                if let Err(cause) = upload.abort().await {
                    tracing::debug!(error = %cause, "a content that was given up is left to the sweeper");
                }
            });
        }
    }
}
