//! The one way to write: a transaction that was opened with a permit and that writes down what it does.
//!
//! Every write appends to the change log, and [`Tx::emit`] to the outbox, in the same transaction; so no use case
//! can forget either. Nothing is numbered here: a number taken inside a transaction can commit out of order.
//! The sequencer (`platform::feed`) numbers what was committed.

use chrono::{DateTime, NaiveDate, Utc};
use entity::{Record, change, enums::ChangeOp, enums::Visibility, ids::AgencyCode, outbox, uncounted};
use sea_orm::{
    ConnectionTrait, DatabaseTransaction, EntityTrait, IntoActiveModel, SqliteTransactionMode, Statement,
    TransactionOptions, TransactionTrait,
};
use serde_json::Value as Json;
use tokio::sync::Mutex;
use uuid::Uuid;

use super::{Db, Dialect, gather::Gathered};
use crate::platform::{
    access::Permit,
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
    /// What is written later.
    pub(super) gathered: Mutex<Gathered>,
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
        // What the database would refuse is refused here too.
        let written = if outcome.is_ok() { tx.write_gathered().await } else { Ok(()) };
        tx.roll_back().await;
        written.and(outcome)
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
            gathered: Mutex::default(),
            db: db.clone(),
        })
    }

    async fn commit(mut self) -> Outcome<()> {
        self.write_gathered().await?;
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
        self.write_gathered().await?;
        self.flush().await?;
        self.savepoint("SAVEPOINT attempt").await?;
        let position = self.position;
        match act(self).await {
            Ok(value) => {
                self.write_gathered().await?;
                self.flush().await?;
                self.savepoint("RELEASE SAVEPOINT attempt").await?;
                Ok(value)
            }
            Err(fault) => {
                self.gathered.get_mut().clear();
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

    /// Tells the outbox. The event leaves when, and only when, the transaction commits.
    pub fn emit(&mut self, event: Event) {
        if !self.db.0.logged {
            return;
        }
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
        if !self.db.0.logged {
            return Ok(());
        }
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
