//! The database, SQLite or PostgreSQL by its URL: reading for whoever holds a [`Visible`](super::access::Visible),
//! writing through [`Db::write`] alone.

mod access_log;
mod among;
mod bulk;
mod checkpoint;
mod connect;
mod constraint;
mod counter;
mod dialect;
mod edit;
mod gather;
mod ledger;
mod listen;
mod load;
mod look;
mod once;
mod pool;
mod prune;
mod redact;
mod seen;
mod sequence;
mod tx;
mod visible;
mod work;

use std::{
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicI64, AtomicU64, Ordering},
    },
    time::Duration,
};

use sea_orm::{DatabaseConnection, EntityTrait, FromQueryResult, QuerySelect, Select, SelectTwo, Statement, Value};
use tokio::sync::{Mutex, Notify, watch};

use super::{
    clock::Clock,
    fault::{Fault, Outcome},
    pace::Pace,
};

pub use among::{among, among_numbers, among_texts};
pub use connect::{DatabaseConfig, file_of};
pub use dialect::Dialect;
pub use ledger::Books;
pub use once::Key;
pub use pool::Pool;
pub use prune::Going;
pub use redact::Erased;
pub use tx::{Event, Tx};
pub use work::Operation;

/// One database. Cheap to clone.
#[derive(Clone)]
pub struct Db(Arc<Inner>, Asker);

/// For whom statements are sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Asker {
    /// A request: its statements are counted.
    Request,
    /// Work that no request asked for.
    Background,
}

struct Inner {
    conn: DatabaseConnection,
    abandoned: work::Abandoned,
    dialect: Dialect,
    clock: Clock,
    constraints: constraint::Names,
    /// Whether writes are written down; see [`DatabaseConfig::logged`].
    logged: bool,
    /// SQLite has one writer; waiting here is fair and free, waiting inside SQLite is neither.
    writer: Mutex<()>,
    committed: Notify,
    /// Marked changed whenever this node has appended to the feed, or has heard that another one has.
    numbered: watch::Sender<()>,
    /// Number of the last entry of which `numbered` has told.
    told: AtomicI64,
    /// Reading statements sent so far, for metrics and for the tests that count them.
    statements: AtomicU64,
}

impl Db {
    /// The same database for work in the background, whose statements are not counted among those of requests.
    pub fn in_background(&self) -> Self {
        Self(Arc::clone(&self.0), Asker::Background)
    }

    /// Which of the two databases this is.
    pub fn dialect(&self) -> Dialect {
        self.0.dialect
    }

    /// The clock of everything that is written here.
    pub fn clock(&self) -> &Clock {
        &self.0.clock
    }

    /// Resolves once something has been committed through this node since the last call.
    pub async fn committed(&self) {
        self.0.committed.notified().await;
    }

    /// Tells whenever the feed has grown, as far as this node knows: at once what itself has appended, and what other
    /// nodes have, while [`Db::listen`] runs. Any number of followers may listen.
    /// Each tells how often it looks at most.
    pub fn numbered(&self, gap: Duration) -> Pace {
        Pace::new(self.0.numbered.subscribe(), gap)
    }

    /// Work whose statements end with it: dropping it before its end stops what it still does in the database.
    pub fn operation<F: Future>(&self, work: F) -> Operation<F> {
        Operation::new(work, self.0.abandoned.clone())
    }

    /// All rows of a select.
    ///
    /// # Errors
    /// `UNAVAILABLE` when the database does not answer.
    pub async fn all<E: EntityTrait>(&self, select: Select<E>) -> Outcome<Vec<E::Model>> {
        self.counted();
        boxed(select.all(&self.0.conn)).await.map_err(|cause| self.fault(cause))
    }

    /// As [`Db::all`], for work in the background: not counted among the statements of requests.
    ///
    /// # Errors
    /// `UNAVAILABLE` when the database does not answer.
    pub async fn all_in_background<E: EntityTrait>(&self, select: Select<E>) -> Outcome<Vec<E::Model>> {
        select.all(&self.0.conn).await.map_err(|cause| self.fault(cause))
    }

    /// What a select has in other shapes than its rows, such as sums.
    ///
    /// # Errors
    /// `UNAVAILABLE` when the database does not answer.
    pub async fn selected<T: FromQueryResult + Send, E: EntityTrait>(&self, select: Select<E>) -> Outcome<Vec<T>> {
        self.counted();
        boxed(select.into_model::<T>().all(&self.0.conn)).await.map_err(|cause| self.fault(cause))
    }

    /// The first row of a select.
    ///
    /// # Errors
    /// `UNAVAILABLE` when the database does not answer.
    pub async fn one<E: EntityTrait>(&self, select: Select<E>) -> Outcome<Option<E::Model>> {
        self.counted();
        boxed(select.one(&self.0.conn)).await.map_err(|cause| self.fault(cause))
    }

    /// All pairs of a joined select.
    ///
    /// # Errors
    /// `UNAVAILABLE` when the database does not answer.
    pub async fn pairs<E: EntityTrait, F: EntityTrait>(
        &self,
        select: SelectTwo<E, F>,
    ) -> Outcome<Vec<(E::Model, Option<F::Model>)>> {
        self.counted();
        boxed(select.all(&self.0.conn)).await.map_err(|cause| self.fault(cause))
    }

    /// How many rows a select has.
    ///
    /// # Errors
    /// `UNAVAILABLE` when the database does not answer.
    pub async fn count<E: EntityTrait>(&self, select: Select<E>) -> Outcome<u64> {
        self.counted();
        let asked =
            select.select_only().expr(sea_orm::sea_query::Expr::cust("COUNT(*)")).into_tuple().one(&self.0.conn);
        let found: Option<i64> = boxed(asked).await.map_err(|cause| self.fault(cause))?;
        Ok(found.unwrap_or_default().max(0).cast_unsigned())
    }

    /// All rows of a statement written out for this dialect.
    ///
    /// # Errors
    /// `UNAVAILABLE` when the database does not answer.
    pub async fn sql<T: FromQueryResult + Send>(&self, sql: &str, values: Vec<Value>) -> Outcome<Vec<T>> {
        self.counted();
        boxed(
            T::find_by_statement(Statement::from_sql_and_values(self.0.dialect.backend(), sql, values))
                .all(&self.0.conn),
        )
        .await
        .map_err(|cause| self.fault(cause))
    }

    /// As [`Db::sql`], for work in the background: not counted among the statements of requests.
    ///
    /// # Errors
    /// `UNAVAILABLE` when the database does not answer.
    pub async fn sql_in_background<T: FromQueryResult + Send>(&self, sql: &str, values: Vec<Value>) -> Outcome<Vec<T>> {
        T::find_by_statement(Statement::from_sql_and_values(self.0.dialect.backend(), sql, values))
            .all(&self.0.conn)
            .await
            .map_err(|cause| self.fault(cause))
    }

    /// How many reading statements this node has sent since it started.
    pub fn statements(&self) -> u64 {
        self.0.statements.load(Ordering::Relaxed)
    }

    /// All rows of a follower's statement without values. Not among [`Db::statements`]: no reader asked for it.
    ///
    /// # Errors
    /// `UNAVAILABLE` when the database does not answer.
    pub async fn unasked<T: FromQueryResult + Send>(&self, sql: &str) -> Outcome<Vec<T>> {
        boxed(T::find_by_statement(Statement::from_string(self.0.dialect.backend(), sql)).all(&self.0.conn))
            .await
            .map_err(|cause| self.fault(cause))
    }

    fn counted(&self) {
        if self.1 == Asker::Request {
            self.0.statements.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// The connection, for migrations and health checks inside the house's foundations only.
    pub(crate) fn connection(&self) -> &DatabaseConnection {
        &self.0.conn
    }

    pub(in crate::platform) fn fault(&self, cause: sea_orm::DbErr) -> Fault {
        constraint::fault(&self.0.constraints, cause)
    }
}

/// A future of the driver takes kilobytes, and every future that waits for it would take as many: of a resolver, for each
/// field of a query. On the heap it takes them once per statement.
fn boxed<'f, T>(asked: impl Future<Output = T> + Send + 'f) -> Pin<Box<dyn Future<Output = T> + Send + 'f>> {
    Box::pin(asked)
}
