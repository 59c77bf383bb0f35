//! A receiver of webhooks that keeps what comes, verifies it by itself, and answers as the test wants.

use std::{
    net::SocketAddr,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use aws_lc_rs::{
    hmac,
    signature::{ED25519, UnparsedPublicKey},
};
use axum::{
    Router,
    body::Bytes,
    http::{HeaderMap, StatusCode, Uri},
    response::{IntoResponse, Response},
};
use base64::{Engine, engine::general_purpose::STANDARD};
use serde_json::Value;
use tokio::{net::TcpListener, sync::watch};

/// One message that came.
#[derive(Clone, Debug)]
pub struct Message {
    /// `webhook-id`.
    pub id: String,
    /// `webhook-timestamp`.
    pub timestamp: i64,
    /// Where it came.
    pub path: String,
    /// Which versions of signatures it has that hold.
    pub holds: Vec<String>,
    /// The signatures as they came.
    pub signatures: Vec<String>,
    /// The body.
    pub body: Value,
    /// The media type.
    pub media: String,
}

impl Message {
    /// What it is about.
    pub fn subject(&self) -> &str {
        self.body["subject"].as_str().expect("a subject")
    }
}

/// How a message is answered: its place among all that came, from 0.
type Reply = Box<dyn Fn(usize, &Message) -> Response + Send + Sync>;

struct Parts {
    secrets: Mutex<Vec<String>>,
    reply: Mutex<Reply>,
    came: watch::Sender<Vec<Message>>,
    /// Messages that are held back, and how many there are.
    held: watch::Sender<bool>,
    within: watch::Sender<usize>,
}

/// Listens until it is dropped.
pub struct Receiver {
    parts: Arc<Parts>,
    address: SocketAddr,
    serving: tokio::task::JoinHandle<()>,
}

impl Drop for Receiver {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

impl Receiver {
    /// Answers 204.
    pub async fn new() -> Self {
        Self::answering(|_, _| StatusCode::NO_CONTENT.into_response()).await
    }

    /// Answers as the function says.
    pub async fn answering(reply: impl Fn(usize, &Message) -> Response + Send + Sync + 'static) -> Self {
        let parts = Arc::new(Parts {
            secrets: Mutex::default(),
            reply: Mutex::new(Box::new(reply)),
            came: watch::Sender::default(),
            held: watch::Sender::default(),
            within: watch::Sender::default(),
        });
        let shared = Arc::clone(&parts);
        let router = Router::new().fallback(move |uri: Uri, headers: HeaderMap, body: Bytes| {
            let parts = Arc::clone(&shared);
            async move { parts.take(&uri, &headers, &body).await }
        });
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("an address");
        let serving = tokio::spawn(async move { axum::serve(listener, router).await.expect("serves") });
        Self { parts, address, serving }
    }

    /// Where it listens.
    pub fn url(&self) -> String {
        format!("http://{}/hook?key=1", self.address)
    }

    /// Its port.
    pub fn port(&self) -> u16 {
        self.address.port()
    }

    /// Another secret to verify with, `whsec_…` or `whpk_…`.
    pub fn knows(&self, secret: &str) {
        lock(&self.parts.secrets).push(secret.to_owned());
    }

    /// Answers otherwise from now on.
    pub fn answers(&self, reply: impl Fn(usize, &Message) -> Response + Send + Sync + 'static) {
        *lock(&self.parts.reply) = Box::new(reply);
    }

    /// Holds answers back, or lets them go.
    pub fn hold(&self, held: bool) {
        self.parts.held.send_replace(held);
    }

    /// What has come so far.
    pub fn came(&self) -> Vec<Message> {
        self.parts.came.borrow().clone()
    }

    /// Resolves once so many messages have come; all of them.
    pub async fn heard(&self, count: usize) -> Vec<Message> {
        self.heard_that("enough messages", |came| came.len() >= count).await
    }

    /// Resolves once what has come passes.
    pub async fn heard_that(&self, what: &str, passes: impl Fn(&[Message]) -> bool) -> Vec<Message> {
        let mut came = self.parts.came.subscribe();
        let waited = tokio::time::timeout(Duration::from_secs(60), came.wait_for(|came| passes(came))).await;
        match waited {
            Ok(came) => came.expect("it listens").clone(),
            Err(_) => panic!("{what} never came: {} messages", self.came().len()),
        }
    }

    /// Resolves once so many answers are held back.
    pub async fn holds(&self, count: usize) {
        let mut within = self.parts.within.subscribe();
        let waited = within.wait_for(|within| *within >= count);
        let _ = tokio::time::timeout(Duration::from_secs(60), waited)
            .await
            .expect("so many come at once")
            .expect("listens");
    }

    /// How many answers are held back.
    pub fn held(&self) -> usize {
        *self.parts.within.borrow()
    }
}

impl Parts {
    async fn take(&self, uri: &Uri, headers: &HeaderMap, body: &[u8]) -> Response {
        let message = self.read(uri, headers, body);
        let mut place = 0;
        self.came.send_modify(|came| {
            place = came.len();
            came.push(message.clone());
        });
        self.within.send_modify(|within| *within += 1);
        let mut held = self.held.subscribe();
        let _ = held.wait_for(|held| !held).await;
        self.within.send_modify(|within| *within -= 1);
        (lock(&self.reply))(place, &message)
    }

    fn read(&self, uri: &Uri, headers: &HeaderMap, body: &[u8]) -> Message {
        let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default().to_owned();
        let (id, timestamp) = (text("webhook-id"), text("webhook-timestamp"));
        let mut signed = format!("{id}.{timestamp}.").into_bytes();
        signed.extend_from_slice(body);
        let signatures: Vec<String> = text("webhook-signature").split(' ').map(str::to_owned).collect();
        let known = lock(&self.secrets);
        let holds = signatures.iter().filter(|one| known.iter().any(|secret| holds(secret, one, &signed)));
        Message {
            id,
            timestamp: timestamp.parse().expect("seconds"),
            path: uri.to_string(),
            holds: holds.map(|one| one.split(',').next().unwrap_or_default().to_owned()).collect(),
            signatures: signatures.clone(),
            body: serde_json::from_slice(body).expect("JSON"),
            media: text("content-type"),
        }
    }
}

/// Whether a signature is one by this secret.
fn holds(secret: &str, signature: &str, signed: &[u8]) -> bool {
    let bytes = |text: &str| STANDARD.decode(text).expect("base64");
    match (secret.split_once('_'), signature.split_once(',')) {
        (Some(("whsec", key)), Some(("v1", tag))) => {
            hmac::verify(&hmac::Key::new(hmac::HMAC_SHA256, &bytes(key)), signed, &bytes(tag)).is_ok()
        }
        (Some(("whpk", key)), Some(("v1a", tag))) => {
            UnparsedPublicKey::new(&ED25519, bytes(key)).verify(signed, &bytes(tag)).is_ok()
        }
        _ => false,
    }
}

fn lock<T: ?Sized>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
