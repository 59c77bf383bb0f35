//! A store that speaks S3: a small one of our own, in memory. It looks at what is signed, and checks no signature.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, PoisonError},
};

use axum::{
    Router,
    body::to_bytes,
    extract::{Request, State},
    http::{Method, StatusCode, header},
    response::{IntoResponse, Response},
};
use chrono::TimeDelta;
use entity::ids::AttachmentId;
use labpact::{
    attachment::{
        address::keys::Secret,
        object::{Objects, Place},
        sweep::{Swept, run_once},
    },
    config::Config,
};
use serde_json::json;
use uuid::Uuid;

use super::{address_of, pdf, prepared, put};
use crate::support::{base::Backend, world::World};

/// What the bucket holds, and the parts of what is under way.
#[derive(Clone, Default)]
struct Bucket(Arc<Mutex<Held>>);

#[derive(Default)]
struct Held {
    objects: BTreeMap<String, Vec<u8>>,
    parts: BTreeMap<String, BTreeMap<u32, Vec<u8>>>,
    calls: Vec<String>,
}

impl Bucket {
    fn with<T>(&self, look: impl FnOnce(&mut Held) -> T) -> T {
        look(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn names(&self) -> Vec<String> {
        self.with(|held| held.objects.keys().cloned().collect())
    }

    /// Serves it, and says where.
    async fn open(&self) -> String {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("an address");
        let router = Router::new().fallback(answer).with_state(self.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        format!("http://{address}")
    }
}

async fn answer(State(bucket): State<Bucket>, request: Request) -> Response {
    let (head, body) = request.into_parts();
    let signed = head.headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok()).unwrap_or_default();
    assert!(signed.starts_with("AWS4-HMAC-SHA256 Credential=key-of-tests/"), "{signed}");
    let body = to_bytes(body, 64 << 20).await.expect("a body").to_vec();
    let query: BTreeMap<String, String> =
        serde_urlencoded::from_str(head.uri.query().unwrap_or_default()).expect("parameters");
    let name = head.uri.path().strip_prefix("/pact").expect("the bucket").trim_start_matches('/').to_owned();
    let range = head.headers.get(header::RANGE).and_then(|value| value.to_str().ok()).map(str::to_owned);
    bucket.with(|held| {
        held.calls.push(format!("{} {}", head.method, query.keys().cloned().collect::<Vec<_>>().join(",")));
        match (&head.method, query.get("uploadId")) {
            (&Method::POST, None) if query.contains_key("uploads") => {
                held.parts.insert(name.clone(), BTreeMap::new());
                xml(&format!(
                    "<InitiateMultipartUploadResult><UploadId>{name}</UploadId></InitiateMultipartUploadResult>"
                ))
            }
            (&Method::PUT, Some(id)) => {
                let number = query["partNumber"].parse().expect("a number");
                held.parts.get_mut(id).expect("under way").insert(number, body);
                [(header::ETAG, format!("\"{number}\""))].into_response()
            }
            (&Method::POST, Some(id)) => {
                let parts = held.parts.remove(id).expect("under way");
                held.objects.insert(name, parts.into_values().flatten().collect());
                xml("<CompleteMultipartUploadResult><ETag>\"whole\"</ETag></CompleteMultipartUploadResult>")
            }
            (&Method::DELETE, Some(id)) => {
                held.parts.remove(id);
                StatusCode::NO_CONTENT.into_response()
            }
            (&Method::DELETE, None) => {
                held.objects.remove(&name);
                StatusCode::NO_CONTENT.into_response()
            }
            (&Method::PUT, None) => {
                held.objects.insert(name, body);
                [(header::ETAG, "\"whole\"")].into_response()
            }
            (&Method::GET, None) if query.contains_key("list-type") => {
                list(held, query.get("prefix").map_or("", String::as_str))
            }
            (&Method::GET | &Method::HEAD, None) => give(held.objects.get(&name), range.as_deref()),
            _ => StatusCode::BAD_REQUEST.into_response(),
        }
    })
}

fn xml(text: &str) -> Response {
    ([(header::CONTENT_TYPE, "application/xml")], format!("<?xml version=\"1.0\"?>{text}")).into_response()
}

fn list(held: &Held, prefix: &str) -> Response {
    let rows = held.objects.iter().filter(|(name, _)| name.starts_with(prefix)).map(|(name, content)| {
        let size = content.len();
        format!("<Contents><Key>{name}</Key><LastModified>2026-11-01T00:00:00.000Z</LastModified><ETag>\"whole\"</ETag><Size>{size}</Size></Contents>")
    });
    xml(&format!("<ListBucketResult><IsTruncated>false</IsTruncated>{}</ListBucketResult>", rows.collect::<String>()))
}

fn give(content: Option<&Vec<u8>>, range: Option<&str>) -> Response {
    let Some(content) = content else {
        return (StatusCode::NOT_FOUND, "<Error><Code>NoSuchKey</Code></Error>").into_response();
    };
    let headers = [(header::ETAG, "\"whole\""), (header::LAST_MODIFIED, "Sun, 01 Nov 2026 00:00:00 GMT")];
    let Some((first, last)) = range.and_then(|range| range.strip_prefix("bytes=")?.split_once('-')) else {
        return (headers, content.clone()).into_response();
    };
    let (first, last): (usize, usize) = (first.parse().expect("a number"), last.parse().expect("a number"));
    let last = last.min(content.len() - 1);
    let told = format!("bytes {first}-{last}/{}", content.len());
    (StatusCode::PARTIAL_CONTENT, headers, [(header::CONTENT_RANGE, told)], content[first..=last].to_vec())
        .into_response()
}

/// Runs a test with its files in a bucket.
fn with(test: impl AsyncFnOnce(&World, &Bucket)) {
    let bucket = Bucket::default();
    let (told, asked) = std::sync::mpsc::channel();
    let served = bucket.clone();
    // The address is needed before the world has a runtime.
    let server = std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        runtime.block_on(async {
            let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
            told.send((served.open().await, stop)).expect("told");
            let _ = stopped.await;
        });
    });
    let (endpoint, stop) = asked.recv().expect("an address");
    let change = |config: &mut Config| {
        let section = &mut config.attachments;
        section.store = Some("s3://pact/shared".to_owned());
        section.s3.endpoint = Some(endpoint);
        section.s3.region = Some("cn-south-1".to_owned());
        section.s3.access_key_id = Some("key-of-tests".to_owned());
        section.s3.secret_access_key = Some(Secret("secret-of-tests".to_owned()));
    };
    World::run_with(Backend::Sqlite, change, async |w| test(w, &bucket).await);
    drop(stop);
    server.join().expect("the bucket ends");
}

#[test]
fn contents_are_kept_in_a_bucket() {
    with(async |w, bucket| {
        let officer = w.client("GD", "officer");
        for (size, calls) in [(700_000, 1), (12_000_000, 5)] {
            let content = pdf(size);
            let file = prepared(&officer, &content, json!({})).await;
            bucket.with(|held| held.calls.clear());
            assert_eq!(put(w, &file.url, content.clone()).await, (200, String::new()));
            assert_eq!(bucket.with(|held| held.calls.len()), calls, "{:?}", bucket.with(|held| held.calls.clone()));
            let url = address_of(&officer, &file.id).await;
            let got = w.http().get(w.url(&url)).send().await.expect("an answer");
            assert_eq!(got.bytes().await.expect("a content"), content);
            let part = w.http().get(w.url(&url)).header("range", "bytes=100-199").send().await.expect("an answer");
            assert_eq!(
                (part.status().as_u16(), part.bytes().await.expect("a part").to_vec()),
                (206, content[100..200].to_vec())
            );
        }
        assert!(bucket.names().iter().all(|name| name.starts_with("shared/files/")), "{:?}", bucket.names());
        w.app.attachments.objects().expect("open").probe(Uuid::from_u128(9)).await.expect("it works");
        assert_eq!(bucket.names().len(), 2);
    });
}

#[test]
fn what_was_not_announced_leaves_nothing_in_a_bucket() {
    with(async |w, bucket| {
        let content = pdf(12_000_000);
        let file = prepared(&w.client("GD", "officer"), &content, json!({})).await;
        let mut other = content.clone();
        other[11_000_000] ^= 1;
        assert_eq!(put(w, &file.url, other).await, (422, "SHA256_MISMATCH".to_owned()));
        let cleared = async {
            while bucket.with(|held| !held.parts.is_empty()) {
                tokio::task::yield_now().await;
            }
        };
        tokio::time::timeout(std::time::Duration::from_secs(20), cleared).await.expect("the parts are given up");
        assert_eq!(bucket.names(), [] as [&str; 0]);
        assert_eq!(put(w, &file.url, content).await.0, 200);
    });
}

#[test]
fn a_bucket_is_cleared_too() {
    with(async |w, bucket| {
        let officer = w.client("GD", "officer");
        let content = pdf(50);
        let file = prepared(&officer, &content, json!({})).await;
        put(w, &file.url, content).await;
        let orphan = AttachmentId(Uuid::from_u128(0xabcd));
        let mut writing = w.app.attachments.objects().expect("open").begin(orphan);
        writing.push(bytes::Bytes::from_static(b"left")).await.expect("taken");
        writing.finish().await.expect("kept");
        assert_eq!(run_once(&w.db, &w.app.attachments).await.expect("swept"), Swept { orphans: 1, ..Swept::default() });
        w.clock.advance(TimeDelta::hours(169));
        assert_eq!(run_once(&w.db, &w.app.attachments).await.expect("swept"), Swept { rows: 1, ..Swept::default() });
        assert_eq!(bucket.names(), [] as [&str; 0]);
    });
}

#[test]
fn a_place_is_a_folder_or_a_bucket() {
    let s3 = || match Place::read("s3://b", bare()).expect("read") {
        Place::S3(s3) => s3,
        other => panic!("{other:?}"),
    };
    for (text, shown) in [
        ("/var/files", "/var/files"),
        (":memory:", "memory"),
        ("s3://pact/a/b/", "s3://pact/a/b"),
        ("s3://pact", "s3://pact/"),
    ] {
        assert_eq!(Place::read(text, s3()).expect("read").to_string(), shown);
    }
    for text in ["", " ", "s3://", "s3:///a", "http://store.example", "gs://pact"] {
        assert_eq!(Place::read(text, s3()).expect_err("refused").reason(), "STORE", "{text}");
    }
    let file = tempfile::NamedTempFile::new().expect("a file");
    assert_eq!(Objects::open(&Place::Folder(file.path().to_owned())).expect_err("refused").reason(), "STORE");
}

fn bare() -> labpact::attachment::object::S3 {
    labpact::attachment::object::S3 {
        bucket: String::new(),
        prefix: String::new(),
        region: None,
        endpoint: None,
        access_key_id: None,
        secret_access_key: None,
        virtual_hosted: false,
    }
}
