//! Key files: one Ed25519 key each, PKCS#8 in PEM, for the owner's eyes only.
//!
//! When a key was made stands in the file itself, as explanatory text before the PEM block (RFC 7468 §2), so that a
//! file can be copied, restored or moved without losing its place in the order. A key without that line, as other
//! programs write it, counts as the oldest.

use std::{
    fmt,
    path::{Path, PathBuf},
};

use aws_lc_rs::signature::{Ed25519KeyPair, KeyPair};
use base64::{Engine, engine::general_purpose::STANDARD};
use chrono::{DateTime, SecondsFormat, Utc};

use crate::{
    identity::jwk::PublicKey,
    platform::{
        fault::{Fault, Outcome},
        secret_file::SecretFolder,
    },
};

const BEGIN: &str = "-----BEGIN PRIVATE KEY-----";
const END: &str = "-----END PRIVATE KEY-----";
const CREATED: &str = "created-at: ";

/// A private key and where it came from.
pub(super) struct SigningKey {
    pair: Ed25519KeyPair,
    kid: String,
    /// When it was made; the beginning of 1970 where its file does not say.
    pub(super) created_at: DateTime<Utc>,
    /// Its file.
    pub(super) file: PathBuf,
}

impl SigningKey {
    fn new(pair: Ed25519KeyPair, created_at: DateTime<Utc>, file: PathBuf) -> Self {
        let kid = PublicKey::from_ed25519(pair.public_key().as_ref()).thumbprint().to_owned();
        Self { pair, kid, created_at, file }
    }

    pub(super) fn kid(&self) -> &str {
        &self.kid
    }

    pub(super) fn public(&self) -> &[u8] {
        self.pair.public_key().as_ref()
    }

    pub(super) fn sign(&self, message: &[u8]) -> Vec<u8> {
        self.pair.sign(message).as_ref().to_vec()
    }
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SigningKey({})", self.kid)
    }
}

/// Makes a key and its file, whole or not at all.
pub(super) fn create(folder: &SecretFolder, now: DateTime<Utc>) -> Outcome<SigningKey> {
    let pair = Ed25519KeyPair::generate().map_err(Fault::internal)?;
    let key = SigningKey::new(pair, now, PathBuf::new());
    let document = key.pair.to_pkcs8v1().map_err(Fault::internal)?;
    let mut text = format!("{CREATED}{}\n{BEGIN}\n", now.to_rfc3339_opts(SecondsFormat::Millis, true));
    let body = STANDARD.encode(document.as_ref());
    for line in body.as_bytes().chunks(64) {
        text.push_str(std::str::from_utf8(line).expect("base64 is ASCII"));
        text.push('\n');
    }
    text.push_str(END);
    text.push('\n');
    let file = folder.write(&key.kid, "pem", &text)?;
    Ok(SigningKey { file, ..key })
}

/// Every `*.pem` of the directory, newest first; equal times by name.
pub(super) fn read_all(folder: &SecretFolder) -> Outcome<Vec<SigningKey>> {
    let files = folder.read_all(|path| path.extension().is_some_and(|ending| ending == "pem"))?;
    let unusable = |path: &Path| folder.unusable(path, "Ed25519 key in PKCS#8 PEM");
    let read = |(path, text): (PathBuf, String)| read(&path, &text).ok_or_else(|| unusable(&path));
    let mut keys: Vec<SigningKey> = files.into_iter().map(read).collect::<Outcome<_>>()?;
    keys.sort_by(|a, b| b.created_at.cmp(&a.created_at).then_with(|| a.kid.cmp(&b.kid)));
    keys.dedup_by(|a, b| a.kid == b.kid);
    Ok(keys)
}

/// The key of a file; none where the file holds none.
fn read(path: &Path, text: &str) -> Option<SigningKey> {
    let (before, rest) = text.split_once(BEGIN)?;
    let (body, _) = rest.split_once(END)?;
    let body: String = body.split_whitespace().collect();
    let pair = Ed25519KeyPair::from_pkcs8(&STANDARD.decode(body).ok()?).ok()?;
    let created_at = match before.lines().find_map(|line| line.strip_prefix(CREATED)) {
        Some(written) => DateTime::parse_from_rfc3339(written.trim()).ok()?.to_utc(),
        None => DateTime::UNIX_EPOCH,
    };
    Some(SigningKey::new(pair, created_at, path.to_owned()))
}
