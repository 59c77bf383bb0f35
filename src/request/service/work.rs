//! Agreed work: signing, beginning, delivering, and accepting what was delivered.

use entity::{
    enums::{DecisionPoint, Side},
    ids::ReferralId,
};
use serde_json::json;

use super::{counsel::Counsel, custody, desk::Desk};
use crate::{
    platform::{command::Command, db::Tx, fault::Outcome},
    request::{
        model::{Done, blocker::Blockers, reason::Reason, referral as machine},
        policy,
    },
};

/// Signs for the provider; whoever has written the offer cannot.
///
/// # Errors
/// `SAME_PERSON`, `NOT_NAMED`, `SIGNATURE_MISSING`; the refusals of the machine.
pub async fn schedule(cmd: &Command<'_>, id: ReferralId) -> Outcome<Done> {
    cmd.run(policy::SCHEDULE, async |tx: &mut Tx| {
        let (mut desk, at) = Desk::of_referral(tx, id).await?;
        desk.may(at, machine::Event::Schedule)?;
        let (who, now, row) = (desk.who(), desk.tx.now(), desk.referrals[at].clone());
        if row.provider_signed_by.is_none() {
            cmd.expect_version(row.version)?;
        }
        let mut blockers = Blockers::default();
        let author = row.offer_author.clone();
        if author.as_ref() == Some(&who) && row.provider_signed_by.is_none() {
            let message = "You have written the offer; another of your agency must sign.";
            blockers.add("SAME_PERSON", message, json!({ "author": who }));
        }
        if row.requester_signed_by.is_none() {
            blockers.add("SIGNATURE_MISSING", "The requester has not signed yet.", json!({ "side": Side::Requester }));
        }
        let authors = desk.authors(DecisionPoint::Sign, author.as_deref());
        let counsel = desk.counsel(row.decision_id, &authors, &mut blockers).await?;
        blockers.finish()?;
        match counsel {
            Counsel::Repeated => return Ok(desk.done(Some(id), None)),
            Counsel::Partial(signature) => {
                desk.sign(*signature).await?;
                return Ok(desk.done(Some(id), None));
            }
            Counsel::Last(Some(signature)) => desk.sign(*signature).await?,
            Counsel::Last(None) => {}
        }
        desk.step_referral(at, machine::Event::Schedule, (Side::Provider, Reason::default()), |row| {
            row.provider_signed_by = Some(who);
            row.provider_signed_at = Some(now);
        })
        .await?;
        desk.settle().await?;
        Ok(desk.done(Some(id), None))
    })
    .await
}

/// Begins the work: samples were received.
///
/// # Errors
/// `NO_SAMPLES`; the refusals of the machine.
pub async fn start(cmd: &Command<'_>, id: ReferralId, despite: &[String]) -> Outcome<Done> {
    cmd.run(policy::START, async |tx: &mut Tx| {
        let (mut desk, at) = Desk::of_referral(tx, id).await?;
        cmd.expect_version(desk.referrals[at].version)?;
        desk.may(at, machine::Event::Start)?;
        let mut blockers = Blockers::despite(despite, desk.tx.permit().actor());
        custody::counted(&mut desk, at, &mut blockers).await?;
        blockers.finish()?;
        desk.step_referral(at, machine::Event::Start, (Side::Provider, Reason::default()), |_| {}).await?;
        desk.settle().await?;
        Ok(desk.done(Some(id), None))
    })
    .await
}

/// Accepts the results.
///
/// # Errors
/// The refusals of the machine.
pub async fn settle(cmd: &Command<'_>, id: ReferralId) -> Outcome<Done> {
    step(cmd, id, (policy::SETTLE, machine::Event::Settle), Side::Requester).await
}

/// Asks to correct the results, with a reason; the next delivery is another revision.
///
/// # Errors
/// `INVALID` without a reason; the refusals of the machine.
pub async fn correct(cmd: &Command<'_>, id: ReferralId, reason: &str) -> Outcome<Done> {
    cmd.run(policy::CORRECT, async |tx: &mut Tx| {
        let reason = Reason::words(reason)?;
        let (mut desk, at) = Desk::of_referral(tx, id).await?;
        cmd.expect_version(desk.referrals[at].version)?;
        again(&mut desk, at, (Side::Requester, reason)).await?;
        desk.settle().await?;
        Ok(desk.done(Some(id), None))
    })
    .await
}

/// Halves of a working day for a correction: usually, and where it is urgent.
const CORRECTION: (u16, u16) = (10, 2);

/// Sends results back to be corrected, with a date of its own.
pub(super) async fn again(desk: &mut Desk<'_>, at: usize, step: (Side, Reason)) -> Outcome<()> {
    let halves = if desk.urgent() { CORRECTION.1 } else { CORRECTION.0 };
    let due = crate::request::model::clock::after(&desk.calendar, desk.tx.now(), halves);
    let report_by = crate::request::model::clock::date_of(due.at);
    desk.step_referral(at, machine::Event::Correct, step, |row| {
        row.revision += 1;
        row.report_by = Some(report_by);
    })
    .await
    .map(drop)
}

async fn step(
    cmd: &Command<'_>,
    id: ReferralId,
    (action, event): (crate::platform::access::Action, machine::Event),
    side: Side,
) -> Outcome<Done> {
    cmd.run(action, async |tx: &mut Tx| {
        let (mut desk, at) = Desk::of_referral(tx, id).await?;
        cmd.expect_version(desk.referrals[at].version)?;
        desk.step_referral(at, event, (side, Reason::default()), |_| {}).await?;
        desk.settle().await?;
        Ok(desk.done(Some(id), None))
    })
    .await
}
