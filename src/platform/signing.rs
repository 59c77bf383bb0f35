//! The key of the instance, for whoever must sign in its name and need not know where the key is.

use serde_json::Value as Json;

use super::fault::Outcome;

/// The key that signs now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublicPart {
    /// Its name: the SHA-256 thumbprint (RFC 7638).
    pub kid: String,
    /// The public key as a JWK (RFC 7517).
    pub jwk: Json,
}

/// Signs with an Ed25519 key of the instance.
pub trait Signer: Send + Sync {
    /// The key that signs now.
    ///
    /// # Errors
    /// `UNAVAILABLE` where there is none.
    fn key(&self) -> Outcome<PublicPart>;

    /// The signature of a message by the key of that name.
    ///
    /// # Errors
    /// `UNAVAILABLE` where that key is gone.
    fn sign(&self, kid: &str, message: &[u8]) -> Outcome<Vec<u8>>;
}
