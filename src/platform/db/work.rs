//! The database work of an operation ends with the operation.
//!
//! An operation that is over its time, or whose caller has gone, is dropped; its statement would run on in the database all
//! the same, and hold its connection. So it is stopped there:
//!
//! * SQLite: each statement asks, every few thousand steps of its program, whether its operation was abandoned.
//! * PostgreSQL: a connection that comes back with its statement still running is closed, and the server, which looks
//!   twice a second whether anybody is still there, ends the statement.

use std::{
    pin::Pin,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    task::{Context, Poll},
    time::Duration,
};

use futures_util::future::BoxFuture;
use sea_orm::sqlx::{self, Connection, postgres::PgConnection, sqlite::SqliteConnection};
use tokio::{
    task::futures::TaskLocalFuture,
    time::{Instant, timeout},
};

tokio::task_local! {
    /// Whether the operation of this task was abandoned.
    static ABANDONED: Arc<AtomicBool>;
}

/// After how many steps of its program a statement of SQLite asks whether to go on: some hundred microseconds.
const STEPS: i32 = 10_000;
/// How long a connection to PostgreSQL that comes back may take to be free, while there are abandoned statements.
const FREE: Duration = Duration::from_millis(250);
/// How often PostgreSQL looks whether the client of a running statement is still there.
const LOOK: &str = "SELECT set_config('client_connection_check_interval', '500ms', false)";

/// For how long after an operation was abandoned the connections that come back are looked at: they come at once.
const SUSPECT: Duration = Duration::from_secs(2);

/// When an operation was last abandoned.
#[derive(Clone, Debug, Default)]
pub(super) struct Abandoned(Arc<Mutex<Option<Instant>>>);

impl Abandoned {
    fn note(&self) {
        *self.last() = Some(Instant::now());
    }

    fn is_recent(&self) -> bool {
        self.last().is_some_and(|last| last.elapsed() < SUSPECT)
    }

    fn last(&self) -> MutexGuard<'_, Option<Instant>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// An operation. Dropping it before its end stops its statements.
#[must_use]
pub struct Operation<F> {
    // Dropped first, so that a connection which comes back is already known to be suspect.
    guard: Guard,
    work: Pin<Box<TaskLocalFuture<Arc<AtomicBool>, F>>>,
}

struct Guard {
    flag: Arc<AtomicBool>,
    abandoned: Abandoned,
    is_over: bool,
}

impl Drop for Guard {
    fn drop(&mut self) {
        if !self.is_over {
            self.flag.store(true, Ordering::Relaxed);
            self.abandoned.note();
        }
    }
}

impl<F: Future> Operation<F> {
    pub(super) fn new(work: F, abandoned: Abandoned) -> Self {
        let flag = Arc::new(AtomicBool::new(false));
        let guard = Guard { flag: Arc::clone(&flag), abandoned, is_over: false };
        Self { guard, work: Box::pin(ABANDONED.scope(flag, work)) }
    }
}

impl<F: Future> Future for Operation<F> {
    type Output = F::Output;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<F::Output> {
        let polled = self.work.as_mut().poll(context);
        self.guard.is_over |= polled.is_ready();
        polled
    }
}

/// Before a statement or transaction has a connection to SQLite: it will ask for this operation.
pub(super) fn ask(connection: &mut SqliteConnection) -> BoxFuture<'_, Result<bool, sqlx::Error>> {
    let flag = ABANDONED.try_with(Arc::clone).ok();
    Box::pin(async move {
        let mut handle = connection.lock_handle().await?;
        match flag {
            Some(flag) => handle.set_progress_handler(STEPS, move || !flag.load(Ordering::Relaxed)),
            // Work in the background belongs to no operation, and must not ask for the last one.
            None => handle.remove_progress_handler(),
        }
        Ok(true)
    })
}

/// After a connection to PostgreSQL was opened.
pub(super) fn look(connection: &mut PgConnection) -> BoxFuture<'_, Result<(), sqlx::Error>> {
    Box::pin(async move {
        if let Err(cause) = sqlx::Executor::execute(connection, LOOK).await {
            tracing::debug!(error = %cause, "this server does not look after its clients; abandoned statements run to their end");
        }
        Ok(())
    })
}

/// After a connection to PostgreSQL has come back: an error closes it.
pub(super) fn free<'c>(
    connection: &'c mut PgConnection,
    abandoned: &Abandoned,
) -> BoxFuture<'c, Result<bool, sqlx::Error>> {
    if !abandoned.is_recent() {
        return Box::pin(std::future::ready(Ok(true)));
    }
    Box::pin(async move {
        match timeout(FREE, connection.ping()).await {
            Ok(outcome) => outcome.map(|()| true),
            Err(_) => {
                Err(sqlx::Error::Io(std::io::Error::other("its statement was abandoned; the connection is closed")))
            }
        }
    })
}
