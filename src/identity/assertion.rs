//! Client assertions (RFC 7523, RFC 7521): a machine account proves itself with a token that it signed with its own
//! key, registered with us as a public JWK.

use std::collections::BTreeSet;

use chrono::{DateTime, TimeDelta, Utc};
use futures_util::future::BoxFuture;
use serde_json::Value;

use super::{
    jwk::PublicKey,
    token::{Jws, refuse},
};
use crate::platform::fault::{Fault, Outcome};

/// An assertion may end at most this far ahead.
pub const MAX_AHEAD: TimeDelta = TimeDelta::minutes(5);
/// How far a client's clock may differ from ours.
pub const LEEWAY: TimeDelta = TimeDelta::seconds(30);

/// Remembers used assertions, over all nodes, so that none works twice.
pub trait Seen: Send + Sync {
    /// Notes that `client` used `jti`; `false` where it had been used before. The note may go after `until`.
    fn first_use<'a>(&'a self, client: &'a str, jti: &'a str, until: DateTime<Utc>) -> BoxFuture<'a, Outcome<bool>>;
}

/// A machine account as far as an assertion is concerned.
#[derive(Clone, Debug)]
pub struct ClientKey {
    /// Its `client_id`.
    pub client: String,
    /// Its registered key.
    pub key: PublicKey,
}

/// What our token endpoint expects.
#[derive(Clone, Debug)]
pub struct Endpoint {
    /// Our issuer's URL and the URL of the token endpoint: an assertion must be for these only.
    pub audiences: BTreeSet<String>,
}

/// The client that an assertion claims to be from, unproven: only for finding its key.
///
/// # Errors
/// `UNAUTHENTICATED`.
pub fn claimed_client(assertion: &str) -> Outcome<String> {
    Jws::read(assertion)?.unverified_issuer().map(str::to_owned)
}

/// Checks an assertion against the one registered key of the client that it claims to be from.
///
/// # Errors
/// `UNAUTHENTICATED` with a reason for the log; whatever `seen` answers when it cannot tell.
pub async fn verify(
    assertion: &str,
    client: &ClientKey,
    endpoint: &Endpoint,
    seen: &dyn Seen,
    now: DateTime<Utc>,
) -> Outcome<()> {
    let jws = Jws::read(assertion)?;
    // An access token must not pass for an assertion, nor the other way round.
    if !matches!(jws.typ.as_deref(), None | Some("jwt" | "client-authentication+jwt")) {
        return Err(refuse("typ is no client assertion's"));
    }
    if !jws.is_signed_by(&client.key) {
        return Err(refuse("the signature is not that of the registered key"));
    }
    let claims = jws.claims(now, LEEWAY)?;
    if claims.issuer != client.client || claims.subject != client.client {
        return Err(refuse("iss and sub are not both the client"));
    }
    if !claims.audiences.is_subset(&endpoint.audiences) {
        return Err(refuse("the assertion is for somebody else"));
    }
    if claims.expires_at > now + MAX_AHEAD + LEEWAY {
        return Err(refuse("the assertion ends more than five minutes ahead"));
    }
    let jti = claims.token_id.ok_or_else(|| refuse("jti is missing"))?;
    if seen.first_use(&client.client, &jti, claims.expires_at + LEEWAY).await? {
        return Ok(());
    }
    Err(refuse("the assertion was used before"))
}

/// Reads the public JWK with which a machine account is registered.
///
/// # Errors
/// `INVALID` at `key` with what is wrong with it.
pub fn registered_key(jwk: &Value) -> Outcome<PublicKey> {
    let object = jwk.as_object().ok_or("is no JSON object");
    object.and_then(PublicKey::from_jwk).map_err(|why| {
        let message =
            format!("The key {why}. Register a public Ed25519, P-256 or RSA key of at least 2048 bits as a JWK.");
        Fault::invalid("key", "CLIENT_KEY", message)
    })
}
