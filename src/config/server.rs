//! Section `[server]`.

use std::net::SocketAddr;

use ipnet::IpNet;
use serde::Deserialize;

use super::{ConnectionLimits, TlsConfig};

/// Where and how the server listens.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ServerConfig {
    /// Address and port.
    pub listen: SocketAddr,
    /// Whether the query page is served at `/`.
    pub query_page: bool,
    /// How long running requests may take to finish when the server stops, in seconds.
    pub drain_seconds: u64,
    /// How long one operation may take, in seconds.
    pub operation_seconds: u64,
    /// Origins, such as `https://desk.example.gov.cn`, whose pages may call this besides the server's own.
    pub origins: Vec<String>,
    /// Networks of the proxies that are believed about whom they speak for.
    pub trusted_proxies: Vec<IpNet>,
    /// In which header they say it.
    pub proxy_header: ProxyHeader,
    /// How many connections, and how slow.
    pub connections: ConnectionLimits,
    /// Certificate and key; plain HTTP without.
    pub tls: Option<TlsConfig>,
    /// How long the feed may make no progress, in seconds, before `/readyz` answers 503.
    pub ready_lag_seconds: u64,
}

impl Default for ServerConfig {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from(([127, 0, 0, 1], 8080)),
            query_page: false,
            drain_seconds: 20,
            operation_seconds: 30,
            origins: Vec::new(),
            trusted_proxies: Vec::new(),
            proxy_header: ProxyHeader::default(),
            connections: ConnectionLimits::default(),
            tls: None,
            ready_lag_seconds: 30,
        }
    }
}

/// In which header proxies say whom they speak for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ProxyHeader {
    /// `X-Forwarded-For`: a list of addresses, each proxy adds its peer's.
    #[default]
    XForwardedFor,
    /// `Forwarded` (RFC 7239), its `for` parameters.
    Forwarded,
}
