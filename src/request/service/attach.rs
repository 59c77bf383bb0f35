//! Files that belong to what is asked for, offered and sent.

use entity::{
    enums::{AttachmentPurpose, OfferStatus, ReferralStatus},
    ids::{AgencyCode, AttachmentId, ConsignmentId, OfferId, RequestId},
};
use serde_json::json;

use super::desk::Desk;
use crate::{
    attachment::service as attachments,
    platform::{
        access::Action,
        command::Command,
        db::Tx,
        fault::{Fault, Outcome},
    },
    request::{
        model::{Done, need, referral as machine},
        policy, store,
    },
};

/// Attaches files to a request. Every provider that was or will be asked sees them.
///
/// # Errors
/// Those of [`attachments::bind`]; `OVER` where the request has ended.
pub async fn to_request(cmd: &Command<'_>, id: RequestId, files: &[AttachmentId]) -> Outcome<Done> {
    cmd.run(policy::ATTACH, async |tx: &mut Tx| {
        let desk = Desk::of_request(tx, id).await?;
        if need::is_over(desk.request.status) {
            return Err(over("request", desk.request.status.word()));
        }
        let sent = desk.referrals.iter().filter(|row| row.sent_at.is_some());
        let mut parties: Vec<AgencyCode> = sent.map(|row| row.agency.clone()).collect();
        parties.sort_unstable();
        parties.dedup();
        attachments::bind(desk.tx, files, &id.to_string(), AttachmentPurpose::Request, &parties).await?;
        Ok(desk.done(None, None))
    })
    .await
}

/// Attaches files to an offer of the provider, which the requester sees.
///
/// # Errors
/// Those of [`attachments::bind`]; `OVER` where the offer does not stand any more.
pub async fn to_offer(cmd: &Command<'_>, id: OfferId, files: &[AttachmentId]) -> Outcome<Done> {
    cmd.run(policy::SUPPLY_ATTACH, async |tx: &mut Tx| {
        let referral = store::referral_of(tx, id).await?;
        let (desk, at) = Desk::of_referral(tx, referral).await.map_err(|fault| hidden(fault, OfferId::KIND, id.0))?;
        let row = desk.referrals[at].clone();
        let offers = store::offers(desk.tx, referral).await?;
        let own = offers.into_iter().find(|offer| offer.id == id && offer.agency == row.agency);
        let offer = own.ok_or_else(|| Fault::not_found(OfferId::KIND, id.0))?;
        let stands = matches!(offer.status, OfferStatus::PendingApproval | OfferStatus::Open | OfferStatus::Accepted);
        if !stands || machine::is_over(row.status) {
            return Err(over("offer", offer.status.word()));
        }
        // What waits for its own side's approver is shown to the other side when it goes out.
        let parties: Vec<_> = offer.put_at.map(|_| row.requester).into_iter().collect();
        attachments::bind(desk.tx, files, &id.to_string(), AttachmentPurpose::Offer, &parties).await?;
        Ok(desk.done(Some(referral), Some(id)))
    })
    .await
}

/// Attaches files to a consignment, for the side whose action it is; both sides see them.
///
/// # Errors
/// Those of [`attachments::bind`]; `OVER` where the referral has ended.
pub async fn to_consignment(
    cmd: &Command<'_>,
    action: Action,
    id: ConsignmentId,
    files: &[AttachmentId],
) -> Outcome<Done> {
    cmd.run(action, async |tx: &mut Tx| {
        let missing = || Fault::not_found(ConsignmentId::KIND, id.0);
        let consignment = store::consignment(tx, id).await?.ok_or_else(missing)?;
        let referral = consignment.referral_id;
        let found = Desk::of_referral(tx, referral).await;
        let (desk, at) = found.map_err(|fault| hidden(fault, ConsignmentId::KIND, id.0))?;
        let row = desk.referrals[at].clone();
        // A report may be disputed by what came with the samples, so those of settled work stay open.
        if machine::is_over(row.status) && row.status != ReferralStatus::Settled {
            return Err(over("referral", row.status.word()));
        }
        let parties = [row.requester, row.agency];
        attachments::bind(desk.tx, files, &id.to_string(), AttachmentPurpose::Consignment, &parties).await?;
        Ok(desk.done(Some(referral), None))
    })
    .await
}

fn hidden(fault: Fault, kind: &'static str, id: uuid::Uuid) -> Fault {
    match fault {
        Fault::NotFound { .. } => Fault::not_found(kind, id),
        other => other,
    }
}

fn over(what: &str, status: &str) -> Fault {
    let message = format!("This {what} is {status}; nothing is attached to it any more.");
    Fault::rule("OVER", message, json!({ "status": status }))
}
