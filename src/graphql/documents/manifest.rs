//! Manifests: the documents that a frontend publishes when it is built.
//!
//! A folder of JSON files, each either an object of hash and text, as Relay and GraphQL Code Generator write it, or
//! Apollo's `apollo-persisted-query-manifest`.

use std::{
    collections::HashMap,
    path::{Path, PathBuf},
    sync::Arc,
    time::SystemTime,
};

use serde::Deserialize;
use serde_json::{Map, Value as Json};

use super::{Hash, Known};
use crate::platform::fault::{Fault, Outcome, Problem};

/// Largest manifest, in bytes.
const MOST_BYTES: u64 = 16 << 20;

/// What a folder looked like: its files, their sizes, and when they were changed.
pub type Stamp = Vec<(PathBuf, u64, Option<SystemTime>)>;

/// Every document of a folder.
#[derive(Debug, Default)]
pub struct Manifests {
    documents: HashMap<Hash, Arc<Known>>,
    stamp: Stamp,
}

#[derive(Deserialize)]
struct Apollo {
    version: u64,
    operations: Vec<ApolloOperation>,
}

#[derive(Deserialize)]
struct ApolloOperation {
    id: String,
    body: String,
}

impl Manifests {
    /// Reads every `*.json` of a folder; `check` parses a document and holds it against the schema.
    ///
    /// # Errors
    /// `INVALID` with every file and entry that cannot be taken.
    pub fn read(folder: &Path, check: impl Fn(String) -> Result<Known, String>) -> Outcome<Self> {
        let stamp = stamp(folder)?;
        let mut documents = HashMap::new();
        let mut problems = Vec::new();
        for (file, size, _) in &stamp {
            let mut wrong = |what: String| {
                problems.push(Problem::new(
                    "graphql.trusted_documents",
                    "MANIFEST",
                    format!("{}: {what}", file.display()),
                ));
            };
            let entries = match entries(file, *size) {
                Ok(entries) => entries,
                Err(what) => {
                    wrong(what);
                    continue;
                }
            };
            for (id, text) in entries {
                let hash = Hash::of(&text);
                if Hash::read(&id) != Some(hash) {
                    wrong(format!("{id:.80} is not the SHA-256 of its document."));
                    continue;
                }
                match check(text) {
                    Ok(known) => drop(documents.insert(hash, Arc::new(known))),
                    Err(what) => wrong(format!("{id:.80}: {what}")),
                }
            }
        }
        if problems.is_empty() { Ok(Self { documents, stamp }) } else { Err(Fault::Invalid(problems)) }
    }

    /// The document of a hash.
    pub fn find(&self, hash: Hash) -> Option<&Known> {
        self.documents.get(&hash).map(|known| &**known)
    }

    /// How many documents there are.
    pub fn len(&self) -> usize {
        self.documents.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.documents.is_empty()
    }

    /// What the folder looked like when it was read.
    pub fn stamp(&self) -> Stamp {
        self.stamp.clone()
    }
}

/// What a folder looks like now, in the order of the names.
///
/// # Errors
/// `INVALID` for a folder that cannot be read.
pub fn stamp(folder: &Path) -> Outcome<Stamp> {
    let unreadable = |cause: std::io::Error| {
        Fault::invalid(
            "graphql.trusted_documents",
            "MANIFEST_FOLDER",
            format!("{} cannot be read: {cause}; make the folder and publish manifests there.", folder.display()),
        )
    };
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(unreadable)? {
        let path = entry.map_err(unreadable)?.path();
        if path.extension().is_some_and(|extension| extension == "json") {
            let found = std::fs::metadata(&path).map_err(unreadable)?;
            files.push((path, found.len(), found.modified().ok()));
        }
    }
    files.sort();
    Ok(files)
}

fn entries(file: &Path, size: u64) -> Result<Vec<(String, String)>, String> {
    if size > MOST_BYTES {
        return Err(format!("it is larger than {MOST_BYTES} bytes."));
    }
    let bytes = std::fs::read(file).map_err(|cause| format!("it cannot be read: {cause}."))?;
    let members: Map<String, Json> = serde_json::from_slice(&bytes)
        .map_err(|cause| format!("it is no JSON object (line {}, column {}).", cause.line(), cause.column()))?;
    if members.contains_key("operations") {
        let apollo: Apollo = serde_json::from_value(Json::Object(members))
            .map_err(|cause| format!("it is no manifest with operations: {cause}."))?;
        if apollo.version != 1 {
            return Err(format!("it is of version {}; version 1 is known here.", apollo.version));
        }
        return Ok(apollo.operations.into_iter().map(|operation| (operation.id, operation.body)).collect());
    }
    members
        .into_iter()
        .map(|(id, text)| match text {
            Json::String(text) => Ok((id, text)),
            _ => Err(format!("{id:.80} has no text.")),
        })
        .collect()
}
