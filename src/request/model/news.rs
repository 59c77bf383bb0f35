//! What the change log tells of a request that moves: which rows, about which request, and under which name it is told.

use entity::{
    change,
    enums::CustodyStep,
    ids::{AgencyCode, CustodyEventId, OfferConditionId, RequestId, TransitionId},
};
use serde_json::Value as Json;

use super::{custody, machine::Word, need, referral};
use crate::request::events;

/// The rows whose writing means that something of a request has moved: a step, a link of the chain of custody, an answer
/// to a condition.
pub const KINDS: [&str; 3] = [TransitionId::KIND, CustodyEventId::KIND, OfferConditionId::KIND];

/// Steps that move no status, as they stand in the record, each with the name under which it is told.
pub type Note = (&'static str, &'static str);

/// The providers were told whose goods are sampled.
pub const UNBLIND: Note = ("UNBLIND", events::REQUEST_UNBLINDED.name);
/// The due date of a request has moved with the calendar.
pub const REQUEST_DUE_MOVED: Note = ("DUE_MOVED", events::REQUEST_DUE_MOVED.name);
/// The due date of a referral has moved with the calendar.
pub const REFERRAL_DUE_MOVED: Note = ("DUE_MOVED", events::REFERRAL_DUE_MOVED.name);
/// One side has signed a change of what was agreed.
pub const AMENDMENT_OFFERED: Note = ("AMEND_OFFER", events::REFERRAL_AMENDMENT_OFFERED.name);
/// A change of what was agreed has come to nothing.
pub const AMENDMENT_ENDED: Note = ("AMEND_END", events::REFERRAL_AMENDMENT_ENDED.name);

/// Whether a change may be about that request. What the entry does not tell is for the database to answer.
pub fn may_concern(change: &change::Model, request: RequestId) -> bool {
    match change.entity.as_str() {
        TransitionId::KIND => text(change, "request_id") == Some(request.0.to_string().as_str()),
        CustodyEventId::KIND | OfferConditionId::KIND => true,
        _ => false,
    }
}

/// Whether a change is about what an agency asked for or was asked for; `None` stands for every agency.
pub fn may_reach(change: &change::Model, agency: Option<&AgencyCode>) -> bool {
    let Some(agency) = agency.map(AgencyCode::as_str) else { return true };
    change.entity == OfferConditionId::KIND
        || text(change, "agency") == Some(agency)
        || text(change, "provider") == Some(agency)
}

/// The name under which the sides hear of it; none for what is no event.
pub fn name(change: &change::Model) -> Option<&'static str> {
    let word = text(change, "event")?;
    match change.entity.as_str() {
        TransitionId::KIND => match text(change, "referral_id") {
            Some(_) => of_referral(word),
            None => of_request(word),
        },
        CustodyEventId::KIND => word.parse().ok().map(|step: CustodyStep| custody::told_as(step)),
        _ => None,
    }
}

fn of_request(word: &str) -> Option<&'static str> {
    let steps = need::Event::ALL.iter().map(|event| (event.word(), event.told_as()));
    steps.chain([UNBLIND, REQUEST_DUE_MOVED]).find(|(step, _)| *step == word).map(|(_, name)| name)
}

fn of_referral(word: &str) -> Option<&'static str> {
    let steps = referral::Event::ALL.iter().map(|event| (event.word(), event.told_as()));
    let notes = [AMENDMENT_OFFERED, AMENDMENT_ENDED, REFERRAL_DUE_MOVED];
    steps.chain(notes).find(|(step, _)| *step == word).map(|(_, name)| name)
}

fn text<'c>(change: &'c change::Model, column: &str) -> Option<&'c str> {
    change.after.as_ref().and_then(|row| row.get(column)).and_then(Json::as_str)
}
