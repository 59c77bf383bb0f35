//! Bookkeeping: how far work in the background has come, and what was tried how often.
//!
//! Beside [`Db::write`] there is this one way to write in numbers: nobody has decided what stands in such a row, so it
//! needs no permit; nothing is proven by it, so it has no entry in the change log; it tells nobody, so it has no event.
//! It reaches the tables that are marked [`Bookkeeping`] and no others: the mark is given in `entity`, next to the table,
//! and a table that an agency owns rows of never has it without its owner being decided elsewhere.
//!
//! A use case that is logged keeps its books in its own transaction, by [`Tx::ledger`].

use entity::Bookkeeping;
use sea_orm::{
    DatabaseTransaction, EntityTrait, FromQueryResult, IntoActiveModel, QueryFilter, QuerySelect, Select,
    SqliteTransactionMode, Statement, TransactionOptions, TransactionTrait, Value,
    sea_query::{Condition, Expr, LockBehavior, LockType},
};

use super::{Db, Dialect, Tx};
use crate::platform::fault::Outcome;

/// Rows of one statement.
const MANY: usize = 500;

/// A transaction of bookkeeping.
pub struct Book {
    db: Db,
    conn: DatabaseTransaction,
}

/// What may be done in it.
#[derive(Clone, Copy)]
pub struct Ledger<'t> {
    db: &'t Db,
    conn: &'t DatabaseTransaction,
}

impl Book {
    /// The books of this transaction.
    pub fn ledger(&self) -> Ledger<'_> {
        Ledger { db: &self.db, conn: &self.conn }
    }
}

impl Tx {
    /// The books, kept in this transaction.
    pub fn ledger(&self) -> Ledger<'_> {
        Ledger { db: &self.db, conn: &self.conn }
    }
}

#[expect(clippy::disallowed_methods, reason = "this is the place that the ban leads to")]
impl Db {
    /// Keeps books in one transaction: committed when `act` succeeds, undone when it fails.
    ///
    /// # Errors
    /// Those of `act`; `UNAVAILABLE`.
    pub async fn book<T>(&self, act: impl for<'c> AsyncFnOnce(&'c mut Book) -> Outcome<T> + Send) -> Outcome<T> {
        let _turn = match self.dialect() {
            Dialect::Sqlite => Some(self.0.writer.lock().await),
            Dialect::Postgres => None,
        };
        let options = TransactionOptions {
            sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
            ..Default::default()
        };
        let conn = self.connection().begin_with_options(options).await.map_err(|cause| self.fault(cause))?;
        let mut book = Book { db: self.clone(), conn };
        let kept = Box::pin(act(&mut book)).await;
        let ended = if kept.is_ok() { book.conn.commit().await } else { book.conn.rollback().await };
        ended.map_err(|cause| self.fault(cause))?;
        kept
    }
}

#[expect(clippy::disallowed_methods, reason = "this is the place that the ban leads to")]
impl Ledger<'_> {
    /// Which database this is.
    pub fn dialect(&self) -> Dialect {
        self.db.dialect()
    }

    /// The clock of what is written.
    pub fn clock(&self) -> &crate::platform::clock::Clock {
        self.db.clock()
    }

    /// All rows of a select.
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
    pub async fn one_locked<E: Bookkeeping>(&self, select: Select<E>) -> Outcome<Option<E::Model>> {
        let select = if self.dialect() == Dialect::Postgres { select.lock_exclusive() } else { select };
        select.one(self.conn).await.map_err(|cause| self.db.fault(cause))
    }

    /// Those of the rows that nobody else has locked, locked until the end of the transaction.
    ///
    /// # Errors
    /// `UNAVAILABLE`.
    pub async fn all_available<E: Bookkeeping>(&self, select: Select<E>) -> Outcome<Vec<E::Model>> {
        self.all(match self.dialect() {
            Dialect::Postgres => select.lock_with_behavior(LockType::Update, LockBehavior::SkipLocked),
            Dialect::Sqlite => select,
        })
        .await
    }

    /// Writes new rows, some hundred with one statement.
    ///
    /// # Errors
    /// `UNAVAILABLE`.
    pub async fn add<E: Bookkeeping>(&self, rows: Vec<E::Model>) -> Outcome<()> {
        let mut rows = rows.into_iter().map(IntoActiveModel::into_active_model).peekable();
        while rows.peek().is_some() {
            let batch: Vec<E::ActiveModel> = rows.by_ref().take(MANY).collect();
            <E as EntityTrait>::insert_many(batch)
                .exec_without_returning(self.conn)
                .await
                .map_err(|cause| self.db.fault(cause))?;
        }
        Ok(())
    }

    /// Sets columns of the rows that pass the guard; how many those were.
    ///
    /// # Errors
    /// `UNAVAILABLE`.
    pub async fn set<E: Bookkeeping>(&self, values: Vec<(E::Column, Expr)>, guard: Condition) -> Outcome<u64> {
        let mut update = <E as EntityTrait>::update_many().filter(guard);
        for (column, value) in values {
            update = update.col_expr(column, value);
        }
        Ok(update.exec(self.conn).await.map_err(|cause| self.db.fault(cause))?.rows_affected)
    }

    /// Takes the rows away that pass the guard; how many those were.
    ///
    /// # Errors
    /// `UNAVAILABLE`.
    pub async fn take_away<E: Bookkeeping>(&self, guard: Condition) -> Outcome<u64> {
        let gone = <E as EntityTrait>::delete_many().filter(guard).exec(self.conn).await;
        Ok(gone.map_err(|cause| self.db.fault(cause))?.rows_affected)
    }
}
