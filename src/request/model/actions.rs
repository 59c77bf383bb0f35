//! What somebody may do now: asked of the same machines that the server obeys.

use entity::{
    enums::{ReferralStatus, RequestStatus, Side},
    referral, request,
};

use super::{
    amendment::may_change,
    machine::{By, Next},
    need,
    queue::AMENDMENTS,
    referral as machine,
};
use crate::{
    approval::model::counsel::{Standing, Voice, spellings},
    identity::scopes,
};

/// Somebody who looks at a request or a referral.
pub struct Viewer<'a> {
    /// Who, as authors and signers are written down.
    pub who: String,
    /// For which sides.
    pub sides: Vec<Side>,
    /// Whether a scope is held.
    pub holds: &'a dyn Fn(&str) -> bool,
    /// For whom they stand in today.
    pub principals: Vec<String>,
}

impl Viewer<'_> {
    fn may(&self, by: By) -> bool {
        by.sides.iter().any(|side| self.sides.contains(side)) && by.scope.is_some_and(|scope| (self.holds)(scope))
    }

    fn wrote(&self, request: &request::Model) -> bool {
        request.author == self.who || request.submitted_by.as_ref() == Some(&self.who)
    }

    /// Whether a decision by rule, if there is one, waits for this person. Nobody stands in for an author.
    fn is_heard(&self, standing: Option<&Standing>, authors: &[Option<&str>]) -> bool {
        let wrote = |person: &String| authors.iter().flatten().any(|author| spellings(author).contains(person));
        let principals: Vec<String> = self.principals.iter().filter(|person| !wrote(person)).cloned().collect();
        standing.is_none_or(|standing| matches!(standing.hear(&self.who, &principals), Voice::Counts { .. }))
    }
}

/// What can be done with a request; each is a mutation of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum RequestAction {
    /// Editing the draft.
    Edit,
    /// Asking for approval.
    Submit,
    /// Approving.
    Approve,
    /// Giving it back.
    Return,
    /// Taking it back.
    Withdraw,
    /// Asking one more provider.
    Refer,
    /// Disputing results.
    Dispute,
    /// Settling a dispute.
    Resolve,
}

/// What can be done with a referral; each is a mutation of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ReferralAction {
    /// Taking note.
    Acknowledge,
    /// Offering.
    Offer,
    /// Approving an offer before it goes out.
    ApproveOffer,
    /// Giving an offer back to whoever wrote it.
    ReturnOffer,
    /// Asking to be asked later.
    RetryLater,
    /// Declining.
    Decline,
    /// Answering the conditions of the offer.
    AnswerConditions,
    /// Putting other terms.
    Counter,
    /// Refusing the offer.
    Reject,
    /// Accepting the offer.
    Accept,
    /// Signing for the provider.
    Schedule,
    /// Beginning.
    Start,
    /// Delivering.
    Deliver,
    /// Accepting the results.
    Settle,
    /// Asking to correct the results.
    Correct,
    /// Asking to cancel.
    RequestCancel,
    /// Agreeing to cancel.
    GrantCancel,
    /// Refusing to cancel.
    RefuseCancel,
    /// Telling that it cannot be done.
    Fail,
    /// Ending what the provider has let lapse.
    CallOff,
    /// Putting a change of what was agreed.
    Amend,
    /// Signing a change.
    SignAmendment,
    /// Refusing a change, or taking it back.
    RefuseAmendment,
}

/// The events of a request that somebody may cause now.
pub fn of_request(row: &request::Model, standing: Option<&Standing>, viewer: &Viewer<'_>) -> Vec<RequestAction> {
    use need::Event;
    let facts = need::Facts { lapses: row.lapses };
    let moves = |event| matches!(need::next(row.status, event, facts), Next::To(_)) && viewer.may(need::by(event));
    let own = viewer.sides.contains(&Side::Requester);
    let mut found = Vec::new();
    if row.status == RequestStatus::Draft && own && (viewer.holds)(scopes::REQUEST_CREATE) {
        found.push(RequestAction::Edit);
    }
    for (event, action) in [
        (Event::Submit, RequestAction::Submit),
        (Event::Approve, RequestAction::Approve),
        (Event::Return, RequestAction::Return),
        (Event::Withdraw, RequestAction::Withdraw),
        (Event::Dispute, RequestAction::Dispute),
        (Event::Resolve, RequestAction::Resolve),
    ] {
        let decides = matches!(event, Event::Approve | Event::Return);
        let heard = !decides || !viewer.wrote(row) && viewer.is_heard(standing, &requesters(row));
        if moves(event) && heard {
            found.push(action);
        }
    }
    let open =
        !need::is_over(row.status) && !matches!(row.status, RequestStatus::Draft | RequestStatus::PendingApproval);
    if open && own && (viewer.holds)(scopes::REQUEST_APPROVE) {
        found.push(RequestAction::Refer);
    }
    found
}

/// Who wrote what stands, and what waits.
#[derive(Clone, Copy, Debug, Default)]
pub struct Authors<'a> {
    /// Of the offer that stands.
    pub offer: Option<&'a str>,
    /// Of the change that waits for a signature, with the side that puts it.
    pub amendment: Option<(&'a str, Side)>,
    /// Of the offer that waits for an approver.
    pub pending: Option<&'a str>,
}

/// Where the decisions by rule on a referral stand that are the viewer's side's.
#[derive(Clone, Debug, Default)]
pub struct Standings {
    /// On what its status waits for.
    pub status: Option<Standing>,
    /// On the change that waits for a signature.
    pub amendment: Option<Standing>,
    /// On the offer that waits for an approver.
    pub pending: Option<Standing>,
}

/// Who wrote a request.
fn requesters(row: &request::Model) -> [Option<&str>; 2] {
    [Some(row.author.as_str()), row.submitted_by.as_deref()]
}

/// The events of a referral that somebody may cause now.
pub fn of_referral(
    row: &referral::Model,
    (request, authors): (&request::Model, Authors<'_>),
    (viewer, standings): (&Viewer<'_>, &Standings),
) -> Vec<ReferralAction> {
    use machine::Event;
    let facts = machine::Facts { lapses: row.lapses, resumes: row.resumes.unwrap_or(row.status) };
    let mut found = Vec::new();
    for (event, action) in [
        (Event::Acknowledge, ReferralAction::Acknowledge),
        (Event::Offer, ReferralAction::Offer),
        (Event::RetryLater, ReferralAction::RetryLater),
        (Event::Decline, ReferralAction::Decline),
        (Event::Counter, ReferralAction::Counter),
        (Event::Reject, ReferralAction::Reject),
        (Event::Accept, ReferralAction::Accept),
        (Event::Schedule, ReferralAction::Schedule),
        (Event::Start, ReferralAction::Start),
        (Event::Deliver, ReferralAction::Deliver),
        (Event::Settle, ReferralAction::Settle),
        (Event::Correct, ReferralAction::Correct),
        (Event::RequestCancel, ReferralAction::RequestCancel),
        (Event::GrantCancel, ReferralAction::GrantCancel),
        (Event::RefuseCancel, ReferralAction::RefuseCancel),
        (Event::Fail, ReferralAction::Fail),
        (Event::CallOff, ReferralAction::CallOff),
    ] {
        let moves = matches!(machine::next(row.status, event, facts), Next::To(_));
        let heard = |authors: &[Option<&str>]| viewer.is_heard(standings.status.as_ref(), authors);
        let barred = match event {
            Event::Accept => viewer.wrote(request) || !heard(&requesters(request)),
            Event::Counter | Event::Reject => !heard(&requesters(request)),
            Event::Schedule => authors.offer == Some(viewer.who.as_str()) || !heard(&[authors.offer]),
            Event::GrantCancel | Event::RefuseCancel => !heard(&[]),
            _ => false,
        };
        let disputed = request.status == RequestStatus::Disputed && matches!(event, Event::Settle | Event::Correct);
        if moves && viewer.may(machine::by(event)) && !barred && !disputed {
            found.push(action);
        }
    }
    let answers = row.status == ReferralStatus::Conditional && viewer.sides.contains(&Side::Requester);
    if answers && (viewer.holds)(scopes::REQUEST_CREATE) {
        found.push(ReferralAction::AnswerConditions);
    }
    let approves = viewer.sides.contains(&Side::Provider) && (viewer.holds)(scopes::SUPPLY_APPROVE);
    if row.pending_offer_id.is_some() && approves && viewer.is_heard(standings.pending.as_ref(), &[authors.pending]) {
        if authors.pending != Some(viewer.who.as_str()) {
            found.push(ReferralAction::ApproveOffer);
        }
        found.push(ReferralAction::ReturnOffer);
    }
    found.extend(of_amendment(row, (request, authors), (viewer, standings)));
    found
}

/// What can be done about changes of what was agreed.
fn of_amendment(
    row: &referral::Model,
    (request, authors): (&request::Model, Authors<'_>),
    (viewer, standings): (&Viewer<'_>, &Standings),
) -> Vec<ReferralAction> {
    let mut found = Vec::new();
    if !may_change(row.status) {
        return found;
    }
    let writes = [(Side::Requester, scopes::REQUEST_CREATE), (Side::Provider, scopes::SUPPLY_RESPOND)];
    let is_theirs = |side: Side| authors.amendment.is_some_and(|(_, by)| by != side);
    let may = |(side, scope): &(Side, &str)| viewer.sides.contains(side) && (viewer.holds)(scope);
    if writes.iter().any(|one| may(one) && !is_theirs(one.0)) {
        found.push(ReferralAction::Amend);
    }
    for one in AMENDMENTS.iter().filter(|one| may(one)) {
        let (Some((author, by)), Some(waits)) = (authors.amendment, row.amendment_side) else { continue };
        let wrote = author == viewer.who || one.0 == Side::Requester && viewer.wrote(request);
        let authors = match one.0 {
            Side::Requester => requesters(request),
            _ => [Some(author), None],
        };
        let heard = waits != one.0 || viewer.is_heard(standings.amendment.as_ref(), &authors);
        if waits == one.0 && !wrote && heard {
            found.push(ReferralAction::SignAmendment);
        }
        // Before its own side has signed a change, the other does not know of it.
        if (by == one.0 || waits == one.0) && heard {
            found.push(ReferralAction::RefuseAmendment);
        }
    }
    found
}
