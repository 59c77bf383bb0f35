//! Opening a database as it should be opened.

use std::{
    sync::{
        Arc,
        atomic::{AtomicI64, AtomicU64},
    },
    time::Duration,
};

use sea_orm::{
    ConnectOptions, Database,
    sqlx::sqlite::{SqliteJournalMode, SqliteSynchronous},
};
use serde::Deserialize;
use tokio::sync::{Mutex, Notify, watch};

use super::{
    Asker, Db, Dialect, Inner, constraint,
    work::{self, Abandoned},
};
use crate::platform::{
    clock::Clock,
    fault::{Fault, Outcome},
};

/// Most connections to SQLite, whatever the machine.
const MOST_SQLITE: u32 = 8;

/// Section `[database]` of the configuration.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct DatabaseConfig {
    /// `sqlite://PATH` (made where missing) or `postgres://USER:PASSWORD@HOST/NAME`.
    pub url: String,
    /// Most connections held open by this node.
    pub max_connections: u32,
    /// Longest wait for a connection, in seconds, before a call is refused.
    pub acquire_timeout_seconds: u64,
    /// SQLite only: whether a commit survives a power cut (`synchronous = FULL`) or just a crash of the process.
    pub durable: bool,
    /// Whether writes leave entries in the change log and the outbox. No configuration can set it: only a measurement of
    /// what they cost, which opens the database by itself, turns it off.
    #[serde(skip)]
    pub logged: bool,
}

impl Default for DatabaseConfig {
    fn default() -> Self {
        Self {
            url: "sqlite://var/labpact.db".to_owned(),
            max_connections: 16,
            acquire_timeout_seconds: 10,
            durable: true,
            logged: true,
        }
    }
}

impl Db {
    /// Opens the database of the section.
    ///
    /// # Errors
    /// `INVALID` for a URL of another kind of database, `UNAVAILABLE` where it cannot be reached.
    pub async fn connect(config: &DatabaseConfig, clock: Clock) -> Outcome<Self> {
        let dialect = dialect_of(&config.url)?;
        let mut options = ConnectOptions::new(url(config, dialect)?);
        options
            .max_connections(config.max_connections)
            .acquire_timeout(Duration::from_secs(config.acquire_timeout_seconds))
            .test_before_acquire(false)
            .sqlx_logging(false);
        let abandoned = Abandoned::default();
        if dialect == Dialect::Sqlite {
            options.map_sqlx_sqlite_before_acquire(|connection, _| work::ask(connection)).map_sqlx_sqlite_pool_opts(
                // A fresh connection goes to whoever waits for it without the step before.
                |pool| pool.after_connect(|connection, _| Box::pin(async { work::ask(connection).await.map(drop) })),
            );
            let synchronous = if config.durable { SqliteSynchronous::Full } else { SqliteSynchronous::Normal };
            options.max_connections(config.max_connections.min(sqlite_connections())).map_sqlx_sqlite_opts(
                move |sqlite| {
                    sqlite
                        .journal_mode(SqliteJournalMode::Wal)
                        .synchronous(synchronous)
                        .foreign_keys(true)
                        .busy_timeout(Duration::from_secs(10))
                        .row_buffer_size(1024)
                        .statement_cache_capacity(256)
                        .pragma("mmap_size", "1073741824")
                        .pragma("cache_size", "-16000")
                        .pragma("temp_store", "MEMORY")
                },
            );
        } else {
            options
                .map_sqlx_postgres_opts(|postgres| postgres.statement_cache_capacity(500).application_name("labpact"));
            let abandoned = abandoned.clone();
            options.map_sqlx_postgres_pool_opts(move |pool| {
                let abandoned = abandoned.clone();
                pool.after_connect(|connection, _| work::look(connection))
                    .after_release(move |connection, _| work::free(connection, &abandoned))
            });
        }
        let conn = Database::connect(options).await.map_err(|cause| {
            Fault::Unavailable(format!(
                "The database {} cannot be opened: {cause}. Check database.url and that it runs.",
                shown(&config.url)
            ))
        })?;
        let constraints = constraint::names(&conn, dialect).await?;
        Ok(Self(
            Arc::new(Inner {
                conn,
                abandoned,
                dialect,
                clock,
                constraints,
                logged: config.logged,
                writer: Mutex::new(()),
                committed: Notify::new(),
                numbered: watch::Sender::new(()),
                told: AtomicI64::new(0),
                statements: AtomicU64::new(0),
            }),
            Asker::Request,
        ))
    }

    /// Brings the schema up to this program's version, then reads the names of its constraints again.
    ///
    /// # Errors
    /// `UNAVAILABLE` when a change cannot be made; `Rule DATABASE_NEWER` when the database is of a later version.
    pub async fn migrate(config: &DatabaseConfig, clock: Clock) -> Outcome<Self> {
        let db = Self::connect(config, clock.clone()).await?;
        let before = super::super::schema::status(&db).await?;
        before.refuse_newer()?;
        if before.pending.is_empty() {
            return Ok(db);
        }
        super::super::schema::up(&db).await?;
        db.close().await;
        Self::connect(config, clock).await
    }

    /// Closes every connection of this node.
    pub async fn close(&self) {
        if let Err(cause) = self.connection().close_by_ref().await {
            tracing::warn!(error = %cause, "the database connections did not close cleanly");
        }
    }
}

/// Each connection to SQLite is a thread that works: more than two per core only get in each other's way.
fn sqlite_connections() -> u32 {
    let cores = std::thread::available_parallelism().map_or(2, std::num::NonZero::get);
    u32::try_from(cores * 2).unwrap_or(MOST_SQLITE).clamp(2, MOST_SQLITE)
}

fn dialect_of(url: &str) -> Outcome<Dialect> {
    match url.split_once(':').map(|(scheme, _)| scheme) {
        Some("sqlite") => Ok(Dialect::Sqlite),
        Some("postgres" | "postgresql") => Ok(Dialect::Postgres),
        _ => Err(Fault::invalid(
            "database.url",
            "DATABASE_URL",
            "Write sqlite://PATH or postgres://USER:PASSWORD@HOST/NAME; no other database is known here.",
        )),
    }
}

fn url(config: &DatabaseConfig, dialect: Dialect) -> Outcome<String> {
    if dialect == Dialect::Postgres || config.url.contains('?') {
        return Ok(config.url.clone());
    }
    let path = config.url.trim_start_matches("sqlite:").trim_start_matches("//");
    if let Some(folder) = std::path::Path::new(path).parent().filter(|folder| !folder.as_os_str().is_empty()) {
        std::fs::create_dir_all(folder).map_err(|cause| {
            Fault::Unavailable(format!("The folder {} for the database cannot be made: {cause}.", folder.display()))
        })?;
    }
    Ok(format!("{}?mode=rwc", config.url))
}

/// The file of an SQLite database; `None` for a server, and for a database in memory.
pub fn file_of(url: &str) -> Option<std::path::PathBuf> {
    let path = url.strip_prefix("sqlite:")?.trim_start_matches("//").split('?').next()?;
    (!path.is_empty() && path != ":memory:").then(|| path.into())
}

/// The URL without what is secret in it.
pub(crate) fn shown(url: &str) -> String {
    match (url.find("://"), url.rfind('@')) {
        (Some(scheme), Some(at)) if scheme < at => format!("{}://…@{}", &url[..scheme], &url[at + 1..]),
        _ => url.to_owned(),
    }
}
