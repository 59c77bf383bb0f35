//! The events of what waits for whom within an agency, and of what a provider offers unasked.

use entity::ids::{DecisionId, OfferId, OfferingId, ReferralId, RequestId, SpareOfferId};

use crate::platform::event::{Field, Form, events};

/// Of a decision.
const DECISION: &[Field] = &[
    Field::new("requestId", Form::Id(RequestId::KIND), "The request."),
    Field::new("requestCode", Form::Text, "Its number."),
    Field::new("referralId", Form::Id(ReferralId::KIND), "The referral; null where the request itself is decided on.")
        .or_null(),
    Field::new("point", Form::Text, "What is decided, such as ACCEPT."),
    Field::new("rule", Form::Text, "The rule by which it is decided."),
    Field::new("step", Form::Number, "The step of the rule that has been reached."),
    Field::new("persons", Form::List(&Form::Text), "Who may decide now."),
];

/// Of an offer.
const RETURNED: &[Field] = &[
    Field::new("requestId", Form::Id(RequestId::KIND), "The request."),
    Field::new("requestCode", Form::Text, "Its number."),
    Field::new("referralId", Form::Id(ReferralId::KIND), "The referral."),
];

/// Of an offer whose end is near.
const EXPIRING: &[Field] = &[
    Field::new("requestId", Form::Id(RequestId::KIND), "The request."),
    Field::new("requestCode", Form::Text, "Its number."),
    Field::new("referralId", Form::Id(ReferralId::KIND), "The referral."),
    Field::new("provider", Form::Text, "Code of the agency that offers."),
    Field::new("validUntil", Form::Instant, "Until when it stands."),
];

/// Of spare capacity.
const SPARE: &[Field] = &[
    Field::new("spareOfferId", Form::Id(SpareOfferId::KIND), "The spare capacity."),
    Field::new("offeringId", Form::Id(OfferingId::KIND), "What it is of."),
    Field::new("provider", Form::Text, "Code of the agency that offers it."),
    Field::new("title", Form::Text, "What it is, in a line."),
    Field::new("units", Form::Number, "Units, over all who take of it."),
    Field::new("validUntil", Form::Instant, "Until when it stands."),
];

events! {
    /// One of several signatures of a decision was given; others may sign now.
    DECISION_SIGNED = "decision.signed.v1", DecisionId::KIND, Agency, DECISION;
    /// A decision was not taken in time; others may take it now.
    DECISION_ESCALATED = "decision.escalated.v1", DecisionId::KIND, Agency, DECISION;
    /// An offer was given back to its author before it went out.
    OFFER_RETURNED = "offer.returned.v1", OfferId::KIND, Agency, RETURNED;
    /// An offer that nobody has answered ends soon.
    OFFER_EXPIRING = "offer.expiring.v1", OfferId::KIND, Agency, EXPIRING;
    /// A provider offers spare capacity without having been asked.
    SPARE_OFFER_OPENED = "spareOffer.opened.v1", SpareOfferId::KIND, Agency, SPARE;
    /// Spare capacity was taken back.
    SPARE_OFFER_WITHDRAWN = "spareOffer.withdrawn.v1", SpareOfferId::KIND, Agency, SPARE;
}
