//! Letting go of what has had its time: rows are deleted without an entry each, in small batches.
//!
//! What an entry of the feed points to goes only within a span that was written down before, by an act of its own (see
//! `audit::retention`); the entry stays. The acts that vouch for what is gone are never let go.

use chrono::{DateTime, Utc};
use entity::enums::FeedKind;
use sea_orm::{
    ConnectionTrait, FromQueryResult, SqliteTransactionMode, Statement, TransactionOptions, TransactionTrait, Value,
};
use uuid::{Builder, Uuid};

use super::{Db, Dialect};
use crate::platform::{fault::Outcome, retention::Kept};

/// An arbitrary number that only this locks: one node at a time.
const PRUNER_LOCK: i64 = 0x6c61_6270_6163_7402;

/// What goes.
#[derive(Clone, Copy, Debug)]
pub enum Going {
    /// Contents of the feed that are older, up to an entry.
    Content(FeedKind, DateTime<Utc>, i64),
    /// Rows of a table that are older.
    Rows(Kept, DateTime<Utc>),
}

#[derive(FromQueryResult)]
struct Turn {
    mine: bool,
}

#[derive(FromQueryResult)]
struct Last {
    seq: i64,
}

impl Db {
    /// The last entry of the feed whose content is of a kind, older than an instant and still there.
    ///
    /// # Errors
    /// `UNAVAILABLE`.
    pub async fn oldest_content(&self, kind: FeedKind, before: DateTime<Utc>) -> Outcome<Option<i64>> {
        let (table, kept) = content(kind);
        let first = self.dialect().place(1);
        let sql = format!(
            "SELECT f.seq AS seq FROM {table} c JOIN feed f ON f.ref_id = c.id WHERE c.id < {first}{kept} \
             ORDER BY c.id DESC LIMIT 1"
        );
        let found: Vec<Last> = self.sql_in_background(&sql, vec![floor(before).into()]).await?;
        Ok(found.first().map(|row| row.seq))
    }

    /// Deletes at most `most` rows in a transaction of their own; how many. `None` where another node is at it.
    ///
    /// # Errors
    /// `UNAVAILABLE`.
    #[expect(clippy::disallowed_methods, reason = "see the head of the file")]
    pub async fn let_go(&self, going: Going, most: u64) -> Outcome<Option<u64>> {
        let fault = |cause| self.fault(cause);
        let backend = self.dialect().backend();
        let _turn = match self.dialect() {
            Dialect::Sqlite => Some(self.0.writer.lock().await),
            Dialect::Postgres => None,
        };
        let options = TransactionOptions {
            sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
            ..Default::default()
        };
        let tx = self.connection().begin_with_options(options).await.map_err(fault)?;
        if self.dialect() == Dialect::Postgres {
            let sql = format!("SELECT pg_try_advisory_xact_lock({PRUNER_LOCK}) AS mine");
            let turn = Turn::find_by_statement(Statement::from_string(backend, sql)).one(&tx).await.map_err(fault)?;
            if !turn.is_some_and(|turn| turn.mine) {
                tx.rollback().await.map_err(fault)?;
                return Ok(None);
            }
        }
        let (sql, values) = deleting(self.dialect(), going, most);
        let gone = tx.execute_raw(Statement::from_sql_and_values(backend, sql, values)).await.map_err(fault)?;
        tx.commit().await.map_err(fault)?;
        Ok(Some(gone.rows_affected()))
    }
}

fn deleting(dialect: Dialect, going: Going, most: u64) -> (String, Vec<Value>) {
    let (first, second) = (dialect.place(1), dialect.place(2));
    match going {
        Going::Content(kind, before, to) => {
            let (table, kept) = content(kind);
            let sql = format!(
                "DELETE FROM {table} WHERE id IN (SELECT c.id FROM {table} c JOIN feed f ON f.ref_id = c.id \
                 WHERE c.id < {first} AND f.seq <= {second}{kept} ORDER BY c.id LIMIT {most})"
            );
            (sql, vec![floor(before).into(), to.into()])
        }
        Going::Rows(Kept { table, time, .. }, before) => {
            let row = match dialect {
                Dialect::Postgres => "ctid",
                Dialect::Sqlite => "rowid",
            };
            let sql = format!(
                "DELETE FROM {table} WHERE {row} IN (SELECT {row} FROM {table} WHERE {time} < {first} \
                 ORDER BY {time} LIMIT {most})"
            );
            (sql, vec![before.into()])
        }
    }
}

/// The table of a kind, and which of its rows stay whatever their age.
fn content(kind: FeedKind) -> (&'static str, &'static str) {
    match kind {
        FeedKind::Change => ("change", " AND c.entity NOT IN ('pruned', 'erasure')"),
        FeedKind::Event => ("outbox", ""),
    }
}

/// The least id of an instant: ids of that kind are in the order of time.
fn floor(at: DateTime<Utc>) -> Uuid {
    Builder::from_unix_timestamp_millis(at.timestamp_millis().max(0).cast_unsigned(), &[0; 10]).into_uuid()
}
