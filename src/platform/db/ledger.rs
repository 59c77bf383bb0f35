//! Bookkeeping: what is written beside the change log, by [`Books`] and in no other way.
//!
//! How far a follower has come, what was sent and how often it was tried, what somebody has read: such rows are written as
//! often as things happen, and the things themselves stand in the log or in the feed. An entry for each move would tell the
//! same twice and, for a follower of the feed, for ever. A table of bookkeeping says so by [`Bookkeeping`].
//!
//! Work that several nodes share is taken by [`Db::claim`] (a guarded update under a lock that others pass over) and ended
//! by a [`Books::amend`] whose guard names the lease: of two nodes that both believe that they hold a row, one moves it.

use entity::Bookkeeping;
use sea_orm::{
    DatabaseTransaction, EntityTrait, FromQueryResult, IntoActiveModel, QueryFilter, QuerySelect, Select,
    SqliteTransactionMode, Statement, TransactionOptions, TransactionTrait, Value,
    sea_query::{Condition, Expr, LockBehavior, LockType, OnConflict},
};

use super::{Db, Dialect, Tx};
use crate::platform::{clock::Clock, fault::Outcome};

/// Rows of one statement.
const MANY: usize = 500;

/// The books inside a transaction: tables of bookkeeping alone can be written through it.
#[derive(Clone, Copy)]
pub struct Books<'t> {
    db: &'t Db,
    conn: &'t DatabaseTransaction,
}

impl Tx {
    /// The books of this transaction. What else waits in it (see `gather`) is not written before they are read.
    pub fn books(&self) -> Books<'_> {
        Books { db: &self.db, conn: &self.conn }
    }
}

#[expect(clippy::disallowed_methods, reason = "this is the place that the ban leads to")]
impl Db {
    /// Runs `act` in one transaction of bookkeeping alone: committed when it succeeds, undone when it fails. It answers to
    /// nobody and decides nothing, so it needs no permit.
    ///
    /// # Errors
    /// Those of `act`; `UNAVAILABLE`.
    pub async fn keep_books<T>(
        &self,
        act: impl for<'b, 'c> AsyncFnOnce(&'b Books<'c>) -> Outcome<T> + Send,
    ) -> Outcome<T> {
        let _turn = match self.dialect() {
            Dialect::Sqlite => Some(self.0.writer.lock().await),
            Dialect::Postgres => None,
        };
        let options = TransactionOptions {
            sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
            ..Default::default()
        };
        let conn = self.connection().begin_with_options(options).await.map_err(|cause| self.fault(cause))?;
        let outcome = Box::pin(act(&Books { db: self, conn: &conn })).await;
        match outcome {
            Ok(value) => conn.commit().await.map(|()| value).map_err(|cause| self.fault(cause)),
            Err(fault) => {
                if let Err(cause) = conn.rollback().await {
                    tracing::warn!(error = %cause, "books did not roll back cleanly; the database drops them with the connection");
                }
                Err(fault)
            }
        }
    }

    /// Takes rows that are due: those of `due` which no other node has locked, at once moved by `lease` so that nobody else
    /// finds them due. `of` finds one of them again by its key. The rows are as they were before the move.
    ///
    /// # Errors
    /// `UNAVAILABLE`.
    pub async fn claim<E: Bookkeeping>(
        &self,
        due: Select<E>,
        of: impl Fn(&E::Model) -> Condition + Send + Sync,
        lease: Vec<(E::Column, Expr)>,
    ) -> Outcome<Vec<E::Model>> {
        self.keep_books(async |books: &Books<'_>| {
            let rows = books.available(due).await?;
            let among = rows.iter().fold(Condition::any(), |any, row| any.add(of(row)));
            if !rows.is_empty() {
                books.amend::<E>(lease, among).await?;
            }
            Ok(rows)
        })
        .await
    }
}

#[expect(clippy::disallowed_methods, reason = "this is the place that the ban leads to")]
impl Books<'_> {
    /// Which database this is.
    pub fn dialect(&self) -> Dialect {
        self.db.dialect()
    }

    /// The clock of everything that is written here.
    pub fn clock(&self) -> &Clock {
        self.db.clock()
    }

    /// Writes rows of which none with the same key is there, and how many those were; what is there stays as it is. Whoever
    /// enters the same at once waits for the other to end.
    ///
    /// # Errors
    /// `UNAVAILABLE`.
    pub async fn enter<E: Bookkeeping>(&self, rows: Vec<E::Model>) -> Outcome<u64> {
        let mut rows = rows.into_iter().map(IntoActiveModel::into_active_model).peekable();
        let mut entered = 0;
        while rows.peek().is_some() {
            let batch: Vec<E::ActiveModel> = rows.by_ref().take(MANY).collect();
            let insert = <E as EntityTrait>::insert_many(batch).on_conflict(OnConflict::new().do_nothing().to_owned());
            entered += insert.exec_without_returning(self.conn).await.map_err(|cause| self.db.fault(cause))?;
        }
        Ok(entered)
    }

    /// Moves the rows that pass the guard, by all of `moves`; how many that were.
    ///
    /// # Errors
    /// A conflict named after the violated constraint; `UNAVAILABLE`.
    pub async fn amend<E: Bookkeeping>(&self, moves: Vec<(E::Column, Expr)>, guard: Condition) -> Outcome<u64> {
        let mut update = <E as EntityTrait>::update_many().filter(guard);
        for (column, value) in moves {
            update = update.col_expr(column, value);
        }
        let moved = update.exec(self.conn).await.map_err(|cause| self.db.fault(cause))?;
        Ok(moved.rows_affected)
    }

    /// Takes away the rows that pass the guard; how many that were.
    ///
    /// # Errors
    /// A conflict where other rows refer to them; `UNAVAILABLE`.
    pub async fn strike<E: Bookkeeping>(&self, guard: Condition) -> Outcome<u64> {
        let struck = <E as EntityTrait>::delete_many().filter(guard).exec(self.conn).await;
        Ok(struck.map_err(|cause| self.db.fault(cause))?.rows_affected)
    }

    /// All rows of a select, as this transaction sees them.
    ///
    /// # Errors
    /// `UNAVAILABLE`.
    pub async fn all<E: EntityTrait>(&self, select: Select<E>) -> Outcome<Vec<E::Model>> {
        select.all(self.conn).await.map_err(|cause| self.db.fault(cause))
    }

    /// All rows of a reading statement written out for this dialect.
    ///
    /// # Errors
    /// `UNAVAILABLE`.
    pub async fn sql<T: FromQueryResult>(&self, sql: &str, values: Vec<Value>) -> Outcome<Vec<T>> {
        T::find_by_statement(Statement::from_sql_and_values(self.dialect().backend(), sql, values))
            .all(self.conn)
            .await
            .map_err(|cause| self.db.fault(cause))
    }

    /// The first row of a select, locked until the end of the transaction.
    ///
    /// # Errors
    /// `UNAVAILABLE`.
    pub async fn one_locked<E: EntityTrait>(&self, select: Select<E>) -> Outcome<Option<E::Model>> {
        let locked = if self.db.dialect() == Dialect::Postgres { select.lock_exclusive() } else { select };
        locked.one(self.conn).await.map_err(|cause| self.db.fault(cause))
    }

    /// Those rows of a select that nobody else has locked, locked until the end of the transaction. On SQLite a transaction
    /// has the whole database, so none is passed over there.
    ///
    /// # Errors
    /// `UNAVAILABLE`.
    pub async fn available<E: EntityTrait>(&self, select: Select<E>) -> Outcome<Vec<E::Model>> {
        let locked = match self.db.dialect() {
            Dialect::Postgres => select.lock_with_behavior(LockType::Update, LockBehavior::SkipLocked),
            Dialect::Sqlite => select,
        };
        self.all(locked).await
    }
}
