//! A database per test, copied from a template that was migrated once per process.

use std::{
    path::PathBuf,
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicU32, Ordering},
    },
};

use chrono::{DateTime, Utc};
use labpact::{
    directory,
    platform::{
        clock::Clock,
        db::{DatabaseConfig, Db},
    },
};
use tempfile::TempDir;

use super::postgres::{self, Cluster};

/// Which database a test runs on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Backend {
    /// A file.
    Sqlite,
    /// A database in the process's own cluster.
    Postgres,
}

/// The moment at which every world begins: a Monday, 10:00 in Asia/Shanghai.
pub fn beginning() -> DateTime<Utc> {
    "2026-11-23T02:00:00Z".parse().expect("an instant")
}

/// A database of one test.
pub struct Base {
    /// Where it is.
    pub config: DatabaseConfig,
    /// Removed with the test.
    pub folder: TempDir,
    drop: Option<(&'static Cluster, String)>,
}

impl Base {
    /// A fresh copy of the template; `None` where the machine has no PostgreSQL.
    pub async fn new(backend: Backend) -> Option<Self> {
        let folder = tempfile::tempdir().expect("a temporary folder");
        match backend {
            Backend::Sqlite => {
                let template = sqlite_template().await;
                let file = folder.path().join("labpact.db");
                std::fs::copy(template, &file).expect("the template is copied");
                let config = sqlite(&file.display().to_string());
                Some(Self { config, folder, drop: None })
            }
            Backend::Postgres => {
                let cluster = postgres::postgres()?;
                postgres_template(cluster).await;
                static DRAWN: AtomicU32 = AtomicU32::new(0);
                let name = format!("world_{}", DRAWN.fetch_add(1, Ordering::Relaxed));
                cluster.create_from_template(&name, TEMPLATE).await;
                let config =
                    DatabaseConfig { url: cluster.url(&name), max_connections: 8, ..DatabaseConfig::default() };
                Some(Self { config, folder, drop: Some((cluster, name)) })
            }
        }
    }

    /// Changes the database behind the program's back.
    #[expect(clippy::disallowed_methods, reason = "this is what the program must notice")]
    pub async fn execute(&self, statement: &str) {
        let db = sea_orm::Database::connect(self.config.url.as_str()).await.expect("the database opens");
        sea_orm::ConnectionTrait::execute_unprepared(&db, statement).await.expect("the statement is valid");
        db.close().await.expect("the connections close");
    }

    /// Takes the database away.
    pub async fn remove(self) {
        if let Some((cluster, name)) = self.drop {
            cluster.drop_database(&name).await;
        }
    }
}

const TEMPLATE: &str = "template_labpact";

fn sqlite(path: &str) -> DatabaseConfig {
    DatabaseConfig { url: format!("sqlite://{path}"), durable: false, ..DatabaseConfig::default() }
}

/// One template per process. The lock is held while it is made, so that whoever comes second finds it whole.
static SQLITE: Mutex<Option<(TempDir, PathBuf)>> = Mutex::new(None);
static POSTGRES: Mutex<bool> = Mutex::new(false);

#[expect(clippy::await_holding_lock, reason = "each test has a runtime and a thread of its own")]
async fn sqlite_template() -> PathBuf {
    let mut made = SQLITE.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some((_, path)) = &*made {
        return path.clone();
    }
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join("template.db");
    prepare(&sqlite(&path.display().to_string())).await;
    *made = Some((folder, path.clone()));
    path
}

#[expect(clippy::await_holding_lock, reason = "each test has a runtime and a thread of its own")]
async fn postgres_template(cluster: &Cluster) {
    let mut made = POSTGRES.lock().unwrap_or_else(PoisonError::into_inner);
    if !*made {
        cluster.create_from_template(TEMPLATE, "template0").await;
        prepare(&DatabaseConfig { url: cluster.url(TEMPLATE), ..DatabaseConfig::default() }).await;
        *made = true;
    }
}

async fn prepare(config: &DatabaseConfig) {
    // A day before any world, so that the ids of the two do not meet.
    let db = Db::migrate(config, Clock::fixed(beginning() - chrono::TimeDelta::days(1)))
        .await
        .expect("the template migrates");
    directory::agency::ensure_members(&db).await.expect("the members are entered");
    labpact::platform::feed::drain(&db).await.expect("the feed is drained");
    db.close().await;
}
