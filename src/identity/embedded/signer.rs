//! The keys of the instance as those see them who sign something else than tokens.

use std::{
    path::PathBuf,
    sync::{PoisonError, RwLock},
};

use super::{
    EmbeddedIssuer, LOOK_AGAIN,
    key_file::{self, SigningKey},
};
use crate::{
    identity::jwk::ed25519_jwk,
    platform::{
        clock::Clock,
        fault::{Fault, Outcome},
        secret_file::SecretFolder,
        signing::{PublicPart, Signer},
    },
};

impl Signer for EmbeddedIssuer {
    fn key(&self) -> Outcome<PublicPart> {
        self.read_if_old(LOOK_AGAIN);
        let held = self.held.read().unwrap_or_else(PoisonError::into_inner);
        held.keys.first().map(public).ok_or_else(|| self.no_key())
    }

    fn sign(&self, kid: &str, message: &[u8]) -> Outcome<Vec<u8>> {
        let held = self.held.read().unwrap_or_else(PoisonError::into_inner);
        let key = held.keys.iter().find(|key| key.kid() == kid);
        key.map(|key| key.sign(message)).ok_or_else(|| self.no_key())
    }
}

/// A folder of keys of its own, where there is no issuer inside this instance. The newest key signs.
#[derive(Debug)]
pub struct KeyFolder {
    folder: SecretFolder,
    keys: RwLock<Vec<SigningKey>>,
    clock: Clock,
}

impl KeyFolder {
    /// Opens the keys, and makes the first one where there is none; `setting` names the folder in the configuration.
    ///
    /// # Errors
    /// `INVALID` for a folder or a key that others may read, with the command to run.
    pub fn open(path: impl Into<PathBuf>, setting: &'static str, clock: &Clock) -> Outcome<Self> {
        let folder = SecretFolder::new(path, setting);
        folder.create()?;
        let mut keys = key_file::read_all(&folder)?;
        if keys.is_empty() {
            keys = vec![key_file::create(&folder, clock.now())?];
        }
        Ok(Self { folder, keys: RwLock::new(keys), clock: clock.clone() })
    }

    /// Makes a new key, which signs from now on, on all nodes that share the folder; its name. The old ones sign
    /// nothing any more; their files may be deleted.
    ///
    /// # Errors
    /// As [`KeyFolder::open`].
    pub fn rotate(&self) -> Outcome<String> {
        let key = key_file::create(&self.folder, self.clock.now())?;
        let kid = key.kid().to_owned();
        self.read()?;
        Ok(kid)
    }

    /// The names of the keys, the one that signs first.
    pub fn list(&self) -> Vec<String> {
        let keys = self.keys.read().unwrap_or_else(PoisonError::into_inner);
        keys.iter().map(|key| key.kid().to_owned()).collect()
    }

    fn read(&self) -> Outcome<()> {
        let keys = key_file::read_all(&self.folder)?;
        *self.keys.write().unwrap_or_else(PoisonError::into_inner) = keys;
        Ok(())
    }
}

impl Signer for KeyFolder {
    fn key(&self) -> Outcome<PublicPart> {
        // It is asked for seldom, and another node or the command may have made a new one.
        self.read()?;
        self.keys.read().unwrap_or_else(PoisonError::into_inner).first().map(public).ok_or_else(none)
    }

    fn sign(&self, kid: &str, message: &[u8]) -> Outcome<Vec<u8>> {
        let keys = self.keys.read().unwrap_or_else(PoisonError::into_inner);
        keys.iter().find(|key| key.kid() == kid).map(|key| key.sign(message)).ok_or_else(none)
    }
}

fn public(key: &SigningKey) -> PublicPart {
    PublicPart { kid: key.kid().to_owned(), jwk: ed25519_jwk(key.public(), key.kid()) }
}

fn none() -> Fault {
    Fault::Unavailable("There is no signing key.".to_owned())
}
