//! One socket from its upgrade to its end: reads, waits and writes; what to do is decided by [`Protocol`].

use std::{future::pending, net::IpAddr, sync::Arc, time::Duration};

use async_graphql::parser::types::OperationType;
use axum::extract::ws::{CloseFrame, Message, WebSocket};
use serde_json::{Map, Value as Json};
use tokio::time::{Instant, sleep_until, timeout};

use super::{
    close::Close,
    message::Said,
    operations::{self, Operations},
    protocol::{Protocol, Step},
};
use crate::{
    app::App,
    graphql::{error, streams::StreamLimits},
    http::{
        auth,
        live::{Slot, next_look, still_valid},
        request,
    },
    platform::{access::Caller, fault::Fault},
};

/// One socket.
pub struct Session {
    app: Arc<App>,
    slot: Slot,
    caller: Caller,
    address: IpAddr,
    protocol: Protocol,
    operations: Operations,
    /// Operations so far, for their request ids.
    started: u64,
    is_draining: bool,
}

/// When what is due. The peer has until `silent` to say anything after a ping.
struct Timers {
    init: Instant,
    ping: Instant,
    silent: Option<Instant>,
    look: Instant,
}

/// What a socket wakes for.
enum Woken {
    Heard(Option<Result<Message, axum::Error>>),
    Said(Box<Said>),
    InitOverdue,
    PingDue,
    Silent,
    LookAgain,
    Draining,
}

impl Session {
    /// A session for whoever the upgrade was from; `connection_init` may say otherwise.
    pub fn new(app: Arc<App>, slot: Slot, caller: Caller, address: IpAddr) -> Self {
        let protocol = Protocol::new(app.config.graphql.streams.operations_per_socket);
        let operations = Operations::default();
        Self { app, slot, caller, address, protocol, operations, started: 0, is_draining: false }
    }

    /// Serves the socket to its end, then closes it.
    pub async fn run(mut self, mut socket: WebSocket, speaks: bool) {
        let close = match speaks {
            true => self.serve(&mut socket).await.err(),
            false => Some(Close::subprotocol()),
        };
        // Whatever still runs is cancelled before the peer is waited for.
        let limit = self.span(self.limits().send_milliseconds);
        self.operations = Operations::default();
        let Some(close) = close else {
            // The answer to the peer's own close goes out while the rest is taken (RFC 6455, section 5.5.1).
            let _ = timeout(limit, take_the_rest(&mut socket)).await;
            return;
        };
        self.app.metrics.closed(close.code);
        tracing::debug!(request_id = %self.caller.request_id, code = close.code, reason = close.reason, "socket closed");
        let _ = timeout(limit, say_goodbye(&mut socket, close)).await;
    }

    /// Until the peer goes (`Ok`) or must go (`Err`).
    async fn serve(&mut self, socket: &mut WebSocket) -> Result<(), Close> {
        let now = Instant::now();
        let limits = self.limits();
        let mut timers = Timers {
            init: now + self.span(limits.init_milliseconds),
            ping: now + self.span(limits.ping_milliseconds),
            silent: None,
            look: next_look(&self.app, &self.caller.actor),
        };
        loop {
            if self.is_draining && self.operations.is_empty() {
                return Err(Close::going_away());
            }
            match self.wake(socket, &timers).await {
                Woken::Heard(None | Some(Ok(Message::Close(_)))) => return Ok(()),
                Woken::Heard(Some(Err(_))) => return Err(Close::broken()),
                Woken::Heard(Some(Ok(message))) => {
                    timers.silent = None;
                    let was_acknowledged = self.protocol.is_acknowledged();
                    self.hear(socket, message).await?;
                    if !was_acknowledged {
                        // The caller may be another now.
                        timers.look = next_look(&self.app, &self.caller.actor);
                    }
                }
                Woken::Said(said) => {
                    if let Said::Error { id, .. } | Said::Complete { id } = &*said {
                        self.protocol.finish(id);
                    }
                    self.check()?;
                    self.say(socket, &said).await?;
                }
                Woken::InitOverdue => return Err(Close::init_timeout()),
                Woken::PingDue => {
                    let now = Instant::now();
                    timers.ping = now + self.span(self.limits().ping_milliseconds);
                    timers.silent.get_or_insert(now + self.span(self.limits().pong_milliseconds));
                    self.say(socket, &Said::Ping).await?;
                }
                Woken::Silent => return Err(Close::silent()),
                Woken::LookAgain => {
                    self.check()?;
                    timers.look = next_look(&self.app, &self.caller.actor);
                }
                Woken::Draining => {
                    // What is being read or changed may finish; nothing new begins.
                    self.is_draining = true;
                    self.operations.cancel_subscriptions();
                }
            }
        }
    }

    async fn wake(&mut self, socket: &mut WebSocket, timers: &Timers) -> Woken {
        let is_acknowledged = self.protocol.is_acknowledged();
        tokio::select! {
            heard = socket.recv(), if !self.is_draining => Woken::Heard(heard),
            said = self.operations.next() => Woken::Said(Box::new(said)),
            () = sleep_until(timers.init), if !self.protocol.is_asked() => Woken::InitOverdue,
            () = sleep_until(timers.ping), if is_acknowledged => Woken::PingDue,
            () = at(timers.silent) => Woken::Silent,
            () = sleep_until(timers.look), if is_acknowledged => Woken::LookAgain,
            () = self.slot.draining(), if !self.is_draining => Woken::Draining,
        }
    }

    async fn hear(&mut self, socket: &mut WebSocket, message: Message) -> Result<(), Close> {
        let text = match message {
            Message::Text(text) => text,
            Message::Binary(_) => return Err(Close::invalid("not text")),
            // The library answers pings of the WebSocket itself.
            Message::Ping(_) | Message::Pong(_) | Message::Close(_) => return Ok(()),
        };
        if text.len() > self.limits().message_bytes {
            return Err(Close::too_long(self.limits().message_bytes));
        }
        match self.protocol.receive(text.as_str())? {
            Step::Authenticate(payload) => {
                self.authenticate(payload.as_ref()).await?;
                self.protocol.acknowledge();
                self.say(socket, &Said::ConnectionAck).await
            }
            Step::Answer(payload) => self.say(socket, &Said::Pong { payload }).await,
            Step::Start { id, body } => {
                self.check()?;
                self.start(id, body)
            }
            Step::Refuse { id } => {
                let fault = Fault::Limited {
                    retry_after: Duration::from_secs(1),
                    message: "Too many operations run on this socket; complete one first.".into(),
                };
                let payload = vec![error::whole(&fault, &self.caller.request_id)];
                self.say(socket, &Said::Error { id, payload }).await
            }
            Step::Cancel { id } => {
                self.operations.cancel(&id);
                Ok(())
            }
            Step::Rest => Ok(()),
        }
    }

    /// The token of `connection_init`, where it has one, takes the place of the upgrade's.
    async fn authenticate(&mut self, payload: Option<&Map<String, Json>>) -> Result<(), Close> {
        let forbidden = || Close::forbidden("Forbidden");
        match payload.and_then(|payload| payload.get("authorization")) {
            None | Some(Json::Null) => {}
            Some(Json::String(value)) => {
                let request_id = Arc::clone(&self.caller.request_id);
                self.caller = auth::bearer_caller(&self.app, value, &request_id).await.map_err(|_| forbidden())?;
            }
            Some(_) => return Err(forbidden()),
        }
        self.check()
    }

    /// Starts an operation; what cannot be executed is told as its `error`.
    fn start(&mut self, id: String, body: Map<String, Json>) -> Result<(), Close> {
        // A payload without a query, or with one that is no string, is no message of the protocol.
        let operation = request::operation(body).map_err(|fault| Close::invalid(&fault.to_string()))?;
        self.started += 1;
        let request_id: Arc<str> = format!("{}.{}", self.caller.request_id, self.started).into();
        let caller = Caller::new(Arc::clone(&self.caller.actor), request_id);
        let (kind, responses) =
            match self.app.api.read(operation, caller, self.address).and_then(|read| self.app.api.admit(read)) {
                Ok(admitted) => (admitted.kind(), self.app.api.stream(admitted)),
                Err(refused) => {
                    let response = async_graphql::Response::from_errors(refused.errors);
                    // As a subscription: whatever the path of the error, it is one that ends the operation.
                    (OperationType::Subscription, operations::once(response))
                }
            };
        self.operations.start(id, kind, responses);
        Ok(())
    }

    fn check(&self) -> Result<(), Close> {
        still_valid(&self.app, &self.caller.actor).map_err(|ended| Close::forbidden(ended.reason()))
    }

    async fn say(&mut self, socket: &mut WebSocket, said: &Said) -> Result<(), Close> {
        let text = serde_json::to_string(said).map_err(|cause| {
            tracing::error!(error = %cause, "a message did not serialise");
            Close::broken()
        })?;
        match timeout(self.span(self.limits().send_milliseconds), socket.send(Message::text(text))).await {
            Ok(Ok(())) => Ok(()),
            Ok(Err(_)) => Err(Close::broken()),
            Err(_) => Err(Close::too_slow()),
        }
    }

    fn limits(&self) -> &StreamLimits {
        &self.app.config.graphql.streams
    }

    fn span(&self, milliseconds: u64) -> Duration {
        StreamLimits::span(milliseconds)
    }
}

async fn at(instant: Option<Instant>) {
    match instant {
        Some(instant) => sleep_until(instant).await,
        None => pending().await,
    }
}

/// Sends the code, then takes what the peer still says until it closes too: a connection that is dropped with unread
/// bytes is reset, and the peer may never see the code.
async fn say_goodbye(socket: &mut WebSocket, close: Close) {
    let frame = CloseFrame { code: close.code, reason: close.reason.into() };
    if socket.send(Message::Close(Some(frame))).await.is_ok() {
        take_the_rest(socket).await;
    }
}

async fn take_the_rest(socket: &mut WebSocket) {
    while let Some(Ok(_)) = socket.recv().await {}
}
