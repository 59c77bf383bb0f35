//! The other end of a socket.

use std::time::Duration;

use futures_util::{SinkExt, StreamExt};
use labpact::{config::Config, graphql::streams::StreamLimits};
use serde_json::{Value, json};
use tokio::{net::TcpStream, time::timeout};
use tokio_tungstenite::{
    MaybeTlsStream, WebSocketStream, connect_async,
    tungstenite::{Error, Message, client::IntoClientRequest, http::HeaderValue},
};

use crate::support::{base::Backend, world::World};

/// Long enough for a busy machine; a test that waits so long has failed.
const PATIENCE: Duration = Duration::from_secs(20);

/// Runs a test with changed limits of streams.
pub fn with(change: impl FnOnce(&mut StreamLimits), test: impl AsyncFnOnce(&World)) {
    let change = |config: &mut Config| change(&mut config.graphql.streams);
    World::run_with(Backend::Sqlite, change, test);
}

/// One open socket.
pub struct Peer(WebSocketStream<MaybeTlsStream<TcpStream>>);

impl Peer {
    /// Opens a socket that speaks the protocol.
    pub async fn open(w: &World) -> Self {
        Self::open_with(w, &[("sec-websocket-protocol", "graphql-transport-ws")]).await.expect("an upgrade")
    }

    /// Opens a socket with these headers.
    pub async fn open_with(w: &World, headers: &[(&'static str, &str)]) -> Result<Self, Error> {
        Self::open_at(&w.url("/graphql"), headers).await
    }

    async fn open_at(url: &str, headers: &[(&'static str, &str)]) -> Result<Self, Error> {
        let mut request = url.replacen("http", "ws", 1).into_client_request().expect("a request");
        for (name, value) in headers {
            request.headers_mut().insert(*name, HeaderValue::from_str(value).expect("a header"));
        }
        timeout(PATIENCE, connect_async(request)).await.expect("in time").map(|(socket, _)| Self(socket))
    }

    /// The status with which an upgrade was refused.
    pub async fn refused(w: &World, headers: &[(&'static str, &str)]) -> u16 {
        let all = [&[("sec-websocket-protocol", "graphql-transport-ws")], headers].concat();
        match Self::open_with(w, &all).await {
            Err(Error::Http(response)) => response.status().as_u16(),
            Err(other) => panic!("{other}"),
            Ok(_) => panic!("the upgrade was not refused"),
        }
    }

    /// Opens a socket and has it acknowledged.
    pub async fn ready(w: &World, token: &str) -> Self {
        let mut peer = Self::open(w).await;
        peer.init(token).await;
        peer
    }

    /// Opens a socket at another address, such as that of another node, and has it acknowledged.
    pub async fn ready_at(url: &str, token: &str) -> Self {
        let headers = [("sec-websocket-protocol", "graphql-transport-ws")];
        let mut peer = Self::open_at(url, &headers).await.expect("an upgrade");
        peer.init(token).await;
        peer
    }

    /// Opens a socket of that agency and role.
    pub async fn of(w: &World, agency: &str, role: &str) -> Self {
        Self::ready(w, &w.token(agency, role, |_| {})).await
    }

    /// Says `connection_init` with a token and hears the acknowledgement.
    pub async fn init(&mut self, token: &str) {
        let payload = json!({ "authorization": format!("Bearer {token}") });
        self.say(json!({ "type": "connection_init", "payload": payload })).await;
        assert_eq!(self.hear().await, json!({ "type": "connection_ack" }));
    }

    /// Says something.
    pub async fn say(&mut self, message: Value) {
        self.send(Message::text(message.to_string())).await.expect("sent");
    }

    /// Asks something.
    pub async fn ask(&mut self, id: &str, query: &str) {
        self.say(json!({ "type": "subscribe", "id": id, "payload": { "query": query } })).await;
    }

    /// Sends a frame.
    pub async fn send(&mut self, message: Message) -> Result<(), Error> {
        timeout(PATIENCE, self.0.send(message)).await.expect("in time")
    }

    /// The next message.
    pub async fn hear(&mut self) -> Value {
        match timeout(PATIENCE, self.0.next()).await.expect("in time") {
            Some(Ok(Message::Text(text))) => serde_json::from_str(text.as_str()).expect("JSON"),
            other => panic!("no message: {other:?}"),
        }
    }

    /// The next message, which must be a result of that operation.
    pub async fn result(&mut self, id: &str) -> Value {
        let message = self.hear().await;
        assert_eq!((&message["type"], &message["id"]), (&json!("next"), &json!(id)), "{message:#}");
        message["payload"].clone()
    }

    /// The next message, which must refuse that operation: the code.
    pub async fn error(&mut self, id: &str) -> String {
        let message = self.hear().await;
        assert_eq!((&message["type"], &message["id"]), (&json!("error"), &json!(id)), "{message:#}");
        message["payload"][0]["extensions"]["code"].as_str().expect("a code").to_owned()
    }

    /// Everything up to the end: the code and the reason.
    pub async fn closed(&mut self) -> (u16, String) {
        loop {
            match timeout(PATIENCE, self.0.next()).await.expect("in time") {
                Some(Ok(Message::Close(Some(frame)))) => {
                    assert!(frame.reason.len() < 123, "a reason is short");
                    return (frame.code.into(), frame.reason.to_string());
                }
                Some(Ok(_)) => {}
                other => panic!("not closed: {other:?}"),
            }
        }
    }
}
