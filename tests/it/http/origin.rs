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
