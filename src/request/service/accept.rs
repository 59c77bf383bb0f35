//! What a requester answers.

use entity::{
    enums::{ConditionAnswer, DecisionPoint, OfferKind, OfferStatus, ReferralStatus, Side},
    ids::{HoldId, OfferId, ReferralId},
    offer, offer_condition, referral,
};
use serde_json::json;

use super::{
    answer::{Written, end_open, lapsed, put},
    counsel::Counsel,
    desk::Desk,
    room,
};
use crate::{
    directory::text,
    identity::scopes,
    platform::{
        access::Ruled,
        command::Command,
        db::Tx,
        fault::{Fault, Outcome, Problems},
    },
    request::{
        model::{
            Done,
            blocker::Blockers,
            reason::Reason,
            referral as machine,
            terms::{Answer, Terms},
        },
        policy, store,
    },
};

/// Answers conditions of the offer that stands, each by itself.
///
/// # Errors
/// `INVALID`; `NO_OFFER`, `OFFER_LAPSED`; `NOT_FOUND` for a condition of another offer.
pub async fn answer(cmd: &Command<'_>, id: OfferId, answers: Vec<Answer>) -> Outcome<Done> {
    cmd.run(policy::ANSWER, async |tx: &mut Tx| {
        let referral = store::referral_of(tx, id).await?;
        let (desk, at) = Desk::of_referral(tx, referral).await.map_err(|fault| match fault {
            Fault::NotFound { .. } => Fault::not_found(OfferId::KIND, id.0),
            other => other,
        })?;
        let offer = standing(&desk, at).await?;
        if offer.id != id {
            let message = "Another offer has taken the place of this one; answer that.";
            return Err(Fault::rule("OFFER_SUPERSEDED", message, json!({ "offer": offer.id.to_string() })));
        }
        for (before, after) in answered(&desk, &offer, answers).await? {
            desk.tx.update(before, after).await?;
        }
        Ok(desk.done(Some(referral), Some(id)))
    })
    .await
}

/// The conditions that are answered, before and after.
async fn answered(
    desk: &Desk<'_>,
    offer: &offer::Model,
    answers: Vec<Answer>,
) -> Outcome<Vec<(offer_condition::Model, offer_condition::Model)>> {
    let known = store::conditions(desk.tx, offer.id).await?;
    let (who, now) = (desk.who(), desk.tx.now());
    let mut problems = Problems::default();
    let mut changed = Vec::new();
    for (at, answer) in answers.into_iter().enumerate() {
        let Some(row) = known.iter().find(|row| row.id == answer.condition) else {
            problems.add(format!("answers[{at}].condition"), "CONDITION_UNKNOWN", "Name a condition of this offer.");
            continue;
        };
        let path = format!("answers[{at}].note");
        let next = offer_condition::Model {
            answer: Some(answer.answer),
            note: text::optional(&mut problems, &path, answer.note, text::FREE),
            answered_by: Some(who.clone()),
            answered_at: Some(now),
            ..row.clone()
        };
        changed.push((row.clone(), next));
    }
    problems.finish()?;
    Ok(changed)
}

/// The offer that stands, whether or not its time has run out.
async fn standing(desk: &Desk<'_>, at: usize) -> Outcome<offer::Model> {
    let row = &desk.referrals[at];
    let offers = store::offers(desk.tx, row.id).await?;
    let found = offers.into_iter().find(|offer| Some(offer.id) == row.offer_id);
    found.ok_or_else(|| {
        let message = "The provider has not offered anything yet.";
        Fault::rule("NO_OFFER", message, json!({ "status": row.status }))
    })
}

/// Accepts the offer that stands and signs for the requester: capacity becomes firm, and whoever was asked for the same
/// items is told that another was chosen, in the same transaction.
///
/// # Errors
/// With all of them at once: `SAME_PERSON`, `OFFER_LAPSED`, `CONDITION_UNANSWERED`, `CONDITION_REFUSED`,
/// `NOT_NAMED`, `REPORT_AFTER_NEED_BY`, `HOLD_EXPIRED`, `NO_CAPACITY`; `LOST_RACE` with who was faster; the refusals of the machine.
pub async fn accept(cmd: &Command<'_>, id: ReferralId, despite: &[String]) -> Outcome<Done> {
    cmd.run(policy::ACCEPT, async |tx: &mut Tx| {
        let (mut desk, at) = Desk::of_referral(tx, id).await?;
        if desk.referrals[at].status == ReferralStatus::LostRace {
            return Err(outrun(&desk, at));
        }
        desk.may(at, machine::Event::Accept)?;
        if desk.referrals[at].status == ReferralStatus::Accepted {
            return Ok(desk.done(Some(id), None));
        }
        cmd.expect_version(desk.referrals[at].version)?;
        let offer = standing(&desk, at).await?;
        let mut blockers = Blockers::despite(despite, desk.tx.permit().actor());
        desk.not_own(&mut blockers);
        acceptable(&desk, &offer, &mut blockers).await?;
        let authors = desk.authors(DecisionPoint::Accept, None);
        let signature = match desk.counsel(desk.referrals[at].decision_id, &authors, &mut blockers).await? {
            Counsel::Repeated => return Ok(desk.done(Some(id), None)),
            Counsel::Partial(signature) => {
                blockers.finish()?;
                desk.sign(*signature).await?;
                return Ok(desk.done(Some(id), None));
            }
            Counsel::Last(signature) => signature,
        };
        let hold_id = firm(&mut desk, at, (&offer, blockers)).await?;
        if let Some(signature) = signature {
            desk.sign(*signature).await?;
        }
        let (who, offer_id) = (desk.who(), offer.id);
        agree(&mut desk, at, (offer, hold_id), (who, Reason::default())).await?;
        desk.settle().await?;
        Ok(desk.done(Some(id), Some(offer_id)))
    })
    .await
}

/// Makes what an offer sets aside firm, if nothing stands in the way.
async fn firm(
    desk: &mut Desk<'_>,
    at: usize,
    (offer, mut blockers): (&offer::Model, Blockers),
) -> Outcome<Option<HoldId>> {
    let mut hold_id = offer.hold_id;
    if offer.valid_until > desk.tx.now() {
        room::lock(desk).await?;
        if offer.kind == OfferKind::Quote {
            let ordered = room::place(desk, at, (&Terms::of(offer), offer.valid_until)).await;
            hold_id = blockers.take(ordered)?.flatten();
        }
        let confirmed = room::confirm(desk.tx, hold_id).await;
        blockers.take(confirmed)?;
    }
    blockers.finish()?;
    Ok(hold_id)
}

async fn agree(
    desk: &mut Desk<'_>,
    at: usize,
    (offer, hold_id): (offer::Model, Option<HoldId>),
    (signer, reason): (String, Reason),
) -> Outcome<()> {
    let (now, starts_on, report_by) = (desk.tx.now(), offer.starts_on, offer.report_by);
    super::answer::end(desk.tx, offer, (OfferStatus::Accepted, Reason::default())).await?;
    desk.step_referral(at, machine::Event::Accept, (Side::Requester, reason), |row| {
        row.requester_signed_by = Some(signer);
        row.requester_signed_at = Some(now);
        row.hold_id = hold_id;
        row.starts_on = Some(starts_on);
        row.report_by = Some(report_by);
    })
    .await
    .map(drop)
}

/// Accepts the offer that stands as a rule of the requester says, in the name of whoever wrote the rule; whether nothing
/// stood in the way. What does, somebody looks at.
pub(super) async fn by_rule(desk: &mut Desk<'_>, at: usize, signer: String) -> Outcome<bool> {
    let offer = standing(desk, at).await?;
    let mut blockers = Blockers::default();
    acceptable(desk, &offer, &mut blockers).await?;
    if !blockers.is_empty() {
        return Ok(false);
    }
    let hold_id = firm(desk, at, (&offer, blockers)).await?;
    agree(desk, at, (offer, hold_id), (signer, Reason::code("RULE"))).await?;
    Ok(true)
}

async fn acceptable(desk: &Desk<'_>, offer: &offer::Model, blockers: &mut Blockers) -> Outcome<()> {
    if offer.status != OfferStatus::Open || offer.valid_until <= desk.tx.now() {
        let (code, message, facts) = lapsed(offer);
        blockers.add(code, message, facts);
    }
    let conditions = store::conditions(desk.tx, offer.id).await?;
    let with = |wanted: Option<ConditionAnswer>| -> Vec<i32> {
        conditions.iter().filter(|row| row.answer == wanted).map(|row| row.position).collect()
    };
    let (open, refused) = (with(None), with(Some(ConditionAnswer::Refused)));
    if !open.is_empty() {
        let message = "Answer every condition before you accept.";
        blockers.add("CONDITION_UNANSWERED", message, json!({ "positions": open }));
    }
    if !refused.is_empty() {
        let message = "A condition was refused; put other terms to the provider, or refuse the offer.";
        blockers.add("CONDITION_REFUSED", message, json!({ "positions": refused }));
    }
    if offer.report_by > desk.request.need_by {
        blockers.warn(
            "REPORT_AFTER_NEED_BY",
            format!("The report would come by {}, but is needed by {}.", offer.report_by, desk.request.need_by),
            json!({ "reportBy": offer.report_by, "needBy": desk.request.need_by }),
            scopes::REQUEST_APPROVE,
        );
    }
    Ok(())
}

/// The conflict that names the clash: which referral was accepted for which items, and when.
fn outrun(desk: &Desk<'_>, at: usize) -> Fault {
    let own = desk.items_of(at);
    let winner = (0..desk.referrals.len()).find(|other| {
        machine::is_agreed(desk.referrals[*other].status) && desk.items_of(*other).iter().any(|item| own.contains(item))
    });
    let winner = winner.map(|at| {
        let row: &referral::Model = &desk.referrals[at];
        json!({ "referral": row.id.to_string(), "provider": row.agency, "acceptedAt": row.requester_signed_at })
    });
    let kind = <referral::Model as Ruled>::KIND;
    let message = format!("Another {kind} was accepted for the same items before; facts.clash names it.");
    Fault::conflict("LOST_RACE", message, json!({ "clash": winner }))
}

/// Answers an offer with other terms; the provider may offer anew.
///
/// # Errors
/// `INVALID`; the refusals of the machine.
pub async fn counter(cmd: &Command<'_>, id: ReferralId, terms: Terms) -> Outcome<Done> {
    cmd.run(policy::COUNTER, async |tx: &mut Tx| {
        let (mut desk, at) = Desk::of_referral(tx, id).await?;
        cmd.expect_version(desk.referrals[at].version)?;
        let mut problems = Problems::default();
        let terms = terms.checked(&mut problems, desk.tx.today(), desk.tx.now());
        problems.finish()?;
        desk.may(at, machine::Event::Counter)?;
        refused(&mut desk, at, None).await?;
        let reason = Reason::code("COUNTERED");
        end_open(&mut desk, at, OfferStatus::Rejected, &reason).await?;
        room::release(desk.tx, desk.referrals[at].hold_id, "COUNTERED").await?;
        let written = Written {
            kind: OfferKind::Counter,
            side: Side::Requester,
            status: OfferStatus::Open,
            author: desk.who(),
            spare: None,
        };
        let offer = put(&mut desk, at, written, &terms, Blockers::default()).await?;
        let (offer_id, author) = (offer.id, offer.author);
        desk.step_referral(at, machine::Event::Counter, (Side::Requester, Reason::default()), |row| {
            row.offer_id = Some(offer_id);
            row.offer_author = Some(author);
            row.hold_id = None;
        })
        .await?;
        desk.settle().await?;
        Ok(desk.done(Some(id), Some(offer_id)))
    })
    .await
}

/// Refuses an offer, with a reason that the provider is told. The next provider is asked.
///
/// # Errors
/// `INVALID` without a reason; the refusals of the machine.
pub async fn reject(cmd: &Command<'_>, id: ReferralId, reason: &str) -> Outcome<Done> {
    cmd.run(policy::REJECT, async |tx: &mut Tx| {
        let reason = Reason { code: Some("OFFER_REJECTED".to_owned()), ..Reason::words(reason)? };
        let (mut desk, at) = Desk::of_referral(tx, id).await?;
        cmd.expect_version(desk.referrals[at].version)?;
        if desk.may(at, machine::Event::Reject).is_ok() {
            refused(&mut desk, at, reason.text.clone()).await?;
        }
        if desk.step_referral(at, machine::Event::Reject, (Side::Requester, reason.clone()), |_| {}).await? {
            end_open(&mut desk, at, OfferStatus::Rejected, &reason).await?;
        }
        desk.settle().await?;
        Ok(desk.done(Some(id), None))
    })
    .await
}

/// Whoever may accept an offer may also refuse it, and nobody else where a rule names who.
async fn refused(desk: &mut Desk<'_>, at: usize, reason: Option<String>) -> Outcome<()> {
    let authors = desk.authors(DecisionPoint::Accept, None);
    desk.refuse(desk.referrals[at].decision_id, (&authors, reason), Blockers::default()).await
}
