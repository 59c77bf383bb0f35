//! Whom a request came from.

use std::net::SocketAddr;

use axum::http::{HeaderMap, HeaderName, HeaderValue};
use labpact::{
    config::ProxyHeader,
    graphql::budget::BudgetLimits,
    http::connection::address::{ClientAddress, Proxies},
};
use serde_json::json;

use crate::support::{base::Backend, world::World};

fn seen(proxies: &Proxies, peer: &str, headers: &[(&'static str, &str)]) -> String {
    let mut map = HeaderMap::new();
    for (name, value) in headers {
        map.append(HeaderName::from_static(name), HeaderValue::from_str(value).expect("a header"));
    }
    let peer: SocketAddr = peer.parse().expect("an address");
    proxies.client(peer, &map).0.to_string()
}

fn trusting(header: ProxyHeader) -> Proxies {
    Proxies::new(vec!["10.0.0.0/8".parse().expect("a network"), "fd00::/8".parse().expect("a network")], header)
}

#[test]
fn only_trusted_proxies_are_believed() {
    let proxies = trusting(ProxyHeader::XForwardedFor);
    let claim = [("x-forwarded-for", "203.0.113.9")];
    assert_eq!(seen(&Proxies::default(), "10.0.0.1:80", &claim), "10.0.0.1");
    assert_eq!(seen(&proxies, "192.0.2.1:80", &claim), "192.0.2.1", "not a proxy");
    assert_eq!(seen(&proxies, "10.0.0.1:80", &claim), "203.0.113.9");
    assert_eq!(seen(&proxies, "[::ffff:10.0.0.1]:80", &claim), "203.0.113.9", "a mapped address is that address");
    assert_eq!(seen(&proxies, "10.0.0.1:80", &[]), "10.0.0.1", "the proxy itself asks");
    assert_eq!(seen(&proxies, "10.0.0.1:80", &[("forwarded", "for=203.0.113.9")]), "10.0.0.1", "the other header");
}

#[test]
fn the_last_address_that_is_no_proxy_counts() {
    let proxies = trusting(ProxyHeader::XForwardedFor);
    for (list, expected) in [
        ("1.1.1.1, 203.0.113.9", "203.0.113.9"),
        ("1.1.1.1, 203.0.113.9, 10.9.9.9", "203.0.113.9"),
        ("1.1.1.1,203.0.113.9,fd00::1 , 10.9.9.9", "203.0.113.9"),
        ("10.1.1.1, 10.2.2.2", "10.1.1.1"),
        ("203.0.113.9:4711", "203.0.113.9"),
        ("[2001:db8::7]:4711", "2001:db8::7"),
        ("2001:db8::7", "2001:db8::7"),
        ("203.0.113.9, nonsense, 10.2.2.2", "10.2.2.2"),
        ("", "10.0.0.1"),
    ] {
        assert_eq!(seen(&proxies, "10.0.0.1:80", &[("x-forwarded-for", list)]), expected, "{list}");
    }
    let lines = [("x-forwarded-for", "1.1.1.1"), ("x-forwarded-for", "203.0.113.9"), ("x-forwarded-for", "10.2.2.2")];
    assert_eq!(seen(&proxies, "10.0.0.1:80", &lines), "203.0.113.9", "lines are one list");
}

#[test]
fn forwarded_is_read_as_rfc_7239_has_it() {
    let proxies = trusting(ProxyHeader::Forwarded);
    for (list, expected) in [
        ("for=203.0.113.9", "203.0.113.9"),
        ("For=\"[2001:db8::7]:4711\";proto=https", "2001:db8::7"),
        ("for=1.1.1.1, by=10.1.1.1;for=203.0.113.9, for=10.2.2.2", "203.0.113.9"),
        ("for=unknown", "10.0.0.1"),
        ("for=_hidden, for=10.2.2.2", "10.2.2.2"),
    ] {
        assert_eq!(seen(&proxies, "10.0.0.1:80", &[("forwarded", list)]), expected, "{list}");
    }
}

#[test]
fn a_client_of_version_6_is_its_network() {
    let network = |text: &str| ClientAddress(text.parse().expect("an address")).network().to_string();
    assert_eq!(network("2001:db8:1:2:3:4:5:6"), "2001:db8:1:2::");
    assert_eq!(network("203.0.113.9"), "203.0.113.9");
    assert_eq!(network("::ffff:203.0.113.9"), "203.0.113.9");
}

#[test]
fn strangers_behind_a_proxy_have_budgets_of_their_own() {
    let budget = BudgetLimits { units: 200, units_per_second: 1 };
    for (trusted, expected) in [(vec!["127.0.0.1/32".parse().expect("a network")], 401), (Vec::new(), 429)] {
        World::run_with(
            Backend::Sqlite,
            |config| {
                config.graphql.budget = budget.clone();
                config.server.trusted_proxies = trusted;
            },
            async |w| {
                let mut last = 0;
                for stranger in ["203.0.113.1", "203.0.113.1", "203.0.113.2"] {
                    let request = w.http().post(w.url("/graphql")).header("x-forwarded-for", stranger);
                    last = request
                        .json(&json!({ "query": "{ __typename }" }))
                        .bearer_auth("no")
                        .send()
                        .await
                        .expect("an answer")
                        .status()
                        .as_u16();
                }
                assert_eq!(last, expected);
            },
        );
    }
}
