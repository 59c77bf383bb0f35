//! Ends before the end: cancellation by agreement, failure, and disputes.

use entity::{
    enums::{ReferralStatus, RefusalReason, Side},
    ids::{ReferralId, RequestId},
    referral,
};

use super::{counsel::Counsel, desk::Desk, work};
use crate::{
    platform::{command::Command, db::Tx, fault::Outcome},
    request::{
        model::{Done, blocker::Blockers, need, reason::Reason, referral as machine},
        policy,
    },
};

/// Asks to cancel what was agreed, with a reason.
///
/// # Errors
/// `INVALID` without a reason; the refusals of the machine.
pub async fn request_cancel(cmd: &Command<'_>, id: ReferralId, reason: &str) -> Outcome<Done> {
    let reason = Reason::words(reason)?;
    take(cmd, id, policy::REQUEST_CANCEL, (machine::Event::RequestCancel, Side::Requester, reason)).await
}

/// Answers that. Before work began it cannot be refused; a refusal needs a reason.
///
/// # Errors
/// `INVALID` for a refusal without a reason; `NOT_NAMED`; the refusals of the machine.
pub async fn answer_cancel(cmd: &Command<'_>, id: ReferralId, grant: bool, reason: Option<&str>) -> Outcome<Done> {
    let (event, reason) = match (grant, reason) {
        (true, None) => (machine::Event::GrantCancel, Reason::default()),
        (true, Some(words)) => (machine::Event::GrantCancel, Reason::words(words)?),
        (false, words) => (machine::Event::RefuseCancel, Reason::words(words.unwrap_or_default())?),
    };
    cmd.run(policy::ANSWER_CANCEL, async |tx: &mut Tx| {
        let (mut desk, at) = Desk::of_referral(tx, id).await?;
        cmd.expect_version(desk.referrals[at].version)?;
        desk.may(at, event)?;
        let decision = desk.referrals[at].decision_id;
        if grant {
            let mut blockers = Blockers::default();
            let counsel = desk.counsel(decision, &[], &mut blockers).await?;
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
        } else {
            desk.refuse(decision, (&[], reason.text.clone()), Blockers::default()).await?;
        }
        desk.step_referral(at, event, (Side::Provider, reason), |_| {}).await?;
        desk.settle().await?;
        Ok(desk.done(Some(id), None))
    })
    .await
}

/// Tells that what was agreed cannot be done, with a coded reason. The next provider is asked.
///
/// # Errors
/// `INVALID` for OTHER without words; the refusals of the machine.
pub async fn fail(cmd: &Command<'_>, id: ReferralId, code: RefusalReason, reason: Option<String>) -> Outcome<Done> {
    let reason = Reason::refusal(code, reason)?;
    take(cmd, id, policy::FAIL, (machine::Event::Fail, Side::Provider, reason)).await
}

/// Ends, for the secretariat, what was agreed and what the provider has let lapse, with a reason. The next provider is asked.
///
/// # Errors
/// `INVALID` without a reason; `NOT_YET` where the provider's time still runs; the refusals of the machine.
pub async fn call_off(cmd: &Command<'_>, id: ReferralId, reason: &str) -> Outcome<Done> {
    let reason = Reason { code: Some("CALLED_OFF".to_owned()), ..Reason::words(reason)? };
    take(cmd, id, policy::CALL_OFF, (machine::Event::CallOff, Side::Coordinator, reason)).await
}

async fn take(
    cmd: &Command<'_>,
    id: ReferralId,
    action: crate::platform::access::Action,
    (event, side, reason): (machine::Event, Side, Reason),
) -> Outcome<Done> {
    cmd.run(action, async |tx: &mut Tx| {
        let (mut desk, at) = Desk::of_referral(tx, id).await?;
        cmd.expect_version(desk.referrals[at].version)?;
        desk.step_referral(at, event, (side, reason), |_| {}).await?;
        desk.settle().await?;
        Ok(desk.done(Some(id), None))
    })
    .await
}

/// Disputes the results of a request, with a reason; the secretariat settles it. Their clocks stand still meanwhile.
///
/// # Errors
/// `INVALID` without a reason; the refusals of the machine.
pub async fn dispute(cmd: &Command<'_>, id: RequestId, reason: &str) -> Outcome<Done> {
    cmd.run(policy::DISPUTE, async |tx: &mut Tx| {
        let reason = Reason::words(reason)?;
        let mut desk = Desk::of_request(tx, id).await?;
        cmd.expect_version(desk.request.version)?;
        if desk.step_request(need::Event::Dispute, Side::Requester, reason).await? {
            for at in delivered(&desk) {
                let row = desk.referrals[at].clone();
                let paused = referral::Model { due_at: None, due_side: None, paused_due_at: row.due_at, ..row };
                desk.write_referral(at, paused).await?;
            }
        }
        Ok(desk.done(None, None))
    })
    .await
}

/// How the secretariat settles a dispute.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// The results stand.
    Stand,
    /// They are to be corrected.
    Correct,
}

/// Settles a dispute, with a reason.
///
/// # Errors
/// `INVALID` without a reason; the refusals of the machine.
pub async fn resolve(cmd: &Command<'_>, id: RequestId, verdict: Verdict, reason: &str) -> Outcome<Done> {
    cmd.run(policy::RESOLVE, async |tx: &mut Tx| {
        let reason = Reason::words(reason)?;
        let mut desk = Desk::of_request(tx, id).await?;
        cmd.expect_version(desk.request.version)?;
        desk.step_request(need::Event::Resolve, Side::Coordinator, reason.clone()).await?;
        for at in delivered(&desk) {
            let step = (Side::Coordinator, reason.clone());
            match verdict {
                Verdict::Stand => drop(desk.step_referral(at, machine::Event::Settle, step, |_| {}).await?),
                Verdict::Correct => work::again(&mut desk, at, step).await?,
            }
        }
        desk.settle().await?;
        Ok(desk.done(None, None))
    })
    .await
}

fn delivered(desk: &Desk<'_>) -> Vec<usize> {
    (0..desk.referrals.len()).filter(|at| desk.referrals[*at].status == ReferralStatus::Delivered).collect()
}
