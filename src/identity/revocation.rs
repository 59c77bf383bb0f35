//! Revocation that takes effect at once: asked at every call, also for tokens that are remembered as verified.

use std::{
    collections::HashMap,
    sync::{PoisonError, RwLock},
};

use chrono::{DateTime, Utc};

use crate::platform::access::Actor;

/// Says whether an actor's token is revoked. Asked for every call, so it answers from memory.
pub trait Revocations: Send + Sync {
    /// Whether the token of `actor`, its client or its subject is revoked.
    fn is_revoked(&self, actor: &Actor) -> bool;
}

/// What is revoked, always within one issuer.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Revoked {
    /// One token, by its `jti`.
    Token {
        /// The issuer's URL.
        issuer: String,
        /// The `jti`.
        id: String,
    },
    /// Every token of one program, by its `client_id`.
    Client {
        /// The issuer's URL.
        issuer: String,
        /// The `client_id`.
        id: String,
    },
    /// Every token of one person or machine, by its `sub`.
    Subject {
        /// The issuer's URL.
        issuer: String,
        /// The `sub`.
        id: String,
    },
}

/// Revocations in memory. What feeds it keeps it equal to the stored ones.
#[derive(Debug, Default)]
pub struct RevocationList(RwLock<HashMap<Revoked, Option<DateTime<Utc>>>>);

impl RevocationList {
    /// Revokes at once; the entry may be forgotten after `until` (`None`: never), when no token can be alive.
    pub fn revoke(&self, what: Revoked, until: Option<DateTime<Utc>>) {
        self.0.write().unwrap_or_else(PoisonError::into_inner).insert(what, until);
    }

    /// Takes a revocation back.
    pub fn restore(&self, what: &Revoked) {
        self.0.write().unwrap_or_else(PoisonError::into_inner).remove(what);
    }

    /// Puts the whole list in place of what was there, as after reading it from the database.
    pub fn replace(&self, entries: impl IntoIterator<Item = (Revoked, Option<DateTime<Utc>>)>) {
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = entries.into_iter().collect();
    }

    /// Forgets entries whose tokens have ended by `now`.
    pub fn sweep(&self, now: DateTime<Utc>) {
        self.0.write().unwrap_or_else(PoisonError::into_inner).retain(|_, until| until.is_none_or(|until| until > now));
    }
}

impl Revocations for RevocationList {
    fn is_revoked(&self, actor: &Actor) -> bool {
        let list = self.0.read().unwrap_or_else(PoisonError::into_inner);
        if list.is_empty() {
            return false;
        }
        let issuer = || actor.issuer.clone();
        let token = actor.token_id.clone().map(|id| Revoked::Token { issuer: issuer(), id });
        let client = actor.client.clone().map(|id| Revoked::Client { issuer: issuer(), id });
        let subject = Revoked::Subject { issuer: issuer(), id: actor.subject.clone() };
        [token, client, Some(subject)].into_iter().flatten().any(|each| list.contains_key(&each))
    }
}
