//! A whole instance: the real server on a free port, real tokens, a clock that stands still, and a log that is read.
//!
//! A world ends by failing on anything that was left behind: transactions that never reached the feed, and errors in
//! the log.

use std::{
    net::SocketAddr,
    pin::Pin,
    sync::{Arc, Mutex, OnceLock, PoisonError},
};

use chrono::TimeDelta;
use labpact::{
    app::App,
    config::Config,
    http::{page::PageContent, server},
    identity::{
        account::follower,
        config::EmbeddedConfig,
        embedded::{EmbeddedIssuer, Grant},
        roles::Roles,
    },
    platform::{clock::Clock, db::Db, feed, lag::Lag},
};
use serde_json::{Value, json};
use tokio::sync::oneshot;
use tracing_subscriber::{Layer, Registry, layer::SubscriberExt};

use super::{
    base::{Backend, Base, beginning},
    contract,
};

/// Nobody else listens to the log.
type Unheard = tracing_subscriber::layer::Identity;

/// What a test does in a world. On the heap, so that all that is around it is compiled once and not for each test: that took
/// most of the compiler's time and memory.
pub type Course<'w> = Pin<Box<dyn Future<Output = ()> + 'w>>;

/// One instance under test.
pub struct World {
    /// Its database.
    pub db: Db,
    /// Its clock; stands still.
    pub clock: Clock,
    /// The instance.
    pub app: Arc<App>,
    /// Where it listens.
    pub address: SocketAddr,
    http: reqwest::Client,
    stop: Mutex<Option<oneshot::Sender<()>>>,
}

impl World {
    /// Runs a test in a world of its own. Where the machine has no PostgreSQL, its half is passed over, loudly.
    pub fn run(backend: Backend, test: impl AsyncFnOnce(&World)) {
        Self::run_with(backend, |_| {}, test);
    }

    /// As [`World::run`], for a test without anything of its own around it.
    pub fn run_boxed(backend: Backend, test: fn(&Self) -> Course<'_>) {
        Self::run(backend, async |w| test(w).await);
    }

    /// As [`World::run`], with a changed configuration.
    pub fn run_with(backend: Backend, change: impl FnOnce(&mut Config), test: impl AsyncFnOnce(&World)) {
        Self::run_heard(backend, change, None::<Unheard>, test);
    }

    /// As [`World::run_with`], with one more listener to its log. It listens from the beginning: spans that one subscriber
    /// has begun cannot end with another.
    pub fn run_heard<L: Layer<Registry> + Send + Sync>(
        backend: Backend,
        change: impl FnOnce(&mut Config),
        listener: Option<L>,
        test: impl AsyncFnOnce(&World),
    ) {
        let errors = Errors::default();
        let subscriber = tracing_subscriber::registry().with(listener).with(errors.clone());
        // One thread per world: everything that the instance logs, this subscriber hears.
        let _listening = tracing::subscriber::set_default(subscriber);
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        runtime.block_on(async {
            let Some(base) = Base::new(backend).await else { return };
            let (world, serving) = Self::start(&base, change).await;
            test(&world).await;
            world.stop();
            let Self { db, app, .. } = world;
            serving.await.expect("the server runs to its end").expect("and ends well");
            drop(app);
            let db = Db::connect(&base.config, db.clock().clone()).await.expect("the database is still there");
            let left = db.sql::<Left>("SELECT COUNT(*) AS waiting FROM uncounted", Vec::new()).await.expect("counted");
            let broken = contract::broken(&db).await;
            db.close().await;
            base.remove().await;
            assert!(broken.is_empty(), "events against the catalogue: {broken:#?}");
            assert_eq!(left[0].waiting, 0, "transactions never reached the feed");
            let heard = errors.0.lock().unwrap_or_else(PoisonError::into_inner);
            assert!(heard.is_empty(), "errors were logged: {heard:#?}");
        });
    }

    async fn start(
        base: &Base,
        change: impl FnOnce(&mut Config),
    ) -> (Self, tokio::task::JoinHandle<labpact::platform::fault::Outcome<()>>) {
        let (stop, stopped) = oneshot::channel::<()>();
        let clock = Clock::fixed(beginning());
        let mut config = Config { database: base.config.clone(), ..Config::default() };
        config.server.listen = SocketAddr::from(([127, 0, 0, 1], 0));
        config.metrics.listen = Some(config.server.listen);
        config.identity.embedded = Some(embedded());
        config.search.folder = Some(":memory:".into());
        config.attachments.store = Some(base.folder.path().join("files").display().to_string());
        config.search.writer_threads = 1;
        // Tests let the clock strike when they have moved it.
        config.desk.clock_seconds = 0;
        // And they sign checkpoints when they want one.
        config.audit.check_seconds = 0;
        config.watch.seconds = 0;
        // Tests walk far with pages of the usual size over a handful of rows.
        config.graphql.limits.cost = 10_000_000;
        config.graphql.budget.units = 0;
        change(&mut config);
        let app = App::open(config, clock.clone()).await.expect("the instance opens");
        let listener = server::bind(&app).await.expect("a free port");
        let address = listener.local_addr().expect("an address");
        let serving = tokio::spawn(server::serve(Arc::clone(&app), listener, PageContent::default(), async {
            let _ = stopped.await;
        }));
        let http = reqwest::Client::builder().no_proxy().build().expect("a client");
        (Self { db: app.db.clone(), clock, app, address, http, stop: Mutex::new(Some(stop)) }, serving)
    }

    /// Asks the server to stop; the test goes on beside it.
    pub fn stop(&self) {
        if let Some(stop) = self.stop.lock().unwrap_or_else(PoisonError::into_inner).take() {
            let _ = stop.send(());
        }
    }

    /// A client with a real token of that agency and role.
    pub fn client(&self, agency: &str, role: &str) -> Client {
        let token = self.token(agency, role, |_| {});
        Client { http: self.http.clone(), url: self.url("/graphql"), token: Some(token), reason: None }
    }

    /// A client with a token that is changed before it is signed.
    pub fn client_with(&self, agency: &str, role: &str, change: impl FnOnce(&mut Grant)) -> Client {
        let token = self.token(agency, role, change);
        Client { http: self.http.clone(), url: self.url("/graphql"), token: Some(token), reason: None }
    }

    /// A client with a token that came from elsewhere.
    pub fn bearer(&self, token: &str) -> Client {
        Client { http: self.http.clone(), url: self.url("/graphql"), token: Some(token.to_owned()), reason: None }
    }

    /// Another node on the same database.
    pub async fn another_node(&self) -> Node {
        let app = App::open(self.app.config.clone(), self.clock.clone()).await.expect("another node opens");
        let listener = server::bind(&app).await.expect("a free port");
        let address = listener.local_addr().expect("an address");
        let (stop, stopped) = oneshot::channel::<()>();
        let serving = tokio::spawn(server::serve(Arc::clone(&app), listener, PageContent::default(), async {
            let _ = stopped.await;
        }));
        Node { app, address, stop, serving }
    }

    /// A client without a token.
    pub fn anonymous(&self) -> Client {
        Client { http: self.http.clone(), url: self.url("/graphql"), token: None, reason: None }
    }

    /// A token of that agency and role.
    pub fn token(&self, agency: &str, role: &str, change: impl FnOnce(&mut Grant)) -> String {
        let mut grant = Grant {
            agency: agency.into(),
            roles: vec![role.to_owned()],
            scopes: Vec::new(),
            subject: format!("{role}@{}", agency.to_lowercase()),
            client: "tests".to_owned(),
            labs: None,
            institutions: None,
            life: TimeDelta::hours(1),
        };
        change(&mut grant);
        let issuer = self.app.embedded.as_ref().expect("worlds have an issuer");
        issuer.sign(&grant, &Roles::default()).expect("signed")
    }

    /// An address of the server.
    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// An address of the operator's listener.
    pub async fn monitor(&self, path: &str) -> String {
        // Whoever is answered here is so after that listener was opened.
        self.http.get(self.url("/livez")).send().await.expect("an answer");
        format!("http://{}{path}", self.app.monitor.get().expect("a listener"))
    }

    /// A bare HTTP client.
    pub fn http(&self) -> &reqwest::Client {
        &self.http
    }

    /// Resolves once the search index has read all that is committed by now.
    pub async fn indexed(&self) {
        self.advance_feed().await;
        let last = Lag::read(&self.db).await.expect("read").last;
        let mut moved = self.app.finder.shown().moved();
        moved.wait_for(|standing| standing.seq.is_some_and(|seq| seq >= last)).await.expect("the follower runs");
    }

    /// Takes the feed to its end.
    pub async fn advance_feed(&self) {
        feed::drain(&self.db).await.expect("the feed advances");
    }
}

/// Another node of a world.
pub struct Node {
    app: Arc<App>,
    address: SocketAddr,
    stop: oneshot::Sender<()>,
    serving: tokio::task::JoinHandle<labpact::platform::fault::Outcome<()>>,
}

impl Node {
    /// Resolves once the node's search index has read all that is in the feed of the world by now.
    pub async fn indexed(&self, world: &World) {
        let last = Lag::read(&world.db).await.expect("read").last;
        let mut moved = self.app.finder.shown().moved();
        moved.wait_for(|standing| standing.seq.is_some_and(|seq| seq >= last)).await.expect("the follower runs");
    }

    /// An address of its server.
    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// Where its subscribers hear of events.
    pub fn events(&self) -> &labpact::notify::hub::Hub {
        &self.app.events
    }

    /// Brings what the node knows of revocations up to date, as its follower does every second.
    pub async fn knows_of_revocations(&self) {
        follower::load(&self.app.db, &self.app.revocations).await.expect("read");
    }

    /// Ends it.
    pub async fn stop(self) {
        let _ = self.stop.send(());
        self.serving.await.expect("the node runs to its end").expect("and ends well");
    }
}

/// Somebody who calls the API.
pub struct Client {
    http: reqwest::Client,
    url: String,
    token: Option<String>,
    reason: Option<String>,
}

/// What the server answered.
#[derive(Debug)]
pub struct Answer {
    /// The HTTP status.
    pub status: u16,
    /// The whole body.
    pub body: Value,
}

impl Client {
    /// The same caller at another node.
    pub fn at(&self, node: &Node) -> Self {
        let url = format!("http://{}/graphql", node.address);
        Self { http: self.http.clone(), url, token: self.token.clone(), reason: self.reason.clone() }
    }

    /// The same caller, who says why they read, as it goes into the header.
    pub fn because(self, reason: &str) -> Self {
        Self { reason: Some(reason.to_owned()), ..self }
    }

    /// Sends one operation.
    pub async fn send(&self, query: &str, variables: Value) -> Answer {
        let mut request = self.http.post(&self.url).header("accept", "application/graphql-response+json");
        if let Some(token) = &self.token {
            request = request.bearer_auth(token);
        }
        if let Some(reason) = &self.reason {
            request = request.header("access-reason", reason);
        }
        let response =
            request.json(&json!({ "query": query, "variables": variables })).send().await.expect("an answer");
        let status = response.status().as_u16();
        Answer { status, body: response.json().await.expect("JSON") }
    }

    /// Sends one operation and asks for a stream of events; says whether the answer is one.
    pub async fn stream(&self, query: &str) -> (reqwest::Response, bool) {
        let mut request = self.http.post(&self.url).header("accept", "text/event-stream");
        if let Some(token) = &self.token {
            request = request.bearer_auth(token);
        }
        let response = request.json(&json!({ "query": query })).send().await.expect("an answer");
        let is_stream = response.headers()["content-type"].as_bytes().starts_with(b"text/event-stream");
        (response, is_stream)
    }

    /// Sends one operation and takes its data; any error fails the test.
    pub async fn data(&self, query: &str, variables: Value) -> Value {
        let answer = self.send(query, variables).await;
        assert!(answer.body.get("errors").is_none(), "{query}\n{:#}", answer.body);
        answer.body["data"].clone()
    }

    /// Sends one operation that must fail, and takes the code of its first error.
    pub async fn refused(&self, query: &str, variables: Value) -> String {
        let answer = self.send(query, variables).await;
        let code = answer.body["errors"][0]["extensions"]["code"].as_str();
        code.unwrap_or_else(|| panic!("{query}\nwas not refused: {:#}", answer.body)).to_owned()
    }
}

fn embedded() -> EmbeddedConfig {
    // One key per process: making one costs more than all else in a world.
    static KEYS: OnceLock<tempfile::TempDir> = OnceLock::new();
    let config = |keys: &std::path::Path| EmbeddedConfig {
        url: "http://127.0.0.1/labpact".to_owned(),
        audience: "labpact".to_owned(),
        agencies: ["GD", "SD", "FJ", "GX", "HI"].map(str::to_owned).to_vec(),
        keys: keys.to_owned(),
        overlap_seconds: 86_400,
    };
    let made = KEYS.get_or_init(|| {
        let folder = tempfile::tempdir().expect("a temporary folder");
        EmbeddedIssuer::open(&config(&folder.path().join("keys")), Clock::fixed(beginning())).expect("a key is made");
        folder
    });
    config(&made.path().join("keys"))
}

#[derive(sea_orm::FromQueryResult)]
struct Left {
    waiting: i64,
}

/// Hears what is logged at the level of an error.
#[derive(Clone, Default)]
struct Errors(Arc<Mutex<Vec<String>>>);

impl<S: tracing::Subscriber> Layer<S> for Errors {
    fn on_event(&self, event: &tracing::Event<'_>, _: tracing_subscriber::layer::Context<'_, S>) {
        if *event.metadata().level() == tracing::Level::ERROR {
            let mut text = String::new();
            event.record(&mut Text(&mut text));
            self.0.lock().unwrap_or_else(PoisonError::into_inner).push(text);
        }
    }
}

struct Text<'a>(&'a mut String);

impl tracing::field::Visit for Text<'_> {
    fn record_debug(&mut self, field: &tracing::field::Field, value: &dyn std::fmt::Debug) {
        self.0.push_str(&format!("{}={value:?} ", field.name()));
    }
}
