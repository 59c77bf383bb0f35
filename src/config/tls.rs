//! Section `[server.tls]`.

use std::path::PathBuf;

use serde::Deserialize;

/// Where the certificate and its key are.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TlsConfig {
    /// PEM file: the certificate, then those that lead to its authority.
    pub certificate: PathBuf,
    /// PEM file: the private key.
    pub key: PathBuf,
    /// How often the files are looked at for a renewal, in seconds.
    #[serde(default = "minute")]
    pub reload_seconds: u64,
}

fn minute() -> u64 {
    60
}
