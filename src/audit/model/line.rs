//! The file in which a span of the chain is told: JSON Lines that can be verified alone.
//!
//! First a header, then each entry with its content, and between them, behind the entry that each covers, the checkpoints.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use entity::{enums::FeedKind, feed};
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;
use uuid::Uuid;

use super::{
    chain::{Break, Chain, Content, Flaw, Seen},
    checkpoint::Checkpoint,
};
use crate::platform::fault::{Fault, Outcome};

/// What a header begins with.
pub const FORMAT: &str = "labpact-audit-1";

/// A line of the file.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Line {
    /// The first.
    Header(Header),
    /// A checkpoint; it covers the entry before it and all before that.
    Checkpoint {
        /// The checkpoint.
        checkpoint: Checkpoint,
    },
    /// An entry.
    Entry(Box<Entry>),
}

/// What the file is.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Header {
    /// [`FORMAT`].
    pub format: String,
    /// First entry.
    pub from: i64,
    /// Last entry.
    pub to: i64,
    /// Hash of the entry before the first, in hex.
    pub before: String,
    /// When it was written.
    pub at: DateTime<Utc>,
}

/// An entry with what it points to. Bytes are written in hex.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    seq: i64,
    kind: FeedKind,
    #[serde(rename = "ref")]
    ref_id: Uuid,
    at: DateTime<Utc>,
    hash: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    digest: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    salt: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    content: Option<Json>,
    /// The digest of what was left when part of the content was erased.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    left: Option<String>,
    /// Whether the content was let go when its time was over.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pruned: bool,
}

impl Entry {
    /// An entry as it is written.
    pub fn of(seen: &Seen) -> Self {
        let entry = &seen.entry;
        Self {
            seq: entry.seq,
            kind: entry.kind,
            ref_id: entry.ref_id,
            at: entry.at,
            hash: hex::encode(&entry.hash),
            digest: entry.digest.as_ref().map(hex::encode),
            salt: seen.content.as_ref().and_then(|content| content.salt.as_ref()).map(hex::encode),
            content: seen.content.as_ref().map(|content| content.json.clone()),
            left: seen.left.as_ref().map(hex::encode),
            pruned: seen.pruned && seen.content.is_none(),
        }
    }

    fn seen(self) -> Option<Seen> {
        let content = match self.content {
            None => None,
            Some(json) => {
                let place =
                    (json["commit_id"].as_str()?.parse().ok()?, i32::try_from(json["position"].as_i64()?).ok()?);
                let salt = optional(self.salt.as_deref())?;
                // The content must be what the entry points to.
                if json["id"].as_str()? != self.ref_id.as_hyphenated().to_string() {
                    return None;
                }
                Some(Content { json, salt, place })
            }
        };
        let entry = feed::Model {
            seq: self.seq,
            kind: self.kind,
            ref_id: self.ref_id,
            at: self.at,
            hash: hex::decode(&self.hash).ok()?,
            digest: optional(self.digest.as_deref())?,
        };
        Some(Seen { entry, content, left: optional(self.left.as_deref())?, pruned: self.pruned })
    }
}

fn optional(text: Option<&str>) -> Option<Option<Vec<u8>>> {
    text.map(|text| hex::decode(text).ok()).map_or(Some(None), |bytes| bytes.map(Some))
}

/// A file that is being read: line after line, with one entry in hand.
pub struct Reading {
    header: Header,
    chain: Chain,
    held: Option<(Seen, Vec<Checkpoint>)>,
    /// Erased contents whose acts have not been met yet.
    erased: HashMap<String, String>,
    /// The last entry of each kind whose content is said to be gone, and of the acts by which contents were let go.
    pruned: [i64; 2],
    let_go: [i64; 2],
    checkpoints: u64,
    covered: Option<i64>,
}

/// What a whole file has told.
#[derive(Clone, Debug)]
pub struct Told {
    /// First entry.
    pub from: i64,
    /// The chain at its end.
    pub chain: Chain,
    /// Checkpoints that hold.
    pub checkpoints: u64,
    /// The last entry that a checkpoint covers.
    pub covered: Option<i64>,
    /// Whether the file says of contents that they were erased or let go without having the acts themselves.
    pub unproven: bool,
}

/// Why a file was not read to its end.
#[derive(Clone, Debug)]
pub enum Stop {
    /// It breaks.
    Broken(Box<Break>),
    /// It is no such file.
    Unreadable(Fault),
}

impl From<Break> for Stop {
    fn from(broken: Break) -> Self {
        Self::Broken(Box::new(broken))
    }
}

impl From<Fault> for Stop {
    fn from(fault: Fault) -> Self {
        Self::Unreadable(fault)
    }
}

impl Reading {
    /// Begins with the header.
    ///
    /// # Errors
    /// `INVALID` for another kind of file.
    pub fn begin(line: &str) -> Outcome<Self> {
        let header: Header = serde_json::from_str(line).map_err(|_| no_file(1))?;
        let before = hex::decode(&header.before).map_err(|_| no_file(1))?;
        if header.format != FORMAT || header.from < 1 {
            return Err(no_file(1));
        }
        let chain = Chain::after(header.from - 1, before);
        Ok(Self {
            header,
            chain,
            held: None,
            erased: HashMap::new(),
            pruned: [0; 2],
            let_go: [0; 2],
            checkpoints: 0,
            covered: None,
        })
    }

    /// Takes the next line, which is the `n`th of the file.
    ///
    /// # Errors
    /// The first break; `INVALID` for a line that is none.
    pub fn take(&mut self, line: &str, n: usize) -> Result<(), Stop> {
        match serde_json::from_str(line).map_err(|_| no_file(n))? {
            Line::Header(_) => Err(no_file(n).into()),
            Line::Checkpoint { checkpoint } => {
                self.held.as_mut().ok_or_else(|| no_file(n))?.1.push(checkpoint);
                Ok(())
            }
            Line::Entry(entry) => {
                let seen = entry.seen().ok_or_else(|| no_file(n))?;
                self.settle(Some(&seen))?;
                self.held = Some((seen, Vec::new()));
                Ok(())
            }
        }
    }

    fn settle(&mut self, then: Option<&Seen>) -> Result<(), Break> {
        let Some((seen, checkpoints)) = self.held.take() else { return Ok(()) };
        self.chain.step(&seen, then)?;
        self.note(&seen);
        for checkpoint in checkpoints {
            checkpoint.holds(seen.entry.seq, &seen.entry.hash)?;
            self.checkpoints += 1;
            self.covered = Some(seen.entry.seq);
        }
        Ok(())
    }

    /// Acts that prove what the file says of other entries.
    fn note(&mut self, seen: &Seen) {
        if let Some(left) = &seen.left {
            self.erased.insert(seen.entry.ref_id.as_hyphenated().to_string(), hex::encode(left));
        }
        if seen.content.is_none() {
            self.pruned[slot(seen.entry.kind)] = seen.entry.seq;
        }
        let Some(json) = seen.content.as_ref().map(|content| &content.json) else { return };
        let after = &json["after"];
        match json["entity"].as_str() {
            Some("erasure") => {
                let key = json["entity_id"].as_str().unwrap_or_default();
                if self.erased.get(key).map(String::as_str) == after["digest"].as_str() {
                    self.erased.remove(key);
                }
            }
            Some("pruned") => {
                let kind = after["kind"].as_str().and_then(|kind| kind.parse().ok()).map(slot);
                if let (Some(slot), Some(to)) = (kind, after["to_seq"].as_i64()) {
                    self.let_go[slot] = self.let_go[slot].max(to);
                }
            }
            _ => {}
        }
    }

    /// Ends the file.
    ///
    /// # Errors
    /// The break, also where lines are missing at the end.
    pub fn end(mut self) -> Result<Told, Break> {
        self.settle(None)?;
        if self.chain.next != self.header.to + 1 {
            let text =
                format!("The file ends before entry {}; it should go on to {}.", self.chain.next, self.header.to);
            return Err(Break::new(self.chain.next, Flaw::EntryMissing, text));
        }
        let unproven = !self.erased.is_empty() || (0..2).any(|slot| self.pruned[slot] > self.let_go[slot]);
        Ok(Told {
            from: self.header.from,
            chain: self.chain,
            checkpoints: self.checkpoints,
            covered: self.covered,
            unproven,
        })
    }

    /// The chain so far.
    pub fn chain(&self) -> &Chain {
        &self.chain
    }
}

fn slot(kind: FeedKind) -> usize {
    match kind {
        FeedKind::Change => 0,
        FeedKind::Event => 1,
    }
}

fn no_file(line: usize) -> Fault {
    let text = format!("Line {line} is not of a file that `labpact audit export` has written whole.");
    Fault::invalid("file", "AUDIT_FILE", text)
}
