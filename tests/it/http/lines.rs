//! One line for each request, where the configuration says so.

use std::{
    io::Write,
    sync::{Arc, Mutex, PoisonError},
};

use labpact::config::Config;
use serde_json::{Value, json};
use tracing_subscriber::{Layer, filter::LevelFilter, fmt::MakeWriter};

use crate::support::{base::Backend, world::World};

/// Keeps what is written.
#[derive(Clone, Default)]
pub struct Kept(Arc<Mutex<Vec<u8>>>);

impl Kept {
    /// What was written so far.
    pub fn text(&self) -> String {
        String::from_utf8(self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()).expect("UTF-8")
    }
}

impl Write for Kept {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).write(bytes)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Kept {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}

/// What is logged while two requests are answered, and the token of the first.
fn logged(requests: bool) -> (String, String) {
    let kept = Kept::default();
    let mut token = String::new();
    let listener = tracing_subscriber::fmt::layer().json().with_writer(kept.clone()).with_filter(LevelFilter::INFO);
    World::run_heard(
        Backend::Sqlite,
        |config: &mut Config| config.log.requests = requests,
        Some(listener),
        async |w| {
            token = w.token("GD", "officer", |_| {});
            let ask = async |token: &str| {
                let request = w.http().post(w.url("/graphql")).bearer_auth(token).header("x-request-id", "seen-1");
                let query = "query Mine($secret: ID!) { node(id: $secret) { id } }";
                let body = json!({ "query": query, "variables": { "secret": "lab:not-to-be-told" } });
                request.json(&body).send().await.expect("an answer");
            };
            ask(&token).await;
            ask("none").await;
        },
    );
    (kept.text(), token)
}

#[test]
fn a_line_says_who_asked_what_and_how_it_ended() {
    let (text, token) = logged(true);
    let lines = text.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
    let lines: Vec<Value> =
        lines.map(|line| line["fields"].clone()).filter(|fields| fields["message"] == "request").collect();
    let [first, second] = lines.as_slice() else { panic!("two requests, two lines: {text}") };
    for (key, wanted) in [
        ("request_id", json!("seen-1")),
        ("method", json!("POST")),
        ("route", json!("/graphql")),
        ("status", json!(200)),
        ("operation", json!("Mine")),
        ("kind", json!("query")),
        ("agency", json!("GD")),
        ("caller", json!("person")),
    ] {
        assert_eq!(first[key], wanted, "{key}: {first}");
    }
    assert!(first["milliseconds"].is_number());
    assert_eq!((&second["status"], &second["refused"]), (&json!(401), &json!("UNAUTHENTICATED")), "{second}");
    assert!(!text.contains("not-to-be-told") && !text.contains(&token), "{text}");
}

#[test]
fn no_line_where_none_is_wanted() {
    let (text, _) = logged(false);
    assert!(!text.contains("\"request\""), "{text}");
}
