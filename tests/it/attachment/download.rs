//! Fetching contents, whole and in parts.

use serde_json::json;

use super::{address_of, digest, look, pdf, prepared, put, stored, told};
use crate::{both, support::world::World};

/// Sends a GET with these headers.
async fn get(w: &World, url: &str, headers: &[(&'static str, &str)]) -> reqwest::Response {
    let mut request = w.http().get(w.url(url));
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    request.send().await.expect("an answer")
}

both! {
    async fn a_content_comes_back_as_it_was(w: World) {
        let officer = w.client("GD", "officer");
        let content = pdf(700_000);
        let file = prepared(&officer, &content, json!({ "fileName": "检测 报告\"2026\".pdf" })).await;
        assert_eq!(put(w, &file.url, content.clone()).await.0, 200);
        let row = look(&officer, &file.id).await;
        let url = address_of(&officer, &file.id).await;
        let token = format!("Bearer {}", w.token("GD", "auditor", |_| {}));
        let bare = format!("/attachments/{}", file.id.trim_start_matches("attachment:"));
        for (url, headers) in [(url.as_str(), vec![]), (bare.as_str(), vec![("authorization", token.as_str())])] {
            let answer = get(w, url, &[headers, vec![("accept-encoding", "gzip, br")]].concat()).await;
            assert_eq!(answer.status(), 200);
            let tag = format!("\"{}\"", row["sha256"].as_str().expect("a hash"));
            for (name, wanted) in [
                ("content-type", "application/pdf"),
                ("content-length", "700000"),
                (
                    "content-disposition",
                    "attachment; filename=\"__ ___2026_.pdf\"; filename*=UTF-8''%E6%A3%80%E6%B5%8B%20%E6%8A%A5%E5%91%8A%222026%22.pdf",
                ),
                ("etag", tag.as_str()),
                ("accept-ranges", "bytes"),
                ("cache-control", "private, no-store"),
                ("x-content-type-options", "nosniff"),
                ("content-security-policy", "default-src 'none'; sandbox"),
                ("referrer-policy", "no-referrer"),
            ] {
                assert_eq!(answer.headers()[name], wanted, "{name}");
            }
            assert!(!answer.headers().contains_key("content-encoding"));
            assert_eq!(answer.bytes().await.expect("a content"), content);
        }
    }

    async fn a_part_can_be_asked_for(w: World) {
        let officer = w.client("GD", "officer");
        let content = pdf(10_000);
        let id = stored(w, &officer, &content).await;
        let url = address_of(&officer, &id).await;
        for (range, first, last) in
            [("bytes=0-0", 0, 0), ("bytes=100-199", 100, 199), ("bytes=9990-20000", 9_990, 9_999), ("bytes=9000-", 9_000, 9_999), ("bytes=-5", 9_995, 9_999), ("bytes=-99999", 0, 9_999)]
        {
            let answer = get(w, &url, &[("range", range)]).await;
            assert_eq!(answer.status(), 206, "{range}");
            assert_eq!(answer.headers()["content-range"], format!("bytes {first}-{last}/10000"), "{range}");
            assert_eq!(answer.bytes().await.expect("a part"), content[first..=last], "{range}");
        }
        for range in ["bytes=10000-", "bytes=99999999999999999999-", "bytes=-0"] {
            let answer = get(w, &url, &[("range", range)]).await;
            assert_eq!((answer.status().as_u16(), &answer.headers()["content-range"]), (416, &"bytes */10000".parse().expect("a value")));
        }
        for range in ["bytes=0-1,5-6", "lines=1-2", "bytes=5-2", "bytes=a-b", "bytes=-", "bytes"] {
            let answer = get(w, &url, &[("range", range)]).await;
            assert_eq!((answer.status().as_u16(), answer.bytes().await.expect("all of it").len()), (200, 10_000), "{range}");
        }
        let tag = format!("\"{}\"", digest(&content));
        for (same, status) in [(tag.as_str(), 206), ("\"other\"", 200), ("Mon, 23 Nov 2026 02:00:00 GMT", 200)] {
            let answer = get(w, &url, &[("range", "bytes=0-9"), ("if-range", same)]).await;
            assert_eq!(answer.status(), status, "{same}");
        }
        for (known, status) in [(tag.as_str(), 304), ("\"other\", W/\"another\"", 200), ("*", 304)] {
            assert_eq!(get(w, &url, &[("if-none-match", known)]).await.status(), status, "{known}");
        }
        let head = w.http().head(w.url(&url)).send().await.expect("an answer");
        assert_eq!((head.status().as_u16(), &head.headers()["content-length"]), (200, &"10000".parse().expect("a value")));
    }

    async fn what_has_not_come_cannot_be_fetched(w: World) {
        let officer = w.client("GD", "officer");
        let file = prepared(&officer, &pdf(50), json!({})).await;
        assert_eq!(look(&officer, &file.id).await["download"], json!(null));
        let token = format!("Bearer {}", w.token("GD", "officer", |_| {}));
        let bare = format!("/attachments/{}", file.id.trim_start_matches("attachment:"));
        let answer = get(w, &bare, &[("authorization", &token)]).await;
        assert_eq!(told(answer).await, (409, "ATTACHMENT_NOT_STORED".to_owned()));
    }
}

#[test]
fn what_another_hand_has_changed_is_not_given_away() {
    // The loss is logged as an error, so no world that ends by failing on errors can run this.
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    runtime.block_on(async {
        let folder = tempfile::tempdir().expect("a folder");
        let place = labpact::attachment::object::Place::Folder(folder.path().join("files"));
        let objects = labpact::attachment::object::Objects::open(&place).expect("opened");
        let id = entity::ids::AttachmentId(uuid::Uuid::from_u128(7));
        let mut writing = objects.begin(id);
        writing.push(bytes::Bytes::from_static(b"four")).await.expect("taken");
        writing.finish().await.expect("kept");
        assert!(objects.read(id, 4, 0..4).await.is_ok());
        for (size, part) in [(5, 0..5), (3, 0..3)] {
            let lost = objects.read(id, size, part).await.err().expect("refused");
            assert_eq!(lost.code(), "INTERNAL");
        }
        objects.delete(vec![id]).await.expect("gone");
        objects.delete(vec![id]).await.expect("gone twice");
        assert_eq!(objects.read(id, 4, 0..4).await.err().expect("refused").code(), "INTERNAL");
    });
}
