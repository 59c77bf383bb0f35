//! From what happened to who is told: one table.

use entity::{
    enums::MessageKind::{self, Approval, Deadline, Register, Request, Sample, Search, Supply, System},
    ids::AgencyCode,
};
use serde_json::Value;

use crate::identity::scopes::{
    ACCOUNT_MANAGE, COORDINATOR, DIRECTORY_WRITE, EQUIPMENT_WRITE, NOTIFY_MANAGE, OFFERING_WRITE, REQUEST_APPROVE,
    REQUEST_CREATE, SCOPE_WRITE, SEARCH_SAVE, SUPPLY_APPROVE, SUPPLY_RESPOND, SUPPLY_SIGN,
};

/// On which side of a request an agency stands that is told of its moves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum At {
    /// Wherever.
    Anywhere,
    /// It asks.
    Requester,
    /// It is asked.
    Provider,
}

/// Who is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum To {
    /// Whoever holds this scope in the agency of the event, where it stands on that side.
    Holders(At, &'static str),
    /// Who is named in `data.persons`; where nobody is, whoever holds this scope in the agency of the event.
    Named(&'static str),
    /// As [`To::Holders`], where the clock ran out and nothing moved.
    HoldersWhereStuck(At, &'static str),
    /// Whoever holds this scope in any agency.
    Everywhere(&'static str),
    /// As [`To::Everywhere`], where the clock ran out and nothing moved.
    EverywhereWhereStuck(&'static str),
}

/// One line of the table: of this event, they are told this kind of message.
#[derive(Clone, Copy, Debug)]
pub struct Rule {
    /// Name of the event, with its version.
    pub event: &'static str,
    kind: MessageKind,
    to: To,
}

/// To whom a message goes.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Audience {
    /// The agency; none for holders in any agency.
    pub agency: Option<AgencyCode>,
    /// The person, by issuer and subject or by subject alone.
    pub person: Option<String>,
    /// The scope.
    pub scope: Option<String>,
}

impl Audience {
    /// Whoever holds a scope in an agency, or in any.
    pub fn holders(agency: Option<AgencyCode>, scope: &str) -> Self {
        Self { agency, person: None, scope: Some(scope.to_owned()) }
    }

    /// As a word, to tell audiences apart.
    pub fn word(&self) -> String {
        let agency = self.agency.as_ref().map_or("*", AgencyCode::as_str);
        match (&self.person, &self.scope) {
            (Some(person), _) => format!("{agency}/person/{person}"),
            (None, scope) => format!("{agency}/scope/{}", scope.as_deref().unwrap_or("*")),
        }
    }
}

/// Most persons that one event may name.
const MOST_PERSONS: usize = 50;
/// Longest name of a person.
const LONGEST_PERSON: usize = 400;

const fn asks(event: &'static str, kind: MessageKind, scope: &'static str) -> Rule {
    Rule { event, kind, to: To::Holders(At::Requester, scope) }
}

const fn asked(event: &'static str, kind: MessageKind, scope: &'static str) -> Rule {
    Rule { event, kind, to: To::Holders(At::Provider, scope) }
}

const fn owner(event: &'static str, kind: MessageKind, scope: &'static str) -> Rule {
    Rule { event, kind, to: To::Holders(At::Anywhere, scope) }
}

const fn named(event: &'static str, kind: MessageKind, scope: &'static str) -> Rule {
    Rule { event, kind, to: To::Named(scope) }
}

const fn stuck(event: &'static str, at: At, scope: &'static str) -> Rule {
    Rule { event, kind: Deadline, to: To::HoldersWhereStuck(at, scope) }
}

const fn everywhere(event: &'static str) -> Rule {
    Rule { event, kind: Deadline, to: To::EverywhereWhereStuck(COORDINATOR) }
}

/// The table. An event that is not here is told to nobody: it is in `events` and in the history of what it is about.
pub const RULES: &[Rule] = &[
    // What an agency asks for.
    asks("request.submitted.v1", Approval, REQUEST_APPROVE),
    asks("request.approved.v1", Request, REQUEST_CREATE),
    asks("request.returned.v1", Request, REQUEST_CREATE),
    asks("request.withdrawn.v1", Request, REQUEST_APPROVE),
    asks("request.disputed.v1", Request, REQUEST_APPROVE),
    asked("request.disputed.v1", Supply, SUPPLY_RESPOND),
    Rule { event: "request.disputed.v1", kind: Approval, to: To::Everywhere(COORDINATOR) },
    asks("request.resolved.v1", Request, REQUEST_APPROVE),
    asked("request.resolved.v1", Supply, SUPPLY_RESPOND),
    asks("request.lapsed.v1", Deadline, REQUEST_APPROVE),
    stuck("request.lapsed.v1", At::Requester, ACCOUNT_MANAGE),
    everywhere("request.lapsed.v1"),
    asks("request.expired.v1", Request, REQUEST_CREATE),
    asks("request.reopened.v1", Request, REQUEST_CREATE),
    asks("request.agreed.v1", Request, REQUEST_CREATE),
    asks("request.begun.v1", Request, REQUEST_CREATE),
    asks("request.delivered.v1", Approval, REQUEST_APPROVE),
    asks("request.closed.v1", Request, REQUEST_CREATE),
    asks("request.unfilled.v1", Request, REQUEST_CREATE),
    asks("request.cancelled.v1", Request, REQUEST_CREATE),
    asked("request.unblinded.v1", Supply, SUPPLY_RESPOND),
    asks("request.dueMoved.v1", Deadline, REQUEST_APPROVE),
    // What an agency is asked for, and what it answers.
    asked("referral.sent.v1", Supply, SUPPLY_RESPOND),
    asks("referral.acknowledged.v1", Request, REQUEST_CREATE),
    asks("referral.offered.v1", Approval, REQUEST_APPROVE),
    asks("referral.offeredConditionally.v1", Approval, REQUEST_APPROVE),
    asks("referral.retryLater.v1", Request, REQUEST_CREATE),
    asks("referral.declined.v1", Request, REQUEST_CREATE),
    asked("referral.countered.v1", Supply, SUPPLY_RESPOND),
    asked("referral.rejected.v1", Supply, SUPPLY_RESPOND),
    asked("referral.accepted.v1", Approval, SUPPLY_SIGN),
    asks("referral.scheduled.v1", Request, REQUEST_CREATE),
    asks("referral.started.v1", Request, REQUEST_CREATE),
    asks("referral.delivered.v1", Approval, REQUEST_APPROVE),
    asked("referral.settled.v1", Supply, SUPPLY_RESPOND),
    asked("referral.correctionAsked.v1", Supply, SUPPLY_RESPOND),
    asks("referral.amended.v1", Request, REQUEST_CREATE),
    asked("referral.amended.v1", Supply, SUPPLY_RESPOND),
    asks("referral.amendmentOffered.v1", Approval, REQUEST_APPROVE),
    asked("referral.amendmentOffered.v1", Approval, SUPPLY_SIGN),
    asks("referral.amendmentEnded.v1", Request, REQUEST_CREATE),
    asked("referral.amendmentEnded.v1", Supply, SUPPLY_RESPOND),
    asked("referral.cancelRequested.v1", Approval, SUPPLY_APPROVE),
    asks("referral.cancelled.v1", Request, REQUEST_CREATE),
    asked("referral.cancelled.v1", Supply, SUPPLY_RESPOND),
    asks("referral.cancelRefused.v1", Request, REQUEST_APPROVE),
    asks("referral.failed.v1", Request, REQUEST_APPROVE),
    asked("referral.failed.v1", Supply, SUPPLY_RESPOND),
    asks("referral.calledOff.v1", Request, REQUEST_APPROVE),
    asked("referral.calledOff.v1", Supply, SUPPLY_RESPOND),
    owner("spareOffer.opened.v1", Request, REQUEST_CREATE),
    owner("offer.returned.v1", Supply, SUPPLY_RESPOND),
    asks("referral.lapsed.v1", Deadline, REQUEST_APPROVE),
    asked("referral.lapsed.v1", Deadline, SUPPLY_APPROVE),
    stuck("referral.lapsed.v1", At::Provider, ACCOUNT_MANAGE),
    everywhere("referral.lapsed.v1"),
    asked("referral.lostRace.v1", Supply, SUPPLY_RESPOND),
    asked("referral.withdrawn.v1", Supply, SUPPLY_RESPOND),
    asks("referral.dueMoved.v1", Deadline, REQUEST_APPROVE),
    asked("referral.dueMoved.v1", Deadline, SUPPLY_RESPOND),
    asks("offer.expiring.v1", Deadline, REQUEST_APPROVE),
    asked("offer.expiring.v1", Deadline, SUPPLY_RESPOND),
    // Samples.
    asks("consignment.dispatched.v1", Sample, REQUEST_CREATE),
    asked("consignment.dispatched.v1", Sample, SUPPLY_RESPOND),
    asks("consignment.received.v1", Sample, REQUEST_CREATE),
    asked("consignment.received.v1", Sample, SUPPLY_RESPOND),
    asks("consignment.rejected.v1", Sample, REQUEST_CREATE),
    asked("consignment.rejected.v1", Sample, SUPPLY_RESPOND),
    asks("consignment.lost.v1", Sample, REQUEST_CREATE),
    asked("consignment.lost.v1", Sample, SUPPLY_RESPOND),
    asks("consignment.returned.v1", Sample, REQUEST_CREATE),
    asked("consignment.returned.v1", Sample, SUPPLY_RESPOND),
    // Decisions by the rules of an agency.
    named("decision.signed.v1", Approval, REQUEST_APPROVE),
    named("decision.escalated.v1", Approval, REQUEST_APPROVE),
    named("deputy.appointed.v1", System, ACCOUNT_MANAGE),
    // The register.
    owner("certificate.suspended.v1", Register, DIRECTORY_WRITE),
    owner("certificate.resumed.v1", Register, DIRECTORY_WRITE),
    owner("certificate.withdrawn.v1", Register, DIRECTORY_WRITE),
    owner("certificate.expiring.v1", Deadline, DIRECTORY_WRITE),
    owner("calibration.due.v1", Deadline, EQUIPMENT_WRITE),
    owner("calibration.voided.v1", Register, EQUIPMENT_WRITE),
    owner("equipment.status_changed.v1", Register, EQUIPMENT_WRITE),
    owner("outage.reported.v1", Register, OFFERING_WRITE),
    owner("outage.ended.v1", Register, OFFERING_WRITE),
    owner("signatory.suspended.v1", Register, DIRECTORY_WRITE),
    owner("signatory.retired.v1", Register, DIRECTORY_WRITE),
    owner("lab.suspended.v1", Register, SCOPE_WRITE),
    owner("institution.suspended.v1", Register, DIRECTORY_WRITE),
    // How the system works for the agency.
    owner("savedSearch.matched.v1", Search, SEARCH_SAVE),
    owner("webhook.disabled.v1", System, NOTIFY_MANAGE),
    owner("account.registered.v1", System, ACCOUNT_MANAGE),
    owner("account.revoked.v1", System, ACCOUNT_MANAGE),
    owner("token.revoked.v1", System, ACCOUNT_MANAGE),
];

/// Who is told of an event of that name, agency and payload, and of which kind the message is. Nobody twice.
pub fn told(name: &str, agency: &AgencyCode, data: &Value) -> Vec<(MessageKind, Audience)> {
    let mut told: Vec<(MessageKind, Audience)> = Vec::new();
    for rule in RULES.iter().filter(|rule| rule.event == name) {
        for audience in audiences(rule.to, agency, data) {
            if !told.iter().any(|(_, other)| *other == audience) {
                told.push((rule.kind, audience));
            }
        }
    }
    told
}

fn audiences(to: To, agency: &AgencyCode, data: &Value) -> Vec<Audience> {
    let holders = |scope: &str| vec![Audience::holders(Some(agency.clone()), scope)];
    match to {
        To::Holders(at, scope) if stands(at, data) => holders(scope),
        To::HoldersWhereStuck(at, scope) if stands(at, data) && is_stuck(data) => holders(scope),
        To::Everywhere(scope) => vec![Audience::holders(None, scope)],
        To::EverywhereWhereStuck(scope) if is_stuck(data) => vec![Audience::holders(None, scope)],
        To::Holders(..) | To::HoldersWhereStuck(..) | To::EverywhereWhereStuck(..) => Vec::new(),
        To::Named(scope) => {
            let persons = persons(data);
            if persons.is_empty() {
                return holders(scope);
            }
            let person = |person| Audience { agency: Some(agency.clone()), person: Some(person), scope: None };
            persons.into_iter().map(person).collect()
        }
    }
}

/// Whether an agency that is told stands on a side. Events of the desk say so (`toldAs`); those that do not concern both.
fn stands(at: At, data: &Value) -> bool {
    let told_as = data.get("toldAs").and_then(Value::as_str);
    match at {
        At::Anywhere => true,
        At::Requester => told_as.is_none_or(|side| side == "REQUESTER"),
        At::Provider => told_as.is_none_or(|side| side == "PROVIDER"),
    }
}

/// Whether the clock ran out and the status is what it was.
fn is_stuck(data: &Value) -> bool {
    let word = |name: &str| data.get(name).and_then(Value::as_str);
    word("from").is_some() && word("from") == word("to")
}

fn persons(data: &Value) -> Vec<String> {
    let named = data.get("persons").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str);
    let named = named.filter(|person| !person.is_empty() && person.len() <= LONGEST_PERSON);
    named.take(MOST_PERSONS).map(str::to_owned).collect()
}

/// Whether everybody who is told of it, wherever, is told of the same thing once: the clock of the desk tells both sides.
pub fn once(name: &str, event_id: uuid::Uuid, audience: &Audience, moment: (&str, i64)) -> String {
    match audience.agency {
        Some(_) => format!("event/{event_id}/{}", audience.word()),
        None => format!("moment/{name}/{}/{}/{}", moment.0, moment.1, audience.word()),
    }
}
