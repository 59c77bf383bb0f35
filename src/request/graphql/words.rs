//! The words of the desk in the schema.

use async_graphql::Enum;
use entity::enums;

use crate::request::{model::actions, service, store};

/// Where a request is in its life.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "enums::RequestStatus")]
pub enum RequestStatus {
    /// Being written; its agency alone sees it.
    Draft,
    /// Submitted, and waits for an approver of its agency.
    PendingApproval,
    /// Approved; providers are asked.
    Open,
    /// Placed: all that could be placed is agreed.
    Agreed,
    /// Work has begun.
    InService,
    /// All results are there.
    Delivered,
    /// The requester disputes results; the coordinator settles it.
    Disputed,
    /// All results are accepted.
    Closed,
    /// Taken back by its agency.
    Withdrawn,
    /// Nobody took it on.
    Unfilled,
    /// The date on which it was needed passed.
    Expired,
    /// What was agreed was cancelled.
    Cancelled,
}

/// Where a referral is in its life.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "enums::ReferralStatus")]
pub enum ReferralStatus {
    /// Waits for its turn; the provider does not see it yet.
    Queued,
    /// Sent to the provider.
    Sent,
    /// The provider has taken note.
    Acknowledged,
    /// The provider offers, without conditions.
    Offered,
    /// The provider offers under conditions.
    Conditional,
    /// The provider asks to be asked again on a later date.
    RetryLater,
    /// The provider has declined.
    Declined,
    /// Nobody answered in time.
    TimedOut,
    /// The requester has accepted and signed.
    Accepted,
    /// Both sides have signed.
    Scheduled,
    /// Samples were received, or the machine is in use.
    InProgress,
    /// The results are there.
    Delivered,
    /// The results are accepted.
    Settled,
    /// Another provider was chosen.
    LostRace,
    /// Ended by the requester, or by agreement.
    Cancelled,
    /// The provider could not do what was agreed.
    Failed,
    /// The requester asks to cancel what was agreed.
    CancelRequested,
}

/// How far an item of a request has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "enums::ItemState")]
pub enum ItemState {
    /// Nobody has agreed to do it yet.
    Sought,
    /// Agreed with a provider.
    Agreed,
    /// Under work.
    InService,
    /// Its results are there.
    Delivered,
    /// Its results are accepted.
    Settled,
    /// Nobody took it on.
    Unfilled,
    /// What was agreed was cancelled.
    Cancelled,
}

/// How soon answers are due.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "enums::Urgency")]
pub enum Urgency {
    /// By the usual clocks.
    Normal,
    /// By the short clocks.
    Urgent,
}

/// What the results serve.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "enums::Purpose")]
pub enum Purpose {
    /// 监督抽检.
    Supervision,
    /// 风险监测.
    RiskMonitoring,
    /// 执法办案.
    Enforcement,
    /// 复检.
    Reinspection,
    /// 委托检验.
    Commissioned,
    /// 能力验证.
    Proficiency,
    /// 应急处置.
    Emergency,
    /// Anything else.
    Other,
}

/// The work areas of the memorandum.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "enums::WorkArea")]
pub enum WorkArea {
    /// 增进工作信息交流.
    InformationExchange,
    /// 推进区域协同监管.
    CollaborativeOversight,
    /// 联合开展能力验证.
    JointProficiencyTesting,
    /// 支持机构交流合作.
    InstitutionalCooperation,
    /// 加强队伍能力建设.
    TeamCapability,
}

/// How providers are found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "enums::Placement")]
pub enum Placement {
    /// The requester names them.
    Named,
    /// They are ranked from search and availability.
    Rota,
}

/// In which way several providers of the same items are asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "enums::Sending")]
pub enum Sending {
    /// The next when the one before has refused.
    OneAfterAnother,
    /// All at once; the first acceptance decides.
    SideBySide,
}

/// Whose step it is, or for whom one was taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "enums::Side")]
pub enum Side {
    /// The agency that needs something.
    Requester,
    /// The agency that is asked.
    Provider,
    /// The secretariat of the pact.
    Coordinator,
    /// The clock and the rota.
    System,
}

/// What kind of terms one side puts to the other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "enums::OfferKind")]
pub enum OfferKind {
    /// An answer to a referral, binding for as long as it stands.
    Offer,
    /// A price and dates before anything is set aside.
    Quote,
    /// The requester's answer to an offer.
    Counter,
    /// A change of what was agreed.
    Amendment,
}

/// Where an offer is in its life.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "enums::OfferStatus")]
pub enum OfferStatus {
    /// Waits for an approver of the side that makes it.
    PendingApproval,
    /// Stands.
    Open,
    /// Was accepted.
    Accepted,
    /// Another one took its place.
    Superseded,
    /// Its time ran out.
    Lapsed,
    /// Was refused.
    Rejected,
    /// Was taken back.
    Withdrawn,
}

/// Whether spare capacity that is offered was taken back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "enums::SpareOfferStatus")]
pub enum SpareOfferStatus {
    /// It stands until its time is over.
    Open,
    /// It was taken back.
    Withdrawn,
}

/// What is answered to a condition.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "enums::ConditionAnswer")]
pub enum ConditionAnswer {
    /// It is met, or will be.
    Accepted,
    /// It is not.
    Refused,
}

/// Why a provider refuses.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "enums::RefusalReason")]
pub enum RefusalReason {
    /// No capacity in the window.
    NoCapacity,
    /// Not within the annex.
    OutOfScope,
    /// An instrument is down.
    EquipmentDown,
    /// The certificate ends too soon.
    CertificateExpiring,
    /// Conflict of interest.
    Recusal,
    /// The price cannot be met.
    Price,
    /// A legal obstacle.
    Legal,
    /// The samples cannot be used.
    SampleUnfit,
    /// Anything else; needs a text.
    Other,
}

/// What can be done with a request; each is a mutation of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "actions::RequestAction")]
pub enum RequestAction {
    /// `requestEdit`.
    Edit,
    /// `requestSubmit`.
    Submit,
    /// `requestApprove`.
    Approve,
    /// `requestReturn`.
    Return,
    /// `requestWithdraw`.
    Withdraw,
    /// `referralCreate`.
    Refer,
    /// `requestDispute`.
    Dispute,
    /// `requestResolve`.
    Resolve,
}

/// What can be done with a referral; each is a mutation of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "actions::ReferralAction")]
pub enum ReferralAction {
    /// `referralAcknowledge`.
    Acknowledge,
    /// `referralOffer`.
    Offer,
    /// offerApprove.
    ApproveOffer,
    /// offerReturn.
    ReturnOffer,
    /// `referralRetryLater`.
    RetryLater,
    /// `referralDecline`.
    Decline,
    /// `offerAnswer`.
    AnswerConditions,
    /// `referralCounter`.
    Counter,
    /// `referralReject`.
    Reject,
    /// `referralAccept`.
    Accept,
    /// `referralSchedule`.
    Schedule,
    /// `referralStart`.
    Start,
    /// `referralDeliver`.
    Deliver,
    /// `referralSettle`.
    Settle,
    /// `referralCorrect`.
    Correct,
    /// `referralRequestCancel`.
    RequestCancel,
    /// `referralAnswerCancel`, granting it.
    GrantCancel,
    /// `referralAnswerCancel`, refusing it.
    RefuseCancel,
    /// `referralFail`.
    Fail,
    /// `referralCallOff`.
    CallOff,
    /// `referralAmend`, or for the provider `supplyAmend`.
    Amend,
    /// `amendmentSign`, or for the provider `supplyAmendmentSign`.
    SignAmendment,
    /// `amendmentRefuse`, or for the provider `supplyAmendmentRefuse`.
    RefuseAmendment,
}

/// How the secretariat settles a dispute.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "service::Verdict")]
pub enum Verdict {
    /// The results stand.
    Stand,
    /// They are to be corrected.
    Correct,
}

/// The order of requests and referrals.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Enum)]
#[graphql(remote = "store::DeskOrder")]
pub enum DeskOrder {
    /// The newest first.
    #[default]
    Recent,
    /// The oldest first.
    Oldest,
}

/// Where samples are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "enums::ConsignmentStatus")]
pub enum ConsignmentStatus {
    /// On their way.
    Sent,
    /// With the provider, all of them or some.
    Received,
    /// Refused by the provider.
    Rejected,
    /// Given up for lost.
    Lost,
    /// Sent back.
    Returned,
}

/// What happens to samples.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "enums::CustodyStep")]
pub enum CustodyStep {
    /// The requester sends them.
    Dispatch,
    /// The provider counts what has come and is fit.
    Receive,
    /// The provider refuses them.
    Reject,
    /// They did not come.
    Lose,
    /// The provider sends them back.
    Return,
}
