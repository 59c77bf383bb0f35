//! Writing rows: each kind of row by what tells whether somebody else has edited it since, and each edit into the log.

use chrono::NaiveDate;
use entity::{FOREVER, Record, Revised, Versioned, enums::ChangeOp};
use sea_orm::{ActiveModelTrait, EntityTrait, Iterable, QueryFilter};
use serde_json::{Map, Value as Json, json};

use super::{Tx, gather};
use crate::platform::fault::{Fault, Outcome};

#[expect(clippy::disallowed_methods, reason = "this is the place that the ban leads to")]
impl Tx {
    /// Writes a new row.
    ///
    /// # Errors
    /// A conflict named after the violated constraint.
    pub async fn insert<M: Record>(&mut self, row: M) -> Outcome<M> {
        let after = content(&row)?;
        self.write_gathered_of::<M>().await?;
        <M::Entity as EntityTrait>::insert(row.clone().into_active_model())
            .exec_without_returning(&self.conn)
            .await
            .map_err(|cause| self.db.fault(cause))?;
        self.log(&row, ChangeOp::Insert, None, Some(Json::Object(after))).await?;
        Ok(row)
    }

    /// Writes an edited row over the one that was read, if nobody else has done so since.
    ///
    /// # Errors
    /// `STALE_VERSION` where somebody has; a conflict named after the violated constraint.
    pub async fn update<M: Versioned>(&mut self, before: M, mut after: M) -> Outcome<M> {
        let Some((was, is)) = edited(&before, &mut after)? else { return Ok(before) };
        self.write_gathered_of::<M>().await?;
        let changed = <M::Entity as EntityTrait>::update_many()
            .set(changes(before.clone(), after.clone()))
            .filter(before.guard())
            .exec(&self.conn)
            .await
            .map_err(|cause| self.db.fault(cause))?;
        if changed.rows_affected != 1 {
            return Err(stale(M::KIND, before.version()));
        }
        self.log(&after, ChangeOp::Update, Some(was), Some(is)).await?;
        Ok(after)
    }

    /// Writes a new row to which nothing refers that this transaction writes. It may be written later, with others like it.
    ///
    /// # Errors
    /// A conflict named after the violated constraint, now or where what waits is written.
    pub async fn append<M: Record>(&mut self, row: M) -> Outcome<M> {
        let after = content(&row)?;
        if let Some(lot) = self.gathered.get_mut().row(row.clone()) {
            lot.write(&self.db, &self.conn).await?;
        }
        self.log(&row, ChangeOp::Insert, None, Some(Json::Object(after))).await?;
        Ok(row)
    }

    /// Edits a row as [`Tx::update`] does. It may be written later, with others of which the same becomes.
    ///
    /// # Errors
    /// As [`Tx::update`], now or where what waits is written.
    pub async fn update_together<M: Versioned>(&mut self, before: M, mut after: M) -> Outcome<M> {
        let Some(key) = gather::key_of(&before) else { return self.update(before, after).await };
        let Some((was, is)) = edited(&before, &mut after)? else { return Ok(before) };
        if let Some(lot) = self.gathered.get_mut().edit(key, before, after.clone()) {
            lot.write(&self.db, &self.conn).await?;
        }
        self.log(&after, ChangeOp::Update, Some(was), Some(is)).await?;
        Ok(after)
    }

    /// Closes the last revision of a row on `from` and opens `next` on that date.
    ///
    /// # Errors
    /// `EFFECTIVE_BEFORE_REVISION` where `from` lies before the last revision's own beginning; `STALE_VERSION`.
    pub async fn revise<M: Revised>(&mut self, last: M, mut next: M, from: NaiveDate) -> Outcome<M> {
        next.place(last.revision(), last.span().0, last.span().1);
        let (was, is) = difference(content(&last)?, content(&next)?);
        if is.is_empty() && was.is_empty() {
            return Ok(last);
        }
        self.end(&last, from).await?;
        next.place(last.revision() + 1, from, FOREVER);
        <M::Entity as EntityTrait>::insert(next.clone().into_active_model())
            .exec_without_returning(&self.conn)
            .await
            .map_err(|cause| self.db.fault(cause))?;
        let span = json!({ "revision": next.revision(), "effective_from": from });
        self.log(&next, ChangeOp::Revise, Some(Json::Object(was)), Some(merged(is, span))).await?;
        Ok(next)
    }

    /// Closes the last revision of a row on `on`, for good.
    ///
    /// # Errors
    /// As [`Tx::revise`].
    pub async fn close<M: Revised>(&mut self, last: &M, on: NaiveDate) -> Outcome<()> {
        self.end(last, on).await?;
        self.log(last, ChangeOp::Close, None, Some(json!({ "revision": last.revision(), "effective_to": on }))).await
    }

    async fn end<M: Revised>(&mut self, last: &M, on: NaiveDate) -> Outcome<()> {
        let (from, to) = last.span();
        if to != FOREVER {
            return Err(Fault::rule(
                "ALREADY_CLOSED",
                format!("This {} ended on {to} and cannot be edited.", M::KIND),
                json!({ "endedOn": to }),
            ));
        }
        if on < from {
            return Err(Fault::rule(
                "EFFECTIVE_BEFORE_REVISION",
                format!("The last edit holds from {from}; choose that date or a later one."),
                json!({ "earliest": from }),
            ));
        }
        let ended = <M::Entity as EntityTrait>::update_many()
            .col_expr(M::end_column(), sea_orm::sea_query::Expr::value(on))
            .filter(last.guard())
            .exec(&self.conn)
            .await
            .map_err(|cause| self.db.fault(cause))?;
        if ended.rows_affected == 1 { Ok(()) } else { Err(stale(M::KIND, last.revision())) }
    }

    /// Writes a row that has neither version nor revisions (a link, a listed date) over what is there under its key.
    ///
    /// # Errors
    /// `NOT_FOUND` where nothing is there.
    pub async fn replace<M: Record>(&mut self, before: &M, after: M) -> Outcome<()> {
        let (was, is) = difference(content(before)?, content(&after)?);
        self.write_gathered().await?;
        all_set(after.clone().into_active_model())
            .update_without_returning(&self.conn)
            .await
            .map_err(|cause| self.db.fault(cause))?;
        self.log(&after, ChangeOp::Update, Some(Json::Object(was)), Some(Json::Object(is))).await
    }

    /// Takes away the row that was read, if nobody else has edited it since. The log keeps all of it.
    ///
    /// # Errors
    /// `STALE_VERSION` where somebody has; a conflict where other rows refer to it.
    pub async fn remove<M: Versioned>(&mut self, row: M) -> Outcome<()> {
        let was = content(&row)?;
        self.write_gathered().await?;
        let removed = <M::Entity as EntityTrait>::delete_many()
            .filter(row.guard())
            .exec(&self.conn)
            .await
            .map_err(|cause| self.db.fault(cause))?;
        if removed.rows_affected != 1 {
            return Err(stale(M::KIND, row.version()));
        }
        self.log(&row, ChangeOp::Delete, Some(Json::Object(was)), None).await
    }

    /// Takes away a link, which has no version. The log keeps it.
    ///
    /// # Errors
    /// `UNAVAILABLE`; a conflict where other rows refer to it.
    pub async fn unlink<M: Record>(&mut self, row: M) -> Outcome<()> {
        let was = content(&row)?;
        self.write_gathered().await?;
        row.clone().into_active_model().delete(&self.conn).await.map_err(|cause| self.db.fault(cause))?;
        self.log(&row, ChangeOp::Delete, Some(Json::Object(was)), None).await
    }
}

/// What an edit changes, as it was and as it is, with the edit at its next version; none where it changes nothing.
fn edited<M: Versioned>(before: &M, after: &mut M) -> Outcome<Option<(Json, Json)>> {
    let (was, is) = difference(content(before)?, content(after)?);
    if is.is_empty() && was.is_empty() {
        return Ok(None);
    }
    after.set_version(before.version() + 1);
    Ok(Some((Json::Object(was), Json::Object(is))))
}

fn content<M: serde::Serialize>(row: &M) -> Outcome<Map<String, Json>> {
    match serde_json::to_value(row) {
        Ok(Json::Object(map)) => Ok(map),
        Ok(_) => Err(Fault::internal("a row did not serialise to an object")),
        Err(cause) => Err(Fault::internal(cause)),
    }
}

/// The columns that differ, as they were and as they are. The counters and stamps that every edit moves do not count.
fn difference(before: Map<String, Json>, after: Map<String, Json>) -> (Map<String, Json>, Map<String, Json>) {
    const MOVED: [&str; 5] = ["version", "updated_at", "recorded_at", "revision", "effective_from"];
    let (mut was, mut is) = (Map::new(), Map::new());
    for (column, value) in after {
        match before.get(&column) {
            Some(old) if *old == value || MOVED.contains(&column.as_str()) => {}
            old => {
                was.insert(column.clone(), old.cloned().unwrap_or_default());
                is.insert(column, value);
            }
        }
    }
    (was, is)
}

fn merged(mut map: Map<String, Json>, more: Json) -> Json {
    if let Json::Object(more) = more {
        map.extend(more);
    }
    Json::Object(map)
}

/// Only the columns whose values differ. A key that is written again, though with its own value, makes the database
/// look through all tables that refer to it; on SQLite that cost more than the update itself.
pub(super) fn changes<M: Record>(before: M, after: M) -> <M::Entity as EntityTrait>::ActiveModel {
    let (before, mut after) = (before.into_active_model(), all_set(after.into_active_model()));
    for column in <M::Entity as EntityTrait>::Column::iter() {
        if before.get(column).into_value() == after.get(column).into_value() {
            after.not_set(column);
        }
    }
    after
}

fn all_set<A: ActiveModelTrait>(row: A) -> A {
    row.reset_all()
}

pub(super) fn stale(kind: &str, version: i32) -> Fault {
    Fault::conflict(
        "STALE_VERSION",
        format!("Somebody has edited this {kind} since version {version}; read it again and repeat your edit."),
        json!({ "yourVersion": version }),
    )
}
