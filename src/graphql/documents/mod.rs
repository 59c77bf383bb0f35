//! Documents known by their hash: those of published manifests, and those that clients have sent before.
//!
//! A known document was parsed once. Every check of an operation is made at each execution all the same: that somebody may
//! name a document says nothing of who may execute it.

pub mod manifest;

use std::{
    path::{Path, PathBuf},
    sync::{Arc, PoisonError, RwLock},
    time::Duration,
};

use async_graphql::{
    Request, Value,
    parser::{parse_query, types::ExecutableDocument},
};
use moka::sync::Cache;
use serde::Deserialize;
use sha2::{Digest, Sha256};

use self::manifest::Manifests;
use super::{
    introspection::Validator,
    limits::{self, Limits},
    text,
};
use crate::{
    identity::scopes::GRAPHQL_ADHOC,
    platform::{
        access::Actor,
        fault::{Fault, Outcome},
    },
};

/// Section `[graphql.documents]` of the configuration.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct DocumentSettings {
    /// Whether clients may name a document by its hash once it was sent (automatic persisted queries).
    pub persisted: bool,
    /// How much memory the documents that are remembered may take, in bytes.
    pub remembered_bytes: u64,
    /// How often the folder of manifests is looked at, in seconds.
    pub reload_seconds: u64,
}

impl Default for DocumentSettings {
    fn default() -> Self {
        Self { persisted: true, remembered_bytes: 32 << 20, reload_seconds: 10 }
    }
}

/// SHA-256 of a document's text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Hash([u8; 32]);

impl Hash {
    /// Of a text.
    pub fn of(text: &str) -> Self {
        Self(Sha256::digest(text.as_bytes()).into())
    }

    /// From 64 hexadecimal digits, with or without `sha256:` before them.
    pub fn read(text: &str) -> Option<Self> {
        let mut bytes = [0; 32];
        hex::decode_to_slice(text.strip_prefix("sha256:").unwrap_or(text), &mut bytes).ok()?;
        Some(Self(bytes))
    }
}

/// A document that was parsed.
#[derive(Debug)]
pub struct Known {
    /// As it was written.
    pub text: String,
    /// As it was read.
    pub parsed: ExecutableDocument,
}

/// The key of a request's extensions by which Apollo's clients name a document.
pub const PERSISTED: &str = "persistedQuery";

/// What each document takes beside its text and what was read from it, in bytes.
const BESIDE: u64 = 512;
/// The most that one token becomes when it is read, in bytes: a field does, on a 64-bit machine.
const PER_TOKEN: u64 = 350;

impl Known {
    /// The most memory that it can take, in bytes. A byte of text may become a hundred and more.
    pub fn weight(&self) -> u64 {
        let tokens = text::extent(&self.text).tokens;
        self.text.len() as u64 + tokens.saturating_mul(PER_TOKEN) + BESIDE
    }
}

/// Every document that this node knows.
pub struct Documents {
    settings: DocumentSettings,
    remembered: Cache<Hash, Arc<Known>>,
    trusted: Option<Trusted>,
}

struct Trusted {
    folder: PathBuf,
    limits: Limits,
    current: RwLock<Arc<Manifests>>,
}

impl Documents {
    /// With the manifests of a folder, where only their operations are to run.
    ///
    /// # Errors
    /// As [`read`].
    pub fn open(settings: DocumentSettings, trusted: Option<&Path>, limits: &Limits) -> Outcome<Self> {
        let weigh = |_: &Hash, known: &Arc<Known>| u32::try_from(known.weight()).unwrap_or(u32::MAX);
        let remembered = Cache::builder().max_capacity(settings.remembered_bytes).weigher(weigh).build();
        let trusted = trusted.map(|folder| Trusted::open(folder, limits)).transpose()?;
        Ok(Self { settings, remembered, trusted })
    }

    /// Puts the document that a request names or sends into it, parsed where it is known. What is returned is to be
    /// [remembered](Documents::remember) once the operation was admitted.
    ///
    /// # Errors
    /// `PERSISTED_QUERY_NOT_FOUND` for a name that is not known, which clients answer with the text; `FORBIDDEN` for a
    /// document that is in no manifest, where only those run; `INVALID` for a name that is not its text's.
    pub fn resolve(&self, request: &mut Request, actor: &Actor) -> Outcome<Option<Hash>> {
        let named = named(request)?;
        let written = (!request.query.is_empty()).then(|| Hash::of(&request.query));
        if let (Some(named), Some(written)) = (named, written)
            && named != written
        {
            return Err(Fault::invalid(
                "extensions.persistedQuery.sha256Hash",
                "PERSISTED_QUERY_HASH",
                "This is not the SHA-256 of the query; send the hash of exactly the text that you send.",
            ));
        }
        let Some(hash) = written.or(named) else { return Ok(None) };
        if let Some(trusted) = &self.trusted {
            if let Some(known) = trusted.manifests().find(hash) {
                take(request, known);
                return Ok(None);
            }
            if !actor.holds(GRAPHQL_ADHOC) {
                return Err(Fault::Forbidden {
                    action: "graphql.adhoc",
                    message: "Only published documents run here: publish this one, or ask for the scope graphql:adhoc."
                        .into(),
                });
            }
        }
        if let Some(known) = self.remembered.get(&hash) {
            // Without persisted queries a hash alone names nothing, but a text need not be parsed twice.
            if written.is_some() || self.is_persisting() {
                take(request, &known);
                return Ok(None);
            }
        }
        match written {
            Some(_) => Ok(Some(hash)),
            None if self.is_persisting() => Err(Fault::rule(
                "PERSISTED_QUERY_NOT_FOUND",
                // The very words that clients look for.
                "PersistedQueryNotFound",
                serde_json::Value::Null,
            )),
            None => {
                Err(Fault::rule("PERSISTED_QUERY_NOT_SUPPORTED", "PersistedQueryNotSupported", serde_json::Value::Null))
            }
        }
    }

    /// Remembers a document whose operation was admitted.
    pub fn remember(&self, hash: Hash, request: &mut Request) {
        if self.remembered.contains_key(&hash) {
            return;
        }
        let text = request.query.clone();
        if let Ok(parsed) = request.parsed_query() {
            self.remembered.insert(hash, Arc::new(Known { text, parsed: parsed.clone() }));
        }
    }

    /// Whether only published documents run.
    pub fn is_trusting(&self) -> bool {
        self.trusted.is_some()
    }

    /// Reads the folder of manifests again whenever it has changed, until it is dropped. What cannot be read is told in the
    /// log, and what was read before stays.
    pub async fn follow(&self) {
        let Some(trusted) = &self.trusted else { return std::future::pending().await };
        let mut interval = tokio::time::interval(Duration::from_secs(self.settings.reload_seconds.max(1)));
        interval.tick().await;
        let mut seen = Some(trusted.manifests().stamp());
        loop {
            interval.tick().await;
            let (folder, limits, before) = (trusted.folder.clone(), trusted.limits.clone(), seen.clone());
            // Files and the checks of thousands of documents keep no request waiting.
            let look = move || {
                let stamp = manifest::stamp(&folder).ok();
                let read = (stamp != before).then(|| read(&folder, &limits));
                (stamp, read)
            };
            let Ok((stamp, Some(read))) = tokio::task::spawn_blocking(look).await else { continue };
            seen = stamp;
            match read {
                Ok(manifests) => {
                    tracing::info!(documents = manifests.len(), "the manifests were read again");
                    *trusted.current.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(manifests);
                }
                Err(fault) => tracing::warn!(%fault, "the manifests that were read before are kept"),
            }
        }
    }

    fn is_persisting(&self) -> bool {
        self.settings.persisted && self.trusted.is_none()
    }
}

/// Reads the manifests of a folder: each document must parse, keep the limits and fit the schema.
///
/// # Errors
/// `INVALID` with every file and entry that cannot be taken.
pub fn read(folder: &Path, limits: &Limits) -> Outcome<Manifests> {
    let validator = Validator::new();
    Manifests::read(folder, |text| {
        limits::check_text(&text, limits).map_err(|fault| fault.to_string())?;
        let parsed = parse_query(&text).map_err(|_| "it cannot be parsed.".to_owned())?;
        limits::check(&parsed, limits).map_err(|fault| fault.to_string())?;
        for (name, _) in parsed.operations.iter() {
            validator.check(&text, name.map(|name| name.as_str()))?;
        }
        Ok(Known { text, parsed })
    })
}

impl Trusted {
    fn open(folder: &Path, limits: &Limits) -> Outcome<Self> {
        let current = RwLock::new(Arc::new(read(folder, limits)?));
        Ok(Self { folder: folder.to_owned(), limits: limits.clone(), current })
    }

    fn manifests(&self) -> Arc<Manifests> {
        Arc::clone(&self.current.read().unwrap_or_else(PoisonError::into_inner))
    }
}

fn take(request: &mut Request, known: &Known) {
    if request.query.is_empty() {
        request.query.clone_from(&known.text);
    }
    request.set_parsed_query(known.parsed.clone());
}

/// The hash by which a request names its document.
fn named(request: &Request) -> Outcome<Option<Hash>> {
    let Some(extension) = request.extensions.get(PERSISTED) else { return Ok(None) };
    let Value::Object(members) = extension else { return Err(unreadable()) };
    match (members.get("version"), members.get("sha256Hash")) {
        (Some(Value::Number(version)), Some(Value::String(hash))) if version.as_u64() == Some(1) => {
            Hash::read(hash).map(Some).ok_or_else(unreadable)
        }
        _ => Err(unreadable()),
    }
}

fn unreadable() -> Fault {
    Fault::invalid(
        "extensions.persistedQuery",
        "PERSISTED_QUERY",
        "Send {\"version\": 1, \"sha256Hash\": \"…\"} with the 64 hexadecimal digits of the SHA-256 of the query.",
    )
}
