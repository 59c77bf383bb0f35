//! Short-lived addresses at which a file can be put or fetched without a token.
//!
//! An address names a file, an end and what may be done, and is signed with a key that the nodes share (HMAC-SHA256). It
//! names nobody, and it is no token: it opens one file for one thing, and for minutes. Whoever asked for it was allowed to
//! do that thing. What was announced of the file is signed as well, so that an address is for that content alone.

pub mod keys;

use chrono::{DateTime, Utc};
use entity::{attachment::Model, ids::AttachmentId};

use self::keys::KeyRing;
use crate::platform::fault::Outcome;

/// Where the server answers for files; the bare id follows.
pub const PATH: &str = "/attachments/";

/// What may be done at an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Act {
    /// Put the content there.
    Upload,
    /// Fetch it.
    Download,
}

impl Act {
    /// The method of HTTP.
    pub fn method(self) -> &'static str {
        match self {
            Self::Upload => "PUT",
            Self::Download => "GET",
        }
    }
}

/// An address as it was called.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Called {
    /// The file.
    pub id: AttachmentId,
    /// When it ends, in seconds since the epoch.
    pub expires: i64,
    /// The signature, as it stands there.
    pub signature: String,
}

/// An address to be given away.
#[derive(Clone, PartialEq, Eq)]
pub struct SignedAddress {
    /// The method of HTTP with which it is called.
    pub method: &'static str,
    /// The address: a path on this server, with the public address of the server before it where that is configured.
    pub url: String,
    /// When it ends.
    pub expires_at: DateTime<Utc>,
}

impl std::fmt::Debug for SignedAddress {
    /// Without the signature: whoever reads a log could use it.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let path = self.url.split('?').next().unwrap_or_default();
        write!(f, "SignedAddress({} {path}, until {})", self.method, self.expires_at)
    }
}

/// The address of a file, with its end rounded down to a second.
///
/// # Errors
/// `UNAVAILABLE` where there is no key.
pub fn sign(keys: &KeyRing, act: Act, row: &Model, until: DateTime<Utc>, base: &str) -> Outcome<SignedAddress> {
    let expires = until.timestamp();
    let signature = keys.sign(text(act, row, expires).as_bytes())?;
    let url = format!("{base}{PATH}{}?expires={expires}&signature={signature}", row.id.0.as_hyphenated());
    let expires_at = DateTime::from_timestamp(expires, 0).unwrap_or(until);
    Ok(SignedAddress { method: act.method(), url, expires_at })
}

/// Whether an address was given away by a node that shares our keys, for this act with the file as it was announced. Its
/// end is another question.
pub fn holds(keys: &KeyRing, act: Act, row: &Model, called: &Called) -> bool {
    called.id == row.id && keys.verify(text(act, row, called.expires).as_bytes(), &called.signature)
}

/// What is signed.
fn text(act: Act, row: &Model, expires: i64) -> String {
    let (method, id) = (act.method(), row.id.0.as_hyphenated());
    format!("labpact attachment 1\n{method}\n{id}\n{expires}\n{}\n{}", row.size, row.sha256)
}
