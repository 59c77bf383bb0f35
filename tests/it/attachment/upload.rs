//! Putting contents: what was announced is kept, and nothing else leaves a trace.

use std::time::Duration;

use labpact::config::Config;
use serde_json::{Value, json};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    time::timeout,
};

use super::{kept, look, pdf, place_of, prepared, put, status_of, told};
use crate::{
    both,
    support::{base::Backend, world::World},
};

const PATIENCE: Duration = Duration::from_secs(20);

/// Resolves once nothing is left in the store.
async fn emptied(w: &World) {
    let look = async {
        while !kept(w).is_empty() {
            tokio::task::yield_now().await;
        }
    };
    timeout(PATIENCE, look).await.unwrap_or_else(|_| panic!("left behind: {:?}", kept(w)));
}

/// A connection that has sent the head of an upload and half of its content.
async fn half_way(w: &World, url: &str, content: &[u8]) -> TcpStream {
    let mut line = TcpStream::connect(w.address).await.expect("connected");
    let head = format!("PUT {url} HTTP/1.1\r\nhost: labpact\r\ncontent-length: {}\r\n\r\n", content.len());
    line.write_all(head.as_bytes()).await.expect("sent");
    line.write_all(&content[..content.len() / 2]).await.expect("sent");
    line
}

both! {
    async fn what_was_announced_is_kept_as_it_came(w: World) {
        let officer = w.client("GD", "officer");
        for size in [9, 300_000, 1_500_000] {
            let content = pdf(size);
            let file = prepared(&officer, &content, json!({ "remarks": "复印件" })).await;
            let answer = w.http().put(w.url(&file.url)).body(content.clone()).send().await.expect("an answer");
            assert_eq!(answer.status(), 200);
            let body: Value = answer.json().await.expect("JSON");
            assert_eq!((&body["id"], &body["status"]), (&json!(file.id), &json!("STORED")));
            assert_eq!(std::fs::read(place_of(w, &file.id)).expect("an object"), content);
            let row = look(&officer, &file.id).await;
            assert_eq!((&row["status"], &row["size"], &row["version"]), (&json!("STORED"), &json!(size), &json!(2)));
            assert_eq!((&row["storedAt"], &row["remarks"]), (&json!("2026-11-23T02:00:00Z"), &json!("复印件")));
            assert_eq!(row["upload"], json!(null));
        }
        assert_eq!(kept(w).len(), 3);
        w.advance_feed().await;
        let told: Vec<_> = w.db.all(<entity::outbox::Entity as sea_orm::EntityTrait>::find()).await.expect("read");
        assert_eq!(told.iter().filter(|event| event.name == "attachment.stored.v1" && event.agency.as_str() == "GD").count(), 3);
    }

    async fn what_was_not_announced_leaves_nothing(w: World) {
        let officer = w.client("GD", "officer");
        let content = pdf(700_000);
        let file = prepared(&officer, &content, json!({})).await;
        let mut other = content.clone();
        other[600_000] ^= 1;
        let longer = [content.as_slice(), b"x"].concat();
        let mut image = b"\x89PNG\r\n\x1a\n".to_vec();
        image.resize(content.len(), 7);
        for (wrong, verdict) in [
            (other, (422, "SHA256_MISMATCH")),
            (content[..699_999].to_vec(), (422, "SIZE_MISMATCH")),
            (longer.clone(), (413, "ATTACHMENT_TOO_LONG")),
            (image, (415, "MEDIA_TYPE_MISMATCH")),
            (Vec::new(), (422, "SIZE_MISMATCH")),
        ] {
            assert_eq!(put(w, &file.url, wrong).await, (verdict.0, verdict.1.to_owned()));
            emptied(w).await;
        }
        // Without a length, only what comes can tell.
        for (wrong, verdict) in [(longer, (413, "ATTACHMENT_TOO_LONG")), (content[..600_000].to_vec(), (422, "SIZE_MISMATCH"))] {
            let pieces: Vec<_> = wrong.chunks(50_000).map(|piece| Ok::<_, std::io::Error>(piece.to_vec())).collect();
            let body = reqwest::Body::wrap_stream(futures_util::stream::iter(pieces));
            let answer = w.http().put(w.url(&file.url)).body(body).send().await.expect("an answer");
            assert_eq!(told(answer).await, (verdict.0, verdict.1.to_owned()));
            emptied(w).await;
        }
        assert_eq!(status_of(&officer, &file.id).await, "PREPARED");
        assert_eq!(put(w, &file.url, content).await.0, 200);
        assert_eq!(status_of(&officer, &file.id).await, "STORED");
    }

    async fn the_same_content_twice_is_fine_and_another_is_not(w: World) {
        let officer = w.client("GD", "officer");
        let content = pdf(400_000);
        let file = prepared(&officer, &content, json!({})).await;
        assert_eq!(put(w, &file.url, content.clone()).await.0, 200);
        assert_eq!(put(w, &file.url, content.clone()).await.0, 200);
        let mut other = content.clone();
        other[100] ^= 1;
        assert_eq!(put(w, &file.url, other).await, (422, "SHA256_MISMATCH".to_owned()));
        assert_eq!(std::fs::read(place_of(w, &file.id)).expect("an object"), content);
        assert_eq!((kept(w).len(), &look(&officer, &file.id).await["version"]), (1, &json!(2)));
    }

    async fn two_at_once_leave_one(w: World) {
        let officer = w.client("GD", "officer");
        let content = pdf(900_000);
        let file = prepared(&officer, &content, json!({})).await;
        let each = (0..4).map(|_| put(w, &file.url, content.clone()));
        for (status, code) in futures_util::future::join_all(each).await {
            assert_eq!((status, code.as_str()), (200, ""));
        }
        assert_eq!((kept(w).len(), &look(&officer, &file.id).await["version"]), (1, &json!(2)));
    }

    async fn who_goes_away_leaves_nothing(w: World) {
        let officer = w.client("GD", "officer");
        let content = pdf(900_000);
        let file = prepared(&officer, &content, json!({})).await;
        let line = half_way(w, &file.url, &content).await;
        let begun = async {
            while kept(w).is_empty() {
                tokio::task::yield_now().await;
            }
        };
        timeout(PATIENCE, begun).await.expect("the content is under way");
        drop(line);
        emptied(w).await;
        assert_eq!(status_of(&officer, &file.id).await, "PREPARED");
        assert_eq!(put(w, &file.url, content).await.0, 200);
    }
}

#[test]
fn who_is_too_slow_is_told_and_leaves_nothing() {
    let change = |config: &mut Config| config.server.connections.body_seconds = 1;
    World::run_with(Backend::Sqlite, change, async |w| {
        let officer = w.client("GD", "officer");
        let content = pdf(900_000);
        let file = prepared(&officer, &content, json!({})).await;
        let mut line = half_way(w, &file.url, &content).await;
        let mut answer = Vec::new();
        let _ = timeout(PATIENCE, line.read_to_end(&mut answer)).await.expect("an end");
        let answer = String::from_utf8_lossy(&answer).into_owned();
        assert!(answer.starts_with("HTTP/1.1 408") && answer.contains("BODY_TOO_SLOW"), "{answer}");
        emptied(w).await;
        assert_eq!(status_of(&officer, &file.id).await, "PREPARED");
    });
}

#[test]
fn only_so_many_come_at_once() {
    let change = |config: &mut Config| config.attachments.at_once = 1;
    World::run_with(Backend::Sqlite, change, async |w| {
        let officer = w.client("GD", "officer");
        let content = pdf(900_000);
        let (one, other) =
            (prepared(&officer, &content, json!({})).await, prepared(&officer, &content, json!({})).await);
        let line = half_way(w, &one.url, &content).await;
        let begun = async {
            while kept(w).is_empty() {
                tokio::task::yield_now().await;
            }
        };
        timeout(PATIENCE, begun).await.expect("the content is under way");
        let answer = w.http().put(w.url(&other.url)).body(content.clone()).send().await.expect("an answer");
        assert!(answer.headers().contains_key("retry-after"));
        assert_eq!(told(answer).await, (429, "LIMITED".to_owned()));
        drop(line);
        emptied(w).await;
        assert_eq!(put(w, &other.url, content).await.0, 200);
    });
}

#[test]
fn what_comes_and_goes_is_counted() {
    World::run(Backend::Sqlite, async |w| {
        let officer = w.client("GD", "officer");
        let content = pdf(400_000);
        let id = super::stored(w, &officer, &content).await;
        let url = super::address_of(&officer, &id).await;
        w.http().get(w.url(&url)).send().await.expect("an answer").bytes().await.expect("a content");
        let text =
            w.http().get(w.monitor("/metrics").await).send().await.expect("an answer").text().await.expect("text");
        for direction in ["in", "out"] {
            let line = format!("labpact_attachment_bytes_total{{direction=\"{direction}\"}} 400000");
            assert!(text.contains(&line), "{text}");
        }
    });
}
