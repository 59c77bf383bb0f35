//! Fetching keys from a real server on loopback, with a clock that we move.

use std::sync::{
    Arc, Mutex,
    atomic::{AtomicUsize, Ordering},
};

use axum::{Router, http::StatusCode, response::IntoResponse, routing::get};
use chrono::TimeDelta;
use futures_util::future::join_all;
use labpact::{
    identity::{
        config::KeysConfig,
        fetch::{FETCH_LIMIT, trusted_url},
        issuer::{Issuer, discovered},
        jwks::IssuerKeys,
    },
    platform::clock::Clock,
};
use serde_json::{Value, json};
use tokio::sync::Semaphore;

use super::forge::*;

/// A server whose answer can be changed, and that counts.
struct Site {
    address: String,
    answer: Mutex<(StatusCode, String)>,
    asked: AtomicUsize,
    gate: Semaphore,
    task: Mutex<Option<tokio::task::JoinHandle<()>>>,
}

impl Site {
    async fn start() -> Arc<Self> {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let site = Arc::new(Self {
            address: format!("http://{}", listener.local_addr().unwrap()),
            answer: Mutex::new((StatusCode::OK, String::new())),
            asked: AtomicUsize::new(0),
            gate: Semaphore::new(Semaphore::MAX_PERMITS),
            task: Mutex::default(),
        });
        let keys = Arc::clone(&site);
        let (home, moved) = (site.address.clone(), format!("{}/keys", site.address));
        let app = Router::new()
            .route("/keys", get(async move || keys.answer().await))
            .route("/moved", get(async move || (StatusCode::FOUND, [("location", moved)])))
            .route(
                "/.well-known/openid-configuration",
                get(async move || json!({ "issuer": home, "jwks_uri": format!("{home}/keys") }).to_string()),
            );
        *site.task.lock().unwrap() = Some(tokio::spawn(async move { axum::serve(listener, app).await.unwrap() }));
        site
    }

    async fn answer(&self) -> impl IntoResponse + use<> {
        self.asked.fetch_add(1, Ordering::SeqCst);
        let _pass = self.gate.acquire().await.unwrap();
        self.answer.lock().unwrap().clone()
    }

    fn says(&self, status: StatusCode, body: impl Into<String>) {
        *self.answer.lock().unwrap() = (status, body.into());
    }

    fn has(&self, keys: Value) {
        self.says(StatusCode::OK, json!({ "keys": keys }).to_string());
    }

    fn asked(&self) -> usize {
        self.asked.load(Ordering::SeqCst)
    }

    fn keys(&self, source: KeysConfig, clock: &Clock) -> IssuerKeys {
        let issuer = Issuer::from_config("identity.issuers.0", &issuer(&self.address, &["GD"], source)).unwrap();
        IssuerKeys::new(&issuer, http(), clock.clone())
    }

    fn by_url(&self, clock: &Clock) -> IssuerKeys {
        self.keys(KeysConfig::JwksUrl(format!("{}/keys", self.address)), clock)
    }
}

impl Drop for Site {
    fn drop(&mut self) {
        if let Some(task) = self.task.lock().unwrap().take() {
            task.abort();
        }
    }
}

#[tokio::test]
async fn an_unknown_kid_fetches_at_most_once_a_minute() {
    let (site, clock) = (Site::start().await, Clock::fixed(now()));
    site.has(json!([GD_ED.jwk("old")]));
    let keys = site.by_url(&clock);
    keys.find(Some("old")).await.unwrap();
    keys.find(Some("old")).await.unwrap();
    assert_eq!(site.asked(), 1);
    site.has(json!([GD_ED.jwk("old"), GD_EC.jwk("new")]));
    for _ in 0..20 {
        assert_eq!(keys.find(Some("new")).await.unwrap_err().code(), "UNAUTHENTICATED");
    }
    clock.advance(TimeDelta::seconds(59));
    assert_eq!(keys.find(Some("new")).await.unwrap_err().code(), "UNAUTHENTICATED");
    assert_eq!(site.asked(), 1);
    clock.advance(TimeDelta::seconds(1));
    keys.find(Some("new")).await.unwrap();
    keys.find(Some("old")).await.unwrap();
    assert_eq!(site.asked(), 2);
}

#[tokio::test]
async fn a_rotated_key_ends_when_the_set_is_fetched_for_its_age() {
    let (site, clock) = (Site::start().await, Clock::fixed(now()));
    site.has(json!([GD_ED.jwk("old")]));
    let keys = site.by_url(&clock);
    keys.find(Some("old")).await.unwrap();
    site.has(json!([GD_EC.jwk("new")]));
    clock.advance(TimeDelta::seconds(899));
    keys.find(Some("old")).await.unwrap();
    assert_eq!(site.asked(), 1);
    clock.advance(TimeDelta::seconds(1));
    assert_eq!(keys.find(Some("old")).await.unwrap_err().code(), "UNAUTHENTICATED");
    keys.find(Some("new")).await.unwrap();
    assert_eq!(site.asked(), 2);
}

#[tokio::test]
async fn keys_at_hand_stay_while_the_source_is_down_or_talks_nonsense() {
    let (site, clock) = (Site::start().await, Clock::fixed(now()));
    site.has(json!([GD_ED.jwk("old")]));
    let keys = site.by_url(&clock);
    keys.find(Some("old")).await.unwrap();
    let huge = format!(r#"{{"keys":[],"x":"{}"}}"#, "x".repeat(FETCH_LIMIT));
    let answers = [
        (StatusCode::INTERNAL_SERVER_ERROR, "{}".to_owned()),
        (StatusCode::NOT_FOUND, r#"{"keys":[]}"#.to_owned()),
        (StatusCode::OK, "<html>maintenance</html>".to_owned()),
        (StatusCode::OK, huge),
    ];
    for (at, (status, body)) in answers.into_iter().enumerate() {
        site.says(status, body);
        clock.advance(TimeDelta::hours(1));
        keys.find(Some("old")).await.unwrap();
        keys.find(Some("old")).await.unwrap();
        assert_eq!(site.asked(), at + 2, "an old set is tried once a minute, not for every call");
    }
    let task = site.task.lock().unwrap().take().unwrap();
    task.abort();
    task.await.unwrap_err();
    clock.advance(TimeDelta::hours(1));
    keys.find(Some("old")).await.unwrap();
}

#[tokio::test]
async fn many_callers_share_one_fetch() {
    let (site, clock) = (Site::start().await, Clock::fixed(now()));
    site.has(json!([GD_ED.jwk("a")]));
    let keys = site.by_url(&clock);
    let answers = join_all((0..50).map(|_| keys.find(Some("a")))).await;
    assert!(answers.iter().all(Result::is_ok));
    assert_eq!(site.asked(), 1);
    clock.advance(TimeDelta::seconds(60));
    let answers = join_all((0..50).map(|_| keys.find(Some("b")))).await;
    assert!(answers.iter().all(Result::is_err));
    assert_eq!(site.asked(), 2);
}

#[tokio::test]
async fn a_caller_who_goes_away_does_not_end_the_fetch() {
    let (site, clock) = (Site::start().await, Clock::fixed(now()));
    site.has(json!([GD_ED.jwk("a")]));
    site.gate.forget_permits(Semaphore::MAX_PERMITS);
    let keys = site.by_url(&clock);
    let caller = tokio::spawn({
        let keys = keys.clone();
        async move { keys.find(Some("a")).await }
    });
    while site.asked() == 0 {
        tokio::task::yield_now().await;
    }
    caller.abort();
    caller.await.unwrap_err();
    site.gate.add_permits(1);
    keys.find(Some("a")).await.expect("the fetch went on and its keys are there");
    assert_eq!(site.asked(), 1);
}

#[tokio::test]
async fn keys_never_reached_are_unavailable_not_a_bad_token() {
    let (site, clock) = (Site::start().await, Clock::fixed(now()));
    site.says(StatusCode::SERVICE_UNAVAILABLE, "");
    let keys = site.by_url(&clock);
    assert_eq!(keys.find(Some("a")).await.unwrap_err().code(), "UNAVAILABLE");
    assert_eq!(keys.warm().await.unwrap_err().code(), "UNAVAILABLE");
    assert_eq!(site.asked(), 1);
    site.has(json!([GD_ED.jwk("a")]));
    clock.advance(TimeDelta::seconds(60));
    keys.warm().await.unwrap();
    keys.find(Some("a")).await.unwrap();
}

#[tokio::test]
async fn redirects_are_not_followed() {
    let (site, clock) = (Site::start().await, Clock::fixed(now()));
    site.has(json!([GD_ED.jwk("a")]));
    let keys = site.keys(KeysConfig::JwksUrl(format!("{}/moved", site.address)), &clock);
    assert_eq!(keys.find(Some("a")).await.unwrap_err().code(), "UNAVAILABLE");
    assert_eq!(site.asked(), 0);
}

#[tokio::test]
async fn keys_are_found_by_discovery() {
    let (site, clock) = (Site::start().await, Clock::fixed(now()));
    site.has(json!([GD_ED.jwk("a")]));
    site.keys(KeysConfig::Discovery, &clock).find(Some("a")).await.unwrap();
}

#[tokio::test]
async fn a_changed_file_is_read_like_a_changed_url() {
    let (site, clock) = (Site::start().await, Clock::fixed(now()));
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("keys.json");
    write_set(&path, json!([GD_ED.jwk("a")]));
    let keys = site.keys(KeysConfig::JwksFile(path.clone()), &clock);
    keys.find(Some("a")).await.unwrap();
    std::fs::remove_file(&path).unwrap();
    clock.advance(TimeDelta::hours(1));
    keys.find(Some("a")).await.unwrap();
    write_set(&path, json!([GD_ED.jwk("b")]));
    clock.advance(TimeDelta::seconds(60));
    keys.find(Some("b")).await.unwrap();
}

#[test]
fn a_discovery_document_must_speak_for_the_issuer() {
    let document = |issuer: &str, uri: &str| json!({ "issuer": issuer, "jwks_uri": uri }).to_string();
    discovered(GUANGDONG, document(GUANGDONG, "https://keys.gd.example/k").as_bytes()).unwrap();
    for (issuer, uri, why) in [
        (SHANDONG, "https://keys.gd.example/k", "another issuer"),
        ("https://sso.gd.example/", "https://keys.gd.example/k", "another issuer"),
        (GUANGDONG, "http://keys.gd.example/k", "http beyond"),
        (GUANGDONG, "http://127.0.0.1/k", "this machine"),
        (GUANGDONG, "file:///etc/passwd", "neither https nor http"),
    ] {
        let found = discovered(GUANGDONG, document(issuer, uri).as_bytes()).unwrap_err();
        assert!(found.contains(why), "{issuer} {uri}: {found}");
    }
    assert!(discovered(GUANGDONG, b"{}").is_err());
}

#[test]
fn plain_http_is_for_this_machine_alone() {
    for good in
        ["https://a.example/k", "http://127.0.0.1:9/k", "http://[::1]/k", "http://localhost:8080", "http://127.9.9.9"]
    {
        trusted_url(good).unwrap_or_else(|why| panic!("{good} {why}"));
    }
    for bad in [
        "http://a.example",
        "http://10.0.0.1",
        "http://127.0.0.1.example",
        "http://0.0.0.0",
        "ftp://127.0.0.1",
        "https://user:pw@a.example",
        "https://a.example/#x",
        "a.example",
        "",
        "http://localhost.example",
    ] {
        assert!(trusted_url(bad).is_err(), "{bad}");
    }
}
