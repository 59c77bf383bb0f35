//! Signed checkpoints: a compact JWS (RFC 7515) with Ed25519 (RFC 8037), which any JOSE library verifies.

use aws_lc_rs::signature::{ED25519, UnparsedPublicKey};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json};
use sha2::{Digest, Sha256};

use super::chain::{Break, Flaw};
use crate::platform::{
    fault::{Fault, Outcome},
    signing::Signer,
};

/// The type that stands in the header of a checkpoint.
pub const TYPE: &str = "labpact-checkpoint+jwt";

/// What a checkpoint says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Claim {
    /// The last entry that it covers.
    pub seq: i64,
    /// The hash of that entry, in hex.
    pub hash: String,
    /// When it was signed.
    pub at: DateTime<Utc>,
    /// How many entries there are since the checkpoint before.
    pub entries: i64,
}

/// A checkpoint with what is needed to verify it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Checkpoint {
    /// The compact JWS.
    pub jws: String,
    /// The public key as a JWK.
    pub jwk: Json,
}

/// Signs a claim.
///
/// # Errors
/// Those of the signer.
pub fn signed(claim: &Claim, signer: &dyn Signer) -> Outcome<(Checkpoint, String)> {
    let claim = serde_json::to_vec(claim).map_err(Fault::internal)?;
    let key = signer.key()?;
    let header = json!({ "alg": "EdDSA", "typ": TYPE, "kid": key.kid });
    let header = URL_SAFE_NO_PAD.encode(header.to_string());
    let message = format!("{header}.{}", URL_SAFE_NO_PAD.encode(claim));
    let signature = signer.sign(&key.kid, message.as_bytes())?;
    let jws = format!("{message}.{}", URL_SAFE_NO_PAD.encode(signature));
    Ok((Checkpoint { jws, jwk: key.jwk }, key.kid))
}

impl Checkpoint {
    /// Reads what a partner has kept: a JSON object with `jws` and `jwk`, as the API and the files have it.
    ///
    /// # Errors
    /// `INVALID`.
    pub fn parse(text: &str) -> Outcome<Self> {
        serde_json::from_str(text.trim()).map_err(|_| {
            Fault::invalid(
                "checkpoint",
                "CHECKPOINT",
                "Keep a checkpoint as a JSON object with its jws and jwk, as auditCheckpoints gives them.",
            )
        })
    }

    /// What it says, if the signature is that of its key.
    ///
    /// # Errors
    /// A clause that says what does not hold.
    pub fn opened(&self) -> Result<Claim, &'static str> {
        let mut parts = self.jws.split('.');
        let (Some(header), Some(claim), Some(signature), None) =
            (parts.next(), parts.next(), parts.next(), parts.next())
        else {
            return Err("is no compact JWS");
        };
        let told: Json = decoded(header)?;
        if told["alg"] != "EdDSA" || told["typ"] != TYPE {
            return Err("has the header of something else");
        }
        let bad = "has a key that is not Ed25519";
        let x =
            self.jwk["x"].as_str().filter(|_| self.jwk["kty"] == "OKP" && self.jwk["crv"] == "Ed25519").ok_or(bad)?;
        let public = URL_SAFE_NO_PAD.decode(x).map_err(|_| bad)?;
        if told["kid"] != thumbprint(x) {
            return Err("names another key than the one that comes with it");
        }
        let message = &self.jws[..header.len() + 1 + claim.len()];
        let signature = URL_SAFE_NO_PAD.decode(signature).map_err(|_| "has no signature")?;
        UnparsedPublicKey::new(&ED25519, public)
            .verify(message.as_bytes(), &signature)
            .map_err(|_| "does not bear the signature of its key")?;
        decoded(claim)
    }

    /// Holds it against the hash of the entry that it covers.
    ///
    /// # Errors
    /// The break.
    pub fn holds(&self, seq: i64, hash: &[u8]) -> Result<(), Break> {
        let claim = self.opened().map_err(|why| Break::new(seq, Flaw::Signature, format!("The checkpoint {why}.")))?;
        if claim.seq == seq && claim.hash == hex::encode(hash) {
            return Ok(());
        }
        let text = format!(
            "The checkpoint of {} says that entry {} had the hash {}; here it is {}. The chain up to it was made anew.",
            claim.at,
            claim.seq,
            claim.hash,
            hex::encode(hash)
        );
        Err(Break::new(seq, Flaw::Checkpoint, text))
    }

    /// Name of its key.
    pub fn kid(&self) -> Option<String> {
        self.jwk["x"].as_str().map(thumbprint)
    }
}

/// SHA-256 thumbprint (RFC 7638) of an Ed25519 key, by its `x`.
fn thumbprint(x: &str) -> String {
    let canonical = format!(r#"{{"crv":"Ed25519","kty":"OKP","x":"{x}"}}"#);
    URL_SAFE_NO_PAD.encode(Sha256::digest(canonical))
}

fn decoded<T: for<'d> Deserialize<'d>>(part: &str) -> Result<T, &'static str> {
    let bytes = URL_SAFE_NO_PAD.decode(part).map_err(|_| "is no base64url")?;
    serde_json::from_slice(&bytes).map_err(|_| "does not say what a checkpoint says")
}
