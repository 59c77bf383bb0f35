//! Events with their positions, and which of them are asked for.

use std::{fmt, sync::Arc};

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use entity::{change, ids::AgencyCode, outbox};

use crate::platform::{
    access::Visible,
    fault::{Fault, Outcome},
};

/// Bytes of an entry's hash that a position carries: enough to notice that it is of another feed.
const MARK: usize = 8;

/// A place in the feed: the number of an entry and the beginning of its hash. Opaque to callers. A position of
/// another instance, or from before a restore, does not match and is noticed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Position {
    /// Number of the entry; 0 is before the first.
    pub seq: i64,
    mark: [u8; MARK],
}

impl Position {
    /// Before the first entry.
    pub const BEGINNING: Self = Self { seq: 0, mark: [0; MARK] };

    /// At an entry of that number and hash.
    pub fn new(seq: i64, hash: &[u8]) -> Self {
        let mut mark = [0; MARK];
        mark.iter_mut().zip(hash).for_each(|(to, from)| *to = *from);
        Self { seq, mark }
    }

    /// Reads a position that the API gave.
    ///
    /// # Errors
    /// `INVALID` at `path` for anything else.
    pub fn parse(text: &str, path: &str) -> Outcome<Self> {
        let bad = || Fault::invalid(path, "POSITION", "Pass a position as an event or eventsPosition gave it.");
        let bytes: [u8; 8 + MARK] =
            URL_SAFE_NO_PAD.decode(text).ok().and_then(|bytes| bytes.try_into().ok()).ok_or_else(bad)?;
        let (seq, mark) = bytes.split_at(8);
        let seq = i64::from_be_bytes(seq.try_into().map_err(|_| bad())?);
        if seq < 0 {
            return Err(bad());
        }
        Ok(Self::new(seq, mark))
    }
}

impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let bytes: Vec<u8> = self.seq.to_be_bytes().into_iter().chain(self.mark).collect();
        f.write_str(&URL_SAFE_NO_PAD.encode(bytes))
    }
}

/// An event that has its place.
#[derive(Clone, Debug)]
pub struct Placed {
    /// Its place.
    pub position: Position,
    /// What happened.
    pub event: Arc<outbox::Model>,
}

/// A change of a row that has its place. It is private, as rows are: it tells where to look, and nobody is shown it.
#[derive(Clone, Debug)]
pub struct Written {
    /// Its place.
    pub position: Position,
    /// The entry of the change log.
    pub change: Arc<change::Model>,
}

/// What subscribers may hear of.
#[derive(Clone, Debug)]
pub enum News {
    /// An event.
    Event(Placed),
    /// A change of a row.
    Row(Written),
}

impl News {
    /// Its place.
    pub fn position(&self) -> Position {
        match self {
            Self::Event(placed) => placed.position,
            Self::Row(written) => written.position,
        }
    }

    /// The event, where it is one.
    pub fn event(self) -> Option<Placed> {
        match self {
            Self::Event(placed) => Some(placed),
            Self::Row(_) => None,
        }
    }
}

/// Which events are asked for. Every condition that is given must hold.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Wanted {
    /// Of one of these names.
    pub names: Option<Vec<String>>,
    /// About this, by its typed id.
    pub subject: Option<String>,
    /// Of this agency.
    pub agency: Option<AgencyCode>,
}

impl Wanted {
    /// Whether an event is asked for, and may be told to who sees `visible`.
    pub fn takes(&self, event: &outbox::Model, visible: &Visible) -> bool {
        visible.sees(&event.agency, event.visibility)
            && self.names.as_ref().is_none_or(|names| names.contains(&event.name))
            && self.subject.as_ref().is_none_or(|subject| *subject == event.subject)
            && self.agency.as_ref().is_none_or(|agency| *agency == event.agency)
    }
}
