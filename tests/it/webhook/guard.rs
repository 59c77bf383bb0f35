//! What is never called.

use std::{
    io,
    net::{IpAddr, SocketAddr},
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

use axum::response::IntoResponse;
use chrono::Utc;
use entity::{
    enums::{WebhookSigning, WebhookStatus},
    ids::{AgencyCode, WebhookId, WebhookSecretId},
    webhook, webhook_secret,
};
use futures_util::future::BoxFuture;
use labpact::{
    config::WebhookConfig,
    webhook::{
        model::{attempt::Answer, guard::Guard},
        sender::courier::{Courier, Letter, Lookup},
    },
};
use proptest::prelude::*;
use uuid::Uuid;

use super::receiver::Receiver;

fn guard() -> Guard {
    WebhookConfig::default().settings().expect("the defaults hold").guard
}

#[test]
fn addresses_of_everybody_are_called() {
    for url in [
        "https://hooks.example.gov.cn/a?b=c",
        "https://hooks.example.gov.cn:8443/",
        "https://8.8.8.8/",
        "https://223.5.5.5/",
        "https://[2400:3200::1]/",
        "https://xn--fiqs8s.example/",
        "https://监管.example/",
    ] {
        guard().url(url).unwrap_or_else(|why| panic!("{url}: {why}"));
    }
}

#[test]
fn other_forms_of_urls_are_refused() {
    for url in [
        "",
        "hooks.example",
        "/hook",
        "http://hooks.example/",
        "ftp://hooks.example/",
        "file:///etc/passwd",
        "gopher://hooks.example/",
        "https://",
        "https://user@hooks.example/",
        "https://user:word@hooks.example/",
        "https://hooks.example/#part",
        "https://hooks.example:22/",
        "https://hooks.example:6379/",
        "https://localhost/",
        "https://LOCALHOST./",
        "https://a.localhost/",
        "https://db.internal/",
        "https://printer.local/",
    ] {
        assert!(guard().url(url).is_err(), "{url}");
    }
    assert!(guard().url(&format!("https://hooks.example/{}", "a".repeat(2_000))).is_err());
}

#[test]
fn addresses_of_the_house_are_refused_however_they_are_spelled() {
    for host in [
        "127.0.0.1",
        "127.1",
        "127.255.255.254",
        "2130706433",
        "0x7f000001",
        "0x7f.1",
        "0177.0.0.1",
        "017700000001",
        "0",
        "0.0.0.0",
        "0.1.2.3",
        "10.0.0.1",
        "10.255.255.255",
        "012.1.1.1",
        "0x0a.0.0.1",
        "167772161",
        "100.64.0.1",
        "100.127.255.255",
        "169.254.169.254",
        "0xa9fea9fe",
        "2852039166",
        "172.16.0.1",
        "172.31.255.255",
        "192.0.0.1",
        "192.0.2.1",
        "192.88.99.1",
        "192.168.0.1",
        "198.18.0.1",
        "198.19.255.255",
        "198.51.100.1",
        "203.0.113.1",
        "224.0.0.1",
        "239.255.255.255",
        "240.0.0.1",
        "255.255.255.255",
        "１２７.0.0.1",
        "127。0。0。1",
        "%31%32%37.0.0.1",
        "[::]",
        "[::1]",
        "[0:0:0:0:0:0:0:1]",
        "[::127.0.0.1]",
        "[::ffff:127.0.0.1]",
        "[::ffff:7f00:1]",
        "[::ffff:0:127.0.0.1]",
        "[::ffff:10.0.0.1]",
        "[::ffff:169.254.169.254]",
        "[::a00:1]",
        "[64:ff9b::127.0.0.1]",
        "[64:ff9b::a00:1]",
        "[64:ff9b:1::1]",
        "[2002:7f00:1::]",
        "[2002:a00:1::1]",
        "[2002:c0a8:1::1]",
        "[2001::1]",
        "[2001:0:4136:e378:8000:63bf:3fff:fdd2]",
        "[2001:10::1]",
        "[2001:db8::1]",
        "[3fff::1]",
        "[fc00::1]",
        "[fd00:ec2::254]",
        "[fe80::1]",
        "[febf::1]",
        "[fec0::1]",
        "[ff02::1]",
        "[100::1]",
        "[4000::1]",
    ] {
        assert!(guard().url(&format!("https://{host}/")).is_err(), "{host}");
    }
}

#[test]
fn neighbours_of_refused_networks_are_called() {
    for host in [
        "9.255.255.255",
        "11.0.0.0",
        "100.63.255.255",
        "100.128.0.0",
        "126.255.255.255",
        "128.0.0.1",
        "169.253.255.255",
        "172.15.255.255",
        "172.32.0.0",
        "192.167.255.255",
        "198.17.255.255",
        "198.20.0.0",
        "223.255.255.255",
        "[2001:200::1]",
        "[2001:db9::1]",
        "[2002:808:808::1]",
        "[64:ff9b::8.8.8.8]",
        "[::ffff:8.8.8.8]",
    ] {
        guard().url(&format!("https://{host}/")).unwrap_or_else(|why| panic!("{host}: {why}"));
    }
}

#[test]
fn an_operator_allows_networks_ports_and_http() {
    let open = Guard { http: true, ports: Vec::new(), networks: vec!["10.20.0.0/16".parse().expect("a network")] };
    open.url("http://10.20.1.1:9000/").expect("allowed");
    open.url("http://[::ffff:10.20.1.1]/").expect("allowed in its other spelling");
    assert!(open.url("http://10.21.1.1/").is_err());
    assert!(open.url("http://127.0.0.1/").is_err());
    assert!(open.address("fd00::1".parse().expect("an address")).is_err());
}

proptest! {
    #[test]
    fn no_spelling_of_an_ipv4_address_says_more_than_another(bits in any::<u32>()) {
        let address = std::net::Ipv4Addr::from_bits(bits);
        let [a, b, c, d] = address.octets();
        let plain = guard().address(IpAddr::V4(address)).is_ok();
        let spelled = [
            format!("{a}.{b}.{c}.{d}"),
            format!("{bits}"),
            format!("{bits:#x}"),
            format!("0{a:o}.0{b:o}.{c:#x}.{d}"),
            format!("[::ffff:{address}]"),
            format!("[64:ff9b::{address}]"),
            format!("[2002:{:x}:{:x}::1]", bits >> 16, bits & 0xffff),
        ];
        for host in spelled {
            prop_assert_eq!(guard().url(&format!("https://{host}/")).is_ok(), plain, "{}", host);
        }
    }
}

/// Answers each question with the next of its answers; the last one stays.
struct Answers {
    answers: Vec<Vec<&'static str>>,
    asked: AtomicUsize,
}

impl Lookup for Answers {
    fn addresses(&self, _: String) -> BoxFuture<'static, io::Result<Vec<SocketAddr>>> {
        let at = self.asked.fetch_add(1, Ordering::Relaxed).min(self.answers.len() - 1);
        let found = self.answers[at].iter().map(|text| SocketAddr::new(text.parse().expect("an address"), 0));
        let found = found.collect();
        Box::pin(async move { Ok(found) })
    }
}

fn courier(answers: Vec<Vec<&'static str>>, change: impl FnOnce(&mut WebhookConfig)) -> (Courier, Arc<Answers>) {
    let lookup = Arc::new(Answers { answers, asked: AtomicUsize::new(0) });
    let mut config =
        WebhookConfig { allow_http: true, ports: Vec::new(), timeout_seconds: 2, ..WebhookConfig::default() };
    change(&mut config);
    let settings = Arc::new(config.settings().expect("settings"));
    (Courier::new(settings, Arc::clone(&lookup) as Arc<dyn Lookup>).expect("a client"), lookup)
}

fn letter(url: &str) -> Letter {
    let (at, agency) = (Utc::now_of_tests(), AgencyCode("GD".to_owned()));
    let endpoint = webhook::Model {
        id: WebhookId(Uuid::nil()),
        agency: agency.clone(),
        url: url.to_owned(),
        description: None,
        names: None,
        status: WebhookStatus::Active,
        stop: None,
        reason: None,
        signing: WebhookSigning::Symmetric,
        heard_from: 0,
        created_by: String::new(),
        version: 1,
        created_at: at,
        updated_at: at,
    };
    let secret = webhook_secret::Model {
        id: WebhookSecretId(Uuid::nil()),
        webhook_id: endpoint.id,
        agency,
        signing: WebhookSigning::Symmetric,
        material: vec![7; 32],
        until: None,
        version: 1,
        created_at: at,
    };
    Letter { endpoint: Arc::new(endpoint), secrets: Arc::new(vec![secret]), id: "m".to_owned(), body: b"{}".to_vec() }
}

trait OfTests {
    fn now_of_tests() -> chrono::DateTime<Utc>;
}

impl OfTests for Utc {
    fn now_of_tests() -> chrono::DateTime<Utc> {
        crate::support::base::beginning()
    }
}

async fn send(courier: &Courier, url: &str) -> Answer {
    courier.send(letter(url), Utc::now_of_tests()).await
}

#[tokio::test]
async fn a_name_that_leads_into_the_house_is_not_connected_to() {
    let receiver = Receiver::new().await;
    let url = format!("http://hooks.example:{}/", receiver.port());
    for inside in ["127.0.0.1", "::1", "::ffff:127.0.0.1", "10.0.0.1", "169.254.169.254"] {
        let (courier, lookup) = courier(vec![vec![inside]], |_| {});
        let answer = send(&courier, &url).await;
        assert_eq!(answer.status, None);
        let error = answer.error.expect("an error");
        assert!(error.contains("which is not called"), "{inside}: {error}");
        assert!(!error.contains(inside), "what the house's names lead to is not told: {error}");
        assert_eq!(lookup.asked.load(Ordering::Relaxed), 1, "judged and used are one answer");
    }
    assert!(receiver.came().is_empty());
}

#[tokio::test]
async fn a_name_that_changes_its_mind_is_judged_at_each_connection() {
    let receiver = Receiver::answering(|_, _| ([("connection", "close")], "ok").into_response()).await;
    let url = format!("http://hooks.example:{}/", receiver.port());
    // Only 127.0.0.1 is allowed; the name first leads there, then to another address of the house, where the receiver would
    // answer as well.
    let allow = |config: &mut WebhookConfig| config.allowed_networks = vec!["127.0.0.1/32".parse().expect("a network")];
    let (courier, lookup) = courier(vec![vec!["127.0.0.1"], vec!["127.0.0.2"]], allow);
    assert_eq!(send(&courier, &url).await.status, Some(200));
    let answer = send(&courier, &url).await;
    assert_eq!(answer.status, None);
    assert!(answer.error.expect("an error").contains("which is not called"));
    assert_eq!((receiver.came().len(), lookup.asked.load(Ordering::Relaxed)), (1, 2));
}

#[tokio::test]
async fn of_several_addresses_only_those_of_others_are_connected_to() {
    let receiver = Receiver::new().await;
    let url = format!("http://hooks.example:{}/", receiver.port());
    let allow = |config: &mut WebhookConfig| config.allowed_networks = vec!["127.0.0.1/32".parse().expect("a network")];
    let (courier, _) = courier(vec![vec!["10.0.0.1", "127.0.0.1", "192.168.0.1"]], allow);
    assert_eq!(send(&courier, &url).await.status, Some(204));
}

#[tokio::test]
async fn a_host_that_is_an_address_is_judged_before_each_attempt() {
    let receiver = Receiver::new().await;
    let (courier, lookup) = courier(vec![vec!["127.0.0.1"]], |_| {});
    for host in ["127.0.0.1", "2130706433", "[::ffff:127.0.0.1]"] {
        let answer = send(&courier, &format!("http://{host}:{}/", receiver.port())).await;
        assert!(answer.error.expect("an error").contains("loopback"));
    }
    assert!(receiver.came().is_empty());
    assert_eq!(lookup.asked.load(Ordering::Relaxed), 0);
}
