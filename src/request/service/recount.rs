//! Open deadlines counted anew, when a year's holidays become known or a listed day is corrected.

use std::sync::Arc;

use entity::{
    enums::{ReferralStatus, Side},
    ids::RequestId,
    referral, request,
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use uuid::Uuid;

use super::desk::Desk;
use crate::{
    directory::{calendar, rows::among},
    platform::{
        access::{Actor, Caller, Permit, permit},
        db::{Db, Tx},
        fault::Outcome,
        workday::Calendar,
    },
    request::{
        model::{
            clock::{self, Due},
            machine::Span,
            need, news,
            reason::Reason,
            referral as machine,
        },
        policy, store,
    },
};

/// Rows that are looked at together.
const BATCH: u64 = 500;

/// Counts every open deadline anew that was counted in working days, and tells the owners of those that move. How many
/// requests that were. Twice is as good as once.
///
/// # Errors
/// `UNAVAILABLE`; what was written before stays.
pub async fn run(db: &Db) -> Outcome<u64> {
    let caller = Caller::new(Actor::system(None, "desk:calendar"), "desk:calendar");
    let permit = permit(&caller, policy::SWEEP)?;
    let calendar = calendar::store::calendar(db).await?;
    let (mut moved, mut last) = (0, Uuid::nil());
    loop {
        let open = request::Column::Id.gt(last);
        let select = request::Entity::find().filter(open).filter(request::Column::DueAt.is_not_null());
        let rows = db.all(select.order_by_asc(request::Column::Id).limit(BATCH)).await?;
        let Some(end) = rows.last().map(|row| row.id.0) else { break };
        let due: Vec<RequestId> =
            rows.iter().filter(|row| of_request(row, &calendar).is_some()).map(|row| row.id).collect();
        moved += count(db, &permit, due).await?;
        last = end;
    }
    last = Uuid::nil();
    loop {
        let open = referral::Column::Id.gt(last);
        let select = referral::Entity::find().filter(open).filter(referral::Column::DueAt.is_not_null());
        let rows = db.all(select.order_by_asc(referral::Column::Id).limit(BATCH)).await?;
        let Some(end) = rows.last().map(|row| row.id.0) else { break };
        let ids: Vec<Uuid> = rows.iter().map(|row| row.request_id.0).collect();
        let urgent = store::urgent(db, &ids).await?;
        let due = rows.iter().filter(|row| of_referral(row, urgent.contains(&row.request_id), &calendar).is_some());
        let due: Vec<RequestId> = due.map(|row| row.request_id).collect();
        moved += count(db, &permit, due).await?;
        last = end;
    }
    Ok(moved)
}

/// What a deadline of a request ought to be, where it is another.
fn of_request(row: &request::Model, calendar: &Calendar) -> Option<Due> {
    let due_at = row.due_at?;
    let allowance = need::clock(row.status, need::Facts { lapses: row.lapses })?;
    let (Span::Halves(usual, urgent), 0) = (allowance.span, row.lapses) else { return None };
    let halves = if row.urgency == entity::enums::Urgency::Urgent { urgent } else { usual };
    let due = clock::after(calendar, row.status_at, halves);
    // An approval is of no use behind the date on which the results were needed.
    let needed = clock::end_of(row.need_by);
    let at = if allowance.side == Side::Requester && needed > row.status_at { due.at.min(needed) } else { due.at };
    let due = Due { at, ..due };
    (due.at != due_at || due.provisional != row.due_provisional).then_some(due)
}

/// The same of a referral.
fn of_referral(row: &referral::Model, urgent: bool, calendar: &Calendar) -> Option<Due> {
    let due_at = row.due_at?;
    let facts = machine::Facts { lapses: row.lapses, resumes: row.resumes.unwrap_or(row.status) };
    let allowance = machine::clock(row.status, facts)?;
    // What was delivered may have been disputed, and its clock have stood still.
    if row.status == ReferralStatus::Delivered && row.paused_due_at.is_some() {
        return None;
    }
    let (Span::Halves(usual, soon), 0) = (allowance.span, row.lapses) else { return None };
    let due = clock::after(calendar, row.status_at, if urgent { soon } else { usual });
    (due.at != due_at || due.provisional != row.due_provisional).then_some(due)
}

/// Counts the deadlines of some requests anew, in one transaction.
async fn count(db: &Db, permit: &Permit, mut ids: Vec<RequestId>) -> Outcome<u64> {
    ids.sort_unstable();
    ids.dedup();
    if ids.is_empty() {
        return Ok(0);
    }
    db.write(permit, async |tx: &mut Tx| {
        let among = among(tx.dialect(), request::Column::Id, ids.iter().map(|id| id.0));
        let select = request::Entity::find().filter(among).order_by_asc(request::Column::Id);
        let mut moved = 0;
        let claimed = tx.lock_available::<request::Model>(select).await?;
        let claimed: Vec<_> = claimed.into_iter().map(|sealed| sealed.open(permit)).collect::<Outcome<_>>()?;
        let calendar = Arc::new(calendar::store::calendar_in(tx).await?);
        let mut sheets = store::sheets(tx, &claimed.iter().map(|row| row.id).collect::<Vec<_>>()).await?;
        for row in claimed {
            let sheet = sheets.remove(&row.id).unwrap_or_default();
            moved += u64::from(Desk::of_sheet(tx, (row, sheet), Arc::clone(&calendar)).recount().await?);
        }
        Ok(moved)
    })
    .await
}

impl Desk<'_> {
    async fn recount(&mut self) -> Outcome<bool> {
        let mut moved = false;
        let reason = || Reason::code("CALENDAR");
        if let Some(due) = of_request(&self.request, &self.calendar) {
            let row = self.request.clone();
            let later = row.due_at != Some(due.at);
            let next = request::Model { due_at: Some(due.at), due_provisional: due.provisional, ..row };
            self.write_request(next).await?;
            if later {
                self.note_clock(news::REQUEST_DUE_MOVED, reason()).await?;
            }
            moved = true;
        }
        for at in 0..self.referrals.len() {
            let row = self.referrals[at].clone();
            let Some(due) = of_referral(&row, self.urgent(), &self.calendar) else { continue };
            let later = row.due_at != Some(due.at);
            let next = referral::Model { due_at: Some(due.at), due_provisional: due.provisional, ..row };
            self.write_referral(at, next).await?;
            if later {
                self.note_referral(at, news::REFERRAL_DUE_MOVED, (Side::System, reason())).await?;
            }
            moved = true;
        }
        Ok(moved)
    }
}
