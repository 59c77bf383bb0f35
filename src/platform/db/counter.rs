//! Counters: the one kind of row that is moved without an entry of its own in the change log.
//!
//! A counter is what many write to at once. It is moved by one guarded update, `SET n = n + ? WHERE … AND n + ? <= most`,
//! whose guard the database judges under the row's lock, so that two who both read room for one cannot both take it. The
//! row that moved it (a hold) is logged; an entry for the counter as well would tell the same twice. So it is with a note
//! that something was told: the event is in the feed.

use entity::Counters;
use sea_orm::{
    EntityTrait, IntoActiveModel, QueryFilter, QuerySelect, Select, TryInsertResult,
    sea_query::{Condition, Expr},
};

use super::{Dialect, Tx};
use crate::platform::fault::Outcome;

/// Rows of one statement.
const MANY: usize = 500;

#[expect(clippy::disallowed_methods, reason = "this is the place that the ban leads to")]
impl Tx {
    /// Writes counters that are not there yet, in the order given; those that are there stay as they are. Whoever lays out
    /// the same ones at once waits for the other to end.
    ///
    /// # Errors
    /// `UNAVAILABLE`.
    pub async fn lay_out<E: Counters>(&mut self, rows: Vec<E::Model>) -> Outcome<()> {
        let mut rows = rows.into_iter().map(IntoActiveModel::into_active_model).peekable();
        while rows.peek().is_some() {
            let batch: Vec<E::ActiveModel> = rows.by_ref().take(MANY).collect();
            let laid = <E as EntityTrait>::insert_many(batch).on_conflict_do_nothing();
            let _: TryInsertResult<_> =
                laid.exec_without_returning(&self.conn).await.map_err(|cause| self.db.fault(cause))?;
        }
        Ok(())
    }

    /// Writes a note that is not there yet; whether it was not. Of two who write the same one at once, one waits for the
    /// other and writes nothing.
    ///
    /// # Errors
    /// `UNAVAILABLE`; a conflict named after the violated constraint.
    pub async fn first<E: Counters>(&mut self, row: E::Model) -> Outcome<bool> {
        let noted = <E as EntityTrait>::insert(row.into_active_model()).on_conflict_do_nothing();
        let noted = noted.exec_without_returning(&self.conn).await.map_err(|cause| self.db.fault(cause))?;
        Ok(matches!(noted, TryInsertResult::Inserted(1..)))
    }

    /// Moves the counters that pass the guard, all of `moves` at once; how many rows that were.
    ///
    /// # Errors
    /// A conflict named after the violated constraint; `UNAVAILABLE`.
    pub async fn count<E: Counters>(&mut self, moves: Vec<(E::Column, Expr)>, guard: Condition) -> Outcome<u64> {
        let mut update = <E as EntityTrait>::update_many().filter(guard);
        for (column, value) in moves {
            update = update.col_expr(column, value);
        }
        let moved = update.exec(&self.conn).await.map_err(|cause| self.db.fault(cause))?;
        Ok(moved.rows_affected)
    }

    /// All rows of a select, locked in the order of the select until the end of the transaction.
    ///
    /// # Errors
    /// `UNAVAILABLE`.
    pub async fn all_locked<E: EntityTrait>(&self, select: Select<E>) -> Outcome<Vec<E::Model>> {
        self.all(if self.dialect() == Dialect::Postgres { select.lock_exclusive() } else { select }).await
    }

    /// The first row of a select, kept as it is until the end of the transaction; any number may keep it at once.
    ///
    /// # Errors
    /// `UNAVAILABLE`.
    pub async fn one_shared<E: EntityTrait>(&self, select: Select<E>) -> Outcome<Option<E::Model>> {
        self.one(if self.dialect() == Dialect::Postgres { select.lock_shared() } else { select }).await
    }
}
