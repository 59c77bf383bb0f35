//! Who read what is protected: noted in memory without waiting, and written in batches beside the requests.

use std::{
    collections::HashSet,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use entity::{access_log, ids::AgencyCode};
use tokio::{
    sync::Notify,
    time::{Instant, MissedTickBehavior, interval_at},
};

use super::{access::Caller, clock::Clock, db::Db, fault::Outcome};

/// Rows that wait at most. What comes on top is counted and told in the log.
const MOST: usize = 50_000;
/// Rows that are worth a batch of their own.
const BATCH: usize = 500;
/// The longest that a row waits otherwise.
const PAUSE: Duration = Duration::from_secs(1);

/// A reading of something protected.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Access {
    /// What kind of thing, such as `PERSONAL_DATA`.
    pub what: &'static str,
    /// Typed id of what was read, or a span.
    pub object: String,
    /// The agency that owns it; none for what belongs to the pact as a whole.
    pub owner: Option<AgencyCode>,
}

/// Where readings are noted. Cheap to clone.
#[derive(Clone, Debug, Default)]
pub struct Accesses(Arc<Inner>);

#[derive(Debug, Default)]
struct Inner {
    waiting: Mutex<Waiting>,
    full: Notify,
}

#[derive(Debug, Default)]
struct Waiting {
    rows: Vec<access_log::Model>,
    /// What those rows say, so that a reading of many fields is noted once.
    noted: HashSet<(String, &'static str, String)>,
    lost: u64,
}

impl Accesses {
    /// Notes a reading. Never waits; the same thing in the same request is noted once.
    pub fn note(&self, clock: &Clock, caller: &Caller, access: Access) {
        let mut waiting = self.lock();
        let key = (caller.request_id.to_string(), access.what, access.object.clone());
        if waiting.rows.len() >= MOST {
            waiting.lost += 1;
            return;
        }
        if !waiting.noted.insert(key) {
            return;
        }
        let actor = &caller.actor;
        waiting.rows.push(access_log::Model {
            id: clock.id(),
            at: clock.now(),
            agency: actor.agency.clone(),
            subject: actor.subject.clone(),
            client: actor.client.clone(),
            request_id: caller.request_id.to_string(),
            what: access.what.to_owned(),
            object: access.object,
            owner: access.owner,
            reason: caller.reason.as_deref().map(str::to_owned),
        });
        if waiting.rows.len() >= BATCH {
            self.0.full.notify_one();
        }
    }

    /// Writes what waits.
    ///
    /// # Errors
    /// `UNAVAILABLE`; then it waits on.
    pub async fn flush(&self, db: &Db) -> Outcome<u64> {
        let (rows, lost) = {
            let mut waiting = self.lock();
            waiting.noted.clear();
            (std::mem::take(&mut waiting.rows), std::mem::take(&mut waiting.lost))
        };
        if lost > 0 {
            tracing::error!(lost, "readings of protected records were not noted: more came than could be written");
        }
        let count = rows.len() as u64;
        if let Err(fault) = db.write_accesses(&rows).await {
            let mut waiting = self.lock();
            waiting.rows.splice(0..0, rows);
            return Err(fault);
        }
        Ok(count)
    }

    /// Writes until `stop` resolves, and what is left then.
    pub async fn run(&self, db: &Db, stop: impl Future<Output = ()> + Send) {
        tokio::pin!(stop);
        let mut pauses = interval_at(Instant::now() + PAUSE, PAUSE);
        pauses.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            let stopped = tokio::select! {
                () = &mut stop => true,
                () = self.0.full.notified() => false,
                _ = pauses.tick() => false,
            };
            if let Err(fault) = self.flush(db).await {
                tracing::warn!(error = %fault, "readings of protected records could not be written; it will be tried again");
            }
            if stopped {
                return;
            }
        }
    }

    fn lock(&self) -> MutexGuard<'_, Waiting> {
        self.0.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
