//! Public keys: one JWK (RFC 7517, 7518, 8037) and a set of them.
//!
//! One key has one algorithm, from the key itself and never from a token. Only keys for signatures that we speak are
//! taken; a set with some other keys is used without them.

use std::{collections::BTreeMap, fmt};

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use jsonwebtoken::{Algorithm, DecodingKey};
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};

use super::{config::AlgorithmName, json};

/// Smallest RSA modulus (RFC 7518 §3.3).
const MIN_RSA_BITS: usize = 2048;
/// Largest RSA modulus, as large ones cost time.
const MAX_RSA_BITS: usize = 8192;
/// Most keys that are read from one set.
const MAX_KEYS: usize = 64;
/// Longest `kid` that is read, in bytes.
pub const MAX_KID: usize = 256;

/// A public key that verifies signatures of exactly one algorithm.
#[derive(Clone)]
pub struct PublicKey {
    kid: Option<String>,
    algorithm: AlgorithmName,
    thumbprint: String,
    key: DecodingKey,
}

impl PublicKey {
    /// Reads one JWK; unknown members are ignored, as RFC 7517 asks.
    ///
    /// # Errors
    /// One clause that says why the key is not taken.
    pub fn from_jwk(jwk: &Map<String, Value>) -> Result<Self, &'static str> {
        for (secret, why) in [("k", "is symmetric"), ("d", "shows its private part")] {
            if jwk.contains_key(secret) {
                return Err(why);
            }
        }
        check_purpose(jwk)?;
        let kid = match text(jwk, "kid")? {
            Some(kid) if kid.is_empty() || kid.len() > MAX_KID => return Err("has a kid that is empty or too long"),
            kid => kid.map(str::to_owned),
        };
        let (algorithm, key, canonical) = match text(jwk, "kty")? {
            Some("OKP") => ed25519(jwk)?,
            Some("EC") => p256(jwk)?,
            Some("RSA") => rsa(jwk)?,
            Some("oct") => return Err("is symmetric"),
            _ => return Err("is of a type that is not spoken here"),
        };
        if text(jwk, "alg")?.is_some_and(|alg| AlgorithmName::from_name(alg) != Some(algorithm)) {
            return Err("names an algorithm that does not fit its type or is not spoken here");
        }
        let thumbprint = URL_SAFE_NO_PAD.encode(Sha256::digest(canonical));
        Ok(Self { kid, algorithm, thumbprint, key })
    }

    /// The Ed25519 key of 32 bytes, named by its thumbprint.
    pub fn from_ed25519(public: &[u8]) -> Self {
        let canonical = ed25519_canonical(&URL_SAFE_NO_PAD.encode(public));
        let thumbprint = URL_SAFE_NO_PAD.encode(Sha256::digest(canonical));
        let key = DecodingKey::from_ed_der(public);
        Self { kid: Some(thumbprint.clone()), algorithm: AlgorithmName::EdDSA, thumbprint, key }
    }

    /// Name of the key in its set.
    pub fn kid(&self) -> Option<&str> {
        self.kid.as_deref()
    }

    /// The only algorithm of the key.
    pub fn algorithm(&self) -> AlgorithmName {
        self.algorithm
    }

    /// SHA-256 thumbprint of the key (RFC 7638), in base64url.
    pub fn thumbprint(&self) -> &str {
        &self.thumbprint
    }

    /// Whether `signature` (base64url) over `message` was made with the private part of this key.
    pub fn verifies(&self, message: &str, signature: &str) -> bool {
        let algorithm = match self.algorithm {
            AlgorithmName::EdDSA => Algorithm::EdDSA,
            AlgorithmName::ES256 => Algorithm::ES256,
            AlgorithmName::RS256 => Algorithm::RS256,
        };
        jsonwebtoken::crypto::verify(signature, message.as_bytes(), &self.key, algorithm).unwrap_or(false)
    }
}

impl fmt::Debug for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PublicKey({} {})", self.algorithm.as_str(), self.thumbprint)
    }
}

/// The public JWK of an Ed25519 key of 32 bytes, for our own set.
pub fn ed25519_jwk(public: &[u8], kid: &str) -> Value {
    json!({ "kty": "OKP", "crv": "Ed25519", "x": URL_SAFE_NO_PAD.encode(public), "kid": kid, "alg": "EdDSA", "use": "sig" })
}

/// The usable keys of an issuer.
#[derive(Clone, Debug, Default)]
pub struct KeySet {
    named: BTreeMap<String, PublicKey>,
    unnamed: Vec<PublicKey>,
}

/// Why a key of a set was left out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LeftOut {
    /// The `kid`, or the place in the set.
    pub key: String,
    /// One clause.
    pub why: &'static str,
}

impl KeySet {
    /// Reads a JWK set, and lists the keys that are not used. A `kid` that names two different keys names neither.
    ///
    /// # Errors
    /// One clause where the document is no JWK set.
    pub fn read(document: &[u8]) -> Result<(Self, Vec<LeftOut>), &'static str> {
        let document = json::object(document)?;
        let keys = document.get("keys").and_then(Value::as_array).ok_or("has no array \"keys\"")?;
        if keys.len() > MAX_KEYS {
            return Err("has more than 64 keys");
        }
        let (mut set, mut left_out, mut clashes) = (Self::default(), Vec::new(), Vec::new());
        for (at, jwk) in keys.iter().enumerate() {
            match jwk.as_object().ok_or("is no object").and_then(PublicKey::from_jwk) {
                Ok(key) => set.add(key, &mut clashes),
                Err(why) => left_out.push(LeftOut { key: name_of(jwk, at), why }),
            }
        }
        for kid in clashes {
            set.named.remove(&kid);
            left_out.push(LeftOut { key: kid, why: "names two different keys" });
        }
        Ok((set, left_out))
    }

    fn add(&mut self, key: PublicKey, clashes: &mut Vec<String>) {
        match key.kid.clone() {
            None => self.unnamed.push(key),
            Some(kid) => match self.named.get(&kid) {
                Some(other) if other.thumbprint != key.thumbprint => clashes.push(kid),
                Some(_) => {}
                None => drop(self.named.insert(kid, key)),
            },
        }
    }

    /// The key that a token's `kid` names; a token without one is answered only by a set of one single key.
    pub fn find(&self, kid: Option<&str>) -> Option<&PublicKey> {
        match kid {
            Some(kid) => self.named.get(kid),
            None if self.len() == 1 => self.named.values().chain(&self.unnamed).next(),
            None => None,
        }
    }

    /// How many keys are usable.
    pub fn len(&self) -> usize {
        self.named.len() + self.unnamed.len()
    }

    /// Whether no key is usable.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

fn name_of(jwk: &Value, at: usize) -> String {
    match jwk.get("kid").and_then(Value::as_str) {
        Some(kid) if kid.len() <= MAX_KID => kid.to_owned(),
        _ => format!("number {}", at + 1),
    }
}

fn check_purpose(jwk: &Map<String, Value>) -> Result<(), &'static str> {
    if text(jwk, "use")?.is_some_and(|purpose| purpose != "sig") {
        return Err("is not for signatures");
    }
    match jwk.get("key_ops") {
        None => Ok(()),
        Some(Value::Array(operations)) if operations.iter().any(|each| each == "verify") => Ok(()),
        Some(_) => Err("is not for verifying"),
    }
}

type Parts = (AlgorithmName, DecodingKey, String);

fn ed25519(jwk: &Map<String, Value>) -> Result<Parts, &'static str> {
    if text(jwk, "crv")? != Some("Ed25519") {
        return Err("is on a curve that is not spoken here");
    }
    let x = fixed_bytes(jwk, "x", 32)?;
    let canonical = ed25519_canonical(&URL_SAFE_NO_PAD.encode(&x));
    Ok((AlgorithmName::EdDSA, DecodingKey::from_ed_der(&x), canonical))
}

fn ed25519_canonical(x: &str) -> String {
    format!(r#"{{"crv":"Ed25519","kty":"OKP","x":"{x}"}}"#)
}

fn p256(jwk: &Map<String, Value>) -> Result<Parts, &'static str> {
    if text(jwk, "crv")? != Some("P-256") {
        return Err("is on a curve that is not spoken here");
    }
    let (x, y) = (fixed_bytes(jwk, "x", 32)?, fixed_bytes(jwk, "y", 32)?);
    let (x64, y64) = (URL_SAFE_NO_PAD.encode(&x), URL_SAFE_NO_PAD.encode(&y));
    let point = [&[4], x.as_slice(), y.as_slice()].concat();
    let canonical = format!(r#"{{"crv":"P-256","kty":"EC","x":"{x64}","y":"{y64}"}}"#);
    Ok((AlgorithmName::ES256, DecodingKey::from_ec_der(&point), canonical))
}

fn rsa(jwk: &Map<String, Value>) -> Result<Parts, &'static str> {
    let (n, e) = (bytes(jwk, "n")?, bytes(jwk, "e")?);
    // Some issuers write a leading zero byte; the value is the same.
    let n = &n[n.iter().take_while(|byte| **byte == 0).count()..];
    let bits = n.first().map_or(0, |first| n.len() * 8 - first.leading_zeros() as usize);
    if !(MIN_RSA_BITS..=MAX_RSA_BITS).contains(&bits) {
        return Err("is an RSA key of less than 2048 or more than 8192 bits");
    }
    let odd = |number: &[u8]| number.last().is_some_and(|last| last % 2 == 1);
    if !odd(n) || !odd(&e) || e.len() > 4 || e == [1] {
        return Err("is no sound RSA key");
    }
    let (n64, e64) = (URL_SAFE_NO_PAD.encode(n), URL_SAFE_NO_PAD.encode(&e));
    let canonical = format!(r#"{{"e":"{e64}","kty":"RSA","n":"{n64}"}}"#);
    Ok((AlgorithmName::RS256, DecodingKey::from_rsa_raw_components(n, &e), canonical))
}

fn text<'a>(jwk: &'a Map<String, Value>, name: &str) -> Result<Option<&'a str>, &'static str> {
    match jwk.get(name) {
        None => Ok(None),
        Some(Value::String(text)) => Ok(Some(text)),
        Some(_) => Err("has a member of the wrong type"),
    }
}

fn bytes(jwk: &Map<String, Value>, name: &str) -> Result<Vec<u8>, &'static str> {
    let text = text(jwk, name)?.ok_or("lacks a part")?;
    URL_SAFE_NO_PAD.decode(text).map_err(|_| "has a part that is not base64url")
}

fn fixed_bytes(jwk: &Map<String, Value>, name: &str, length: usize) -> Result<Vec<u8>, &'static str> {
    let bytes = bytes(jwk, name)?;
    if bytes.len() == length { Ok(bytes) } else { Err("has a part of the wrong length") }
}
