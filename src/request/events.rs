//! The events of the request desk: one for each step and for each side that is told.

use entity::{
    enums::{ConsignmentStatus, Side},
    ids::{ConsignmentId, ReferralId, RequestId},
};

use crate::platform::event::{Field, Form, events};

/// Of a step.
const STEP: &[Field] = &[
    Field::new("requestId", Form::Id(RequestId::KIND), "The request."),
    Field::new("requestCode", Form::Text, "Its number."),
    Field::new("referralId", Form::Id(ReferralId::KIND), "The referral; null for a step of the request itself.")
        .or_null(),
    Field::new("event", Form::Text, "The step, as the history of the request names it."),
    Field::new("from", Form::Text, "The status before."),
    Field::new("to", Form::Text, "The status after; the same where the step moved nothing."),
    Field::new(
        "side",
        Form::Word(|| Side::ALL.iter().map(|word| word.word()).collect()),
        "The side that took the step.",
    ),
    Field::new("reasonCode", Form::Text, "The coded reason; null where there is none.").or_null(),
    Field::new("dueAt", Form::Instant, "When the next step is due; null where none is.").or_null(),
    Field::new(
        "toldAs",
        Form::Word(|| Side::ALL.iter().map(|word| word.word()).collect()),
        "The side as which the agency is told; null where it stands on both.",
    )
    .or_null(),
];

/// Of samples.
const CONSIGNMENT: &[Field] = &[
    Field::new("requestId", Form::Id(RequestId::KIND), "The request."),
    Field::new("requestCode", Form::Text, "Its number."),
    Field::new("referralId", Form::Id(ReferralId::KIND), "The referral."),
    Field::new("consignmentId", Form::Id(ConsignmentId::KIND), "The samples that were sent together."),
    Field::new("units", Form::Number, "How many units this was done with."),
    Field::new(
        "status",
        Form::Word(|| ConsignmentStatus::ALL.iter().map(|word| word.word()).collect()),
        "How the samples stand now.",
    ),
    Field::new(
        "toldAs",
        Form::Word(|| Side::ALL.iter().map(|word| word.word()).collect()),
        "The side as which the agency is told.",
    ),
];

events! {
    /// The author of a request has asked for approval.
    REQUEST_SUBMITTED = "request.submitted.v1", RequestId::KIND, Agency, STEP;
    /// An approver has approved a request; its providers are asked.
    REQUEST_APPROVED = "request.approved.v1", RequestId::KIND, Agency, STEP;
    /// An approver has given a request back to its author.
    REQUEST_RETURNED = "request.returned.v1", RequestId::KIND, Agency, STEP;
    /// The agency has taken its request back.
    REQUEST_WITHDRAWN = "request.withdrawn.v1", RequestId::KIND, Agency, STEP;
    /// The requester disputes results.
    REQUEST_DISPUTED = "request.disputed.v1", RequestId::KIND, Agency, STEP;
    /// The secretariat has settled a dispute.
    REQUEST_RESOLVED = "request.resolved.v1", RequestId::KIND, Agency, STEP;
    /// The time for the next step of a request has run out.
    REQUEST_LAPSED = "request.lapsed.v1", RequestId::KIND, Agency, STEP;
    /// The date on which the results were needed has passed.
    REQUEST_EXPIRED = "request.expired.v1", RequestId::KIND, Agency, STEP;
    /// A request whose agreement has failed looks for providers again.
    REQUEST_REOPENED = "request.reopened.v1", RequestId::KIND, Agency, STEP;
    /// All items of a request that could be placed are agreed.
    REQUEST_AGREED = "request.agreed.v1", RequestId::KIND, Agency, STEP;
    /// Work for a request has begun.
    REQUEST_BEGUN = "request.begun.v1", RequestId::KIND, Agency, STEP;
    /// All results of a request are there.
    REQUEST_DELIVERED = "request.delivered.v1", RequestId::KIND, Agency, STEP;
    /// All results of a request are accepted; it is closed.
    REQUEST_CLOSED = "request.closed.v1", RequestId::KIND, Agency, STEP;
    /// Nobody has taken a request on.
    REQUEST_UNFILLED = "request.unfilled.v1", RequestId::KIND, Agency, STEP;
    /// All that was agreed for a request was cancelled.
    REQUEST_CANCELLED = "request.cancelled.v1", RequestId::KIND, Agency, STEP;
    /// A referral was sent to its provider.
    REFERRAL_SENT = "referral.sent.v1", ReferralId::KIND, Agency, STEP;
    /// The provider has taken note of a referral.
    REFERRAL_ACKNOWLEDGED = "referral.acknowledged.v1", ReferralId::KIND, Agency, STEP;
    /// The provider has offered.
    REFERRAL_OFFERED = "referral.offered.v1", ReferralId::KIND, Agency, STEP;
    /// The provider has offered under conditions, each of which has to be answered.
    REFERRAL_OFFERED_CONDITIONALLY = "referral.offeredConditionally.v1", ReferralId::KIND, Agency, STEP;
    /// The provider asks to be asked again on a later date.
    REFERRAL_RETRY_LATER = "referral.retryLater.v1", ReferralId::KIND, Agency, STEP;
    /// The provider has declined, with a coded reason.
    REFERRAL_DECLINED = "referral.declined.v1", ReferralId::KIND, Agency, STEP;
    /// The requester has answered an offer with other terms.
    REFERRAL_COUNTERED = "referral.countered.v1", ReferralId::KIND, Agency, STEP;
    /// The requester has refused an offer.
    REFERRAL_REJECTED = "referral.rejected.v1", ReferralId::KIND, Agency, STEP;
    /// The requester has accepted an offer; the capacity is firm.
    REFERRAL_ACCEPTED = "referral.accepted.v1", ReferralId::KIND, Agency, STEP;
    /// The provider has signed what was accepted.
    REFERRAL_SCHEDULED = "referral.scheduled.v1", ReferralId::KIND, Agency, STEP;
    /// The provider has begun to work.
    REFERRAL_STARTED = "referral.started.v1", ReferralId::KIND, Agency, STEP;
    /// The provider has delivered results.
    REFERRAL_DELIVERED = "referral.delivered.v1", ReferralId::KIND, Agency, STEP;
    /// The requester has accepted the results.
    REFERRAL_SETTLED = "referral.settled.v1", ReferralId::KIND, Agency, STEP;
    /// The requester asks the provider to correct results.
    REFERRAL_CORRECTION_ASKED = "referral.correctionAsked.v1", ReferralId::KIND, Agency, STEP;
    /// What was agreed was changed; both sides have signed it.
    REFERRAL_AMENDED = "referral.amended.v1", ReferralId::KIND, Agency, STEP;
    /// The requester asks to cancel what was agreed.
    REFERRAL_CANCEL_REQUESTED = "referral.cancelRequested.v1", ReferralId::KIND, Agency, STEP;
    /// What was agreed is cancelled.
    REFERRAL_CANCELLED = "referral.cancelled.v1", ReferralId::KIND, Agency, STEP;
    /// The provider has refused to cancel; the work goes on.
    REFERRAL_CANCEL_REFUSED = "referral.cancelRefused.v1", ReferralId::KIND, Agency, STEP;
    /// What was agreed cannot be done, with a coded reason.
    REFERRAL_FAILED = "referral.failed.v1", ReferralId::KIND, Agency, STEP;
    /// The secretariat has ended what the provider had let lapse.
    REFERRAL_CALLED_OFF = "referral.calledOff.v1", ReferralId::KIND, Agency, STEP;
    /// The time for the next step of a referral has run out.
    REFERRAL_LAPSED = "referral.lapsed.v1", ReferralId::KIND, Agency, STEP;
    /// Another provider has won the same items.
    REFERRAL_LOST_RACE = "referral.lostRace.v1", ReferralId::KIND, Agency, STEP;
    /// A referral was taken back.
    REFERRAL_WITHDRAWN = "referral.withdrawn.v1", ReferralId::KIND, Agency, STEP;
    /// The requester has told the providers whose goods are sampled.
    REQUEST_UNBLINDED = "request.unblinded.v1", RequestId::KIND, Agency, STEP;
    /// The due date of a request has moved with the calendar of working days.
    REQUEST_DUE_MOVED = "request.dueMoved.v1", RequestId::KIND, Agency, STEP;
    /// The due date of a referral has moved with the calendar of working days.
    REFERRAL_DUE_MOVED = "referral.dueMoved.v1", ReferralId::KIND, Agency, STEP;
    /// One side has signed a change of what was agreed; the other has to sign or refuse it.
    REFERRAL_AMENDMENT_OFFERED = "referral.amendmentOffered.v1", ReferralId::KIND, Agency, STEP;
    /// A change of what was agreed has come to nothing.
    REFERRAL_AMENDMENT_ENDED = "referral.amendmentEnded.v1", ReferralId::KIND, Agency, STEP;
    /// Samples were sent to the provider.
    CONSIGNMENT_DISPATCHED = "consignment.dispatched.v1", ConsignmentId::KIND, Agency, CONSIGNMENT;
    /// The provider has received samples, all of a consignment or a part.
    CONSIGNMENT_RECEIVED = "consignment.received.v1", ConsignmentId::KIND, Agency, CONSIGNMENT;
    /// The provider has refused samples.
    CONSIGNMENT_REJECTED = "consignment.rejected.v1", ConsignmentId::KIND, Agency, CONSIGNMENT;
    /// The requester has given samples up for lost.
    CONSIGNMENT_LOST = "consignment.lost.v1", ConsignmentId::KIND, Agency, CONSIGNMENT;
    /// The provider has sent samples back.
    CONSIGNMENT_RETURNED = "consignment.returned.v1", ConsignmentId::KIND, Agency, CONSIGNMENT;
}
