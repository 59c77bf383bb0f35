//! Secrets that are shown once and kept as their hash alone.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use sha2::{Digest, Sha256};

use super::fault::{Fault, Outcome};

/// Characters of a secret.
pub const LENGTH: usize = 43;

/// A new secret of 256 random bits, for addresses and headers alike.
///
/// # Errors
/// `INTERNAL` where the machine has no randomness.
pub fn draw() -> Outcome<String> {
    let mut bits = [0; 32];
    aws_lc_rs::rand::fill(&mut bits).map_err(|_| Fault::internal("the machine gives no random bits"))?;
    Ok(URL_SAFE_NO_PAD.encode(bits))
}

/// What is kept of a secret: SHA-256, hex. With 256 random bits there is nothing to guess, so no slower hash is needed.
pub fn hashed(secret: &str) -> String {
    hex::encode(Sha256::digest(secret))
}
