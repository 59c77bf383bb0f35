//! A running instance with a token.

use std::{
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

use chrono::TimeDelta;
use labpact::{
    app::App,
    config::Config,
    http::{page::PageContent, server},
    identity::{config::EmbeddedConfig, embedded::Grant, roles::Roles},
    platform::{clock::Clock, db::DatabaseConfig, fault::Outcome},
};
use tempfile::TempDir;
use tokio::{sync::oneshot, task::JoinHandle};

use super::throwaway::base::beginning;

/// Instances of this process so far.
static STARTED: AtomicU64 = AtomicU64::new(0);
/// More ids than an instance gives while it is measured.
const IDS: u64 = 5_000_000;

/// The whole program on a free port.
pub struct Instance {
    /// Its parts.
    pub app: Arc<App>,
    /// Where it listens.
    pub address: SocketAddr,
    _keys: TempDir,
    stop: oneshot::Sender<()>,
    serving: JoinHandle<Outcome<()>>,
}

impl Instance {
    /// Starts it over a database.
    ///
    /// # Panics
    /// Where it does not start.
    pub async fn start(database: DatabaseConfig) -> Self {
        Self::start_with(database, |_| ()).await
    }

    /// Starts it over a database, with what `change` changes of its configuration.
    ///
    /// # Panics
    /// Where it does not start.
    pub async fn start_with(database: DatabaseConfig, change: impl FnOnce(&mut Config)) -> Self {
        let keys = tempfile::tempdir().expect("a temporary folder");
        let mut config = Config { database, ..Config::default() };
        config.search.folder = Some(keys.path().join("search"));
        // One client asks for everything here.
        config.graphql.budget.units = 0;
        config.server.listen = SocketAddr::from(([127, 0, 0, 1], 0));
        config.identity.embedded = Some(EmbeddedConfig {
            url: "http://127.0.0.1/labpact".to_owned(),
            audience: "labpact".to_owned(),
            agencies: ["GD", "SD", "FJ", "GX", "HI"].map(str::to_owned).to_vec(),
            keys: keys.path().join("keys"),
            overlap_seconds: 86_400,
        });
        change(&mut config);
        // A fixed clock counts its ids from 1: each instance leaves those out that the ones before it may have given.
        let clock = Clock::fixed(beginning());
        for _ in 0..STARTED.fetch_add(1, Ordering::Relaxed) * IDS {
            clock.id();
        }
        let app = App::open(config, clock).await.expect("the instance opens");
        let listener = server::bind(&app).await.expect("a free port");
        let address = listener.local_addr().expect("an address");
        let (stop, stopped) = oneshot::channel::<()>();
        let serving = tokio::spawn(server::serve(Arc::clone(&app), listener, PageContent::default(), async {
            let _ = stopped.await;
        }));
        Self { app, address, _keys: keys, stop, serving }
    }

    /// A signed token of an officer of Guangdong.
    ///
    /// # Panics
    /// Where it cannot be signed.
    pub fn token(&self) -> String {
        self.token_of("GD", "officer")
    }

    /// A signed token of somebody with a role in an agency.
    ///
    /// # Panics
    /// Where it cannot be signed.
    pub fn token_of(&self, agency: &str, role: &str) -> String {
        let grant = Grant {
            agency: agency.into(),
            roles: vec![role.to_owned()],
            scopes: Vec::new(),
            subject: format!("{role}@{agency}"),
            client: "benches".to_owned(),
            labs: None,
            institutions: None,
            life: TimeDelta::hours(1),
        };
        let issuer = self.app.embedded.as_ref().expect("the instance has an issuer");
        issuer.sign(&grant, &Roles::default()).expect("signed")
    }

    /// Ends it and closes its connections.
    ///
    /// # Panics
    /// Where the server broke.
    pub async fn end(self) {
        let _ = self.stop.send(());
        self.serving.await.expect("the server runs to its end").expect("and ends well");
    }
}
