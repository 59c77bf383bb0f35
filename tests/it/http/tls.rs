//! HTTPS, and certificates that are renewed.

use std::{path::Path, sync::Arc, time::Duration};

use labpact::{
    config::{Config, TlsConfig},
    http::connection::tls::Certificate,
};
use rcgen::{CertifiedKey, generate_simple_self_signed};
use reqwest::Version;
use serde_json::json;
use tokio::{io::AsyncReadExt, net::TcpStream, time::timeout};

use crate::support::{base::Backend, world::World};

const PATIENCE: Duration = Duration::from_secs(20);

/// Writes a new certificate for this machine; returns it for the client to trust.
fn issue(folder: &Path) -> reqwest::Certificate {
    let names = ["localhost".to_owned(), "127.0.0.1".to_owned()];
    let CertifiedKey { cert, signing_key } = generate_simple_self_signed(names).expect("issued");
    std::fs::write(folder.join("certificate.pem"), cert.pem()).expect("written");
    std::fs::write(folder.join("key.pem"), signing_key.serialize_pem()).expect("written");
    reqwest::Certificate::from_pem(cert.pem().as_bytes()).expect("a certificate")
}

fn section(folder: &Path) -> TlsConfig {
    TlsConfig { certificate: folder.join("certificate.pem"), key: folder.join("key.pem"), reload_seconds: 1 }
}

fn client(trusted: reqwest::Certificate) -> reqwest::ClientBuilder {
    reqwest::Client::builder().no_proxy().tls_certs_only([trusted]).pool_max_idle_per_host(0)
}

fn with(folder: &Path, test: impl AsyncFnOnce(&World)) {
    let change = |config: &mut Config| {
        config.server.tls = Some(section(folder));
        config.server.connections.header_seconds = 1;
    };
    World::run_with(Backend::Sqlite, change, test);
}

#[test]
fn both_versions_of_http_are_spoken_over_tls() {
    let folder = tempfile::tempdir().expect("a folder");
    let trusted = issue(folder.path());
    with(folder.path(), async |w| {
        let url = format!("https://{}/graphql", w.address);
        let token = w.token("GD", "officer", |_| {});
        let old = client(trusted.clone()).http1_only().build().expect("a client");
        let new = client(trusted.clone()).build().expect("a client");
        for (client, version) in [(old, Version::HTTP_11), (new, Version::HTTP_2)] {
            let request = client.post(&url).bearer_auth(&token).json(&json!({ "query": "{ version }" }));
            let answer = request.send().await.expect("an answer");
            assert_eq!((answer.status().as_u16(), answer.version()), (200, version));
        }
        assert!(w.http().get(w.url("/livez")).send().await.is_err(), "plain HTTP is not spoken");
        let mut silent = TcpStream::connect(w.address).await.expect("connected");
        let mut rest = Vec::new();
        let _ = timeout(PATIENCE, silent.read_to_end(&mut rest)).await.expect("who begins no handshake is cut off");
        assert!(rest.is_empty());
    });
}

#[test]
fn a_renewed_certificate_is_used_without_a_restart() {
    let folder = tempfile::tempdir().expect("a folder");
    let first = issue(folder.path());
    with(folder.path(), async |w| {
        let url = format!("https://{}/livez", w.address);
        client(first).build().expect("a client").get(&url).send().await.expect("the first certificate");
        std::fs::write(folder.path().join("key.pem"), "half a file").expect("written");
        let second = client(issue(folder.path())).build().expect("a client");
        let renewed = async { while second.get(&url).send().await.is_err() {} };
        timeout(PATIENCE, renewed).await.expect("the second certificate is used");
    });
}

#[test]
fn what_cannot_serve_is_refused_and_what_serves_is_kept() {
    let folder = tempfile::tempdir().expect("a folder");
    let config = section(folder.path());
    let refusal = |config: &TlsConfig| Certificate::open(config).expect_err("refused").to_string();
    assert!(refusal(&config).contains("certificate.pem cannot be read"), "{}", refusal(&config));
    issue(folder.path());
    let certificate = Arc::new(Certificate::open(&config).expect("opened"));
    assert!(!certificate.renew().expect("read"), "nothing is new");

    std::fs::write(folder.path().join("key.pem"), "no key").expect("written");
    assert!(refusal(&config).contains("holds no private key"), "{}", refusal(&config));
    certificate.renew().expect_err("the files do not serve");
    let other = tempfile::tempdir().expect("a folder");
    issue(other.path());
    std::fs::copy(other.path().join("key.pem"), folder.path().join("key.pem")).expect("copied");
    assert!(refusal(&config).contains("do not serve together"), "{}", refusal(&config));
    std::fs::copy(other.path().join("certificate.pem"), folder.path().join("certificate.pem")).expect("copied");
    assert!(certificate.renew().expect("read"), "both are the other's now");
    std::fs::write(folder.path().join("certificate.pem"), "").expect("written");
    assert!(refusal(&config).contains("holds no certificate"), "{}", refusal(&config));
}
