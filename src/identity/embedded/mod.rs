//! The issuer inside this instance: its keys, its tokens, and its key set for others.
//!
//! The newest key signs. An older one verifies until its successor is as old as the overlap, or until its file is
//! removed. Other processes (`labpact keys rotate`, `labpact token`) work on the same files, so the files are read
//! again when a token names an unknown key, and at least once a minute.

mod key_file;
mod signer;

use std::{
    path::PathBuf,
    sync::{PoisonError, RwLock},
};

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::{DateTime, TimeDelta, Utc};
use entity::ids::{AgencyCode, InstitutionId, LabId};
use key_file::SigningKey;
use serde_json::{Value, json};

use super::{
    config::EmbeddedConfig,
    issuer::{Issuer, normal_code},
    jwk::{PublicKey, ed25519_jwk},
    roles::Roles,
    scopes,
    token::{MAX_NAME, MAX_TOKEN, refuse},
};
use crate::platform::{
    clock::Clock,
    fault::{Fault, Outcome, Problems},
    secret_file::SecretFolder,
};

pub use signer::KeyFolder;

/// Longest life of a token of ours.
pub const MAX_LIFE: TimeDelta = TimeDelta::days(30);
/// Age at which the files are read again.
const LOOK_AGAIN: TimeDelta = TimeDelta::seconds(60);
/// Shortest time between two readings for unknown keys.
const LOOK_PAUSE: TimeDelta = TimeDelta::seconds(5);

/// Signs tokens with key files and knows which of them still verify.
#[derive(Debug)]
pub struct EmbeddedIssuer {
    issuer: Issuer,
    folder: SecretFolder,
    overlap: TimeDelta,
    clock: Clock,
    held: RwLock<Held>,
}

#[derive(Debug)]
struct Held {
    /// Newest first.
    keys: Vec<SigningKey>,
    read: DateTime<Utc>,
}

/// What a token shall say.
#[derive(Clone, Debug)]
pub struct Grant {
    /// The agency, one of the issuer's.
    pub agency: AgencyCode,
    /// Names of known roles.
    pub roles: Vec<String>,
    /// Known scopes beside those of the roles.
    pub scopes: Vec<String>,
    /// `sub`.
    pub subject: String,
    /// `client_id`; equal to the subject for a machine.
    pub client: String,
    /// Limit to these labs; `None`: no limit.
    pub labs: Option<Vec<LabId>>,
    /// Limit to these institutions; `None`: no limit.
    pub institutions: Option<Vec<InstitutionId>>,
    /// How long the token lives: whole seconds, more than none, at most [`MAX_LIFE`].
    pub life: TimeDelta,
}

/// What a key is doing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyState {
    /// Signs and verifies.
    Signing,
    /// Verifies until this moment.
    VerifyingUntil(DateTime<Utc>),
    /// Does nothing any more; its file can go.
    Retired,
}

/// A key as `keys list` shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyInfo {
    /// Its name: the SHA-256 thumbprint (RFC 7638).
    pub kid: String,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// What it is doing.
    pub state: KeyState,
    /// Its file.
    pub file: PathBuf,
}

impl EmbeddedIssuer {
    /// Opens the keys, and makes the first one where there is none.
    ///
    /// # Errors
    /// `INVALID` for a wrong configuration, and for a directory or key that others may read, with the command to run.
    pub fn open(config: &EmbeddedConfig, clock: Clock) -> Outcome<Self> {
        let issuer = Issuer::embedded(config)?;
        let folder = SecretFolder::new(&config.keys, "identity.embedded.keys");
        folder.create()?;
        let mut keys = key_file::read_all(&folder)?;
        if keys.is_empty() {
            keys = vec![key_file::create(&folder, clock.now())?];
        }
        let overlap = TimeDelta::seconds(config.overlap_seconds.into());
        let held = RwLock::new(Held { keys, read: clock.now() });
        Ok(Self { issuer, folder, overlap, clock, held })
    }

    /// The issuer as the verifier trusts it.
    pub fn issuer(&self) -> &Issuer {
        &self.issuer
    }

    /// Makes a new key, which signs from now on. Returns its `kid`.
    ///
    /// # Errors
    /// `INVALID` or `INTERNAL` where the file cannot be written.
    pub fn rotate(&self) -> Outcome<String> {
        self.read_again()?;
        let newest = self.list().first().map_or(DateTime::UNIX_EPOCH, |key| key.created_at);
        // Also after a clock was set back, the new key is the newest.
        let made = self.clock.now().max(newest + TimeDelta::milliseconds(1));
        let kid = key_file::create(&self.folder, made)?.kid().to_owned();
        self.read_again()?;
        Ok(kid)
    }

    /// Removes retired keys' files and returns their `kid`s.
    ///
    /// # Errors
    /// `INTERNAL` where a file cannot be removed.
    pub fn remove_retired(&self) -> Outcome<Vec<String>> {
        self.read_again()?;
        let retired: Vec<KeyInfo> = self.list().into_iter().filter(|key| key.state == KeyState::Retired).collect();
        for key in &retired {
            std::fs::remove_file(&key.file).map_err(Fault::internal)?;
        }
        self.read_again()?;
        Ok(retired.into_iter().map(|key| key.kid).collect())
    }

    /// All keys, newest first.
    pub fn list(&self) -> Vec<KeyInfo> {
        let now = self.clock.now();
        let held = self.held.read().unwrap_or_else(PoisonError::into_inner);
        let info = |(at, key): (usize, &SigningKey)| KeyInfo {
            kid: key.kid().to_owned(),
            created_at: key.created_at,
            state: self.state(&held.keys, at, now),
            file: key.file.clone(),
        };
        held.keys.iter().enumerate().map(info).collect()
    }

    /// The public keys that verify, as a JWK set for `/.well-known/jwks.json`.
    pub fn jwks(&self) -> Value {
        self.read_if_old(LOOK_AGAIN);
        let now = self.clock.now();
        let held = self.held.read().unwrap_or_else(PoisonError::into_inner);
        let live = held.keys.iter().enumerate().filter(|(at, _)| self.state(&held.keys, *at, now) != KeyState::Retired);
        json!({ "keys": live.map(|(_, key)| ed25519_jwk(key.public(), key.kid())).collect::<Vec<_>>() })
    }

    /// The key that a token names. Reads the few small files again where they may have changed.
    ///
    /// # Errors
    /// `UNAUTHENTICATED` where no living key has that name, or the token names none.
    pub fn find(&self, kid: Option<&str>) -> Outcome<PublicKey> {
        let kid = kid.ok_or_else(|| refuse("kid is missing"))?;
        self.read_if_old(LOOK_AGAIN);
        if let Some(key) = self.living(kid) {
            return Ok(key);
        }
        self.read_if_old(LOOK_PAUSE);
        self.living(kid).ok_or_else(|| refuse("no living key of this instance has that kid"))
    }

    /// Signs an access token (RFC 9068) with the newest key.
    ///
    /// # Errors
    /// `INVALID` with everything that is wrong with the grant.
    pub fn sign(&self, grant: &Grant, roles: &Roles) -> Outcome<String> {
        let agency = self.check(grant, roles)?;
        self.read_if_old(LOOK_AGAIN);
        let now = self.clock.now();
        let mut claims = json!({
            "iss": self.issuer.url,
            "aud": self.issuer.audiences.first(),
            "sub": grant.subject,
            "client_id": grant.client,
            "jti": self.clock.id(),
            "iat": now.timestamp(),
            "exp": now.timestamp() + grant.life.num_seconds(),
            "agency": agency,
            "roles": grant.roles,
            "scope": grant.scopes.join(" "),
        });
        if let Some(labs) = &grant.labs {
            claims["labs"] = labs.iter().map(ToString::to_string).collect();
        }
        if let Some(institutions) = &grant.institutions {
            claims["institutions"] = institutions.iter().map(ToString::to_string).collect();
        }
        let held = self.held.read().unwrap_or_else(PoisonError::into_inner);
        let key = held.keys.first().ok_or_else(|| self.no_key())?;
        let header = json!({ "alg": "EdDSA", "typ": "at+jwt", "kid": key.kid() });
        let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
        let signed = format!("{}.{}", part(&header), part(&claims));
        let token = format!("{signed}.{}", URL_SAFE_NO_PAD.encode(key.sign(signed.as_bytes())));
        if token.len() > MAX_TOKEN {
            return Err(Fault::invalid(
                "labs",
                "TOKEN_TOO_LARGE",
                "The token would be larger than 8 KiB; name fewer limits.",
            ));
        }
        Ok(token)
    }

    fn check(&self, grant: &Grant, roles: &Roles) -> Outcome<String> {
        let mut problems = Problems::default();
        let agency = normal_code(grant.agency.as_str());
        if self.issuer.agency(&agency).is_none() {
            let known: Vec<&str> = self.issuer.agencies.iter().map(AgencyCode::as_str).collect();
            problems.add(
                "agency",
                "AGENCY_UNKNOWN",
                format!("This issuer speaks for {}, not for {agency:?}.", known.join(", ")),
            );
        }
        for role in grant.roles.iter().filter(|role| roles.scopes_of(role).is_none()) {
            let known = roles.names().collect::<Vec<_>>().join(", ");
            problems.add("role", "ROLE_UNKNOWN", format!("There is no role {role:?}; the known ones are {known}."));
        }
        for scope in grant.scopes.iter().filter(|scope| !scopes::is_known(scope)) {
            problems.add("scope", "SCOPE_UNKNOWN", format!("There is no scope {scope:?}."));
        }
        for (at, text) in [("subject", &grant.subject), ("client", &grant.client)] {
            if text.trim().is_empty() || text.len() > MAX_NAME || text.chars().any(char::is_control) {
                problems.add(at, "NAME_FORM", "A name is 1 to 255 bytes without control characters.");
            }
        }
        if grant.life < TimeDelta::seconds(1) || grant.life > MAX_LIFE {
            problems.add("ttl", "TTL_RANGE", "A token lives for one second to thirty days.");
        }
        problems.finish().map(|()| agency)
    }

    fn state(&self, keys: &[SigningKey], at: usize, now: DateTime<Utc>) -> KeyState {
        let Some(successor) = at.checked_sub(1).and_then(|newer| keys.get(newer)) else { return KeyState::Signing };
        let until = successor.created_at + self.overlap;
        if now < until { KeyState::VerifyingUntil(until) } else { KeyState::Retired }
    }

    fn living(&self, kid: &str) -> Option<PublicKey> {
        let now = self.clock.now();
        let held = self.held.read().unwrap_or_else(PoisonError::into_inner);
        let at = held.keys.iter().position(|key| key.kid() == kid)?;
        (self.state(&held.keys, at, now) != KeyState::Retired).then(|| PublicKey::from_ed25519(held.keys[at].public()))
    }

    fn read_if_old(&self, age: TimeDelta) {
        let read = self.held.read().unwrap_or_else(PoisonError::into_inner).read;
        if self.clock.now() - read < age {
            return;
        }
        if let Err(fault) = self.read_again() {
            tracing::error!(%fault, "the signing keys could not be read again; those at hand stay in use");
        }
    }

    fn read_again(&self) -> Outcome<()> {
        let mut held = self.held.write().unwrap_or_else(PoisonError::into_inner);
        // Also after a failure, so that broken files are not read for every call.
        held.read = self.clock.now();
        held.keys = key_file::read_all(&self.folder)?;
        Ok(())
    }

    fn no_key(&self) -> Fault {
        Fault::Unavailable(format!(
            "There is no signing key in {}; run `labpact keys rotate`.",
            self.folder.path().display()
        ))
    }
}
