//! Signed addresses: good for one thing with one file, and for minutes.

use chrono::TimeDelta;
use labpact::config::Config;
use serde_json::json;

use super::{LOOK, address_of, kept, look, pdf, prepared, put, status_of, stored, told};
use tracing_subscriber::{Layer, filter::LevelFilter};

use crate::{
    api::text,
    both,
    support::{base::Backend, world::World},
};

/// The address with one of its parts replaced.
fn with(url: &str, part: &str, value: &str) -> String {
    let (path, query) = url.split_once('?').expect("parameters");
    let pairs = query.split('&').map(|pair| match pair.split_once('=') {
        Some((name, _)) if name == part => format!("{name}={value}"),
        _ => pair.to_owned(),
    });
    format!("{path}?{}", pairs.collect::<Vec<_>>().join("&"))
}

fn part<'u>(url: &'u str, name: &str) -> &'u str {
    let pair = url.split(['?', '&']).find_map(|pair| pair.strip_prefix(name)?.strip_prefix('='));
    pair.expect("a parameter")
}

both! {
    async fn an_address_that_was_not_given_away_opens_nothing(w: World) {
        let officer = w.client("GD", "officer");
        let content = pdf(5_000);
        let (one, other) = (prepared(&officer, &content, json!({})).await, prepared(&officer, &pdf(5_001), json!({})).await);
        let twin = prepared(&officer, &content, json!({})).await;
        let signature = part(&one.url, "signature");
        let (key, code) = signature.split_once('.').expect("a key");
        let mut turned: Vec<char> = code.chars().collect();
        turned[3] = if turned[3] == 'A' { 'B' } else { 'A' };
        let turned: String = turned.into_iter().collect();
        let bare = one.url.split('?').next().expect("a path").to_owned();
        let later = (part(&one.url, "expires").parse::<i64>().expect("a number") + 60).to_string();
        for url in [
            with(&one.url, "signature", &format!("{key}.{turned}")),
            with(&one.url, "signature", &format!("000000000000.{code}")),
            with(&one.url, "signature", code),
            with(&one.url, "signature", ""),
            with(&one.url, "signature", part(&other.url, "signature")),
            with(&one.url, "signature", part(&twin.url, "signature")),
            with(&one.url, "expires", &later),
            with(&one.url, "expires", "soon"),
            with(&one.url, "expires", "99999999999999999999"),
            format!("{bare}?signature={signature}"),
            format!("{}&signature={signature}", one.url),
            bare.clone(),
            one.url.replace(&bare, "/attachments/00000000-0000-7000-8000-000000000000"),
        ] {
            assert_eq!(put(w, &url, content.clone()).await, (403, "ADDRESS_INVALID".to_owned()), "{url}");
        }
        // What opens one thing does not open the other.
        let get = w.http().get(w.url(&one.url)).send().await.expect("an answer");
        assert_eq!(told(get).await, (403, "ADDRESS_INVALID".to_owned()));
        assert_eq!(put(w, &one.url, content.clone()).await.0, 200);
        let down = address_of(&officer, &one.id).await;
        assert_eq!(put(w, &down, content).await, (403, "ADDRESS_INVALID".to_owned()));
        for method in [reqwest::Method::POST, reqwest::Method::DELETE, reqwest::Method::PATCH] {
            let answer = w.http().request(method, w.url(&one.url)).send().await.expect("an answer");
            assert_eq!((answer.status().as_u16(), &answer.headers()["allow"]), (405, &"GET, HEAD, PUT".parse().expect("a value")));
        }
        assert_eq!((kept(w).len(), status_of(&officer, &twin.id).await), (1, json!("PREPARED")));
    }

    async fn an_address_ends(w: World) {
        let officer = w.client("GD", "officer");
        let content = pdf(5_000);
        let (late, file) = (prepared(&officer, &content, json!({})).await, prepared(&officer, &content, json!({})).await);
        w.clock.advance(TimeDelta::minutes(14));
        assert_eq!(put(w, &file.url, content.clone()).await.0, 200);
        let down = address_of(&officer, &file.id).await;
        w.clock.advance(TimeDelta::minutes(1));
        assert_eq!(put(w, &late.url, content.clone()).await, (403, "ADDRESS_EXPIRED".to_owned()));
        let again = text(&look(&officer, &late.id).await["upload"]["url"]);
        assert_eq!(put(w, &again, content).await.0, 200);
        assert_eq!(w.http().get(w.url(&down)).send().await.expect("an answer").status(), 200);
        w.clock.advance(TimeDelta::minutes(4));
        assert_eq!(told(w.http().get(w.url(&down)).send().await.expect("an answer")).await, (403, "ADDRESS_EXPIRED".to_owned()));
    }

    async fn a_caller_says_for_how_long(w: World) {
        let officer = w.client("GD", "officer");
        let id = stored(w, &officer, &pdf(50)).await;
        let data = officer.data(LOOK, json!({ "id": id, "m": 60 })).await;
        assert_eq!(data["attachment"]["download"]["expiresAt"], "2026-11-23T03:00:00Z");
        assert_eq!(data["attachment"]["download"]["method"], "GET");
        for minutes in [0, -5, 61, i32::MAX] {
            let answer = officer.send(LOOK, json!({ "id": id, "m": minutes })).await;
            assert_eq!(answer.body["errors"][0]["extensions"]["fields"][0]["code"], "MINUTES", "{minutes}");
            assert_eq!(answer.body["data"]["attachment"]["id"], json!(id));
        }
    }

    async fn any_node_answers(w: World) {
        let node = w.another_node().await;
        let officer = w.client("GD", "officer");
        let there = officer.at(&node);
        let content = pdf(5_000);
        let file = prepared(&there, &content, json!({})).await;
        assert_eq!(put(w, &file.url, content.clone()).await.0, 200);
        let down = address_of(&there, &file.id).await;
        let answer = w.http().get(w.url(&down)).send().await.expect("an answer");
        assert_eq!(answer.bytes().await.expect("a content"), content);
        node.stop().await;
    }
}

#[test]
fn the_public_address_stands_before_it_where_it_is_configured() {
    let change = |config: &mut Config| config.attachments.base_url = "https://labpact.example.gov.cn/".to_owned();
    World::run_with(Backend::Sqlite, change, async |w| {
        let file = prepared(&w.client("GD", "officer"), &pdf(50), json!({})).await;
        let bare = file.id.trim_start_matches("attachment:");
        assert!(
            file.url.starts_with(&format!("https://labpact.example.gov.cn/attachments/{bare}?expires=")),
            "{}",
            file.url
        );
    });
}

#[test]
fn it_is_not_logged() {
    let kept = crate::http::lines::Kept::default();
    let mut urls = Vec::new();
    let change = |config: &mut Config| config.log.requests = true;
    let listener = tracing_subscriber::fmt::layer().with_writer(kept.clone()).with_filter(LevelFilter::TRACE);
    World::run_heard(Backend::Sqlite, change, Some(listener), async |w| {
        let officer = w.client("GD", "officer");
        let content = pdf(300_000);
        let file = prepared(&officer, &content, json!({})).await;
        // A client of our own would tell of its own calls: a bare line does not.
        super::hostile::raw(w, "PUT", &file.url, &content).await;
        let down = address_of(&officer, &file.id).await;
        super::hostile::raw(w, "GET", &down, b"").await;
        super::hostile::raw(w, "PUT", &with(&file.url, "expires", "1"), b"").await;
        urls = vec![file.url, down];
    });
    let text = kept.text();
    assert!(text.contains("/attachments/{id}"), "{text}");
    for url in urls {
        let signature = part(&url, "signature");
        let (_, code) = signature.split_once('.').expect("a key");
        assert!(!text.contains(code), "an address was logged");
    }
}
