//! Section `[attachments]`.

use std::{path::PathBuf, time::Duration};

use chrono::TimeDelta;
use serde::Deserialize;

use crate::{
    attachment::{
        Settings,
        address::keys::{KeySource, Secret},
        desk::LONGEST,
        model::record::Accepted,
        object::{Place, S3},
    },
    identity::config::IdentityConfig,
    platform::{
        db::{DatabaseConfig, file_of},
        fault::{Outcome, Problems},
    },
};

/// Where and how files are kept.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct AttachmentConfig {
    /// A folder, which all nodes share; or `s3://BUCKET/PREFIX`; `:memory:` keeps them in memory. Where not given, a folder
    /// beside an SQLite database, or `labpact-files` in the working folder.
    pub store: Option<String>,
    /// The bucket's store, where it is one.
    pub s3: S3Config,
    /// Longest file, in bytes.
    pub file_bytes: u32,
    /// Media types that are taken.
    pub media_types: Vec<String>,
    /// How long an address for uploading is good, in seconds; at most a day, as for the two that follow.
    pub upload_seconds: u32,
    /// How long one for downloading is good where the caller does not say, in seconds.
    pub download_seconds: u32,
    /// The longest that a caller may say, in seconds.
    pub download_most_seconds: u32,
    /// How long a content may take to come, in seconds.
    pub transfer_seconds: u32,
    /// How many contents may come to this node at once.
    pub at_once: usize,
    /// How long a file is kept that is not attached to anything, in hours.
    pub unbound_hours: u32,
    /// Most such files of one agency.
    pub unbound_files: u32,
    /// Most bytes of them together.
    pub unbound_bytes: u64,
    /// How often what is over is cleared away, in seconds.
    pub sweep_seconds: u32,
    /// The public address of the server, such as `https://labpact.example.gov.cn`, to stand before the addresses of files.
    pub base_url: String,
    /// Folder of the keys with which addresses are signed, which all nodes share. Where not given, that of the embedded
    /// issuer, or `keys` in the folder of the files.
    pub keys: Option<PathBuf>,
    /// Keys instead of a folder of them, in base64: the first one signs, all verify.
    pub secrets: Vec<Secret>,
}

/// A store that speaks S3. What is not given is taken from the environment (`AWS_ACCESS_KEY_ID`, …).
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct S3Config {
    /// Its address; Amazon's where not given.
    pub endpoint: Option<String>,
    /// The region.
    pub region: Option<String>,
    /// Name of the key.
    pub access_key_id: Option<String>,
    /// The key.
    pub secret_access_key: Option<Secret>,
    /// Whether the bucket stands in the host's name rather than in the path.
    pub virtual_hosted: bool,
}

/// What people attach: texts, pictures, tables; OFD is the format of GB/T 33190.
const MEDIA_TYPES: [&str; 14] = [
    "application/pdf",
    "application/ofd",
    "image/png",
    "image/jpeg",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "application/vnd.oasis.opendocument.text",
    "application/vnd.oasis.opendocument.spreadsheet",
    "application/msword",
    "application/vnd.ms-excel",
    "application/xml",
    "text/xml",
    "text/csv",
    "text/plain",
];

impl Default for AttachmentConfig {
    fn default() -> Self {
        Self {
            store: None,
            s3: S3Config::default(),
            file_bytes: 26_214_400,
            media_types: MEDIA_TYPES.map(str::to_owned).to_vec(),
            upload_seconds: 900,
            download_seconds: 300,
            download_most_seconds: 3_600,
            transfer_seconds: 600,
            at_once: 32,
            unbound_hours: 168,
            unbound_files: 500,
            unbound_bytes: 2_147_483_648,
            sweep_seconds: 3_600,
            base_url: String::new(),
            keys: None,
            secrets: Vec::new(),
        }
    }
}

impl AttachmentConfig {
    /// How an instance with this database and these issuers keeps files.
    ///
    /// # Errors
    /// `INVALID` with every key that cannot be meant.
    pub fn settings(&self, database: &DatabaseConfig, identity: &IdentityConfig) -> Outcome<Settings> {
        self.check(identity)?;
        let place = self.place(database)?;
        let accepted = Accepted {
            bytes: self.file_bytes.into(),
            media_types: self.media_types.iter().map(|kind| kind.trim().to_lowercase()).collect(),
            unbound_files: self.unbound_files.into(),
            unbound_bytes: self.unbound_bytes,
        };
        let seconds = |count: u32| Duration::from_secs(count.max(1).into());
        let span = |count: u32| TimeDelta::seconds(count.into());
        Ok(Settings {
            keys: self.key_source(&place, identity),
            place,
            accepted,
            upload: span(self.upload_seconds),
            download: span(self.download_seconds),
            download_most: span(self.download_most_seconds),
            transfer: seconds(self.transfer_seconds),
            at_once: self.at_once,
            unbound: TimeDelta::hours(self.unbound_hours.into()),
            sweep: seconds(self.sweep_seconds),
            base: self.base_url.trim_end_matches('/').to_owned(),
        })
    }

    fn place(&self, database: &DatabaseConfig) -> Outcome<Place> {
        let S3Config { endpoint, region, access_key_id, secret_access_key, virtual_hosted } = self.s3.clone();
        let (bucket, prefix) = (String::new(), String::new());
        let s3 = S3 { bucket, prefix, region, endpoint, access_key_id, secret_access_key, virtual_hosted };
        match &self.store {
            Some(store) => Place::read(store, s3),
            None => Ok(Place::Folder(match file_of(&database.url) {
                Some(file) => file.with_extension("files"),
                None => PathBuf::from("labpact-files"),
            })),
        }
    }

    /// Whoever can read the folder of the files needs no address, so that it may hold the keys as well.
    fn key_source(&self, place: &Place, identity: &IdentityConfig) -> KeySource {
        match (&self.keys, &identity.embedded, place) {
            _ if !self.secrets.is_empty() => KeySource::Given(self.secrets.clone()),
            (Some(folder), _, _) => KeySource::Folder(folder.clone()),
            (None, Some(embedded), _) => KeySource::Folder(embedded.keys.clone()),
            (None, None, Place::Folder(folder)) => KeySource::Folder(folder.join("keys")),
            (None, None, Place::S3(_) | Place::Memory) => KeySource::Own,
        }
    }

    fn check(&self, identity: &IdentityConfig) -> Outcome<()> {
        let mut problems = Problems::default();
        if i32::try_from(self.file_bytes).is_err() || self.file_bytes == 0 {
            problems.add("attachments.file_bytes", "CONFIG", "A file has 1 to 2147483647 bytes.");
        }
        for (name, seconds) in [
            ("upload_seconds", self.upload_seconds),
            ("download_seconds", self.download_seconds),
            ("download_most_seconds", self.download_most_seconds),
        ] {
            if seconds == 0 || i64::from(seconds) > LONGEST.num_seconds() {
                problems.add(format!("attachments.{name}"), "CONFIG", "An address is good for 1 to 86400 seconds.");
            }
        }
        if self.unbound_hours == 0 {
            problems.add("attachments.unbound_hours", "CONFIG", "Keep files for an hour at least.");
        }
        let has_keys = !self.secrets.is_empty() || self.keys.is_some() || identity.embedded.is_some();
        if !has_keys && self.store.as_deref().is_some_and(|store| store.starts_with("s3://")) {
            let message = "Nodes that share a bucket share keys: write one that `openssl rand -base64 32` prints.";
            problems.add("attachments.secrets", "CONFIG", message);
        }
        if !self.base_url.is_empty() && !["http://", "https://"].iter().any(|scheme| self.base_url.starts_with(scheme))
        {
            problems.add("attachments.base_url", "CONFIG", "Write the public address with https:// before it.");
        }
        problems.finish()
    }
}
