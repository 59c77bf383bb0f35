//! Which pages may open a socket.

use labpact::http::origin::is_welcome;

use super::peer::Peer;
use crate::support::{base::Backend, world::World};

#[test]
fn only_the_own_and_the_listed_are_welcome() {
    let listed = ["https://desk.example.org".to_owned()];
    let host = Some("labs.example.org");
    assert!(is_welcome(None, host, &listed), "no browser");
    assert!(is_welcome(Some("https://labs.example.org"), host, &[]));
    assert!(is_welcome(Some("https://labs.example.org:443"), host, &[]));
    assert!(is_welcome(Some("https://Desk.example.org"), host, &listed));
    for origin in [
        "null",
        "",
        "https://labs.example.org.evil.example",
        "https://evil.example",
        "https://labs.example.org:8443",
        "http://desk.example.org",
        "file://labs.example.org",
    ] {
        assert!(!is_welcome(Some(origin), host, &listed), "{origin}");
    }
    assert!(!is_welcome(Some("https://labs.example.org"), None, &[]));
}

#[test]
fn another_sites_upgrade_is_refused() {
    World::run_with(
        Backend::Sqlite,
        |config| config.server.origins.push("https://desk.example.org".into()),
        async |w| {
            assert_eq!(Peer::refused(w, &[("origin", "https://evil.example")]).await, 403);
            for origin in [w.url(""), "https://desk.example.org".into()] {
                let headers = [("sec-websocket-protocol", "graphql-transport-ws"), ("origin", origin.as_str())];
                Peer::open_with(w, &headers).await.unwrap_or_else(|error| panic!("{origin}: {error}"));
            }
        },
    );
}

#[test]
fn pages_of_other_sites_are_refused() {
    World::run_with(
        Backend::Sqlite,
        |config| config.server.origins.push("https://desk.example.org".into()),
        async |w| {
            let token = w.token("GD", "officer", |_| {});
            let status = async |headers: &[(&'static str, &str)]| {
                let mut request = w.http().post(w.url("/graphql")).bearer_auth(&token);
                for (name, value) in headers {
                    request = request.header(*name, *value);
                }
                let body = serde_json::json!({ "query": "{ __typename }" });
                request.json(&body).send().await.expect("an answer").status().as_u16()
            };
            let own = w.url("");
            assert_eq!(status(&[]).await, 200, "no browser");
            assert_eq!(status(&[("origin", &own), ("sec-fetch-site", "same-origin")]).await, 200);
            assert_eq!(status(&[("origin", "https://desk.example.org"), ("sec-fetch-site", "cross-site")]).await, 200);
            assert_eq!(status(&[("origin", "https://evil.example")]).await, 403);
            assert_eq!(status(&[("origin", "null")]).await, 403);
            assert_eq!(status(&[("sec-fetch-site", "cross-site")]).await, 403);
            assert_eq!(status(&[("sec-fetch-site", "same-site")]).await, 403);
            let get = w.http().get(w.url("/graphql?query={__typename}")).header("origin", "https://evil.example");
            assert_eq!(get.send().await.expect("an answer").status(), 403);
        },
    );
}

#[test]
fn cors_is_closed_but_for_listed_origins() {
    async fn preflight(w: &World, origin: &str) -> Option<(String, String)> {
        let request = w.http().request(reqwest::Method::OPTIONS, w.url("/graphql"));
        let request = request
            .header("origin", origin)
            .header("access-control-request-method", "POST")
            .header("access-control-request-headers", "authorization,content-type");
        let answer = request.send().await.expect("an answer");
        let header = |name: &str| answer.headers().get(name).map(|value| value.to_str().expect("text").to_owned());
        assert!(header("access-control-allow-credentials").is_none());
        Some((header("access-control-allow-origin")?, header("access-control-allow-headers")?))
    }
    World::run_with(
        Backend::Sqlite,
        |_| {},
        async |w| {
            assert_eq!(preflight(w, "https://desk.example.org").await, None);
            assert_eq!(preflight(w, &w.url("")).await, None);
        },
    );
    World::run_with(
        Backend::Sqlite,
        |config| config.server.origins.push("https://desk.example.org".into()),
        async |w| {
            let (origin, headers) = preflight(w, "https://desk.example.org").await.expect("allowed");
            assert_eq!(
                (origin.as_str(), headers.as_str()),
                (
                    "https://desk.example.org",
                    "authorization,content-type,range,if-range,if-none-match,last-event-id,x-request-id,access-reason"
                )
            );
            assert_eq!(preflight(w, "https://evil.example").await.map(|(origin, _)| origin), None);
            let answer = w.http().get(w.url("/livez")).header("origin", "https://desk.example.org").send().await;
            let answer = answer.expect("an answer");
            assert_eq!(
                answer.headers()["access-control-expose-headers"],
                "x-request-id,retry-after,content-disposition,content-range,etag"
            );
        },
    );
}
