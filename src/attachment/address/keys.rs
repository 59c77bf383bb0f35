//! The keys with which addresses are signed.
//!
//! They come from the configuration, where the first one signs and all verify; or from files in a folder, where the newest
//! signs and an older one verifies for as long as the addresses that it has signed last. Nodes share either. The files are
//! read again when an address names an unknown key, and at least once a minute, as those of the embedded issuer are.

use std::{
    fmt,
    path::{Path, PathBuf},
    sync::{PoisonError, RwLock},
};

use aws_lc_rs::{hmac, rand};
use base64::{
    Engine,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};
use chrono::{DateTime, SecondsFormat, TimeDelta, Utc};
use serde::Deserialize;
use sha2::{Digest, Sha256};

use crate::platform::{
    clock::Clock,
    fault::{Fault, Outcome},
    secret_file::SecretFolder,
};

/// Bytes of a key that is made here; one from the configuration has at least as many.
const LENGTH: usize = 32;
/// Age at which the files are read again.
const LOOK_AGAIN: TimeDelta = TimeDelta::seconds(60);
/// Shortest time between two readings for unknown keys.
const LOOK_PAUSE: TimeDelta = TimeDelta::seconds(5);
const CREATED: &str = "created-at: ";
const PREFIX: &str = "attachments-";
const ENDING: &str = "key";

/// A key in base64, as the configuration has it. Never shown.
#[derive(Clone, PartialEq, Eq, Deserialize)]
#[serde(transparent)]
pub struct Secret(pub String);

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

/// Where the keys are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum KeySource {
    /// Given: the first one signs.
    Given(Vec<Secret>),
    /// In a folder; the first one is made there.
    Folder(PathBuf),
    /// Nowhere: one of this process alone.
    Own,
}

/// The keys at hand.
#[derive(Debug)]
pub struct KeyRing {
    folder: Option<SecretFolder>,
    overlap: TimeDelta,
    clock: Clock,
    held: RwLock<Held>,
}

#[derive(Debug)]
struct Held {
    /// The one that signs comes first.
    keys: Vec<Key>,
    read: DateTime<Utc>,
}

struct Key {
    id: String,
    hmac: hmac::Key,
    /// When it was made; none for one that was given, which verifies until it is taken away.
    created_at: Option<DateTime<Utc>>,
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Key({})", self.id)
    }
}

impl Key {
    fn new(secret: &[u8], created_at: Option<DateTime<Utc>>) -> Self {
        let digest = Sha256::new().chain_update("labpact attachment key\n").chain_update(secret).finalize();
        Self { id: hex::encode(&digest[..6]), hmac: hmac::Key::new(hmac::HMAC_SHA256, secret), created_at }
    }
}

impl KeyRing {
    /// Reads the keys, and makes the first one where a folder has none. An older key verifies for `overlap` after a newer
    /// one was made.
    ///
    /// # Errors
    /// `INVALID` for a key that is none, and for a folder or file that others may read.
    pub fn open(source: &KeySource, overlap: TimeDelta, clock: Clock) -> Outcome<Self> {
        let (folder, keys) = match source {
            KeySource::Given(secrets) => (None, given(secrets)?),
            KeySource::Own => (None, vec![Key::new(&drawn()?, None)]),
            KeySource::Folder(path) => {
                let folder = SecretFolder::new(path, "attachments.keys");
                folder.create()?;
                let mut keys = read(&folder)?;
                if keys.is_empty() {
                    keys = vec![make(&folder, clock.now())?];
                }
                (Some(folder), keys)
            }
        };
        let held = RwLock::new(Held { keys, read: clock.now() });
        Ok(Self { folder, overlap, clock, held })
    }

    /// Makes a new key, which signs from now on, and removes the files of those that verify nothing any more. Returns its
    /// name.
    ///
    /// # Errors
    /// `NO_KEY_FOLDER` where the keys are not kept in one; `INVALID` where a file cannot be written.
    pub fn rotate(&self) -> Outcome<String> {
        let Some(folder) = &self.folder else {
            let message = "The keys of addresses are in the configuration: put a new one before the old one there.";
            return Err(Fault::invalid("attachments.secrets", "NO_KEY_FOLDER", message));
        };
        self.read_again();
        let newest = self.held().keys.first().and_then(|key| key.created_at).unwrap_or(DateTime::UNIX_EPOCH);
        // Also after a clock was set back, the new key is the newest.
        let made = make(folder, self.clock.now().max(newest + TimeDelta::milliseconds(1)))?;
        self.read_again();
        let retired: Vec<String> = self.list().into_iter().filter(|(_, lives)| !lives).map(|(id, _)| id).collect();
        for id in &retired {
            std::fs::remove_file(folder.path().join(format!("{PREFIX}{id}.{ENDING}"))).map_err(Fault::internal)?;
        }
        self.read_again();
        Ok(made.id)
    }

    /// The names of all keys, with whether each still verifies. The first one signs.
    pub fn list(&self) -> Vec<(String, bool)> {
        let held = self.held();
        held.keys.iter().enumerate().map(|(at, key)| (key.id.clone(), self.lives(&held.keys, at))).collect()
    }

    /// The signature of a text: the name of the key, a point, and the code.
    ///
    /// # Errors
    /// `UNAVAILABLE` where there is no key.
    pub fn sign(&self, text: &[u8]) -> Outcome<String> {
        self.read_if_old(LOOK_AGAIN);
        let held = self.held();
        let key = held.keys.first().ok_or_else(|| {
            Fault::Unavailable(
                "There is no key for addresses of files; run `labpact keys rotate --attachments`.".into(),
            )
        })?;
        let code = hmac::sign(&key.hmac, text);
        Ok(format!("{}.{}", key.id, URL_SAFE_NO_PAD.encode(code.as_ref())))
    }

    /// Whether a signature is one of that text by one of our keys.
    pub fn verify(&self, text: &[u8], signature: &str) -> bool {
        let Some((id, code)) = signature.split_once('.') else { return false };
        let Ok(code) = URL_SAFE_NO_PAD.decode(code) else { return false };
        self.read_if_old(LOOK_AGAIN);
        if let Some(verdict) = self.verified(id, text, &code) {
            return verdict;
        }
        self.read_if_old(LOOK_PAUSE);
        self.verified(id, text, &code).unwrap_or(false)
    }

    /// None where there is no living key of that name.
    fn verified(&self, id: &str, text: &[u8], code: &[u8]) -> Option<bool> {
        let held = self.held();
        let at = held.keys.iter().position(|key| key.id == id)?;
        self.lives(&held.keys, at).then(|| hmac::verify(&held.keys[at].hmac, text, code).is_ok())
    }

    fn lives(&self, keys: &[Key], at: usize) -> bool {
        let successor = at.checked_sub(1).and_then(|newer| keys[newer].created_at);
        successor.is_none_or(|made| self.clock.now() < made + self.overlap)
    }

    fn held(&self) -> std::sync::RwLockReadGuard<'_, Held> {
        self.held.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn read_if_old(&self, age: TimeDelta) {
        if self.folder.is_some() && self.clock.now() - self.held().read >= age {
            self.read_again();
        }
    }

    fn read_again(&self) {
        let Some(folder) = &self.folder else { return };
        let mut held = self.held.write().unwrap_or_else(PoisonError::into_inner);
        // Also after a failure, so that broken files are not read for every call.
        held.read = self.clock.now();
        match read(folder) {
            Ok(keys) => held.keys = keys,
            Err(fault) => {
                tracing::error!(%fault, "the keys of addresses could not be read again; those at hand stay in use")
            }
        }
    }
}

fn given(secrets: &[Secret]) -> Outcome<Vec<Key>> {
    let each = secrets.iter().enumerate().map(|(at, Secret(text))| {
        let secret = STANDARD.decode(text.trim()).ok().filter(|secret| secret.len() >= LENGTH);
        secret.map(|secret| Key::new(&secret, None)).ok_or_else(|| {
            let message =
                format!("Write {LENGTH} random bytes or more in base64, such as `openssl rand -base64 32` prints.");
            Fault::invalid(format!("attachments.secrets.{at}"), "SECRET", message)
        })
    });
    each.collect()
}

fn drawn() -> Outcome<[u8; LENGTH]> {
    let mut secret = [0; LENGTH];
    rand::fill(&mut secret).map_err(|_| Fault::internal("the system gives no random bytes"))?;
    Ok(secret)
}

fn make(folder: &SecretFolder, now: DateTime<Utc>) -> Outcome<Key> {
    let secret = drawn()?;
    let key = Key::new(&secret, Some(now));
    let made = now.to_rfc3339_opts(SecondsFormat::Millis, true);
    folder.write(&format!("{PREFIX}{}", key.id), ENDING, &format!("{CREATED}{made}\n{}\n", STANDARD.encode(secret)))?;
    Ok(key)
}

/// Every key of the folder, newest first; equal times by name.
fn read(folder: &SecretFolder) -> Outcome<Vec<Key>> {
    let is_ours = |path: &Path| {
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        name.starts_with(PREFIX) && path.extension().is_some_and(|ending| ending == ENDING)
    };
    let files = folder.read_all(is_ours)?;
    let unusable = |path: &Path| folder.unusable(path, "key of addresses");
    let each = files.into_iter().map(|(path, text)| parse(&text).ok_or_else(|| unusable(&path)));
    let mut keys: Vec<Key> = each.collect::<Outcome<_>>()?;
    keys.sort_by(|a, b| b.created_at.cmp(&a.created_at).then_with(|| a.id.cmp(&b.id)));
    Ok(keys)
}

fn parse(text: &str) -> Option<Key> {
    let (created, secret) = text.strip_prefix(CREATED)?.split_once('\n')?;
    let created_at = DateTime::parse_from_rfc3339(created.trim()).ok()?.to_utc();
    let secret = STANDARD.decode(secret.trim()).ok().filter(|secret| secret.len() >= LENGTH)?;
    Some(Key::new(&secret, Some(created_at)))
}
