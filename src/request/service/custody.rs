//! Samples on their way: every change of hands is a link of a chain with its time and person.

use entity::{
    consignment, custody_event,
    enums::{ConsignmentStatus, CustodyStep, OfferingKind, ReferralStatus, RefusalReason, Side, Visibility},
    ids::{ConsignmentId, CustodyEventId, ReferralId},
};
use serde_json::json;

use super::desk::Desk;
use crate::{
    directory::text,
    identity::scopes,
    platform::{
        access::Action,
        command::Command,
        db::{Event, Tx},
        fault::{Fault, Outcome, Problems},
    },
    request::{
        model::{Done, blocker::Blockers, custody, reason::Reason},
        policy, store,
    },
};

/// Most units of one consignment.
const MOST_UNITS: i32 = 1_000_000;

/// Samples that are sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewConsignment {
    /// How many units.
    pub units: i32,
    /// Who carries them.
    pub carrier: Option<String>,
    /// Number of the waybill.
    pub waybill: Option<String>,
    /// Remarks.
    pub remarks: Option<String>,
}

/// Sends samples to the provider of an agreed referral.
///
/// # Errors
/// `INVALID`; `NOT_AGREED`.
pub async fn dispatch(cmd: &Command<'_>, id: ReferralId, new: NewConsignment) -> Outcome<Done> {
    cmd.run(policy::DISPATCH, async |tx: &mut Tx| {
        let (mut desk, at) = Desk::of_referral(tx, id).await?;
        let row = desk.referrals[at].clone();
        if !matches!(row.status, ReferralStatus::Accepted | ReferralStatus::Scheduled | ReferralStatus::InProgress) {
            let message = format!("This referral is {}; samples are sent once it is agreed.", row.status.word());
            return Err(Fault::rule("NOT_AGREED", message, json!({ "status": row.status })));
        }
        let number = store::consignments(desk.tx, id).await?.last().map_or(1, |last| last.number + 1);
        let mut problems = Problems::default();
        if !(1..=MOST_UNITS).contains(&new.units) {
            problems.add("input.units", "QUANTITY", format!("Send 1 to {MOST_UNITS} units."));
        }
        let now = desk.tx.now();
        let sent = consignment::Model {
            id: ConsignmentId(desk.tx.id()),
            referral_id: id,
            agency: row.requester,
            provider: row.agency,
            number,
            status: ConsignmentStatus::Sent,
            sent: new.units,
            received: 0,
            carrier: text::optional(&mut problems, "input.carrier", new.carrier, text::NAME),
            waybill: text::optional(&mut problems, "input.waybill", new.waybill, text::NAME),
            remarks: text::optional(&mut problems, "input.remarks", new.remarks, text::FREE),
            version: 1,
            created_at: now,
            updated_at: now,
        };
        problems.finish()?;
        let sent = desk.tx.insert(sent).await?;
        link(&mut desk, &sent, (CustodyStep::Dispatch, Side::Requester), (sent.sent, Reason::default())).await?;
        Ok(desk.done(Some(id), None))
    })
    .await
}

/// Counts samples that have come and are fit; more may come later. The work begins with `START`.
///
/// # Errors
/// `INVALID` for more than were sent; `NOT_FOUND`; the refusals of the chain.
pub async fn receive(cmd: &Command<'_>, id: ConsignmentId, units: i32) -> Outcome<Done> {
    change(cmd, id, (policy::RECEIVE, CustodyStep::Receive), (Side::Provider, Some(units), Reason::default())).await
}

/// Refuses samples, with a coded reason.
///
/// # Errors
/// `INVALID` for OTHER without words; `NOT_FOUND`; the refusals of the chain.
pub async fn reject(
    cmd: &Command<'_>,
    id: ConsignmentId,
    (code, reason): (RefusalReason, Option<String>),
) -> Outcome<Done> {
    let reason = Reason::refusal(code, reason)?;
    change(cmd, id, (policy::REJECT_SAMPLES, CustodyStep::Reject), (Side::Provider, None, reason)).await
}

/// Gives samples up for lost, with a reason.
///
/// # Errors
/// As [`reject`].
pub async fn lose(cmd: &Command<'_>, id: ConsignmentId, reason: &str) -> Outcome<Done> {
    let reason = Reason::words(reason)?;
    change(cmd, id, (policy::LOSE_SAMPLES, CustodyStep::Lose), (Side::Requester, None, reason)).await
}

/// Sends samples back, with a reason.
///
/// # Errors
/// As [`reject`].
pub async fn send_back(cmd: &Command<'_>, id: ConsignmentId, reason: &str) -> Outcome<Done> {
    let reason = Reason::words(reason)?;
    change(cmd, id, (policy::RETURN_SAMPLES, CustodyStep::Return), (Side::Provider, None, reason)).await
}

async fn change(
    cmd: &Command<'_>,
    id: ConsignmentId,
    (action, step): (Action, CustodyStep),
    (side, units, reason): (Side, Option<i32>, Reason),
) -> Outcome<Done> {
    cmd.run(action, async |tx: &mut Tx| {
        let hidden = || Fault::not_found(ConsignmentId::KIND, id.0);
        let referral = store::consignment(tx, id).await?.ok_or_else(hidden)?.referral_id;
        let (mut desk, _) = Desk::of_referral(tx, referral).await.map_err(|fault| match fault {
            Fault::NotFound { .. } => hidden(),
            other => other,
        })?;
        let row = store::consignment(desk.tx, id).await?.ok_or_else(hidden)?;
        cmd.expect_version(row.version)?;
        let status = custody::next(row.status, step)
            .map_err(|why| why.fault(ConsignmentId::KIND, row.status.word(), step.word()))?;
        let received = row.received + units.unwrap_or(0);
        if units.is_some_and(|units| units < 1) || received > row.sent {
            let left = row.sent - row.received;
            return Err(Fault::invalid(
                "units",
                "QUANTITY",
                format!("Count 1 to {left} units: {} were sent.", row.sent),
            ));
        }
        let next = consignment::Model { status, received, updated_at: desk.tx.now(), ..row.clone() };
        let counted = units.unwrap_or(if step == CustodyStep::Return { row.received.max(0) } else { row.sent });
        let row = desk.tx.update(row, next).await?;
        link(&mut desk, &row, (step, side), (counted, reason)).await?;
        Ok(desk.done(Some(referral), None))
    })
    .await
}

async fn link(
    desk: &mut Desk<'_>,
    row: &consignment::Model,
    (event, side): (CustodyStep, Side),
    (units, reason): (i32, Reason),
) -> Outcome<()> {
    let link = custody_event::Model {
        id: CustodyEventId(desk.tx.id()),
        consignment_id: row.id,
        agency: row.agency.clone(),
        provider: row.provider.clone(),
        at: desk.tx.now(),
        event,
        units,
        side,
        actor_agency: desk.tx.permit().actor().agency.clone(),
        actor: desk.who(),
        reason_code: reason.code,
        reason_text: reason.text,
    };
    desk.tx.insert(link).await?;
    let other = if side == Side::Requester { &row.provider } else { &row.agency };
    desk.tx.emit(Event {
        name: custody::told_as(event),
        subject: row.id.to_string(),
        agency: other.clone(),
        visibility: Visibility::Own,
        data: json!({
            "requestId": desk.request.id.to_string(),
            "requestCode": desk.request.code,
            "referralId": row.referral_id.to_string(),
            "consignmentId": row.id.to_string(),
            "units": units,
            "status": row.status,
            "toldAs": if side == Side::Requester { Side::Provider } else { Side::Requester },
        }),
    });
    Ok(())
}

/// Whether samples are there, where samples are tested. A lab that takes its samples itself may say so.
pub(super) async fn counted(desk: &mut Desk<'_>, at: usize, blockers: &mut Blockers) -> Outcome<()> {
    if desk.offering(at).await?.is_none_or(|offering| offering.kind != OfferingKind::Testing) {
        return Ok(());
    }
    let came: i32 = store::consignments(desk.tx, desk.referrals[at].id).await?.iter().map(|row| row.received).sum();
    if came == 0 {
        blockers.warn(
            "NO_SAMPLES",
            "No samples were received yet; receive a consignment, or go on where the lab takes them itself.",
            json!({}),
            scopes::SUPPLY_RESPOND,
        );
    }
    Ok(())
}
