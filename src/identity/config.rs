//! The section `identity` of the configuration. Unknown keys are refused everywhere.

use std::{collections::BTreeMap, path::PathBuf};

use serde::{Deserialize, Serialize};

/// Largest leeway for clocks that differ, in seconds.
pub const MAX_LEEWAY_SECONDS: u32 = 60;

/// Whom this instance trusts, and what roles mean.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct IdentityConfig {
    /// What a caller without a token may do. Default: nothing.
    pub anonymous: Anonymous,
    /// Issuers whose tokens are accepted. Default: none.
    pub issuers: Vec<IssuerConfig>,
    /// The issuer inside this instance, off unless this table is present.
    pub embedded: Option<EmbeddedConfig>,
    /// Roles by name: a built-in role named here is replaced, any other is new.
    pub roles: BTreeMap<String, RoleConfig>,
    /// How many verified tokens are remembered. Default: 10,000.
    pub remembered_tokens: u64,
}

impl Default for IdentityConfig {
    fn default() -> Self {
        Self {
            anonymous: Anonymous::Off,
            issuers: Vec::new(),
            embedded: None,
            roles: BTreeMap::new(),
            remembered_tokens: 10_000,
        }
    }
}

/// What a caller without a token may do.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Anonymous {
    /// Nothing.
    #[default]
    Off,
    /// Read what is marked public.
    PublicDirectory,
}

/// One trusted issuer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct IssuerConfig {
    /// The exact `iss` of its tokens; `https`, or `http` on a loopback address.
    pub url: String,
    /// Names under which the issuer knows this instance; a token must carry one of them in `aud`.
    pub audiences: Vec<String>,
    /// Accepted signature algorithms. Default: all three.
    #[serde(default = "every_algorithm")]
    pub algorithms: Vec<AlgorithmName>,
    /// Where its public keys are.
    pub keys: KeysConfig,
    /// Codes of the agencies that it may speak for, such as `["GD"]`.
    pub agencies: Vec<String>,
    /// Where its tokens carry what we need.
    #[serde(default)]
    pub claims: ClaimNames,
    /// Accepted `typ` of its tokens. Default: `["at+jwt"]`.
    #[serde(default = "access_tokens_only")]
    pub types: Vec<TokenType>,
    /// How far the issuer's clock may differ from ours, in seconds, at most 60. Default: 30.
    #[serde(default = "thirty")]
    pub leeway_seconds: u32,
    /// Age at which fetched keys are fetched anew, in seconds, at least 60. Default: 900.
    #[serde(default = "quarter_of_an_hour")]
    pub refresh_seconds: u32,
}

/// Where an issuer's public keys are: `{ jwks_url = "…" }`, `{ jwks_file = "…" }` or `"discovery"`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum KeysConfig {
    /// A JWK set by HTTP (RFC 7517).
    JwksUrl(String),
    /// A JWK set in a file, read again when it is due like a fetched one.
    JwksFile(PathBuf),
    /// Found through `/.well-known/openid-configuration` below the issuer's URL.
    Discovery,
}

/// A signature algorithm by its name in RFC 7518 and RFC 8037.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum AlgorithmName {
    /// Ed25519.
    EdDSA,
    /// ECDSA on P-256 with SHA-256.
    ES256,
    /// RSASSA-PKCS1-v1_5 with SHA-256, keys of at least 2048 bits.
    RS256,
}

impl AlgorithmName {
    /// All that are spoken here.
    pub const ALL: [Self; 3] = [Self::EdDSA, Self::ES256, Self::RS256];

    /// The name as it stands in `alg`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::EdDSA => "EdDSA",
            Self::ES256 => "ES256",
            Self::RS256 => "RS256",
        }
    }

    /// The algorithm of an `alg`, which is case-sensitive.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|each| each.as_str() == name)
    }
}

/// The media type of a token, `typ` in its header.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum TokenType {
    /// An access token of RFC 9068.
    #[serde(rename = "at+jwt")]
    AccessToken,
    /// The general type, for issuers that do not follow RFC 9068.
    #[serde(rename = "JWT")]
    Jwt,
}

/// Names of the claims. A name that begins with `/` is a JSON pointer (RFC 6901), such as `/realm_access/roles`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ClaimNames {
    /// Code of the agency, a string. May be absent where the issuer speaks for one agency only.
    pub agency: String,
    /// Names of roles, an array of strings or one string with blanks between.
    pub roles: String,
    /// Scopes, one string with blanks between or an array of strings.
    pub scope: String,
    /// Ids of the labs that the caller may write, an array of strings; absent: no such limit.
    pub labs: String,
    /// Ids of the institutions that the caller may write, an array of strings; absent: no such limit.
    pub institutions: String,
    /// `true` for a machine; a token whose `client_id` equals its `sub` is one as well.
    pub machine: String,
}

impl Default for ClaimNames {
    fn default() -> Self {
        Self {
            agency: "agency".into(),
            roles: "roles".into(),
            scope: "scope".into(),
            labs: "labs".into(),
            institutions: "institutions".into(),
            machine: "machine".into(),
        }
    }
}

/// The issuer inside this instance.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EmbeddedConfig {
    /// The `iss` of its tokens, usually the public address of this instance.
    pub url: String,
    /// The `aud` of its tokens. Default: `labpact`.
    #[serde(default = "labpact")]
    pub audience: String,
    /// Codes of the agencies that it may speak for.
    pub agencies: Vec<String>,
    /// Directory of the key files, readable by the owner only.
    pub keys: PathBuf,
    /// How long a key still verifies after a newer one took over, in seconds. Default: 86,400, a day.
    #[serde(default = "day")]
    pub overlap_seconds: u32,
}

/// What a role opens.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct RoleConfig {
    /// Scopes of this role.
    pub scopes: Vec<String>,
    /// Roles whose scopes are added; a role that names itself adds its built-in scopes.
    pub extends: Vec<String>,
}

fn every_algorithm() -> Vec<AlgorithmName> {
    AlgorithmName::ALL.to_vec()
}

fn access_tokens_only() -> Vec<TokenType> {
    vec![TokenType::AccessToken]
}

fn thirty() -> u32 {
    30
}

fn quarter_of_an_hour() -> u32 {
    900
}

fn day() -> u32 {
    86_400
}

fn labpact() -> String {
    "labpact".into()
}
