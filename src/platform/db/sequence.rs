//! One turn of the sequencer. The only writing outside [`Db::write`](super::Db::write): it decides nothing and
//! answers to nobody, so it needs no permit.

use entity::{feed, uncounted};
use sea_orm::{
    ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter, SqliteTransactionMode, Statement, TransactionOptions,
    TransactionTrait,
};
use uuid::Uuid;

use super::{Db, Dialect, among, listen};
use crate::platform::{
    fault::Outcome,
    feed::{FEW, Turn, chain, changes_of, events_of, is_small, last_entry, waiting, weight_of},
};

/// An arbitrary number that only the sequencer locks.
const SEQUENCER_LOCK: i64 = 0x6c61_6270_6163_7401;

/// Entries written with one statement: six values each.
const APPEND: usize = 2_000;

impl Db {
    /// Whether committed transactions wait for their numbers. Not among [`Db::statements`]: no reader asked for it.
    pub(in crate::platform) async fn has_uncounted(&self) -> Outcome<bool> {
        let first = waiting(1).one(self.connection()).await.map_err(|cause| self.fault(cause))?;
        Ok(first.is_some())
    }

    /// Appends the entries of up to `most` committed transactions to the feed; of few, where they are not small together.
    #[expect(clippy::disallowed_methods, reason = "see the head of the file")]
    pub(in crate::platform) async fn sequence(&self, most: u64) -> Outcome<Turn> {
        let fault = |cause| self.fault(cause);
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
            let lock = Statement::from_string(
                self.dialect().backend(),
                format!("SELECT pg_advisory_xact_lock({SEQUENCER_LOCK})"),
            );
            tx.execute_raw(lock).await.map_err(fault)?;
        }
        let mut commits: Vec<Uuid> =
            waiting(most).all(&tx).await.map_err(fault)?.into_iter().map(|row| row.commit_id).collect();
        let mut more = commits.len() as u64 == most;
        if commits.len() > FEW {
            let weight =
                weight_of(self.dialect(), &commits).into_tuple::<(i64, i64)>().one(&tx).await.map_err(fault)?;
            if weight.is_none_or(|(changes, bulk)| !is_small(changes, bulk)) {
                (commits, more) = (commits.into_iter().take(FEW).collect(), true);
            }
        }
        let last = last_entry().one(&tx).await.map_err(fault)?;
        let changes = changes_of(self.dialect(), &commits).all(&tx).await.map_err(fault)?;
        let events = events_of(self.dialect(), &commits).all(&tx).await.map_err(fault)?;
        let entries = chain(last, &commits, (changes, events), self.clock().now())?;
        let turn = Turn { entries: entries.len() as u64, more };
        let end = entries.last().map(|entry| entry.seq);
        for batch in entries.chunks(APPEND) {
            let rows: Vec<feed::ActiveModel> = batch.iter().cloned().map(IntoActiveModel::into_active_model).collect();
            feed::Entity::insert_many(rows).exec_without_returning(&tx).await.map_err(fault)?;
        }
        uncounted::Entity::delete_many()
            .filter(among(self.dialect(), uncounted::Column::CommitId, commits))
            .exec(&tx)
            .await
            .map_err(fault)?;
        if let (Dialect::Postgres, Some(end)) = (self.dialect(), end) {
            let (sql, values) = listen::notice(end);
            let notice = Statement::from_sql_and_values(self.dialect().backend(), sql, values);
            tx.execute_raw(notice).await.map_err(fault)?;
        }
        tx.commit().await.map_err(fault)?;
        if let Some(end) = end {
            self.poke(end);
        }
        Ok(turn)
    }
}
