//! Keys and tokens, honest and forged.

use std::{
    path::Path,
    sync::{Arc, LazyLock},
};

use aws_lc_rs::{
    rand::SystemRandom,
    rsa::KeySize,
    signature::{
        ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, Ed25519KeyPair, KeyPair, RSA_PKCS1_SHA256, RsaKeyPair,
        RsaPublicKeyComponents,
    },
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::{DateTime, Utc};
use labpact::{
    identity::{
        config::{AlgorithmName, ClaimNames, IdentityConfig, IssuerConfig, KeysConfig, TokenType},
        fetch::{Fetch, HttpFetch},
        revocation::{RevocationList, Revocations},
        trust::{Surroundings, verifier},
        verify::Verifier,
    },
    platform::clock::Clock,
};
use serde_json::{Value, json};

pub const GUANGDONG: &str = "https://sso.gd.example";
pub const SHANDONG: &str = "https://sso.sd.example";
pub const PAIR: &str = "https://sso.fj-gx.example";
/// Seconds since 1970 of [`now`].
pub const NOW: i64 = 1_800_000_000;

pub fn now() -> DateTime<Utc> {
    DateTime::from_timestamp(NOW, 0).unwrap()
}

pub enum Signer {
    Ed(Ed25519KeyPair),
    Ec(EcdsaKeyPair),
    Rsa(RsaKeyPair),
}

pub static GD_ED: LazyLock<Signer> = LazyLock::new(Signer::ed);
pub static GD_EC: LazyLock<Signer> = LazyLock::new(Signer::ec);
pub static GD_RSA: LazyLock<Signer> = LazyLock::new(Signer::rsa);
pub static SD_ED: LazyLock<Signer> = LazyLock::new(Signer::ed);
pub static PAIR_ED: LazyLock<Signer> = LazyLock::new(Signer::ed);

impl Signer {
    pub fn ed() -> Self {
        Self::Ed(Ed25519KeyPair::generate().unwrap())
    }

    pub fn ec() -> Self {
        Self::Ec(EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING).unwrap())
    }

    pub fn rsa() -> Self {
        Self::Rsa(RsaKeyPair::generate(KeySize::Rsa2048).unwrap())
    }

    pub fn alg(&self) -> &'static str {
        match self {
            Self::Ed(_) => "EdDSA",
            Self::Ec(_) => "ES256",
            Self::Rsa(_) => "RS256",
        }
    }

    /// The public part with a `kid`, without `alg`.
    pub fn jwk(&self, kid: &str) -> Value {
        let text = |bytes: &[u8]| URL_SAFE_NO_PAD.encode(bytes);
        match self {
            Self::Ed(pair) => {
                json!({ "kid": kid, "kty": "OKP", "crv": "Ed25519", "x": text(pair.public_key().as_ref()) })
            }
            Self::Ec(pair) => {
                let point = pair.public_key().as_ref();
                json!({ "kid": kid, "kty": "EC", "crv": "P-256", "x": text(&point[1..33]), "y": text(&point[33..]) })
            }
            Self::Rsa(pair) => {
                let parts = RsaPublicKeyComponents::<Vec<u8>>::from(pair.public_key());
                json!({ "kid": kid, "kty": "RSA", "n": text(&parts.n), "e": text(&parts.e) })
            }
        }
    }

    pub fn sign(&self, message: &[u8]) -> Vec<u8> {
        match self {
            Self::Ed(pair) => pair.sign(message).as_ref().to_vec(),
            Self::Ec(pair) => pair.sign(&SystemRandom::new(), message).unwrap().as_ref().to_vec(),
            Self::Rsa(pair) => {
                let mut signature = vec![0; pair.public_modulus_len()];
                pair.sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), message, &mut signature).unwrap();
                signature
            }
        }
    }

    /// A token of these very bytes, properly signed.
    pub fn seal(&self, header: impl AsRef<[u8]>, payload: impl AsRef<[u8]>) -> String {
        let signed = format!("{}.{}", URL_SAFE_NO_PAD.encode(header), URL_SAFE_NO_PAD.encode(payload));
        let signature = URL_SAFE_NO_PAD.encode(self.sign(signed.as_bytes()));
        format!("{signed}.{signature}")
    }

    /// A token, properly signed.
    pub fn token(&self, header: &Value, claims: &Value) -> String {
        self.seal(header.to_string(), claims.to_string())
    }
}

/// A good header for a key.
pub fn header(signer: &Signer, kid: &str) -> Value {
    json!({ "alg": signer.alg(), "typ": "at+jwt", "kid": kid })
}

/// Good claims of Guangdong's issuer.
pub fn claims() -> Value {
    json!({
        "iss": GUANGDONG, "aud": "labpact", "sub": "zhang", "agency": "GD", "roles": ["officer"],
        "iat": NOW, "exp": NOW + 300, "jti": "t-1", "client_id": "portal",
    })
}

/// `base` with some members put in place or, with null, taken away.
pub fn with(mut base: Value, changes: Value) -> Value {
    for (name, value) in changes.as_object().unwrap() {
        if value.is_null() {
            base.as_object_mut().unwrap().remove(name);
        } else {
            base[name] = value.clone();
        }
    }
    base
}

pub fn issuer(url: &str, agencies: &[&str], keys: KeysConfig) -> IssuerConfig {
    IssuerConfig {
        url: url.into(),
        audiences: vec!["labpact".into(), "https://api.labpact.example".into()],
        algorithms: AlgorithmName::ALL.to_vec(),
        keys,
        agencies: agencies.iter().map(|each| (*each).into()).collect(),
        claims: ClaimNames::default(),
        types: vec![TokenType::AccessToken],
        leeway_seconds: 30,
        refresh_seconds: 900,
    }
}

/// A directory with a JWK set for each issuer, and a verifier that trusts them.
pub struct Court {
    pub verifier: Verifier,
    pub clock: Clock,
    pub revoked: Arc<RevocationList>,
    _directory: tempfile::TempDir,
}

impl Court {
    pub fn new() -> Self {
        Self::changed(|_| {})
    }

    /// With a change to the configuration.
    pub fn changed(change: impl FnOnce(&mut IdentityConfig)) -> Self {
        let directory = tempfile::tempdir().unwrap();
        let file = |name: &str, keys: Value| {
            let path = directory.path().join(name);
            write_set(&path, keys);
            KeysConfig::JwksFile(path)
        };
        let guangdong = file("gd.json", json!([GD_ED.jwk("ed"), GD_EC.jwk("ec"), GD_RSA.jwk("rsa")]));
        let mut config = IdentityConfig {
            issuers: vec![
                issuer(GUANGDONG, &["GD"], guangdong),
                issuer(SHANDONG, &["SD"], file("sd.json", json!([SD_ED.jwk("ed")]))),
                issuer(PAIR, &["FJ", "GX"], file("pair.json", json!([PAIR_ED.jwk("ed")]))),
            ],
            ..IdentityConfig::default()
        };
        change(&mut config);
        let clock = Clock::fixed(now());
        let revoked = Arc::new(RevocationList::default());
        let around = Surroundings {
            fetch: http(),
            embedded: None,
            revocations: Arc::clone(&revoked) as Arc<dyn Revocations>,
            clock: clock.clone(),
        };
        Self { verifier: verifier(&config, around).unwrap(), clock, revoked, _directory: directory }
    }
}

pub fn http() -> Arc<dyn Fetch> {
    Arc::new(HttpFetch::new().unwrap())
}

pub fn write_set(path: &Path, keys: Value) {
    std::fs::write(path, json!({ "keys": keys }).to_string()).unwrap();
}
