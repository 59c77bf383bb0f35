//! The one way to write: a transaction that was opened with a permit and that writes down what it does.
//!
//! Every write appends to the change log, and [`Tx::emit`] to the outbox, in the same transaction; so no use case
//! can forget either. Nothing is numbered here: a number taken inside a transaction can commit out of order.
//! The sequencer (`platform::feed`) numbers what was committed.

use chrono::{DateTime, NaiveDate, Utc};
use entity::{
    FOREVER, Record, Revised, Versioned, change, enums::ChangeOp, enums::Visibility, ids::AgencyCode, outbox, uncounted,
};
use sea_orm::{
    ActiveModelTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, FromQueryResult, IntoActiveModel, Iterable,
    QueryFilter, QuerySelect, Select, SqliteTransactionMode, Statement, TransactionOptions, TransactionTrait, Value,
    sea_query::{LockBehavior, LockType},
};
use serde_json::{Map, Value as Json, json};
use uuid::Uuid;

use super::{Db, Dialect};
use crate::platform::{
    access::{Permit, Ruled, Sealed},
    clock::Clock,
    fault::{Fault, Outcome},
};

/// Rows of the log are written this many at a time.
const LOG_BATCH: usize = 500;

/// A transaction in the name of a permitted actor. Stores write through it and through nothing else.
pub struct Tx {
    pub(super) db: Db,
    pub(super) conn: DatabaseTransaction,
    permit: Permit,
    acting: Option<AgencyCode>,
    commit_id: Uuid,
    at: DateTime<Utc>,
    position: i32,
    changes: Vec<change::ActiveModel>,
    events: Vec<outbox::Model>,
}

/// Something that happened and that others may want to hear of.
#[derive(Clone, Debug, PartialEq)]
pub struct Event {
    /// Versioned name, such as `certificate.suspended.v1`.
    pub name: &'static str,
    /// Typed id of what it is about.
    pub subject: String,
    /// The agency that owns the subject.
    pub agency: AgencyCode,
    /// Who may hear of it.
    pub visibility: Visibility,
    /// The payload, by the schema of the name.
    pub data: Json,
}

impl Db {
    /// Runs `act` in one transaction: committed when it succeeds, undone when it fails.
    ///
    /// # Errors
    /// Those of `act`; conflicts by the name of the violated constraint; `UNAVAILABLE`.
    pub async fn write<T>(
        &self,
        permit: &Permit,
        act: impl for<'c> AsyncFnOnce(&'c mut Tx) -> Outcome<T> + Send,
    ) -> Outcome<T> {
        let _turn = match self.dialect() {
            Dialect::Sqlite => Some(self.0.writer.lock().await),
            Dialect::Postgres => None,
        };
        let mut tx = Tx::begin(self, permit.clone()).await?;
        // On the heap: a use case with many rows in hand would overflow the stack of a thread.
        let outcome = Box::pin(act(&mut tx)).await;
        match outcome {
            Ok(value) => tx.commit().await.map(|()| value),
            Err(fault) => {
                tx.roll_back().await;
                Err(fault)
            }
        }
    }

    /// Runs `act` in a transaction and undoes it whatever it answers: what would happen, writing nothing.
    ///
    /// # Errors
    /// Those of `act`.
    pub async fn rehearse<T>(
        &self,
        permit: &Permit,
        act: impl for<'c> AsyncFnOnce(&'c mut Tx) -> Outcome<T> + Send,
    ) -> Outcome<T> {
        let _turn = match self.dialect() {
            Dialect::Sqlite => Some(self.0.writer.lock().await),
            Dialect::Postgres => None,
        };
        let mut tx = Tx::begin(self, permit.clone()).await?;
        // On the heap: a use case with many rows in hand would overflow the stack of a thread.
        let outcome = Box::pin(act(&mut tx)).await;
        tx.roll_back().await;
        outcome
    }
}

#[expect(clippy::disallowed_methods, reason = "this is the place that the ban leads to")]
impl Tx {
    async fn begin(db: &Db, permit: Permit) -> Outcome<Self> {
        let options = TransactionOptions {
            sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
            ..Default::default()
        };
        let conn = db.connection().begin_with_options(options).await.map_err(|cause| db.fault(cause))?;
        let clock = db.clock();
        Ok(Self {
            conn,
            acting: permit.actor().agency.clone(),
            permit,
            commit_id: clock.id(),
            at: clock.now(),
            position: 0,
            changes: Vec::new(),
            events: Vec::new(),
            db: db.clone(),
        })
    }

    async fn commit(mut self) -> Outcome<()> {
        if self.position == 0 {
            return self.conn.commit().await.map_err(|cause| self.db.fault(cause));
        }
        self.flush().await?;
        uncounted::Entity::insert(uncounted::Model { commit_id: self.commit_id, at: self.at }.into_active_model())
            .exec_without_returning(&self.conn)
            .await
            .map_err(|cause| self.db.fault(cause))?;
        self.conn.commit().await.map_err(|cause| self.db.fault(cause))?;
        self.db.0.committed.notify_one();
        Ok(())
    }

    async fn roll_back(self) {
        if let Err(cause) = self.conn.rollback().await {
            tracing::warn!(error = %cause, "a transaction did not roll back cleanly; the database drops it with the connection");
        }
    }

    async fn flush(&mut self) -> Outcome<()> {
        let db = self.db.clone();
        if !self.changes.is_empty() {
            change::Entity::insert_many(std::mem::take(&mut self.changes))
                .exec_without_returning(&self.conn)
                .await
                .map_err(|cause| db.fault(cause))?;
        }
        if !self.events.is_empty() {
            let mut rows = Vec::with_capacity(self.events.len());
            for mut row in std::mem::take(&mut self.events) {
                row.salt = Some(self.clock().salt()?.to_vec());
                rows.push(row.into_active_model());
            }
            outbox::Entity::insert_many(rows)
                .exec_without_returning(&self.conn)
                .await
                .map_err(|cause| db.fault(cause))?;
        }
        Ok(())
    }

    /// The permit that opened this transaction.
    pub fn permit(&self) -> &Permit {
        &self.permit
    }

    /// The agency to which new rows belong: the actor's own, or the one that was chosen by [`Tx::act_for`].
    ///
    /// # Errors
    /// `INVALID` when the system acts for no agency in particular.
    pub fn agency(&self) -> Outcome<&AgencyCode> {
        match &self.acting {
            Some(agency) => Ok(agency),
            None => self.permit.agency(),
        }
    }

    /// Chooses the agency to which new rows belong from here on: only the system at large has a choice.
    ///
    /// # Errors
    /// `FORBIDDEN` for an agency that the actor does not act for.
    pub fn act_for(&mut self, agency: &AgencyCode) -> Outcome<()> {
        if !self.permit.actor().acts_for(agency) {
            let message = format!("You act for another agency than {}; leave its rows to it.", agency.as_str());
            return Err(Fault::Forbidden { action: self.permit.action().name, message });
        }
        self.acting = Some(agency.clone());
        Ok(())
    }

    /// Does `act` so that its failure undoes it alone and the transaction goes on.
    ///
    /// # Errors
    /// Those of `act`; `UNAVAILABLE`.
    pub async fn attempt<T>(&mut self, act: impl for<'c> AsyncFnOnce(&'c mut Tx) -> Outcome<T> + Send) -> Outcome<T> {
        self.flush().await?;
        self.savepoint("SAVEPOINT attempt").await?;
        let position = self.position;
        match act(self).await {
            Ok(value) => {
                self.flush().await?;
                self.savepoint("RELEASE SAVEPOINT attempt").await?;
                Ok(value)
            }
            Err(fault) => {
                self.changes.clear();
                self.events.clear();
                self.position = position;
                self.savepoint("ROLLBACK TO SAVEPOINT attempt").await?;
                self.savepoint("RELEASE SAVEPOINT attempt").await?;
                Err(fault)
            }
        }
    }

    async fn savepoint(&self, sql: &str) -> Outcome<()> {
        let statement = Statement::from_string(self.dialect().backend(), sql);
        self.conn.execute_raw(statement).await.map(|_| ()).map_err(|cause| self.db.fault(cause))
    }

    /// The instant of every row that this transaction writes.
    pub fn now(&self) -> DateTime<Utc> {
        self.at
    }

    /// Today in Asia/Shanghai.
    pub fn today(&self) -> NaiveDate {
        crate::platform::clock::shanghai_date(self.at)
    }

    /// A new id.
    pub fn id(&self) -> Uuid {
        self.clock().id()
    }

    fn clock(&self) -> &Clock {
        self.db.clock()
    }

    /// Which database this is, for statements that are written out.
    pub fn dialect(&self) -> Dialect {
        self.db.dialect()
    }

    /// The first row of a select, as this transaction sees it.
    ///
    /// # Errors
    /// `UNAVAILABLE` when the database does not answer.
    pub async fn one<E: EntityTrait>(&self, select: Select<E>) -> Outcome<Option<E::Model>> {
        select.one(&self.conn).await.map_err(|cause| self.db.fault(cause))
    }

    /// All rows of a select, as this transaction sees them.
    ///
    /// # Errors
    /// `UNAVAILABLE` when the database does not answer.
    pub async fn all<E: EntityTrait>(&self, select: Select<E>) -> Outcome<Vec<E::Model>> {
        select.all(&self.conn).await.map_err(|cause| self.db.fault(cause))
    }

    /// All rows of a reading statement written out for this dialect.
    ///
    /// # Errors
    /// `UNAVAILABLE` when the database does not answer.
    pub async fn sql<T: FromQueryResult>(&self, sql: &str, values: Vec<Value>) -> Outcome<Vec<T>> {
        T::find_by_statement(Statement::from_sql_and_values(self.dialect().backend(), sql, values))
            .all(&self.conn)
            .await
            .map_err(|cause| self.db.fault(cause))
    }

    /// Locks the row that `select` finds until the end of the transaction, and seals it.
    ///
    /// # Errors
    /// `NOT_FOUND` where there is none.
    pub async fn lock<M: Ruled + Record>(
        &self,
        select: Select<M::Entity>,
        key: impl std::fmt::Display,
    ) -> Outcome<Sealed<M>> {
        let locked = if self.dialect() == Dialect::Postgres { select.lock_exclusive() } else { select };
        let row = self.one(locked).await?.ok_or_else(|| Fault::not_found(<M as Ruled>::KIND, key))?;
        Ok(Sealed::new(row))
    }

    /// Writes a new row.
    ///
    /// # Errors
    /// A conflict named after the violated constraint.
    pub async fn insert<M: Record>(&mut self, row: M) -> Outcome<M> {
        let after = content(&row)?;
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
        let (was, is) = difference(content(&before)?, content(&after)?);
        if is.is_empty() && was.is_empty() {
            return Ok(before);
        }
        after.set_version(before.version() + 1);
        let changed = <M::Entity as EntityTrait>::update_many()
            .set(changes(before.clone(), after.clone()))
            .filter(before.guard())
            .exec(&self.conn)
            .await
            .map_err(|cause| self.db.fault(cause))?;
        if changed.rows_affected != 1 {
            return Err(stale(M::KIND, before.version()));
        }
        self.log(&after, ChangeOp::Update, Some(Json::Object(was)), Some(Json::Object(is))).await?;
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
        row.clone().into_active_model().delete(&self.conn).await.map_err(|cause| self.db.fault(cause))?;
        self.log(&row, ChangeOp::Delete, Some(Json::Object(was)), None).await
    }

    /// Locks those of the rows that `select` finds which nobody else has locked, and seals them: for work that several
    /// nodes share. On SQLite a transaction has the whole database, so none is passed over there.
    ///
    /// # Errors
    /// `UNAVAILABLE`.
    pub async fn lock_available<M: Ruled + Record>(&self, select: Select<M::Entity>) -> Outcome<Vec<Sealed<M>>> {
        let claimed = match self.dialect() {
            Dialect::Postgres => select.lock_with_behavior(LockType::Update, LockBehavior::SkipLocked),
            Dialect::Sqlite => select,
        };
        Ok(self.all(claimed).await?.into_iter().map(Sealed::new).collect())
    }

    /// Tells the outbox. The event leaves when, and only when, the transaction commits.
    pub fn emit(&mut self, event: Event) {
        let row = outbox::Model {
            id: self.id(),
            commit_id: self.commit_id,
            position: self.next_position(),
            at: self.at,
            name: event.name.to_owned(),
            subject: event.subject,
            agency: event.agency,
            visibility: event.visibility,
            data: event.data,
            salt: None,
        };
        self.events.push(row);
    }

    pub(super) async fn log<M: Record>(
        &mut self,
        row: &M,
        op: ChangeOp,
        before: Option<Json>,
        after: Option<Json>,
    ) -> Outcome<()> {
        let entry = LogEntry { entity: M::KIND, entity_id: row.key(), owner: row.owner().cloned(), op, before, after };
        self.log_entry(entry).await
    }

    pub(super) async fn log_entry(&mut self, entry: LogEntry) -> Outcome<()> {
        let actor = self.permit.actor();
        let row = change::Model {
            id: self.id(),
            commit_id: self.commit_id,
            position: self.position,
            at: self.at,
            agency: actor.agency.clone(),
            subject: actor.subject.clone(),
            client: actor.client.clone(),
            action: self.permit.action().name.to_owned(),
            request_id: self.permit.request_id().to_owned(),
            entity: entry.entity.to_owned(),
            entity_id: entry.entity_id,
            owner: entry.owner,
            op: entry.op,
            before: entry.before,
            after: entry.after,
            salt: Some(self.clock().salt()?.to_vec()),
        };
        self.position += 1;
        self.changes.push(row.into_active_model());
        if self.changes.len() >= LOG_BATCH { self.flush().await } else { Ok(()) }
    }

    fn next_position(&mut self) -> i32 {
        self.position += 1;
        self.position - 1
    }
}

pub(super) struct LogEntry {
    pub(super) entity: &'static str,
    pub(super) entity_id: String,
    pub(super) owner: Option<AgencyCode>,
    pub(super) op: ChangeOp,
    pub(super) before: Option<Json>,
    pub(super) after: Option<Json>,
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
fn changes<M: Record>(before: M, after: M) -> <M::Entity as EntityTrait>::ActiveModel {
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

fn stale(kind: &str, version: i32) -> Fault {
    Fault::conflict(
        "STALE_VERSION",
        format!("Somebody has edited this {kind} since version {version}; read it again and repeat your edit."),
        json!({ "yourVersion": version }),
    )
}
