//! Secrets and signatures by Standard Webhooks 1.0: `v1` is HMAC-SHA256, `v1a` is Ed25519, over `id.timestamp.body`.

use aws_lc_rs::{
    hmac, rand,
    signature::{Ed25519KeyPair, KeyPair},
};
use base64::{Engine, engine::general_purpose::STANDARD};
use entity::enums::WebhookSigning;

use crate::platform::fault::{Fault, Outcome};

/// Bytes of a new secret; the specification asks for 24 to 64.
pub const BYTES: usize = 32;

/// A key with which messages are signed.
pub enum Secret {
    /// What both sides know.
    Symmetric(Box<hmac::Key>),
    /// What this side alone knows.
    Ed25519(Box<Ed25519KeyPair>),
}

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Symmetric(_) => "Secret(v1)",
            Self::Ed25519(_) => "Secret(v1a)",
        })
    }
}

/// New random material: the key of HMAC-SHA256, or the seed of an Ed25519 key.
///
/// # Errors
/// `INTERNAL` where the machine has no randomness.
pub fn draw() -> Outcome<Vec<u8>> {
    let mut bytes = vec![0; BYTES];
    rand::fill(&mut bytes).map_err(|_| Fault::internal("the machine gives no random bits"))?;
    Ok(bytes)
}

/// What the agency needs to verify, told once where it is a secret: `whsec_…`, or the public key `whpk_…`.
///
/// # Errors
/// `INTERNAL` for material that is none.
pub fn shown(signing: WebhookSigning, material: &[u8]) -> Outcome<String> {
    Ok(match Secret::new(signing, material)? {
        Secret::Symmetric(_) => format!("whsec_{}", STANDARD.encode(material)),
        Secret::Ed25519(pair) => format!("whpk_{}", STANDARD.encode(pair.public_key().as_ref())),
    })
}

impl Secret {
    /// The key of stored material.
    ///
    /// # Errors
    /// `INTERNAL` for material that is none.
    pub fn new(signing: WebhookSigning, material: &[u8]) -> Outcome<Self> {
        Ok(match signing {
            WebhookSigning::Symmetric => Self::Symmetric(Box::new(hmac::Key::new(hmac::HMAC_SHA256, material))),
            WebhookSigning::Ed25519 => {
                let pair = Ed25519KeyPair::from_seed_unchecked(material);
                Self::Ed25519(Box::new(pair.map_err(|_| Fault::internal("a stored seed is no Ed25519 seed"))?))
            }
        })
    }

    /// One signature, as it stands in the header.
    fn sign(&self, message: &[u8]) -> String {
        match self {
            Self::Symmetric(key) => format!("v1,{}", STANDARD.encode(hmac::sign(key, message))),
            Self::Ed25519(pair) => format!("v1a,{}", STANDARD.encode(pair.sign(message))),
        }
    }
}

/// The header `webhook-signature`: one signature by each secret that holds, separated by blanks.
pub fn header(secrets: &[Secret], id: &str, timestamp: i64, body: &[u8]) -> String {
    let mut message = format!("{id}.{timestamp}.").into_bytes();
    message.extend_from_slice(body);
    secrets.iter().map(|secret| secret.sign(&message)).collect::<Vec<_>>().join(" ")
}
