//! Key files: one Ed25519 key each, PKCS#8 in PEM, for the owner's eyes only.
//!
//! When a key was made stands in the file itself, as explanatory text before the PEM block (RFC 7468 §2), so that a
//! file can be copied, restored or moved without losing its place in the order. A key without that line, as other
//! programs write it, counts as the oldest.

use std::{
    fmt, fs,
    io::{self, Read, Write},
    os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt},
    path::{Path, PathBuf},
};

use aws_lc_rs::signature::{Ed25519KeyPair, KeyPair};
use base64::{Engine, engine::general_purpose::STANDARD};
use chrono::{DateTime, SecondsFormat, Utc};

use crate::{
    identity::jwk::PublicKey,
    platform::fault::{Fault, Outcome},
};

const BEGIN: &str = "-----BEGIN PRIVATE KEY-----";
const END: &str = "-----END PRIVATE KEY-----";
const CREATED: &str = "created-at: ";
/// No key file is as large as this, in bytes.
const MAX_FILE: u64 = 16 * 1024;

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

/// Makes the directory where it is missing, and refuses one that others may write.
pub(super) fn create_directory(directory: &Path) -> Outcome<()> {
    fs::DirBuilder::new().recursive(true).mode(0o700).create(directory).map_err(|fault| broken(directory, &fault))?;
    refuse_loose(directory, 0o022, "700")
}

/// Makes a key and its file, whole or not at all.
pub(super) fn create(directory: &Path, now: DateTime<Utc>) -> Outcome<SigningKey> {
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
    let (file, draft) = (directory.join(format!("{}.pem", key.kid)), directory.join(format!("{}.new", key.kid)));
    write_private(&draft, &text)
        .and_then(|()| fs::rename(&draft, &file))
        .and_then(|()| fs::File::open(directory)?.sync_all())
        .map_err(|fault| broken(&file, &fault))?;
    Ok(SigningKey { file, ..key })
}

fn write_private(path: &Path, text: &str) -> io::Result<()> {
    let mut file = fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()
}

/// Every `*.pem` of the directory, newest first; equal times by name.
pub(super) fn read_all(directory: &Path) -> Outcome<Vec<SigningKey>> {
    refuse_loose(directory, 0o022, "700")?;
    let mut keys = Vec::new();
    for entry in fs::read_dir(directory).map_err(|fault| broken(directory, &fault))? {
        let path = entry.map_err(|fault| broken(directory, &fault))?.path();
        if path.extension().is_some_and(|ending| ending == "pem") {
            keys.push(read(&path)?);
        }
    }
    keys.sort_by(|a, b| b.created_at.cmp(&a.created_at).then_with(|| a.kid.cmp(&b.kid)));
    keys.dedup_by(|a, b| a.kid == b.kid);
    Ok(keys)
}

fn read(path: &Path) -> Outcome<SigningKey> {
    refuse_loose(path, 0o077, "600")?;
    let mut text = String::new();
    fs::File::open(path)
        .and_then(|file| file.take(MAX_FILE).read_to_string(&mut text))
        .map_err(|fault| broken(path, &fault))?;
    let unusable = || {
        Fault::invalid(
            "identity.embedded.keys",
            "KEY_FILE_UNUSABLE",
            format!("{} is no Ed25519 key in PKCS#8 PEM; restore it, or move it away.", path.display()),
        )
    };
    let (before, rest) = text.split_once(BEGIN).ok_or_else(unusable)?;
    let (body, _) = rest.split_once(END).ok_or_else(unusable)?;
    let body: String = body.split_whitespace().collect();
    let pair = STANDARD.decode(body).ok().and_then(|der| Ed25519KeyPair::from_pkcs8(&der).ok()).ok_or_else(unusable)?;
    let created_at = match before.lines().find_map(|line| line.strip_prefix(CREATED)) {
        Some(written) => DateTime::parse_from_rfc3339(written.trim()).map_err(|_| unusable())?.to_utc(),
        None => DateTime::UNIX_EPOCH,
    };
    Ok(SigningKey::new(pair, created_at, path.to_owned()))
}

/// Refuses a path on which others have any of the rights in `mask`.
fn refuse_loose(path: &Path, mask: u32, wanted: &str) -> Outcome<()> {
    let mode = fs::metadata(path).map_err(|fault| broken(path, &fault))?.permissions().mode();
    if mode & mask == 0 {
        return Ok(());
    }
    Err(Fault::invalid(
        "identity.embedded.keys",
        "KEY_FILE_OPEN",
        format!(
            "{0} is open to others (mode {1:03o}); run: chmod {wanted} '{0}', and rotate the key if somebody may have read it.",
            path.display(),
            mode & 0o777
        ),
    ))
}

fn broken(path: &Path, fault: &io::Error) -> Fault {
    Fault::invalid("identity.embedded.keys", "KEY_FILE_UNREADABLE", format!("{}: {fault}.", path.display()))
}
