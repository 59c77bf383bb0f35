//! The keys of an issuer elsewhere: fetched, remembered, fetched anew for age or for an unknown `kid`.
//!
//! At most one fetch a minute per issuer, whoever asks and however it ends, and never two at a time. While the source
//! cannot be reached the keys at hand stay in use.

use std::{
    path::Path,
    sync::{Arc, PoisonError, RwLock},
};

use chrono::{DateTime, TimeDelta, Utc};
use tokio::{io::AsyncReadExt, sync::Mutex};

use super::{
    fetch::{FETCH_LIMIT, Fetch},
    issuer::{Issuer, KeySource, discovered},
    jwk::{KeySet, PublicKey},
};
use crate::platform::{
    clock::Clock,
    fault::{Fault, Outcome},
};

/// Shortest time between the beginnings of two fetches.
pub const FETCH_PAUSE: TimeDelta = TimeDelta::seconds(60);

/// The keys of one issuer, kept current. Cheap to clone; clones share the keys.
#[derive(Clone)]
pub struct IssuerKeys(Arc<Inner>);

struct Inner {
    issuer: String,
    source: KeySource,
    refresh: TimeDelta,
    fetch: Arc<dyn Fetch>,
    clock: Clock,
    held: RwLock<Held>,
    /// Held while a fetch runs.
    flight: Arc<Mutex<()>>,
}

#[derive(Default)]
struct Held {
    set: Option<Arc<KeySet>>,
    /// When the set was fetched.
    fetched: Option<DateTime<Utc>>,
    /// When the last fetch began.
    tried: Option<DateTime<Utc>>,
}

impl IssuerKeys {
    /// Keys of `issuer`, none fetched yet.
    pub fn new(issuer: &Issuer, fetch: Arc<dyn Fetch>, clock: Clock) -> Self {
        Self(Arc::new(Inner {
            issuer: issuer.url.clone(),
            source: issuer.keys.clone(),
            refresh: issuer.refresh,
            fetch,
            clock,
            held: RwLock::default(),
            flight: Arc::default(),
        }))
    }

    /// The key that `kid` names; fetches where the keys are old or do not have it, if a fetch is due.
    ///
    /// # Errors
    /// `UNAUTHENTICATED` where the issuer has no such key, `UNAVAILABLE` where its keys were never reached.
    pub async fn find(&self, kid: Option<&str>) -> Outcome<PublicKey> {
        let now = self.0.clock.now();
        let (known, old) = self.0.look(kid, now);
        match known {
            Some(key) if !old || !self.0.due(now) => return Ok(key),
            _ => self.refresh(kid, known.is_some()).await,
        }
        match self.0.look(kid, now).0 {
            Some(key) => Ok(key),
            None if self.0.has_keys() => {
                Err(Fault::Unauthenticated(format!("{} has no key of that kid", self.0.issuer)))
            }
            None => Err(Fault::Unavailable(
                "The keys of the token's issuer cannot be reached; try again in a minute.".into(),
            )),
        }
    }

    /// Fetches now if a fetch is due, as when the service starts.
    ///
    /// # Errors
    /// `UNAVAILABLE` where no keys are at hand afterwards.
    pub async fn warm(&self) -> Outcome<()> {
        self.refresh(None, false).await;
        if self.0.has_keys() {
            return Ok(());
        }
        Err(Fault::Unavailable(format!("The keys of {} cannot be read; the log says why.", self.0.issuer)))
    }

    /// One flight at a time. The fetch is a task of its own, so that a caller who goes away does not end it;
    /// `content` callers have a key already and do not wait for a flight of somebody else.
    async fn refresh(&self, kid: Option<&str>, content: bool) {
        let flight = Arc::clone(&self.0.flight);
        let guard = match Arc::clone(&flight).try_lock_owned() {
            Ok(guard) => guard,
            Err(_) if content => return,
            Err(_) => flight.lock_owned().await,
        };
        let now = self.0.clock.now();
        let (known, old) = self.0.look(kid, now);
        if !self.0.due(now) || (known.is_some() && !old) {
            return;
        }
        let inner = Arc::clone(&self.0);
        let task = tokio::spawn(async move {
            inner.fetch_set().await;
            drop(guard);
        });
        if let Err(fault) = task.await {
            tracing::error!(issuer = self.0.issuer, %fault, "fetching keys ended badly");
        }
    }
}

impl Inner {
    /// The key, and whether the set is old enough to be fetched anew.
    fn look(&self, kid: Option<&str>, now: DateTime<Utc>) -> (Option<PublicKey>, bool) {
        let held = self.held.read().unwrap_or_else(PoisonError::into_inner);
        let key = held.set.as_ref().and_then(|set| set.find(kid)).cloned();
        (key, held.fetched.is_none_or(|at| now - at >= self.refresh))
    }

    fn due(&self, now: DateTime<Utc>) -> bool {
        let held = self.held.read().unwrap_or_else(PoisonError::into_inner);
        held.tried.is_none_or(|at| now - at >= FETCH_PAUSE)
    }

    fn has_keys(&self) -> bool {
        self.held.read().unwrap_or_else(PoisonError::into_inner).set.is_some()
    }

    async fn fetch_set(&self) {
        let now = self.clock.now();
        self.held.write().unwrap_or_else(PoisonError::into_inner).tried = Some(now);
        let read = match self.document().await {
            Ok(document) => KeySet::read(&document).map_err(|why| format!("the key set {why}")),
            Err(why) => Err(why),
        };
        match read {
            Ok((set, left_out)) => {
                for each in left_out {
                    tracing::warn!(issuer = self.issuer, key = each.key, "a key is not used: it {}", each.why);
                }
                if set.is_empty() {
                    tracing::warn!(issuer = self.issuer, "the issuer has no usable key: all its tokens are refused");
                }
                let mut held = self.held.write().unwrap_or_else(PoisonError::into_inner);
                held.set = Some(Arc::new(set));
                held.fetched = Some(now);
            }
            Err(why) => {
                tracing::warn!(issuer = self.issuer, why, "keys could not be fetched; those at hand stay in use")
            }
        }
    }

    async fn document(&self) -> Result<Vec<u8>, String> {
        match &self.source {
            KeySource::Jwks(url) => self.fetch.get(url).await,
            KeySource::Discovery(url) => {
                let keys = discovered(&self.issuer, &self.fetch.get(url).await?)?;
                self.fetch.get(&keys).await
            }
            KeySource::File(path) => read_file(path).await,
            KeySource::Embedded => Err("the embedded issuer has key files, not a key set".into()),
        }
    }
}

async fn read_file(path: &Path) -> Result<Vec<u8>, String> {
    let fault = |fault: std::io::Error| format!("{}: {fault}", path.display());
    let file = tokio::fs::File::open(path).await.map_err(fault)?;
    let mut bytes = Vec::new();
    file.take(FETCH_LIMIT as u64 + 1).read_to_end(&mut bytes).await.map_err(fault)?;
    if bytes.len() > FETCH_LIMIT {
        return Err(format!("{} is larger than {FETCH_LIMIT} bytes", path.display()));
    }
    Ok(bytes)
}
