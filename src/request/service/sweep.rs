//! The clock of the desk: whatever is due moves on, on any number of nodes, and twice is as good as once.

use std::{sync::Arc, time::Duration};

use chrono::{DateTime, Utc};
use entity::{
    enums::{OfferStatus, ReferralStatus, RequestStatus, Side},
    holiday,
    ids::HoldId,
    request,
};
use futures_util::future::try_join_all;
use sea_orm::{EntityTrait, FromQueryResult, QueryFilter};
use tokio::time::{MissedTickBehavior, interval};
use uuid::Uuid;

use super::{answer::end_open, desk::Desk, recount};
use crate::{
    capacity::hold,
    directory::{calendar, rows::among},
    platform::{
        access::{Actor, Caller, Permit, permit},
        db::{Db, Dialect, Tx},
        fault::Outcome,
    },
    request::{
        model::{clock, need, reason::Reason, referral as machine},
        policy, store,
    },
};

/// Requests of one transaction.
const BATCH: usize = 50;

/// Transactions that run beside each other.
const ABREAST: usize = 4;

/// Takes what is due, again and again, until `stop` resolves; never where the pause is zero, as other nodes do it then.
pub async fn follow(db: Db, pause: Duration, stop: impl Future<Output = ()> + Send) {
    tokio::pin!(stop);
    if pause.is_zero() {
        return stop.await;
    }
    let mut counted = None;
    let mut beat = interval(pause);
    beat.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            () = &mut stop => break,
            _ = beat.tick() => if let Err(fault) = beat_once(&db, &mut counted).await {
                tracing::warn!(error = %fault, "what is due could not be moved; it will be tried again");
            }
        }
    }
}

/// What is due at the desk, then what was set aside and is over; and first, where the listed days are others than those that
/// this node has counted by, every open deadline anew.
async fn beat_once(db: &Db, counted: &mut Option<Vec<holiday::Model>>) -> Outcome<()> {
    let listed = calendar::store::all(db).await?;
    if counted.as_ref() != Some(&listed) {
        recount::run(db).await?;
        *counted = Some(listed);
    }
    run(db).await?;
    hold::sweep::sweep(db).await.map(drop)
}

/// Takes everything that is due by now, and says how many requests were moved.
///
/// # Errors
/// `UNAVAILABLE`.
pub async fn run(db: &Db) -> Outcome<u64> {
    let caller = Caller::new(Actor::system(None, "desk:clock"), "desk:clock");
    let permit = permit(&caller, policy::SWEEP)?;
    // One transaction waits for the database while another counts; SQLite has one writer.
    let abreast = if db.dialect() == Dialect::Postgres { ABREAST } else { 1 };
    let mut moved = 0;
    loop {
        let now = db.clock().now();
        let ids = due(db, now, BATCH * abreast).await?;
        let batches = ids.chunks(BATCH).map(|ids| batch(db, &permit, ids));
        let done: u64 = try_join_all(batches).await?.into_iter().sum();
        moved += done;
        // What another node has in hand is its own to do.
        if ids.len() < BATCH * abreast || done == 0 {
            return Ok(moved);
        }
    }
}

/// Takes some of what is due, in one transaction.
async fn batch(db: &Db, permit: &Permit, ids: &[Uuid]) -> Outcome<u64> {
    db.write(permit, async |tx: &mut Tx| {
        let among = among(tx.dialect(), request::Column::Id, ids.iter().copied());
        let claimed = tx.lock_available::<request::Model>(request::Entity::find().filter(among)).await?;
        let claimed: Vec<_> = claimed.into_iter().map(|sealed| sealed.open(permit)).collect::<Outcome<_>>()?;
        let calendar = Arc::new(calendar::store::calendar_in(tx).await?);
        let mut sheets = store::sheets(tx, &claimed.iter().map(|row| row.id).collect::<Vec<_>>()).await?;
        // All that is set aside for any of them, in the one order in which everybody locks.
        let holds: Vec<HoldId> =
            sheets.values().flat_map(|sheet| &sheet.referrals).filter_map(|row| row.hold_id).collect();
        if !holds.is_empty() {
            hold::together(tx, &holds).await?;
        }
        let ids: Vec<_> = claimed.iter().map(|row| row.id).collect();
        let mut escalations = store::to_escalate(tx, &ids, tx.now()).await?;
        let mut moved = 0;
        for row in claimed {
            let escalated = escalations.remove(&row.id).unwrap_or_default();
            let sheet = sheets.remove(&row.id).unwrap_or_default();
            let mut desk = Desk::of_sheet(tx, (row, sheet), Arc::clone(&calendar));
            let escalates = !escalated.is_empty();
            desk.escalate(escalated).await?;
            moved += u64::from(desk.strike().await? || escalates);
        }
        Ok(moved)
    })
    .await
}

/// A request of which something is due.
#[derive(FromQueryResult)]
struct DueRequest {
    id: Uuid,
}

/// The requests of which something is due, the longest due first.
async fn due(db: &Db, now: DateTime<Utc>, most: usize) -> Outcome<Vec<Uuid>> {
    let parts = [
        ("id", "request", "due_at"),
        ("request_id", "referral", "due_at"),
        ("request_id", "referral", "amendment_until"),
        ("request_id", "decision", "escalates_at"),
    ];
    let parts = parts.iter().enumerate().map(|(at, (id, table, column))| {
        let now = db.dialect().place(at + 1);
        format!(
            "SELECT * FROM (SELECT {id} AS id, {column} AS due FROM {table} WHERE {column} <= {now} \
             ORDER BY {column} LIMIT {most}) t{at}"
        )
    });
    let parts = parts.collect::<Vec<_>>().join(" UNION ALL ");
    let sql = format!("SELECT id FROM ({parts}) d GROUP BY id ORDER BY MIN(due) LIMIT {most}");
    let found: Vec<DueRequest> =
        db.sql_in_background(&sql, vec![now.into(), now.into(), now.into(), now.into()]).await?;
    Ok(found.into_iter().map(|row| row.id).collect())
}

impl Desk<'_> {
    /// Moves whatever of this request is due; whether anything was.
    async fn strike(&mut self) -> Outcome<bool> {
        let now = self.tx.now();
        let mut struck = false;
        if self.request.due_at.is_some_and(|due| due <= now) {
            self.strike_request(now).await?;
            struck = true;
        }
        for at in 0..self.referrals.len() {
            if self.referrals[at].amendment_until.is_some_and(|until| until <= now) {
                self.end_amendment(at, OfferStatus::Lapsed, (Side::System, Reason::code("CLOCK"))).await?;
                struck = true;
            }
            if self.referrals[at].due_at.is_some_and(|due| due <= now) {
                self.strike_referral(at).await?;
                struck = true;
            }
        }
        if struck {
            self.settle().await?;
        }
        Ok(struck)
    }

    async fn strike_request(&mut self, now: DateTime<Utc>) -> Outcome<()> {
        let needed = clock::end_of(self.request.need_by) <= now;
        let agreed =
            self.referrals.iter().any(|row| machine::is_agreed(row.status) || row.status == ReferralStatus::Settled);
        match self.request.status {
            RequestStatus::PendingApproval if needed => self.expire().await,
            // What is agreed goes on; what is still sought is sought no more.
            RequestStatus::Open if agreed => self.seek_no_more().await,
            RequestStatus::Open => self.expire().await,
            _ => {
                let reason = Reason::code("CLOCK");
                self.step_request(need::Event::Lapse, Side::System, reason).await?;
                if self.request.status == RequestStatus::Closed { self.settle_delivered().await } else { Ok(()) }
            }
        }
    }

    async fn expire(&mut self) -> Outcome<()> {
        let reason = Reason::code("NEED_BY_PASSED");
        self.step_request(need::Event::Expire, Side::System, reason).await.map(drop)
    }

    async fn seek_no_more(&mut self) -> Outcome<()> {
        for at in 0..self.referrals.len() {
            let step = (Side::System, Reason::code("NEED_BY_PASSED"));
            self.step_referral(at, machine::Event::Withdraw, step, |_| {}).await?;
        }
        Ok(())
    }

    /// A dispute that nobody settled ends with the results as they are.
    async fn settle_delivered(&mut self) -> Outcome<()> {
        for at in 0..self.referrals.len() {
            if self.referrals[at].status == ReferralStatus::Delivered {
                let step = (Side::System, Reason::code("CLOCK"));
                self.step_referral(at, machine::Event::Lapse, step, |_| {}).await?;
            }
        }
        Ok(())
    }

    async fn strike_referral(&mut self, at: usize) -> Outcome<()> {
        let before = self.referrals[at].status;
        let step = (Side::System, Reason::code("CLOCK"));
        self.step_referral(at, machine::Event::Lapse, step, |_| {}).await?;
        if machine::is_asked(before) && self.referrals[at].offer_id.is_some() {
            end_open(self, at, OfferStatus::Lapsed, &Reason::code("CLOCK")).await?;
        }
        Ok(())
    }
}
