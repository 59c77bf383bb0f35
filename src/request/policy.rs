//! Who may do what at the desk.

use std::collections::BTreeSet;

use entity::{
    ids::{AgencyCode, InstitutionId, LabId, ReferralId, RequestId, SpareOfferId},
    referral, request, spare_offer,
};
use serde_json::Value;

use crate::{
    identity::scopes,
    platform::access::{Action, Actor, ActorKind, Ruled, Ruling},
};

/// Reading.
pub const READ: Action = Action::new("request.read", "directory:read");
/// Writing a draft.
pub const CREATE: Action = Action::new("request.create", scopes::REQUEST_CREATE);
/// Editing a draft.
pub const EDIT: Action = Action::new("request.edit", scopes::REQUEST_CREATE);
/// Asking for approval.
pub const SUBMIT: Action = Action::new("request.submit", scopes::REQUEST_CREATE);
/// Taking a request back.
pub const WITHDRAW: Action = Action::new("request.withdraw", scopes::REQUEST_CREATE);
/// Asking one more provider.
pub const REFER: Action = Action::new("referral.create", scopes::REQUEST_APPROVE);
/// Approving a request.
pub const APPROVE: Action = Action::new("request.approve", scopes::REQUEST_APPROVE);
/// Giving a request back to its author.
pub const RETURN: Action = Action::new("request.return", scopes::REQUEST_APPROVE);
/// Disputing results.
pub const DISPUTE: Action = Action::new("request.dispute", scopes::REQUEST_APPROVE);
/// Settling a dispute.
pub const RESOLVE: Action = Action::new("request.resolve", scopes::COORDINATOR);
/// Ending what a provider has let lapse.
pub const CALL_OFF: Action = Action::new("referral.callOff", scopes::COORDINATOR);
/// Taking note of a referral.
pub const ACKNOWLEDGE: Action = Action::new("referral.acknowledge", scopes::SUPPLY_RESPOND);
/// Offering.
pub const OFFER: Action = Action::new("referral.offer", scopes::SUPPLY_RESPOND);
/// Approving an offer before it goes out.
pub const APPROVE_OFFER: Action = Action::new("offer.approve", scopes::SUPPLY_APPROVE);
/// Giving an offer back to whoever wrote it.
pub const RETURN_OFFER: Action = Action::new("offer.return", scopes::SUPPLY_APPROVE);
/// Offering spare capacity without having been asked.
pub const SPARE: Action = Action::new("spareOffer.make", scopes::SUPPLY_APPROVE);
/// Taking it back.
pub const SPARE_WITHDRAW: Action = Action::new("spareOffer.withdraw", scopes::SUPPLY_APPROVE);
/// Asking to be asked again later.
pub const RETRY_LATER: Action = Action::new("referral.retryLater", scopes::SUPPLY_RESPOND);
/// Declining.
pub const DECLINE: Action = Action::new("referral.decline", scopes::SUPPLY_RESPOND);
/// Answering conditions.
pub const ANSWER: Action = Action::new("offer.answer", scopes::REQUEST_CREATE);
/// Answering an offer with other terms.
pub const COUNTER: Action = Action::new("referral.counter", scopes::REQUEST_APPROVE);
/// Refusing an offer.
pub const REJECT: Action = Action::new("referral.reject", scopes::REQUEST_APPROVE);
/// Accepting an offer.
pub const ACCEPT: Action = Action::new("referral.accept", scopes::REQUEST_APPROVE);
/// Signing for the provider.
pub const SCHEDULE: Action = Action::new("referral.schedule", scopes::SUPPLY_SIGN);
/// Beginning the work.
pub const START: Action = Action::new("referral.start", scopes::SUPPLY_RESPOND);
/// Delivering results.
pub const DELIVER: Action = Action::new("referral.deliver", scopes::SUPPLY_RESPOND);
/// Accepting results.
pub const SETTLE: Action = Action::new("referral.settle", scopes::REQUEST_APPROVE);
/// Asking to correct results.
pub const CORRECT: Action = Action::new("referral.correct", scopes::REQUEST_APPROVE);
/// Putting a change of what was agreed, for the requester.
pub const AMEND: Action = Action::new("referral.amend", scopes::REQUEST_CREATE);
/// Signing a change for the requester.
pub const SIGN_AMENDMENT: Action = Action::new("amendment.sign", scopes::REQUEST_APPROVE);
/// Refusing a change, or taking it back, for the requester.
pub const REFUSE_AMENDMENT: Action = Action::new("amendment.refuse", scopes::REQUEST_APPROVE);
/// Putting a change of what was agreed, for the provider.
pub const SUPPLY_AMEND: Action = Action::new("supply.amend", scopes::SUPPLY_RESPOND);
/// Signing a change for the provider.
pub const SUPPLY_SIGN_AMENDMENT: Action = Action::new("supply.signAmendment", scopes::SUPPLY_SIGN);
/// Refusing a change, or taking it back, for the provider.
pub const SUPPLY_REFUSE_AMENDMENT: Action = Action::new("supply.refuseAmendment", scopes::SUPPLY_SIGN);
/// Asking to cancel.
pub const REQUEST_CANCEL: Action = Action::new("referral.requestCancel", scopes::REQUEST_APPROVE);
/// Answering that.
pub const ANSWER_CANCEL: Action = Action::new("referral.answerCancel", scopes::SUPPLY_APPROVE);
/// Telling that it cannot be done.
pub const FAIL: Action = Action::new("referral.fail", scopes::SUPPLY_RESPOND);
/// Sending samples.
pub const DISPATCH: Action = Action::new("consignment.dispatch", scopes::REQUEST_CREATE);
/// Giving samples up for lost.
pub const LOSE_SAMPLES: Action = Action::new("consignment.lose", scopes::REQUEST_CREATE);
/// Receiving samples.
pub const RECEIVE: Action = Action::new("consignment.receive", scopes::SUPPLY_RESPOND);
/// Refusing samples.
pub const REJECT_SAMPLES: Action = Action::new("consignment.reject", scopes::SUPPLY_RESPOND);
/// Sending samples back.
pub const RETURN_SAMPLES: Action = Action::new("consignment.return", scopes::SUPPLY_RESPOND);
/// Attaching files to a request, or to samples that were sent.
pub const ATTACH: Action = Action::new("request.attach", scopes::REQUEST_CREATE);
/// Attaching files to an offer, or to samples that have come.
pub const SUPPLY_ATTACH: Action = Action::new("supply.attach", scopes::SUPPLY_RESPOND);
/// Telling the providers whose goods are sampled.
pub const UNBLIND: Action = Action::new("request.unblind", scopes::REQUEST_APPROVE);
/// What the clock does.
pub const SWEEP: Action = Action::new("request.sweep", "system");

/// Who somebody is, over all issuers: as authors, approvers and signers are written down and compared.
pub fn who(actor: &Actor) -> String {
    actor.who()
}

/// Whether somebody sees everything at the desk: the secretariat, and the system at large.
pub fn sees_all(actor: &Actor) -> bool {
    actor.agency.is_none() && actor.kind == ActorKind::System || actor.holds(scopes::COORDINATOR)
}

/// Whether a request was sent to an agency.
pub fn was_sent_to(request: &request::Model, agency: &str) -> bool {
    request.shown_to.as_array().into_iter().flatten().filter_map(Value::as_str).any(|code| code == agency)
}

fn is_of_provider(action: Action) -> bool {
    action.scope.starts_with("supply:")
}

fn is_of_coordinator(action: Action) -> bool {
    action.scope == scopes::COORDINATOR
}

const OTHERS: &str = "This is for the other side to do.";

impl Ruled for request::Model {
    const KIND: &'static str = RequestId::KIND;

    fn key(&self) -> String {
        self.id.0.to_string()
    }

    /// The requesting agency, the agencies that were asked, and the secretariat.
    fn rule(&self, actor: &Actor, action: Action) -> Ruling {
        let own = actor.acts_for(&self.agency);
        let asked = actor.agency.as_ref().is_some_and(|agency| was_sent_to(self, agency.as_str()));
        match (own, asked, sees_all(actor)) {
            (_, _, true) if is_of_coordinator(action) || actor.kind == ActorKind::System => Ruling::Allowed,
            (true, ..) if !is_of_provider(action) && !is_of_coordinator(action) => Ruling::Allowed,
            (_, true, _) if is_of_provider(action) => Ruling::Allowed,
            (true, ..) | (_, true, _) | (.., true) => Ruling::Forbidden(OTHERS),
            (false, false, false) => Ruling::Hidden,
        }
    }
}

impl Ruled for referral::Model {
    const KIND: &'static str = ReferralId::KIND;

    fn key(&self) -> String {
        self.id.0.to_string()
    }

    /// The requesting agency; and, once it was sent, the provider within the labs of the token.
    fn rule(&self, actor: &Actor, action: Action) -> Ruling {
        let own = actor.acts_for(&self.requester);
        let asked = actor.acts_for(&self.agency) && self.sent_at.is_some();
        let limited = match (&actor.labs, self.lab_id) {
            (Some(labs), Some(lab)) => !labs.contains(&lab),
            (Some(_), None) => true,
            (None, _) => actor.institutions.is_some(),
        };
        match (own, asked, sees_all(actor)) {
            (_, _, true) if is_of_coordinator(action) || actor.kind == ActorKind::System => Ruling::Allowed,
            (true, ..) if !is_of_provider(action) && !is_of_coordinator(action) => Ruling::Allowed,
            (_, true, _) if is_of_provider(action) && limited => {
                Ruling::Forbidden("Your token is limited to other labs.")
            }
            (_, true, _) if is_of_provider(action) => Ruling::Allowed,
            (true, ..) | (_, true, _) | (.., true) => Ruling::Forbidden(OTHERS),
            (false, false, false) => Ruling::Hidden,
        }
    }
}

impl Ruled for spare_offer::Model {
    const KIND: &'static str = SpareOfferId::KIND;

    fn key(&self) -> String {
        self.id.0.to_string()
    }

    /// The providing agency, within the labs of the token.
    fn rule(&self, actor: &Actor, _: Action) -> Ruling {
        let limited = match (&actor.labs, self.lab_id) {
            (Some(labs), Some(lab)) => !labs.contains(&lab),
            (Some(_), None) => true,
            (None, _) => actor.institutions.is_some(),
        };
        match (actor.acts_for(&self.agency), limited) {
            (false, _) => Ruling::Hidden,
            (true, true) => Ruling::Forbidden("Your token is limited to other labs."),
            (true, false) => Ruling::Allowed,
        }
    }
}

/// Whose desk somebody reads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Party {
    /// Everybody's: the secretariat and the system.
    All,
    /// An agency's: what it asked for, and what it was asked for.
    Agency(AgencyCode),
    /// What some sites of an agency were asked for.
    Sites(AgencyCode, Box<Limits>),
    /// Nobody's.
    Nobody,
}

/// The sites to which a token is limited.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limits {
    /// These labs alone.
    pub labs: Option<BTreeSet<LabId>>,
    /// The labs of these institutions alone.
    pub institutions: Option<BTreeSet<InstitutionId>>,
}

impl Party {
    /// Whose desk an actor reads.
    pub fn of(actor: &Actor) -> Self {
        if sees_all(actor) {
            return Self::All;
        }
        match (&actor.agency, actor.labs.is_some() || actor.institutions.is_some()) {
            (Some(agency), false) => Self::Agency(agency.clone()),
            (Some(agency), true) => {
                let limits = Limits { labs: actor.labs.clone(), institutions: actor.institutions.clone() };
                Self::Sites(agency.clone(), Box::new(limits))
            }
            (None, _) => Self::Nobody,
        }
    }

    /// Whether the desk is that agency's own, so that what only the requester may know is shown.
    pub fn is(&self, agency: &AgencyCode) -> bool {
        match self {
            Self::All => true,
            Self::Agency(own) => own == agency,
            Self::Sites(..) | Self::Nobody => false,
        }
    }
}
