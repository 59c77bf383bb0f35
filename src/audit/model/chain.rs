//! The chain of hashes, walked entry by entry: what was recomputed, and where it breaks.

use entity::{enums::FeedKind, feed};
use serde_json::Value as Json;
use uuid::Uuid;

use crate::platform::feed::{BEGINNING, digest, link, link_plain};

/// One entry with what it points to.
#[derive(Clone, Debug)]
pub struct Seen {
    /// The entry.
    pub entry: feed::Model,
    /// What it points to, where that is there.
    pub content: Option<Content>,
    /// The digest of what was left of the content when part of it was erased, as the act of erasing has it in the chain.
    pub left: Option<Vec<u8>>,
    /// Whether the entry lies in a span whose content was let go.
    pub pruned: bool,
}

/// What an entry points to.
#[derive(Clone, Debug)]
pub struct Content {
    /// All columns but the salt.
    pub json: Json,
    /// The salt.
    pub salt: Option<Vec<u8>>,
    /// The transaction, and the place within it.
    pub place: (Uuid, i32),
}

/// What can be wrong with a link.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flaw {
    /// The content is not what was put into the chain.
    ContentChanged,
    /// The content is gone, and nothing says that it may be.
    ContentMissing,
    /// The entry itself is gone.
    EntryMissing,
    /// The hash does not follow from the hash before and the entry.
    HashWrong,
    /// Entries have changed places.
    Order,
    /// A checkpoint says that the chain was another one.
    Checkpoint,
    /// A checkpoint does not bear the signature of its key.
    Signature,
}

impl Flaw {
    /// As machines read it.
    pub const fn code(self) -> &'static str {
        match self {
            Self::ContentChanged => "CONTENT_CHANGED",
            Self::ContentMissing => "CONTENT_MISSING",
            Self::EntryMissing => "ENTRY_MISSING",
            Self::HashWrong => "HASH_WRONG",
            Self::Order => "ORDER",
            Self::Checkpoint => "CHECKPOINT",
            Self::Signature => "SIGNATURE",
        }
    }
}

/// The first link that does not hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Break {
    /// Number of the entry.
    pub seq: i64,
    /// What is wrong.
    pub flaw: Flaw,
    /// The same in a sentence.
    pub text: String,
}

impl Break {
    /// A link that does not hold.
    pub fn new(seq: i64, flaw: Flaw, text: impl Into<String>) -> Self {
        Self { seq, flaw, text: text.into() }
    }
}

/// The chain so far.
#[derive(Clone, Debug)]
pub struct Chain {
    /// Number of the next entry.
    pub next: i64,
    /// Hash of the last entry.
    pub hash: Vec<u8>,
    /// Entries that hold.
    pub entries: u64,
    /// Of those, how many whose content was let go when its time was over.
    pub pruned: u64,
    /// Of those, how many of whose content a part was erased.
    pub erased: u64,
    digested: bool,
    place: Option<(Uuid, i32)>,
}

impl Chain {
    /// Before the first entry.
    pub fn beginning() -> Self {
        Self::after(0, BEGINNING.to_vec())
    }

    /// Behind an entry of that number and hash.
    pub fn after(seq: i64, hash: Vec<u8>) -> Self {
        Self { next: seq + 1, hash, entries: 0, pruned: 0, erased: 0, digested: false, place: None }
    }

    /// Takes the next entry; `then` is the one behind it, where it is at hand.
    ///
    /// # Errors
    /// The break. The chain stays before it.
    pub fn step(&mut self, seen: &Seen, then: Option<&Seen>) -> Result<(), Break> {
        let entry = &seen.entry;
        if entry.seq != self.next {
            let text = format!("Entry {} is not there; the next one is {}.", self.next, entry.seq);
            return Err(Break::new(self.next, Flaw::EntryMissing, text));
        }
        let held = match &entry.digest {
            Some(sum) => self.digested_entry(seen, sum, then)?,
            None => self.plain_entry(seen, then)?,
        };
        if let Some(place) = seen.content.as_ref().map(|content| content.place) {
            if self.place.is_some_and(|last| last.0 == place.0 && last.1 >= place.1) {
                let text = "Entries of one transaction do not stand in its order.";
                return Err(Break::new(entry.seq, Flaw::Order, text));
            }
            self.place = Some(place);
        }
        match held {
            Held::Whole => {}
            Held::Erased => self.erased += 1,
            Held::Pruned => self.pruned += 1,
        }
        self.digested |= entry.digest.is_some();
        self.hash.clone_from(&entry.hash);
        self.next += 1;
        self.entries += 1;
        Ok(())
    }

    fn digested_entry(&self, seen: &Seen, sum: &[u8], then: Option<&Seen>) -> Result<Held, Break> {
        let entry = &seen.entry;
        if self.linked(entry.seq, entry).as_deref() != Some(&entry.hash[..]) {
            return Err(self.wrong_hash(seen, then));
        }
        let Some(content) = &seen.content else { return missing(seen) };
        let found = digest(content.salt.as_deref(), &content.json);
        if found == sum { Ok(Held::Whole) } else { erased(seen, &found) }
    }

    /// An entry from before there were digests: its hash covers the content itself.
    fn plain_entry(&self, seen: &Seen, then: Option<&Seen>) -> Result<Held, Break> {
        let entry = &seen.entry;
        if self.digested {
            let text = "The entry has no digest, though one before it has.";
            return Err(Break::new(entry.seq, Flaw::HashWrong, text));
        }
        let Some(content) = &seen.content else { return missing(seen) };
        if link_plain(&self.hash, entry.seq, &content.json) == entry.hash {
            return Ok(Held::Whole);
        }
        let moved = then.and_then(|then| Some((then, &then.content.as_ref()?.json)));
        if moved.is_some_and(|(then, json)| {
            let hash = link_plain(&self.hash, entry.seq, json);
            hash == entry.hash || hash == then.entry.hash
        }) {
            return Err(Break::new(entry.seq, Flaw::Order, "This entry and the next one have changed places."));
        }
        erased(seen, &digest(content.salt.as_deref(), &content.json))
    }

    /// The hash that an entry would have here.
    fn linked(&self, seq: i64, entry: &feed::Model) -> Option<Vec<u8>> {
        entry.digest.as_deref().map(|sum| link(&self.hash, (seq, entry.kind, entry.at), sum))
    }

    fn wrong_hash(&self, seen: &Seen, then: Option<&Seen>) -> Break {
        let seq = seen.entry.seq;
        let here = then.and_then(|then| self.linked(seq, &then.entry).map(|hash| (hash, then)));
        if here.is_some_and(|(hash, then)| hash == seen.entry.hash || hash == then.entry.hash) {
            return Break::new(seq, Flaw::Order, "This entry and the next one have changed places.");
        }
        Break::new(seq, Flaw::HashWrong, "The hash does not follow from the entry and the hash before it.")
    }
}

/// How an entry holds.
enum Held {
    Whole,
    Erased,
    Pruned,
}

fn missing(seen: &Seen) -> Result<Held, Break> {
    if seen.pruned {
        return Ok(Held::Pruned);
    }
    let what = what(seen.entry.kind);
    let text = format!("The {what} {} is gone, and it was neither erased nor let go.", seen.entry.ref_id);
    Err(Break::new(seen.entry.seq, Flaw::ContentMissing, text))
}

/// What was left of an erased content is vouched for by the act of erasing, which is an entry of the chain itself.
fn erased(seen: &Seen, found: &[u8]) -> Result<Held, Break> {
    if seen.left.as_deref() == Some(found) {
        return Ok(Held::Erased);
    }
    let what = what(seen.entry.kind);
    let text = format!("The {what} {} is not what was put into the chain.", seen.entry.ref_id);
    Err(Break::new(seen.entry.seq, Flaw::ContentChanged, text))
}

fn what(kind: FeedKind) -> &'static str {
    match kind {
        FeedKind::Change => "change",
        FeedKind::Event => "event",
    }
}
