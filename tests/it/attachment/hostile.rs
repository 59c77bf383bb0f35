//! What strangers try.

use labpact::{config::Config, identity::config::Anonymous};
use serde_json::json;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    time::timeout,
};

use super::{address_of, folder, kept, pdf, prepared, put, stored, told};
use crate::{
    both,
    support::{base::Backend, world::World},
};

/// Sends a request as it is written, which no client would send, and reads the answer to its end.
pub async fn raw(w: &World, method: &str, url: &str, content: &[u8]) -> String {
    let mut line = TcpStream::connect(w.address).await.expect("connected");
    let head = format!(
        "{method} {url} HTTP/1.1\r\nhost: labpact\r\nconnection: close\r\ncontent-length: {}\r\n\r\n",
        content.len()
    );
    line.write_all(head.as_bytes()).await.expect("sent");
    line.write_all(content).await.expect("sent");
    let mut answer = Vec::new();
    let _ = timeout(std::time::Duration::from_secs(20), line.read_to_end(&mut answer)).await.expect("an end");
    String::from_utf8_lossy(&answer).into_owned()
}

both! {
    async fn an_id_is_no_path(w: World) {
        let officer = w.client("GD", "officer");
        let file = prepared(&officer, &pdf(50), json!({})).await;
        let query = file.url.split_once('?').expect("parameters").1.to_owned();
        let bare = file.id.trim_start_matches("attachment:").to_owned();
        for id in [
            "..%2f..%2fetc%2fpasswd",
            "..%2F..%2Flabpact.db",
            "%2e%2e",
            ".",
            "%00",
            "*",
            &format!("{bare}%2f.."),
            &format!("{bare}%23"),
            &format!("%7B{bare}%7D"),
            &bare.replace('-', ""),
            &format!("urn:uuid:{bare}"),
            &format!("attachment:{bare}"),
            "files",
        ] {
            let answer = raw(w, "PUT", &format!("/attachments/{id}?{query}"), b"%PDF-").await;
            assert!(answer.starts_with("HTTP/1.1 403"), "{id}: {answer}");
            let answer = raw(w, "GET", &format!("/attachments/{id}?{query}"), b"").await;
            assert!(answer.starts_with("HTTP/1.1 403"), "{id}: {answer}");
            let token = w.token("GD", "officer", |_| {});
            let url = w.url(&format!("/attachments/{id}"));
            let answer = w.http().get(url).bearer_auth(token).send().await.expect("an answer");
            assert_eq!(answer.status(), 404, "{id}");
        }
        for path in ["/attachments/", "/attachments", "/attachments/../labpact.db", "/attachments/a/b"] {
            let answer = raw(w, "GET", path, b"").await;
            assert!(answer.starts_with("HTTP/1.1 404"), "{path}: {answer}");
        }
        assert!(kept(w).is_empty());
        assert!(std::fs::read_dir(folder(w)).expect("the folder").count() <= 1);
    }

    async fn a_name_is_no_place_and_breaks_no_header(w: World) {
        let officer = w.client("GD", "officer");
        for name in ["..%2f..%2fetc%2fpasswd.pdf", "a\"; filename=\"b.exe", "%0d%0aset-cookie: a=b.pdf", "CON", "~", "ＡＢＣ．ｐｄｆ", "e\u{301}.pdf", "💧.pdf", "-rf"] {
            let content = pdf(50);
            let file = prepared(&officer, &content, json!({ "fileName": name })).await;
            assert_eq!(put(w, &file.url, content).await.0, 200, "{name}");
            let answer = w.http().get(w.url(&address_of(&officer, &file.id).await)).send().await.expect("an answer");
            let said = answer.headers()["content-disposition"].to_str().expect("ASCII").to_owned();
            assert_eq!(said.matches('"').count(), 2, "{said}");
            assert!(said.starts_with("attachment; filename=\"") && !answer.headers().contains_key("set-cookie"), "{said}");
        }
        assert!(kept(w).iter().all(|path| path.file_name().expect("a name").len() == 36));
    }

    async fn a_token_does_not_belong_into_a_url(w: World) {
        let officer = w.client("GD", "officer");
        let id = stored(w, &officer, &pdf(50)).await;
        let url = address_of(&officer, &id).await;
        let token = w.token("GD", "officer", |_| {});
        let bare = url.split('?').next().expect("a path");
        for url in [format!("{bare}?access_token={token}"), format!("{url}&token={token}")] {
            assert_eq!(told(w.http().get(w.url(&url)).send().await.expect("an answer")).await, (400, "INVALID".to_owned()));
        }
    }

    async fn pages_of_other_sites_put_nothing(w: World) {
        let officer = w.client("GD", "officer");
        let file = prepared(&officer, &pdf(50), json!({})).await;
        let from = async |name: &'static str, value: &str| {
            let answer = w.http().put(w.url(&file.url)).header(name, value).body(pdf(50)).send().await.expect("an answer");
            answer.status().as_u16()
        };
        assert_eq!(from("origin", "https://elsewhere.example").await, 403);
        assert_eq!(from("sec-fetch-site", "cross-site").await, 403);
        assert_eq!(from("origin", &format!("http://{}", w.address)).await, 200);
        let down = address_of(&officer, &file.id).await;
        let get = async |name: &'static str, value: &str| {
            w.http().get(w.url(&down)).header(name, value).send().await.expect("an answer").status().as_u16()
        };
        // A link may stand anywhere; a program of another page reads nothing.
        assert_eq!(get("sec-fetch-site", "cross-site").await, 200);
        assert_eq!(get("origin", "https://elsewhere.example").await, 403);
    }

    async fn a_coding_is_not_taken(w: World) {
        let file = prepared(&w.client("GD", "officer"), &pdf(50), json!({})).await;
        let answer = w.http().put(w.url(&file.url)).header("content-encoding", "gzip").body(pdf(50)).send().await.expect("an answer");
        assert_eq!(told(answer).await, (415, "INVALID".to_owned()));
    }
}

#[test]
fn strangers_use_up_what_is_theirs() {
    let change = |config: &mut Config| {
        config.graphql.budget.units = 2_000;
        config.graphql.budget.units_per_second = 1;
        config.identity.anonymous = Anonymous::PublicDirectory;
    };
    World::run_with(Backend::Sqlite, change, async |w| {
        let url = "/attachments/00000000-0000-7000-8000-000000000000?expires=1&signature=a.b";
        let mut seen = Vec::new();
        for _ in 0..6 {
            seen.push(w.http().put(w.url(url)).body("x").send().await.expect("an answer").status().as_u16());
        }
        assert_eq!(seen, [403, 403, 403, 429, 429, 429]);
        let token = w.token("GD", "officer", |_| {});
        let answer =
            w.http().get(w.url("/attachments/00000000-0000-7000-8000-000000000000")).bearer_auth(token).send().await;
        assert_eq!(answer.expect("an answer").status(), 404, "who has a token has a budget of its own");
    });
}
