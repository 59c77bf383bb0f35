//! How soon a subscriber hears of a commit, and what many subscribers cost. See `benches/README.md`.
#![expect(clippy::print_stdout, reason = "the figures are what this prints")]

mod drain;
#[expect(dead_code, reason = "shared with the other measurements")]
#[path = "../support/mod.rs"]
mod support;
mod threads;

use std::{
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use entity::{enums::Visibility, ids::InstitutionId};
use futures_util::{SinkExt, StreamExt};
use labpact::platform::{
    access::{Action, Actor, Caller, Permit, permit},
    db::{Db, Event},
};
use serde_json::json;
use support::{
    instance::Instance,
    setting,
    throwaway::base::{Backend, Base},
};
use tokio::{net::TcpStream, runtime, time::interval};
use tokio_tungstenite::{
    MaybeTlsStream, WebSocketStream, connect_async,
    tungstenite::{Message, client::IntoClientRequest, http::HeaderValue},
};
use uuid::Uuid;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// So many things happen, one after the other.
const SUBJECTS: u64 = 100;

fn main() {
    // The server and those who listen to it have threads of their own, so that the server's can be told apart.
    let server = named("server");
    let clients = named("client");
    let parts = std::env::var("LABPACT_BENCH_PARTS").unwrap_or_else(|_| "subscribers drain".to_owned());
    let backends = std::env::var("LABPACT_BENCH_BACKENDS").unwrap_or_else(|_| "Sqlite Postgres".to_owned());
    for backend in [Backend::Sqlite, Backend::Postgres] {
        if !backends.contains(&format!("{backend:?}")) {
            continue;
        }
        if parts.contains("drain")
            && let Some(base) = server.block_on(Base::new(backend))
        {
            server.block_on(drain::measure(&base, backend));
            server.block_on(base.remove());
        }
        if !parts.contains("subscribers") {
            continue;
        }
        let Some(base) = server.block_on(Base::new(backend)) else { continue };
        let instance = server.block_on(Instance::start(base.config.clone()));
        let bench = Bench { backend, instance, server: &server, clients: &clients };
        bench.latency();
        bench.subscribers("each follows one of 100 subjects", 100, |at| {
            format!("where: {{ subject: \"{}\" }}", subject(at % SUBJECTS))
        });
        bench.subscribers("each follows everything", 10, |_| "where: {}".to_owned());
        let Bench { instance, .. } = bench;
        server.block_on(instance.end());
        server.block_on(base.remove());
    }
}

fn named(name: &str) -> runtime::Runtime {
    runtime::Builder::new_multi_thread().worker_threads(2).thread_name(name).enable_all().build().expect("a runtime")
}

struct Bench<'b> {
    backend: Backend,
    instance: Instance,
    server: &'b runtime::Runtime,
    clients: &'b runtime::Runtime,
}

type Socket = WebSocketStream<MaybeTlsStream<TcpStream>>;

impl Bench<'_> {
    /// From the moment at which a commit is acknowledged to that at which a subscriber has the event.
    fn latency(&self) {
        let (address, token) = (self.url(), self.instance.token());
        let mut socket = self.clients.block_on(async { subscribed(&address, &token, "where: {}").await });
        self.wait_for(1);
        let mut took = Vec::new();
        for at in 0..setting("LABPACT_BENCH_COMMITS", 500) {
            let db = self.instance.app.db.clone();
            self.server.block_on(self.server.spawn(async move { emit(&db, at).await })).expect("committed");
            let committed = Instant::now();
            self.clients.block_on(async { while !heard(&mut socket).await {} });
            took.push(committed.elapsed());
        }
        took.sort_unstable();
        let at = |share: usize| took[(took.len() - 1) * share / 100].as_secs_f64() * 1_000.0;
        println!("{:?} commit to subscriber: p50 {:.2} ms, p99 {:.2} ms (aim p99 50 ms)", self.backend, at(50), at(99));
    }

    /// What so many subscribers cost while so many events in a second happen.
    fn subscribers(&self, what: &str, rate: u64, filter: impl Fn(u64) -> String) {
        let count = setting("LABPACT_BENCH_SUBSCRIBERS", 1_000);
        let span = Duration::from_secs(setting("LABPACT_BENCH_SECONDS", 8));
        let (address, token, delivered) = (self.url(), self.instance.token(), Arc::new(AtomicU64::new(0)));
        let mut tasks = Vec::new();
        for at in 0..count {
            let socket = self.clients.block_on(async { subscribed(&address, &token, &filter(at)).await });
            tasks.push(self.clients.spawn(listen(socket, Arc::clone(&delivered))));
        }
        self.wait_for(usize::try_from(count).expect("a number of subscribers"));
        let (before, begun) = (threads::cpu(&["server", "sqlx-sqlite"]), Instant::now());
        let db = self.instance.app.db.clone();
        let emitting = self.server.spawn(async move {
            let mut tick = interval(Duration::from_secs(1) / u32::try_from(rate).expect("a rate"));
            let mut at = 0;
            while begun.elapsed() < span {
                tick.tick().await;
                emit(&db, at).await;
                at += 1;
            }
            at
        });
        let emitted = self.server.block_on(emitting).expect("emitted");
        let seconds = begun.elapsed().as_secs_f64();
        let cpu = threads::cpu(&["server", "sqlx-sqlite"]).saturating_sub(before).as_secs_f64() / seconds * 100.0;
        let delivered = delivered.load(Ordering::Relaxed) as f64 / seconds;
        println!(
            "{:?} {count} subscribers, {what}: {:.0} events and {delivered:.0} deliveries per s, server {cpu:.0} % of a core (aim 60 %)",
            self.backend,
            emitted as f64 / seconds
        );
        tasks.iter().for_each(tokio::task::JoinHandle::abort);
        self.wait_for(0);
    }

    fn wait_for(&self, subscribers: usize) {
        let hub = self.instance.app.events.clone();
        let begun = Instant::now();
        // Those of the part before have gone.
        while hub.waiting().0 != subscribers {
            assert!(begun.elapsed() < Duration::from_secs(60), "{} subscribers, not {subscribers}", hub.waiting().0);
            std::thread::sleep(Duration::from_millis(10));
        }
    }

    fn url(&self) -> String {
        format!("ws://{}/graphql", self.instance.address)
    }
}

fn subject(at: u64) -> String {
    InstitutionId(Uuid::from_u128(u128::from(at) + 1)).to_string()
}

fn act() -> Permit {
    let caller = Caller::new(Actor::system(Some("GD".into()), "bench"), "bench");
    permit(&caller, Action::new("bench.act", "directory:write")).expect("the system holds every scope")
}

async fn emit(db: &Db, at: u64) {
    let permit = act();
    let told = db.write(&permit, async |tx| {
        let subject = subject(at % SUBJECTS);
        tx.emit(Event {
            name: "institution.changed.v1",
            subject: subject.clone(),
            agency: "GD".into(),
            visibility: Visibility::Partner,
            data: json!({ "institutionId": subject, "code": "I1", "standing": "ACTIVE", "reason": null }),
        });
        Ok(())
    });
    told.await.expect("committed");
}

async fn subscribed(url: &str, token: &str, filter: &str) -> Socket {
    let mut request = url.into_client_request().expect("a request");
    request.headers_mut().insert("sec-websocket-protocol", HeaderValue::from_static("graphql-transport-ws"));
    let (mut socket, _) = connect_async(request).await.expect("an upgrade");
    let init = json!({ "type": "connection_init", "payload": { "authorization": format!("Bearer {token}") } });
    socket.send(Message::text(init.to_string())).await.expect("sent");
    socket.next().await.expect("an answer").expect("an acknowledgement");
    let query = format!("subscription {{ events({filter}) {{ id position name subject agency data }} }}");
    let ask = json!({ "type": "subscribe", "id": "1", "payload": { "query": query } });
    socket.send(Message::text(ask.to_string())).await.expect("sent");
    socket
}

/// Counts what it hears.
async fn listen(mut socket: Socket, delivered: Arc<AtomicU64>) {
    loop {
        if heard(&mut socket).await {
            delivered.fetch_add(1, Ordering::Relaxed);
        }
    }
}

/// Hears one message: whether it is an event.
async fn heard(socket: &mut Socket) -> bool {
    let message = socket.next().await.expect("open").expect("a message");
    match message {
        Message::Text(text) if text.as_str().contains("\"next\"") => true,
        Message::Text(text) if text.as_str().contains("\"ping\"") => {
            socket.send(Message::text("{\"type\":\"pong\"}")).await.expect("sent");
            false
        }
        Message::Ping(_) | Message::Pong(_) => false,
        other => panic!("{other:?}"),
    }
}
