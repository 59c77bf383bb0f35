//! The events of decisions by rule: rules, deputies, and what waits for whom.

use entity::{
    enums::Side,
    ids::{OfferId, ReferralId, RequestId},
};

use crate::platform::event::{Field, Form, events};

/// Of rules.
const RULES: &[Field] = &[
    Field::new(
        "side",
        Form::Word(|| Side::ALL.iter().map(|word| word.word()).collect()),
        "The side whose decisions they are for.",
    ),
    Field::new("number", Form::Number, "Their number; the highest is the latest."),
    Field::new("effectiveFrom", Form::Date, "The date from which they hold."),
];

/// Of an appointment.
const APPOINTED: &[Field] = &[
    Field::new("person", Form::Text, "Who is stood in for."),
    Field::new("deputy", Form::Text, "Who stands in."),
    Field::new("from", Form::Date, "The first day."),
    Field::new("to", Form::Date, "The last day; null where it has no end.").or_null(),
];

/// Of the end of an appointment.
const ENDED: &[Field] =
    &[Field::new("person", Form::Text, "Who is stood in for."), Field::new("deputy", Form::Text, "Who stands in.")];

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

events! {
    /// An agency has other rules for its decisions from a date on.
    APPROVAL_RULES_CHANGED = "approvalRules.changed.v1", "approval-rules", Agency, RULES;
    /// Somebody stands in for somebody else for a time.
    DEPUTY_APPOINTED = "deputy.appointed.v1", "deputy", Agency, APPOINTED;
    /// Somebody does not stand in any more.
    DEPUTY_ENDED = "deputy.ended.v1", "deputy", Agency, ENDED;
    /// One of several signatures of a decision was given; others may sign now.
    DECISION_SIGNED = "decision.signed.v1", "decision", Agency, DECISION;
    /// A decision was not taken in time; others may take it now.
    DECISION_ESCALATED = "decision.escalated.v1", "decision", Agency, DECISION;
    /// An offer was given back to its author before it went out.
    OFFER_RETURNED = "offer.returned.v1", OfferId::KIND, Agency, RETURNED;
}
