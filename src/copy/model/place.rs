//! Where a copy stands: how far the feed was read, up to which day, and within what it stopped. Opaque to callers.

use std::fmt;

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::{Datelike, NaiveDate};
use entity::ids::AgencyCode;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::Kind;
use crate::platform::{
    access::{Actor, Visible},
    fault::{Fault, Outcome},
};

/// Bytes of an entry's hash in a place: enough to notice that it is of another feed.
const MARK: usize = 8;
/// Longest text that can be a place.
const LONGEST: usize = 1_024;

/// Where a copy stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    /// Whose copy, of what; see [`Viewer::mark`].
    #[serde(rename = "v")]
    pub viewer: String,
    /// Number of the last entry of the feed that was told whole; 0 is before the first.
    #[serde(rename = "s")]
    pub seq: i64,
    /// The beginning of its hash, hex.
    #[serde(rename = "m")]
    pub mark: String,
    /// The day up to which was told what dates alone have changed.
    #[serde(rename = "d")]
    pub day: NaiveDate,
    /// What was begun behind that; `None` where nothing was.
    #[serde(rename = "w", default, skip_serializing_if = "Option::is_none")]
    pub within: Option<Within>,
}

/// What a copy is in the middle of.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Within {
    /// The walk through everything: the place of the kind among those asked for, and the last key.
    #[serde(rename = "w")]
    Walk(usize, Option<String>),
    /// What has come into force or ended by a day: the step, and the last id.
    #[serde(rename = "t")]
    Turn(NaiveDate, usize, Option<uuid::Uuid>),
    /// The next entry: so many of its keys.
    #[serde(rename = "k")]
    Keys(u64),
    /// What belongs to the site or the institution of the next entry: the step, and the last id.
    #[serde(rename = "c")]
    Below(usize, Option<uuid::Uuid>),
}

impl Place {
    /// At an entry, with nothing begun.
    pub fn at(viewer: &Viewer, seq: i64, hash: &[u8], day: NaiveDate) -> Self {
        Self { viewer: viewer.mark(), seq, mark: mark(seq, hash), day, within: None }
    }

    /// The same with something begun.
    #[must_use]
    pub fn within(&self, within: Within) -> Self {
        Self { within: Some(within), ..self.clone() }
    }

    /// Behind an entry, with nothing begun.
    #[must_use]
    pub fn behind(&self, seq: i64, hash: &[u8]) -> Self {
        Self { seq, mark: mark(seq, hash), within: None, ..self.clone() }
    }

    /// Whether an entry is the one at which this stands.
    pub fn is_at(&self, seq: i64, hash: &[u8]) -> bool {
        self.seq == seq && self.mark == mark(seq, hash)
    }

    /// Reads a place that the API gave to the same viewer.
    ///
    /// # Errors
    /// `INVALID` at `path` for text that is none; `POSITION_UNKNOWN` for that of another viewer.
    pub fn parse(text: &str, viewer: &Viewer, path: &str) -> Outcome<Self> {
        let bad = || Fault::invalid(path, "POSITION", "Pass a position as an earlier page of changes gave it.");
        if text.len() > LONGEST {
            return Err(bad());
        }
        let json = URL_SAFE_NO_PAD.decode(text).map_err(|_| bad())?;
        let place: Self = serde_json::from_slice(&json).map_err(|_| bad())?;
        if !place.is_sound() {
            return Err(bad());
        }
        if place.viewer != viewer.mark() {
            return Err(unknown(
                text,
                "This position is of a copy for another caller, or of other kinds. Copy afresh: ask without since.",
            ));
        }
        Ok(place)
    }

    /// Whether its numbers and days are such as a feed can have; nobody but a forger writes others.
    fn is_sound(&self) -> bool {
        let can_be = |day: NaiveDate| (2_000..10_000).contains(&day.year());
        let begun = match self.within {
            Some(Within::Turn(to, ..)) => can_be(to),
            Some(Within::Keys(passed)) => passed < 1 << 40,
            Some(Within::Walk(..) | Within::Below(..)) | None => true,
        };
        (0..1 << 53).contains(&self.seq) && can_be(self.day) && begun
    }

    /// The refusal of a place whose entry is not in this feed.
    pub fn unknown(&self) -> Fault {
        unknown(
            &self.to_string(),
            "This position is not one of this instance's feed, as after a restore. Copy afresh: ask without since.",
        )
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let json = serde_json::to_vec(self).map_err(|_| fmt::Error)?;
        f.write_str(&URL_SAFE_NO_PAD.encode(json))
    }
}

fn unknown(text: &str, message: &str) -> Fault {
    Fault::rule("POSITION_UNKNOWN", message, serde_json::json!({ "since": text }))
}

/// Before the first entry there is no hash.
fn mark(seq: i64, hash: &[u8]) -> String {
    if seq == 0 { String::new() } else { hex::encode(hash.get(..MARK).unwrap_or(hash)) }
}

/// For whom a copy is, and of what.
#[derive(Clone, Debug)]
pub struct Viewer {
    /// What the caller may see of the register.
    pub visible: Visible,
    /// Whose desk the caller reads, in words of the desk's own.
    pub desk: String,
    /// The agency in whose name the caller reads its desk; `None` where it reads no desk or all of them.
    pub own: Option<AgencyCode>,
    /// Whether the caller reads every desk.
    pub all: bool,
    /// The kinds that are asked for, in the order of a walk.
    pub kinds: Vec<Kind>,
}

impl Viewer {
    /// The caller, of the kinds that are asked for. `all` as the desk says.
    pub fn new(actor: &Actor, visible: &Visible, all: bool, kinds: Option<Vec<Kind>>) -> Self {
        let mut kinds = kinds.unwrap_or_else(|| Kind::ALL.to_vec());
        kinds.sort_unstable();
        kinds.dedup();
        let labs = actor.labs.as_ref().map(|ids| ids.iter().map(|id| id.0).collect::<Vec<_>>());
        let institutions = actor.institutions.as_ref().map(|ids| ids.iter().map(|id| id.0).collect::<Vec<_>>());
        let is_limited = labs.is_some() || institutions.is_some();
        Self {
            visible: visible.clone(),
            desk: format!("{all} {labs:?} {institutions:?}"),
            own: actor.agency.clone().filter(|_| !is_limited && !all),
            all,
            kinds,
        }
    }

    /// A few letters that differ where another viewer would see another copy.
    pub fn mark(&self) -> String {
        let seen = match &self.visible {
            Visible::All => "all".to_owned(),
            Visible::Public => "public".to_owned(),
            Visible::Partner(own) => own.as_str().to_owned(),
        };
        let kinds: Vec<&str> = self.kinds.iter().map(|kind| kind.word()).collect();
        let text = format!("1|{seen}|{}|{}", self.desk, kinds.join(","));
        hex::encode(&Sha256::digest(text.as_bytes())[..6])
    }

    /// Whether a kind is asked for.
    pub fn wants(&self, kind: Kind) -> bool {
        self.kinds.contains(&kind)
    }
}
