//! The events of rules and deputies.

use entity::{
    enums::Side,
    ids::{ApprovalRulesId, DeputyId},
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
    Field::new("to", Form::Date, "The last day."),
    Field::new("persons", Form::List(&Form::Text), "Whom it concerns: the deputy."),
];

/// Of the end of an appointment.
const ENDED: &[Field] =
    &[Field::new("person", Form::Text, "Who is stood in for."), Field::new("deputy", Form::Text, "Who stands in.")];

events! {
    /// An agency has other rules for its decisions from a date on.
    APPROVAL_RULES_CHANGED = "approvalRules.changed.v1", ApprovalRulesId::KIND, Agency, RULES;
    /// Somebody stands in for somebody else for a time.
    DEPUTY_APPOINTED = "deputy.appointed.v1", DeputyId::KIND, Agency, APPOINTED;
    /// Somebody does not stand in any more.
    DEPUTY_ENDED = "deputy.ended.v1", DeputyId::KIND, Agency, ENDED;
}
