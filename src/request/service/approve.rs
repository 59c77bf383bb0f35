//! Submitting and approving requests, and taking them back.

use std::collections::HashSet;

use chrono::TimeDelta;
use entity::{
    approval,
    enums::{Decision, DecisionPoint, Placement, RequestStatus, Side},
    ids::{ApprovalId, RequestId},
    request,
};
use serde_json::json;

use super::{counsel::Counsel, desk::Desk, place, rota};
use crate::{
    identity::scopes,
    platform::{
        command::Command,
        db::Tx,
        fault::{Fault, Outcome},
    },
    request::{
        model::{Done, blocker::Blockers, draft, need, news, reason::Reason},
        policy, store,
    },
    search::service::Finder,
};

/// For how many days the same need asked for again is a twin.
const TWIN_DAYS: i64 = 14;

/// Asks for approval.
///
/// # Errors
/// `INVALID`; `NO_PROVIDERS`, `NO_CANDIDATES`, `DUPLICATE` and the refusals of the machine.
pub async fn submit(cmd: &Command<'_>, finder: &Finder, id: RequestId, despite: &[String]) -> Outcome<Done> {
    // Search reads its own index, outside the transaction; an edit in between is noticed by the version.
    let rota = rota::of_request(cmd, finder, id).await?;
    cmd.run(policy::SUBMIT, async |tx: &mut Tx| {
        let mut desk = Desk::of_request(tx, id).await?;
        cmd.expect_version(desk.request.version)?;
        if desk.request.status == RequestStatus::Draft {
            draft::submittable(&desk.request, desk.tx.today())?;
            if let Some(rota) = &rota {
                place::rank(&mut desk, rota).await?;
            }
            ready(&mut desk, despite).await?;
            let who = desk.who();
            let next = request::Model {
                round: desk.request.round + 1,
                submitted_by: Some(who),
                digest: draft::digest(&desk.request, &desk.items),
                ..desk.request.clone()
            };
            desk.write_request(next).await?;
        }
        desk.step_request(need::Event::Submit, Side::Requester, Reason::default()).await?;
        Ok(desk.done(None, None))
    })
    .await
}

async fn ready(desk: &mut Desk<'_>, despite: &[String]) -> Outcome<()> {
    let mut blockers = Blockers::despite(despite, desk.tx.permit().actor());
    if desk.request.placement == Placement::Named && desk.referrals.is_empty() {
        blockers.add("NO_PROVIDERS", "Name at least one provider, or place the request by ROTA.", json!({}));
    }
    if desk.request.placement == Placement::Rota {
        let taken: HashSet<_> = desk.placed.values().flatten().collect();
        let open: Vec<i32> =
            desk.items.iter().filter(|item| !taken.contains(&item.id)).map(|item| item.position).collect();
        if !open.is_empty() {
            let message = "Nobody is found who could do these items in time; change them, or name a provider.";
            blockers.warn("NO_CANDIDATES", message, json!({ "items": open }), scopes::REQUEST_CREATE);
        }
        if desk.referrals.is_empty() {
            blockers.add("NO_PROVIDERS", "There is nobody to be asked.", json!({}));
        }
    }
    let digest = draft::digest(&desk.request, &desk.items);
    let since = desk.tx.now() - TimeDelta::days(TWIN_DAYS);
    if let Some(twin) = store::twin(desk.tx, &desk.request, &digest, since).await? {
        blockers.warn(
            "DUPLICATE",
            format!("Your agency asked for the same on {} as {}.", twin.created_at.date_naive(), twin.code),
            json!({ "request": twin.id.to_string(), "code": twin.code, "status": twin.status }),
            scopes::REQUEST_CREATE,
        );
    }
    blockers.finish()
}

/// Approves one; whoever wrote or submitted it cannot.
///
/// # Errors
/// `SAME_PERSON` and the refusals of the machine.
pub async fn approve(cmd: &Command<'_>, id: RequestId) -> Outcome<Done> {
    cmd.run(policy::APPROVE, async |tx: &mut Tx| {
        let mut desk = Desk::of_request(tx, id).await?;
        cmd.expect_version(desk.request.version)?;
        if desk.request.status == RequestStatus::PendingApproval {
            let mut blockers = Blockers::default();
            desk.not_own(&mut blockers);
            let authors = desk.authors(DecisionPoint::Request, None);
            let counsel = desk.counsel(desk.request.decision_id, &authors, &mut blockers).await?;
            blockers.finish()?;
            match counsel {
                Counsel::Repeated => return Ok(desk.done(None, None)),
                Counsel::Partial(signature) => {
                    desk.sign(*signature).await?;
                    return Ok(desk.done(None, None));
                }
                Counsel::Last(Some(signature)) => desk.sign(*signature).await?,
                Counsel::Last(None) => written_down(&mut desk, Decision::Approved, None).await?,
            }
            let approved_by = Some(desk.who());
            desk.write_request(request::Model { approved_by, ..desk.request.clone() }).await?;
        }
        desk.step_request(need::Event::Approve, Side::Requester, Reason::default()).await?;
        desk.settle().await?;
        Ok(desk.done(None, None))
    })
    .await
}

/// Gives one back to its author, with a reason.
///
/// # Errors
/// `INVALID` without a reason; `SAME_PERSON` and the refusals of the machine.
pub async fn give_back(cmd: &Command<'_>, id: RequestId, reason: &str) -> Outcome<Done> {
    cmd.run(policy::RETURN, async |tx: &mut Tx| {
        let reason = Reason::words(reason)?;
        let mut desk = Desk::of_request(tx, id).await?;
        cmd.expect_version(desk.request.version)?;
        if desk.request.status == RequestStatus::PendingApproval {
            let mut blockers = Blockers::default();
            desk.not_own(&mut blockers);
            let authors = desk.authors(DecisionPoint::Request, None);
            match desk.request.decision_id {
                Some(id) => desk.refuse(Some(id), (&authors, reason.text.clone()), blockers).await?,
                None => {
                    blockers.finish()?;
                    written_down(&mut desk, Decision::Returned, reason.text.clone()).await?;
                }
            }
        }
        desk.step_request(need::Event::Return, Side::Requester, reason).await?;
        Ok(desk.done(None, None))
    })
    .await
}

/// Takes one back, with a reason. Whoever was asked is told.
///
/// # Errors
/// `INVALID` without a reason; `AGREED_PARTS` where something is agreed; the refusals of the machine.
pub async fn withdraw(cmd: &Command<'_>, id: RequestId, reason: &str) -> Outcome<Done> {
    cmd.run(policy::WITHDRAW, async |tx: &mut Tx| {
        let reason = Reason::words(reason)?;
        let mut desk = Desk::of_request(tx, id).await?;
        cmd.expect_version(desk.request.version)?;
        let agreed: Vec<String> = desk
            .referrals
            .iter()
            .filter(|row| crate::request::model::referral::is_agreed(row.status))
            .map(|row| row.id.to_string())
            .collect();
        let mut blockers = Blockers::default();
        if !agreed.is_empty() && desk.request.status == RequestStatus::Open {
            let message = "Parts of it are agreed; ask for their cancellation first.";
            blockers.add("AGREED_PARTS", message, json!({ "referrals": agreed }));
        }
        blockers.finish()?;
        desk.step_request(need::Event::Withdraw, Side::Requester, reason).await?;
        desk.settle().await?;
        Ok(desk.done(None, None))
    })
    .await
}

/// Tells the providers whose goods are sampled, with a reason; a recorded act that nobody takes back.
///
/// # Errors
/// `INVALID` without a reason; `NOT_BLIND`.
pub async fn unblind(cmd: &Command<'_>, id: RequestId, reason: &str) -> Outcome<Done> {
    cmd.run(policy::UNBLIND, async |tx: &mut Tx| {
        let reason = Reason::words(reason)?;
        let mut desk = Desk::of_request(tx, id).await?;
        cmd.expect_version(desk.request.version)?;
        if !desk.request.blind {
            return Err(Fault::rule("NOT_BLIND", "Nothing is hidden from the providers.", json!({})));
        }
        let at = Some(desk.tx.now());
        desk.write_request(request::Model { blind: false, unblinded_at: at, ..desk.request.clone() }).await?;
        desk.note(news::UNBLIND, reason).await?;
        Ok(desk.done(None, None))
    })
    .await
}

async fn written_down(desk: &mut Desk<'_>, decision: Decision, reason_text: Option<String>) -> Outcome<()> {
    let row = approval::Model {
        id: ApprovalId(desk.tx.id()),
        request_id: desk.request.id,
        referral_id: None,
        subject: desk.request.id.to_string(),
        round: desk.request.round,
        side: Side::Requester,
        step: 1,
        agency: desk.request.agency.clone(),
        approver: desk.who(),
        stands_for: None,
        decision,
        reason_text,
        at: desk.tx.now(),
    };
    desk.tx.insert(row).await.map(drop)
}
