//! Strict reading of compact signed tokens (RFC 7515, 7519) by the advice of RFC 8725 and the rules of RFC 9068.
//!
//! Reading is in two steps: [`Jws::read`] checks the form and gives the unverified parts, [`Jws::claims`] checks the
//! standard claims. Neither checks the signature: that is [`Jws::is_signed_by`], and who calls must ask it.
//! Headers that point at keys (`jku`, `x5u`, `jwk`, `x5c`) are not even looked at.

use std::collections::BTreeSet;

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Map, Value};

use super::{
    config::AlgorithmName,
    json,
    jwk::{MAX_KID, PublicKey},
};
use crate::platform::fault::{Fault, Outcome};

/// Longest token, in bytes.
pub const MAX_TOKEN: usize = 8 * 1024;
/// Longest `sub`, `jti` and `client_id`, in bytes.
pub const MAX_NAME: usize = 255;

/// The parts of a token whose form is right. Nothing in it is proven.
#[derive(Debug)]
pub struct Jws<'t> {
    /// The algorithm that the header names; compared with the key's, never used to choose one.
    pub algorithm: AlgorithmName,
    /// The key that the header names.
    pub kid: Option<String>,
    /// The media type in lower case and without `application/`.
    pub typ: Option<String>,
    payload: Map<String, Value>,
    signed: &'t str,
    signature: &'t str,
}

/// Standard claims of a token (RFC 7519 §4.1, RFC 9068 §2.2).
#[derive(Clone, Debug)]
pub struct Claims {
    /// Who signed it.
    pub issuer: String,
    /// About whom, never empty.
    pub subject: String,
    /// For whom, never empty.
    pub audiences: BTreeSet<String>,
    /// When it ends.
    pub expires_at: DateTime<Utc>,
    /// When it was made.
    pub issued_at: Option<DateTime<Utc>>,
    /// Its own name.
    pub token_id: Option<String>,
    /// The program that it was given to: `client_id`, or else `azp`.
    pub client: Option<String>,
    /// All claims.
    pub all: Map<String, Value>,
}

impl<'t> Jws<'t> {
    /// Checks size, parts, base64url, JSON and header.
    ///
    /// # Errors
    /// `UNAUTHENTICATED`.
    pub fn read(token: &'t str) -> Outcome<Self> {
        if token.len() > MAX_TOKEN {
            return Err(refuse("the token is larger than 8 KiB"));
        }
        let parts: Vec<&str> = token.split('.').collect();
        let [header, payload, signature] = parts[..] else {
            return Err(refuse("the token has not exactly three parts"));
        };
        if decode("signature", signature)?.is_empty() {
            return Err(refuse("the signature is empty"));
        }
        let header = part("header", header)?;
        let payload = part("payload", payload)?;
        let signed = &token[..token.len() - signature.len() - 1];
        let (algorithm, kid, typ) = read_header(&header)?;
        Ok(Self { algorithm, kid, typ, payload, signed, signature })
    }

    /// The `iss` that the payload names, unproven: only for looking up whom to ask.
    ///
    /// # Errors
    /// `UNAUTHENTICATED` where there is none.
    pub fn unverified_issuer(&self) -> Outcome<&str> {
        text(&self.payload, "iss")?.ok_or_else(|| refuse("iss is missing"))
    }

    /// Whether `key` made the signature, by the key's own algorithm.
    pub fn is_signed_by(&self, key: &PublicKey) -> bool {
        self.algorithm == key.algorithm() && key.verifies(self.signed, self.signature)
    }

    /// Checks the types of the standard claims, and the times against `now` with a leeway.
    ///
    /// # Errors
    /// `UNAUTHENTICATED`.
    pub fn claims(self, now: DateTime<Utc>, leeway: TimeDelta) -> Outcome<Claims> {
        let all = self.payload;
        let expires_at = time(&all, "exp")?.ok_or_else(|| refuse("exp is missing"))?;
        let issued_at = time(&all, "iat")?;
        let not_before = time(&all, "nbf")?;
        if now >= expires_at + leeway {
            return Err(refuse("the token has expired"));
        }
        if not_before.is_some_and(|at| at > now + leeway) {
            return Err(refuse("the token is not valid yet"));
        }
        if issued_at.is_some_and(|at| at > now + leeway) {
            return Err(refuse("the token was made in the future"));
        }
        let client = name(&all, "client_id")?;
        let authorized = name(&all, "azp")?;
        Ok(Claims {
            issuer: text(&all, "iss")?.ok_or_else(|| refuse("iss is missing"))?.to_owned(),
            subject: name(&all, "sub")?.ok_or_else(|| refuse("sub is missing"))?,
            audiences: audiences(&all)?,
            expires_at,
            issued_at,
            token_id: name(&all, "jti")?,
            client: client.or(authorized),
            all,
        })
    }
}

/// `UNAUTHENTICATED` with a reason for the log. Reasons never quote a token.
pub(super) fn refuse(why: impl Into<String>) -> Fault {
    Fault::Unauthenticated(why.into())
}

fn decode(what: &str, text: &str) -> Outcome<Vec<u8>> {
    URL_SAFE_NO_PAD.decode(text).map_err(|_| refuse(format!("the {what} is not strict base64url")))
}

fn part(what: &str, text: &str) -> Outcome<Map<String, Value>> {
    json::object(&decode(what, text)?).map_err(|why| refuse(format!("the {what} {why}")))
}

fn read_header(header: &Map<String, Value>) -> Outcome<(AlgorithmName, Option<String>, Option<String>)> {
    // We understand no extension, so a list of those that must be understood, even an empty one, is fatal.
    if header.contains_key("crit") {
        return Err(refuse("the header has crit"));
    }
    if header.get("b64").is_some_and(|value| *value != Value::Bool(true)) {
        return Err(refuse("the payload is not base64url by the header"));
    }
    let algorithm = text(header, "alg")?.ok_or_else(|| refuse("alg is missing"))?;
    let algorithm =
        AlgorithmName::from_name(algorithm).ok_or_else(|| refuse("alg is none of EdDSA, ES256 and RS256"))?;
    let kid = text(header, "kid")?.map(str::to_owned);
    if kid.as_ref().is_some_and(|kid| kid.is_empty() || kid.len() > MAX_KID) {
        return Err(refuse("kid is empty or too long"));
    }
    let typ = text(header, "typ")?.map(|typ| {
        let typ = typ.to_ascii_lowercase();
        typ.strip_prefix("application/").map(str::to_owned).unwrap_or(typ)
    });
    Ok((algorithm, kid, typ))
}

fn text<'a>(map: &'a Map<String, Value>, name: &'static str) -> Outcome<Option<&'a str>> {
    match map.get(name) {
        None => Ok(None),
        Some(Value::String(text)) => Ok(Some(text)),
        Some(_) => Err(refuse(format!("{name} is no string"))),
    }
}

/// A name that is not empty, not too long and without control characters.
fn name(map: &Map<String, Value>, claim: &'static str) -> Outcome<Option<String>> {
    let Some(text) = text(map, claim)? else { return Ok(None) };
    if text.trim().is_empty() || text.len() > MAX_NAME || text.chars().any(char::is_control) {
        return Err(refuse(format!("{claim} is empty, too long or has control characters")));
    }
    Ok(Some(text.to_owned()))
}

fn audiences(map: &Map<String, Value>) -> Outcome<BTreeSet<String>> {
    let wrong = || refuse("aud is neither a string nor an array of strings");
    let found: BTreeSet<String> = match map.get("aud") {
        None => return Err(refuse("aud is missing")),
        Some(Value::String(one)) => BTreeSet::from([one.clone()]),
        Some(Value::Array(many)) => {
            many.iter().map(|each| each.as_str().map(str::to_owned)).collect::<Option<_>>().ok_or_else(wrong)?
        }
        Some(_) => return Err(wrong()),
    };
    if found.is_empty() || found.contains("") {
        return Err(refuse("aud is empty"));
    }
    Ok(found)
}

/// Whole seconds since 1970. RFC 7519 would allow fractions; no issuer of access tokens needs them, and readers
/// disagree about them.
fn time(map: &Map<String, Value>, name: &'static str) -> Outcome<Option<DateTime<Utc>>> {
    let Some(value) = map.get(name) else { return Ok(None) };
    let wrong = || refuse(format!("{name} is no time in whole seconds"));
    let seconds = value.as_i64().filter(|seconds| (0..=LAST_SECOND).contains(seconds)).ok_or_else(wrong)?;
    DateTime::from_timestamp(seconds, 0).map(Some).ok_or_else(wrong)
}

/// The last second of the year 9999.
const LAST_SECOND: i64 = 253_402_300_799;
