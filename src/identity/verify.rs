//! The whole way from a bearer token to an [`Actor`], with a memory of what was verified.

use std::{
    collections::HashMap,
    sync::Arc,
    time::{Duration, Instant},
};

use moka::{Expiry, future::Cache};
use sha2::{Digest, Sha256};

use super::{
    actor,
    config::TokenType,
    embedded::EmbeddedIssuer,
    issuer::Issuer,
    jwk::PublicKey,
    jwks::IssuerKeys,
    revocation::Revocations,
    roles::Roles,
    token::{Jws, MAX_TOKEN, refuse},
};
use crate::platform::{
    access::Actor,
    clock::Clock,
    fault::{Fault, Outcome, Problems},
};

/// Longest time for which a verified token is remembered, so that a key taken back by its issuer ends soon.
const REMEMBERED: Duration = Duration::from_secs(60);

/// Where the keys of a trusted issuer come from.
#[derive(Clone)]
pub enum Keys {
    /// An issuer elsewhere.
    Fetched(IssuerKeys),
    /// The issuer of this instance.
    Embedded(Arc<EmbeddedIssuer>),
}

/// Turns bearer tokens into actors.
pub struct Verifier {
    issuers: HashMap<String, (Issuer, Keys)>,
    roles: Roles,
    revocations: Arc<dyn Revocations>,
    clock: Clock,
    remembered: Cache<[u8; 32], Remembered>,
}

#[derive(Clone)]
struct Remembered {
    actor: Arc<Actor>,
    span: Duration,
}

impl Verifier {
    /// A verifier that trusts `issuers` and remembers up to `remembered` tokens.
    ///
    /// # Errors
    /// `INVALID` where two issuers have the same URL.
    pub fn new(
        issuers: Vec<(Issuer, Keys)>,
        roles: Roles,
        revocations: Arc<dyn Revocations>,
        clock: Clock,
        remembered: u64,
    ) -> Outcome<Self> {
        let mut problems = Problems::default();
        let mut by_url = HashMap::new();
        for (issuer, keys) in issuers {
            let url = issuer.url.clone();
            if by_url.insert(url.clone(), (issuer, keys)).is_some() {
                problems.add("identity.issuers", "ISSUER_TWICE", format!("{url} is named twice; keep one entry."));
            }
        }
        problems.finish()?;
        let remembered = Cache::builder().max_capacity(remembered).expire_after(UntilSpan).build();
        Ok(Self { issuers: by_url, roles, revocations, clock, remembered })
    }

    /// The actor of a token: the text after `Bearer `, nothing before or after it.
    ///
    /// # Errors
    /// `UNAUTHENTICATED` with a reason for the log that never holds the token; `UNAVAILABLE` where the keys of a
    /// trusted issuer were never reached.
    pub async fn verify(&self, bearer: &str) -> Outcome<Arc<Actor>> {
        if bearer.len() > MAX_TOKEN {
            return Err(refuse("the token is larger than 8 KiB"));
        }
        let digest: [u8; 32] = Sha256::digest(bearer).into();
        let actor = match self.recall(&digest).await {
            Some(actor) => actor,
            None => self.remember(digest, self.check(bearer).await?).await,
        };
        if self.revocations.is_revoked(&actor) {
            self.remembered.invalidate(&digest).await;
            return Err(refuse("the token, its client or its subject is revoked"));
        }
        Ok(actor)
    }

    /// Whether an actor that was verified earlier may still act, as for a long-lived socket.
    ///
    /// # Errors
    /// `UNAUTHENTICATED` where its token has ended or is revoked.
    pub fn still_valid(&self, actor: &Actor) -> Outcome<()> {
        if actor.expires_at.is_some_and(|at| at <= self.clock.now()) {
            return Err(refuse("the token has expired"));
        }
        if self.revocations.is_revoked(actor) {
            return Err(refuse("the token, its client or its subject is revoked"));
        }
        Ok(())
    }

    /// Fetches the keys of every issuer, as when the service starts, and returns a clause for each that has none.
    pub async fn warm(&self) -> Vec<Fault> {
        let mut faults = Vec::new();
        for (_, keys) in self.issuers.values() {
            if let Keys::Fetched(keys) = keys
                && let Err(fault) = keys.warm().await
            {
                faults.push(fault);
            }
        }
        faults
    }

    /// What the roles of this instance open.
    pub fn roles(&self) -> &Roles {
        &self.roles
    }

    /// Forgets all verified tokens, as after a key was removed.
    pub fn forget(&self) {
        self.remembered.invalidate_all();
    }

    async fn recall(&self, digest: &[u8; 32]) -> Option<Arc<Actor>> {
        let actor = self.remembered.get(digest).await?.actor;
        if actor.expires_at.is_some_and(|at| at > self.clock.now()) {
            return Some(actor);
        }
        self.remembered.invalidate(digest).await;
        None
    }

    async fn remember(&self, digest: [u8; 32], actor: Actor) -> Arc<Actor> {
        let actor = Arc::new(actor);
        let left = actor.expires_at.and_then(|at| (at - self.clock.now()).to_std().ok()).unwrap_or_default();
        if !left.is_zero() {
            let entry = Remembered { actor: Arc::clone(&actor), span: left.min(REMEMBERED) };
            self.remembered.insert(digest, entry).await;
        }
        actor
    }

    async fn check(&self, bearer: &str) -> Outcome<Actor> {
        let jws = Jws::read(bearer)?;
        let (issuer, keys) =
            self.issuers.get(jws.unverified_issuer()?).ok_or_else(|| refuse("the issuer is not trusted"))?;
        self.proven(jws, issuer, keys).await.map_err(|fault| told_of(fault, &issuer.url))
    }

    async fn proven(&self, jws: Jws<'_>, issuer: &Issuer, keys: &Keys) -> Outcome<Actor> {
        if !issuer.algorithms.contains(&jws.algorithm) {
            return Err(refuse("the issuer may not sign with that algorithm"));
        }
        check_type(issuer, jws.typ.as_deref())?;
        let key = keys.find(jws.kid.as_deref()).await?;
        if !jws.is_signed_by(&key) {
            return Err(refuse("the signature is not the key's"));
        }
        let claims = jws.claims(self.clock.now(), issuer.leeway)?;
        if issuer.audiences.is_disjoint(&claims.audiences) {
            return Err(refuse("the token is for another audience"));
        }
        actor::from_claims(&claims, issuer, &self.roles)
    }
}

impl Keys {
    async fn find(&self, kid: Option<&str>) -> Outcome<PublicKey> {
        match self {
            Self::Fetched(keys) => keys.find(kid).await,
            Self::Embedded(issuer) => issuer.find(kid),
        }
    }
}

fn check_type(issuer: &Issuer, typ: Option<&str>) -> Outcome<()> {
    let found = match typ {
        Some("at+jwt") => TokenType::AccessToken,
        Some("jwt") => TokenType::Jwt,
        Some(_) => return Err(refuse("typ is no access token's")),
        None => return Err(refuse("typ is missing")),
    };
    if issuer.types.contains(&found) { Ok(()) } else { Err(refuse("typ is not accepted from this issuer")) }
}

/// Adds the trusted issuer to the reason; its URL comes from the configuration, not from the token.
fn told_of(fault: Fault, issuer: &str) -> Fault {
    match fault {
        Fault::Unauthenticated(why) => refuse(format!("{why} (issuer {issuer})")),
        other => other,
    }
}

/// Each token is remembered for its own span.
struct UntilSpan;

impl Expiry<[u8; 32], Remembered> for UntilSpan {
    fn expire_after_create(&self, _: &[u8; 32], value: &Remembered, _: Instant) -> Option<Duration> {
        Some(value.span)
    }
}
