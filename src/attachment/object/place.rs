//! Where the contents are kept, and how that is opened.

use std::{fmt, fs, os::unix::fs::DirBuilderExt, path::PathBuf, sync::Arc, time::Duration};

use object_store::{
    ClientOptions, ObjectStore, RetryConfig, aws::AmazonS3Builder, local::LocalFileSystem, memory::InMemory,
    prefix::PrefixStore,
};

use super::Objects;
use crate::{
    attachment::address::keys::Secret,
    platform::fault::{Fault, Outcome},
};

/// How many bytes are gathered for a folder before they are written.
const PART_OF_FILE: usize = 256 * 1024;
/// How many are sent at once to a store that speaks S3: it takes no smaller parts but the last.
const PART_OF_OBJECT: usize = 5 * 1024 * 1024;

/// Where the contents are kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// In memory, for trying.
    Memory,
    /// In a folder, which nodes share.
    Folder(PathBuf),
    /// At a store that speaks S3.
    S3(S3),
}

/// A bucket, and how it is reached. What is not said is taken from the environment, as the store's own tools do
/// (`AWS_ACCESS_KEY_ID`, …).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct S3 {
    /// The bucket.
    pub bucket: String,
    /// Under which its objects are; empty for none.
    pub prefix: String,
    /// Its region.
    pub region: Option<String>,
    /// The address of the store; Amazon's where not given.
    pub endpoint: Option<String>,
    /// Name of the key.
    pub access_key_id: Option<String>,
    /// The key.
    pub secret_access_key: Option<Secret>,
    /// Whether the bucket stands in the host's name rather than in the path.
    pub virtual_hosted: bool,
}

impl Place {
    /// Reads `attachments.store`: `:memory:`, `s3://BUCKET/PREFIX`, or a folder; `s3` has what else is said of a bucket.
    ///
    /// # Errors
    /// `INVALID` for another kind of address, and for no bucket.
    pub fn read(text: &str, s3: S3) -> Outcome<Self> {
        let wrong = |message: String| Err(Fault::invalid("attachments.store", "STORE", message));
        match text.split_once("://") {
            None if text == ":memory:" => Ok(Self::Memory),
            None if text.trim().is_empty() => wrong("Name a folder, or s3://BUCKET/PREFIX.".to_owned()),
            None => Ok(Self::Folder(text.into())),
            Some(("s3", rest)) => {
                let (bucket, prefix) = rest.split_once('/').unwrap_or((rest, ""));
                if bucket.is_empty() {
                    return wrong("Name the bucket: s3://BUCKET/PREFIX.".to_owned());
                }
                Ok(Self::S3(S3 { bucket: bucket.to_owned(), prefix: prefix.trim_matches('/').to_owned(), ..s3 }))
            }
            Some((scheme, _)) => wrong(format!("There is no store {scheme}://; name a folder, or s3://BUCKET/PREFIX.")),
        }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Memory => f.write_str("memory"),
            Self::Folder(folder) => write!(f, "{}", folder.display()),
            Self::S3(S3 { bucket, prefix, .. }) => write!(f, "s3://{bucket}/{prefix}"),
        }
    }
}

/// Opens the place.
pub(super) fn open(place: &Place) -> Outcome<Objects> {
    match place {
        Place::Memory => Ok(Objects { store: Arc::new(InMemory::new()), folder: None, part: PART_OF_FILE }),
        Place::Folder(folder) => {
            let wrong = |cause: String| {
                let message = format!("{} cannot be used: {cause}.", folder.display());
                Fault::invalid("attachments.store", "STORE", message)
            };
            let made = fs::DirBuilder::new().recursive(true).mode(0o700).create(folder);
            made.map_err(|cause| wrong(cause.to_string()))?;
            let store = LocalFileSystem::new_with_prefix(folder).map_err(|cause| wrong(cause.to_string()))?;
            Ok(Objects { store: Arc::new(store.with_fsync(true)), folder: Some(folder.clone()), part: PART_OF_FILE })
        }
        Place::S3(s3) => Ok(Objects { store: bucket(s3)?, folder: None, part: PART_OF_OBJECT }),
    }
}

fn bucket(s3: &S3) -> Outcome<Arc<dyn ObjectStore>> {
    // Downloads last as long as their readers take; a store that says nothing for so long is gone.
    let options = ClientOptions::new()
        .with_timeout_disabled()
        .with_connect_timeout(Duration::from_secs(5))
        .with_read_timeout(Duration::from_secs(30));
    let retry = RetryConfig { max_retries: 3, retry_timeout: Duration::from_secs(20), ..RetryConfig::default() };
    let mut builder = AmazonS3Builder::from_env()
        .with_bucket_name(&s3.bucket)
        .with_virtual_hosted_style_request(s3.virtual_hosted)
        // One by one: not every store takes a list of what shall go.
        .with_disable_bulk_delete(true)
        .with_client_options(options)
        .with_retry(retry);
    if let Some(region) = &s3.region {
        builder = builder.with_region(region);
    }
    if let Some(endpoint) = &s3.endpoint {
        builder =
            builder.with_endpoint(endpoint.trim_end_matches('/')).with_allow_http(endpoint.starts_with("http://"));
    }
    if let Some(id) = &s3.access_key_id {
        builder = builder.with_access_key_id(id);
    }
    if let Some(Secret(key)) = &s3.secret_access_key {
        builder = builder.with_secret_access_key(key);
    }
    let store = builder.build().map_err(|cause| {
        Fault::invalid("attachments.s3", "STORE", format!("s3://{} cannot be used: {cause}.", s3.bucket))
    })?;
    Ok(if s3.prefix.is_empty() { Arc::new(store) } else { Arc::new(PrefixStore::new(store, s3.prefix.as_str())) })
}
