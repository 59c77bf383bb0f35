//! Which addresses may be called: those of others, never those of the house itself or of its neighbours.
//!
//! A URL is held against this when it is written and before each attempt, and the addresses that its host has are held
//! against it at each connection: the address that was judged is the one that is connected to.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use ipnet::{IpNet, Ipv4Net, Ipv6Net};
use reqwest::Url;

/// Longest URL, in bytes.
pub const LONGEST_URL: usize = 2_000;

/// What an operator allows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Guard {
    /// Whether `http` is allowed besides `https`.
    pub http: bool,
    /// Ports that are allowed; all where it is empty.
    pub ports: Vec<u16>,
    /// Networks that are allowed though they would be refused.
    pub networks: Vec<IpNet>,
}

/// Networks of IPv4 that are nobody else's, and what they are (RFC 6890 and its registry).
const REFUSED_V4: [(Ipv4Addr, u8, &str); 15] = [
    (Ipv4Addr::new(0, 0, 0, 0), 8, "of this network"),
    (Ipv4Addr::new(10, 0, 0, 0), 8, "private"),
    (Ipv4Addr::new(100, 64, 0, 0), 10, "shared by carriers"),
    (Ipv4Addr::new(127, 0, 0, 0), 8, "loopback"),
    (Ipv4Addr::new(169, 254, 0, 0), 16, "link-local"),
    (Ipv4Addr::new(172, 16, 0, 0), 12, "private"),
    (Ipv4Addr::new(192, 0, 0, 0), 24, "reserved"),
    (Ipv4Addr::new(192, 0, 2, 0), 24, "for documentation"),
    (Ipv4Addr::new(192, 88, 99, 0), 24, "of a 6to4 relay"),
    (Ipv4Addr::new(192, 168, 0, 0), 16, "private"),
    (Ipv4Addr::new(198, 18, 0, 0), 15, "for benchmarks"),
    (Ipv4Addr::new(198, 51, 100, 0), 24, "for documentation"),
    (Ipv4Addr::new(203, 0, 113, 0), 24, "for documentation"),
    (Ipv4Addr::new(224, 0, 0, 0), 4, "multicast"),
    (Ipv4Addr::new(240, 0, 0, 0), 4, "reserved"),
];

/// Networks of IPv6 within the global unicast space that are nobody else's.
const REFUSED_V6: [(Ipv6Addr, u8, &str); 3] = [
    (Ipv6Addr::new(0x2001, 0, 0, 0, 0, 0, 0, 0), 23, "reserved"),
    (Ipv6Addr::new(0x2001, 0xdb8, 0, 0, 0, 0, 0, 0), 32, "for documentation"),
    (Ipv6Addr::new(0x3fff, 0, 0, 0, 0, 0, 0, 0), 20, "for documentation"),
];

/// Names that every machine has for itself, or that never leave a network.
const OWN_NAMES: [&str; 5] = ["localhost", "local", "localdomain", "internal", "home.arpa"];

impl Guard {
    /// A URL that may be called, as far as the text tells: scheme, port, and the host where it is an address.
    ///
    /// # Errors
    /// One sentence that says what is wrong with it.
    pub fn url(&self, text: &str) -> Result<Url, String> {
        if text.len() > LONGEST_URL {
            return Err(format!("A URL has at most {LONGEST_URL} bytes."));
        }
        let url = Url::parse(text).map_err(|_| "This is no URL; write https://host/path.".to_owned())?;
        match url.scheme() {
            "https" => {}
            "http" if self.http => {}
            "http" => return Err("Give an https URL; this instance sends nothing in the clear.".to_owned()),
            _ => return Err("Give an https URL.".to_owned()),
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err("Take the user name and password out of the URL; messages are signed instead.".to_owned());
        }
        if url.fragment().is_some() {
            return Err("Take the fragment (#…) out of the URL; it is not sent.".to_owned());
        }
        let port = url.port_or_known_default().unwrap_or_default();
        if !self.ports.is_empty() && !self.ports.contains(&port) {
            let listed: Vec<String> = self.ports.iter().map(ToString::to_string).collect();
            return Err(format!("Port {port} is not called by this instance; use one of {}.", listed.join(", ")));
        }
        self.host(url.host_str().unwrap_or_default())?;
        Ok(url)
    }

    fn host(&self, host: &str) -> Result<(), String> {
        let bare = host.trim_start_matches('[').trim_end_matches(']');
        if let Ok(address) = bare.parse::<IpAddr>() {
            return self.address(address).map_err(|what| {
                format!(
                    "The address is {what}; give one that is reached from everywhere, or ask the operator to allow it."
                )
            });
        }
        let name = host.trim_end_matches('.').to_ascii_lowercase();
        let own = OWN_NAMES.iter().any(|own| name == *own || name.ends_with(&format!(".{own}")));
        if name.is_empty() || (own && self.networks.is_empty()) {
            return Err(
                "The host is a name of the instance's own network; give one that is known everywhere.".to_owned()
            );
        }
        Ok(())
    }

    /// Whether an address may be connected to.
    ///
    /// # Errors
    /// What it is that it may not, such as `private`.
    pub fn address(&self, address: IpAddr) -> Result<(), &'static str> {
        if self.allows(address) {
            return Ok(());
        }
        match address {
            IpAddr::V4(address) => refused_v4(address),
            IpAddr::V6(address) => match embedded(address) {
                Some(inner) if self.allows(IpAddr::V4(inner)) => Ok(()),
                Some(inner) => refused_v4(inner),
                None => refused_v6(address),
            },
        }
    }

    fn allows(&self, address: IpAddr) -> bool {
        self.networks.iter().any(|network| network.contains(&address))
    }
}

fn refused_v4(address: Ipv4Addr) -> Result<(), &'static str> {
    let refused = REFUSED_V4
        .iter()
        .find(|(network, prefix, _)| Ipv4Net::new(*network, *prefix).is_ok_and(|network| network.contains(&address)));
    refused.map_or(Ok(()), |(_, _, what)| Err(what))
}

fn refused_v6(address: Ipv6Addr) -> Result<(), &'static str> {
    let first = address.segments()[0];
    match first {
        _ if address.is_loopback() => return Err("loopback"),
        _ if address.is_unspecified() => return Err("of this network"),
        0xff00..=0xffff => return Err("multicast"),
        0xfe80..=0xfebf => return Err("link-local"),
        0xfc00..=0xfdff => return Err("private"),
        0x2000..=0x3fff => {}
        _ => return Err("reserved"),
    }
    let refused = REFUSED_V6
        .iter()
        .find(|(network, prefix, _)| Ipv6Net::new(*network, *prefix).is_ok_and(|network| network.contains(&address)));
    refused.map_or(Ok(()), |(_, _, what)| Err(what))
}

/// The IPv4 address that an IPv6 address stands for: mapped (`::ffff:0:0/96`), translated (`::ffff:0:0:0/96`), compatible
/// (`::/96`), NAT64 (`64:ff9b::/96`) and 6to4 (`2002::/16`).
fn embedded(address: Ipv6Addr) -> Option<Ipv4Addr> {
    let [a, b, c, d, e, f, high, low] = address.segments();
    let tail = || {
        let ([one, two], [three, four]) = (high.to_be_bytes(), low.to_be_bytes());
        Ipv4Addr::new(one, two, three, four)
    };
    match [a, b, c, d, e, f] {
        [0, 0, 0, 0, 0, 0xffff] | [0, 0, 0, 0, 0xffff, 0] | [0x64, 0xff9b, 0, 0, 0, 0] => Some(tail()),
        [0, 0, 0, 0, 0, 0] if !address.is_loopback() && !address.is_unspecified() => Some(tail()),
        [0x2002, ..] => {
            let ([one, two], [three, four]) = (b.to_be_bytes(), c.to_be_bytes());
            Some(Ipv4Addr::new(one, two, three, four))
        }
        _ => None,
    }
}
