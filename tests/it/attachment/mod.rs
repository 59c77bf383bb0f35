//! Files that agencies attach, over the real server and a folder of its own.

mod address;
mod bind;
mod bucket;
mod content;
mod download;
mod hidden;
mod hostile;
mod keys;
mod names;
mod prepare;
mod sweep;
mod upload;

use std::{
    fs,
    path::{Path, PathBuf},
};

use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::{
    api::{over, text},
    support::world::{Client, World},
};

const PREPARE: &str = "mutation($i: AttachmentPrepareInput!, $k: String, $d: Boolean! = false) {
    attachmentPrepare(input: $i, idempotencyKey: $k, dryRun: $d) { attachment { id version status size
        upload { method url expiresAt } download { url } } } }";

const LOOK: &str =
    "query($id: ID!, $m: Int) { attachment(id: $id) { id version fileName mediaType size sha256 status subject
    purpose remarks createdBy createdAt storedAt boundAt agency { code } shownTo { code } upload { url }
    download(minutes: $m) { method url expiresAt } } }";

/// A small file of that many bytes, which begins as a PDF does.
pub fn pdf(bytes: usize) -> Vec<u8> {
    let mut content = b"%PDF-1.7\n".to_vec();
    content.extend((content.len()..bytes).map(|at| u8::try_from(at % 251).expect("small")));
    content
}

fn digest(content: &[u8]) -> String {
    hex::encode(Sha256::digest(content))
}

/// What announces a content as a PDF.
fn announced(content: &[u8], more: Value) -> Value {
    let base = json!({
        "fileName": "报告.pdf", "mediaType": "application/pdf", "size": content.len(), "sha256": digest(content),
    });
    over(base, more)
}

/// A file that was announced: its id and its upload address.
struct Announced {
    id: String,
    url: String,
}

async fn prepared(client: &Client, content: &[u8], more: Value) -> Announced {
    let data = client.data(PREPARE, json!({ "i": announced(content, more) })).await;
    let attachment = &data["attachmentPrepare"]["attachment"];
    assert_eq!((&attachment["status"], &attachment["upload"]["method"]), (&json!("PREPARED"), &json!("PUT")));
    Announced { id: text(&attachment["id"]), url: text(&attachment["upload"]["url"]) }
}

/// Announces and uploads a PDF; its id.
pub async fn stored(w: &World, client: &Client, content: &[u8]) -> String {
    let file = prepared(client, content, json!({})).await;
    assert_eq!(put(w, &file.url, content.to_vec()).await, (200, String::new()));
    file.id
}

/// Puts a content at an address: the status, and the code of a refusal.
async fn put(w: &World, url: &str, content: Vec<u8>) -> (u16, String) {
    let answer = w.http().put(w.url(url)).body(content).send().await.expect("an answer");
    told(answer).await
}

/// The status of an answer, and the code of a refusal.
async fn told(answer: reqwest::Response) -> (u16, String) {
    let status = answer.status().as_u16();
    let body: Value = answer.json().await.unwrap_or_default();
    (status, body["errors"][0]["extensions"]["code"].as_str().unwrap_or_default().to_owned())
}

/// What is known of a file.
async fn look(client: &Client, id: &str) -> Value {
    client.data(LOOK, json!({ "id": id })).await["attachment"].clone()
}

/// Its download address.
async fn address_of(client: &Client, id: &str) -> String {
    text(&look(client, id).await["download"]["url"])
}

async fn status_of(client: &Client, id: &str) -> Value {
    look(client, id).await["status"].clone()
}

/// Where the world keeps its files.
fn folder(w: &World) -> PathBuf {
    w.app.config.attachments.store.as_deref().expect("worlds have a folder").into()
}

/// Every file in the store, those under way included.
fn kept(w: &World) -> Vec<PathBuf> {
    let mut found = Vec::new();
    walk(&folder(w), &mut found);
    found
}

fn walk(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        match entry.path() {
            path if path.is_dir() => walk(&path, found),
            path => found.push(path),
        }
    }
}

/// Where the content of a file is.
fn place_of(w: &World, id: &str) -> PathBuf {
    let bare = id.strip_prefix("attachment:").expect("a typed id");
    folder(w).join("files").join(&bare[bare.len() - 2..]).join(bare)
}
