//! One trusted issuer: who it is, how it signs, and for which agencies it may speak.

use std::{collections::BTreeSet, path::PathBuf};

use chrono::TimeDelta;
use entity::ids::AgencyCode;
use reqwest::Url;
use unicode_normalization::UnicodeNormalization;

use super::{
    config::{AlgorithmName, ClaimNames, EmbeddedConfig, IssuerConfig, KeysConfig, MAX_LEEWAY_SECONDS, TokenType},
    fetch::{is_loopback, trusted_url},
};
use crate::platform::fault::{Outcome, Problems};

/// Seconds that a set of keys is used at least before it is fetched for its age.
const MIN_REFRESH_SECONDS: u32 = 60;

/// A trusted issuer, checked. What it signs is believed for its [`Issuer::agencies`] and for nobody else.
#[derive(Clone, Debug)]
pub struct Issuer {
    /// The exact `iss` of its tokens.
    pub url: String,
    /// A token must carry one of these in `aud`.
    pub audiences: BTreeSet<String>,
    /// Accepted algorithms, never empty.
    pub algorithms: BTreeSet<AlgorithmName>,
    /// Where its keys are.
    pub keys: KeySource,
    /// The agencies that it may speak for, never empty.
    pub agencies: BTreeSet<AgencyCode>,
    /// Where its tokens carry what we need.
    pub claims: ClaimNames,
    /// Accepted `typ`.
    pub types: BTreeSet<TokenType>,
    /// How far its clock may differ from ours, at most a minute.
    pub leeway: TimeDelta,
    /// Age at which fetched keys are fetched anew.
    pub refresh: TimeDelta,
}

/// Where the keys of an issuer are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum KeySource {
    /// A JWK set at this address.
    Jwks(Url),
    /// A JWK set in this file.
    File(PathBuf),
    /// The `jwks_uri` of the discovery document at this address.
    Discovery(Url),
    /// Key files of this instance.
    Embedded,
}

impl Issuer {
    /// Checks one entry of `identity.issuers`; `at` is its place, as `identity.issuers.0`.
    ///
    /// # Errors
    /// `INVALID` with everything that is wrong.
    pub fn from_config(at: &str, config: &IssuerConfig) -> Outcome<Self> {
        let mut problems = Problems::default();
        let url = trusted_url(&config.url);
        if let Err(why) = &url {
            problems.add(format!("{at}.url"), "ISSUER_URL", format!("{:?} {why}.", config.url));
        }
        if config.audiences.is_empty() || config.audiences.iter().any(|each| each.trim().is_empty()) {
            problems.add(
                format!("{at}.audiences"),
                "AUDIENCE_REQUIRED",
                "Name at least one audience, none of them empty.",
            );
        }
        if config.algorithms.is_empty() {
            problems.add(format!("{at}.algorithms"), "ALGORITHM_REQUIRED", "Name at least one of EdDSA, ES256, RS256.");
        }
        if config.types.is_empty() {
            problems.add(format!("{at}.types"), "TYPE_REQUIRED", "Name at least one of at+jwt, JWT.");
        }
        if config.leeway_seconds > MAX_LEEWAY_SECONDS {
            problems.add(format!("{at}.leeway_seconds"), "LEEWAY_TOO_LONG", "A leeway is at most 60 seconds.");
        }
        if config.refresh_seconds < MIN_REFRESH_SECONDS {
            problems.add(
                format!("{at}.refresh_seconds"),
                "REFRESH_TOO_SHORT",
                "Keys are fetched at most once a minute.",
            );
        }
        let agencies = agency_codes(&format!("{at}.agencies"), &config.agencies, &mut problems);
        let keys = key_source(at, config, url.as_ref().ok(), &mut problems);
        let issuer = keys.map(|keys| Self {
            url: config.url.clone(),
            audiences: config.audiences.iter().cloned().collect(),
            algorithms: config.algorithms.iter().copied().collect(),
            keys,
            agencies,
            claims: config.claims.clone(),
            types: config.types.iter().copied().collect(),
            leeway: TimeDelta::seconds(config.leeway_seconds.into()),
            refresh: TimeDelta::seconds(config.refresh_seconds.into()),
        });
        problems.finish()?;
        Ok(issuer.expect("a missing key source is a problem, and there were none"))
    }

    /// The issuer inside this instance: EdDSA, access tokens only, no difference of clocks.
    ///
    /// # Errors
    /// `INVALID` with everything that is wrong.
    pub fn embedded(config: &EmbeddedConfig) -> Outcome<Self> {
        let mut problems = Problems::default();
        if !Url::parse(&config.url).is_ok_and(|url| matches!(url.scheme(), "http" | "https")) {
            problems.add("identity.embedded.url", "ISSUER_URL", format!("{:?} is no http or https URL.", config.url));
        }
        if config.audience.trim().is_empty() {
            problems.add("identity.embedded.audience", "AUDIENCE_REQUIRED", "The audience must not be empty.");
        }
        let agencies = agency_codes("identity.embedded.agencies", &config.agencies, &mut problems);
        problems.finish()?;
        Ok(Self {
            url: config.url.clone(),
            audiences: BTreeSet::from([config.audience.clone()]),
            algorithms: BTreeSet::from([AlgorithmName::EdDSA]),
            keys: KeySource::Embedded,
            agencies,
            claims: ClaimNames::default(),
            types: BTreeSet::from([TokenType::AccessToken]),
            leeway: TimeDelta::zero(),
            refresh: TimeDelta::seconds(MIN_REFRESH_SECONDS.into()),
        })
    }

    /// The agency that a claim names, if this issuer may speak for it. Case and full-width letters do not matter.
    pub fn agency(&self, claimed: &str) -> Option<&AgencyCode> {
        self.agencies.get(&AgencyCode(normal_code(claimed)))
    }
}

/// A code as it is compared: half-width, upper case, without blanks around it.
pub fn normal_code(code: &str) -> String {
    code.nfkc().collect::<String>().trim().to_uppercase()
}

fn agency_codes(at: &str, codes: &[String], problems: &mut Problems) -> BTreeSet<AgencyCode> {
    if codes.is_empty() {
        problems.add(at, "AGENCY_REQUIRED", "Name the agencies that this issuer may speak for.");
    }
    let codes: BTreeSet<AgencyCode> = codes.iter().map(|code| AgencyCode(normal_code(code))).collect();
    for code in codes.iter().filter(|code| !is_code(code)) {
        problems.add(
            at,
            "AGENCY_CODE",
            format!("{:?} is no agency code, which is letters and digits such as GD.", code.0),
        );
    }
    codes
}

fn is_code(code: &AgencyCode) -> bool {
    !code.0.is_empty() && code.0.bytes().all(|each| each.is_ascii_alphanumeric())
}

/// The checked source of keys. An issuer beyond this machine cannot send us to an address on it.
fn key_source(at: &str, config: &IssuerConfig, issuer: Option<&Url>, problems: &mut Problems) -> Option<KeySource> {
    match &config.keys {
        KeysConfig::JwksFile(path) => Some(KeySource::File(path.clone())),
        KeysConfig::JwksUrl(text) => match trusted_url(text) {
            Ok(url) => Some(KeySource::Jwks(url)),
            Err(why) => {
                problems.add(format!("{at}.keys.jwks_url"), "KEYS_URL", format!("{text:?} {why}."));
                None
            }
        },
        KeysConfig::Discovery => {
            let base = issuer?.as_str().trim_end_matches('/');
            Url::parse(&format!("{base}/.well-known/openid-configuration")).ok().map(KeySource::Discovery)
        }
    }
}

/// The `jwks_uri` of a discovery document, if the document speaks for `issuer` (OpenID Connect Discovery 1.0 §4.3).
///
/// # Errors
/// One clause that says why it is not believed.
pub fn discovered(issuer: &str, document: &[u8]) -> Result<Url, String> {
    let document = super::json::object(document).map_err(|why| format!("the discovery document {why}"))?;
    if document.get("issuer").and_then(|value| value.as_str()) != Some(issuer) {
        return Err("the discovery document names another issuer".into());
    }
    let uri =
        document.get("jwks_uri").and_then(|value| value.as_str()).ok_or("the discovery document has no jwks_uri")?;
    let uri = trusted_url(uri).map_err(|why| format!("the jwks_uri of the discovery document {why}"))?;
    let local = Url::parse(issuer).is_ok_and(|url| is_loopback(&url));
    if is_loopback(&uri) && !local {
        return Err("the jwks_uri of the discovery document points at this machine".into());
    }
    Ok(uri)
}
