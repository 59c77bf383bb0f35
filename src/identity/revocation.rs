//! Revocation that takes effect at once: asked at every call, also for tokens that are remembered as verified.

use std::{
    collections::HashMap,
    sync::{PoisonError, RwLock},
};

use chrono::{DateTime, Utc};
use entity::ids::AgencyCode;

use crate::platform::access::Actor;

/// Says whether an actor's token is revoked. Asked for every call, so it answers from memory.
pub trait Revocations: Send + Sync {
    /// Whether the token of `actor`, its client or its subject is revoked.
    fn is_revoked(&self, actor: &Actor) -> bool;
}

/// What a revocation names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// One token, by its `jti`.
    Token,
    /// Every token of one program, by its `client_id`.
    Client,
    /// Every token of one person or machine, by its `sub`.
    Subject,
}

impl Kind {
    /// The word in the database.
    pub fn word(self) -> &'static str {
        match self {
            Self::Token => "token",
            Self::Client => "client",
            Self::Subject => "subject",
        }
    }

    /// The kind of that word.
    pub fn from_word(word: &str) -> Option<Self> {
        [Self::Token, Self::Client, Self::Subject].into_iter().find(|kind| kind.word() == word)
    }
}

/// What is revoked, always within one agency: an agency ends its own tokens and nobody else's, whoever issued them.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Revoked {
    /// The agency that the tokens act for.
    pub agency: AgencyCode,
    /// What the value names.
    pub kind: Kind,
    /// The `jti`, `client_id` or `sub`.
    pub value: String,
}

/// Revocations in memory, each with the instant before which the tokens that it names were issued. Like the stored ones
/// they are never taken back, so what is read late never undoes what was revoked meanwhile.
#[derive(Debug, Default)]
pub struct RevocationList(RwLock<HashMap<Revoked, DateTime<Utc>>>);

impl RevocationList {
    /// Revokes at once what was issued before an instant.
    pub fn revoke(&self, what: Revoked, before: DateTime<Utc>) {
        let mut list = self.0.write().unwrap_or_else(PoisonError::into_inner);
        let known = list.entry(what).or_insert(before);
        *known = before.max(*known);
    }
}

impl Revocations for RevocationList {
    fn is_revoked(&self, actor: &Actor) -> bool {
        let list = self.0.read().unwrap_or_else(PoisonError::into_inner);
        let Some(agency) = actor.agency.as_ref().filter(|_| !list.is_empty()) else { return false };
        let named = [
            (Kind::Token, actor.token_id.as_ref()),
            (Kind::Client, actor.client.as_ref()),
            (Kind::Subject, Some(&actor.subject)),
        ];
        named.into_iter().filter_map(|(kind, value)| Some((kind, value?))).any(|(kind, value)| {
            let what = Revoked { agency: agency.clone(), kind, value: value.clone() };
            // `iat` has whole seconds: a token of the same second counts as issued before. One without it always does.
            list.get(&what).is_some_and(|before| actor.issued_at.is_none_or(|at| at < *before))
        })
    }
}
