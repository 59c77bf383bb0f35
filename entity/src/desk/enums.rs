//! The words of the request desk.

use sea_orm::{DeriveActiveEnum, EnumIter};
use serde::{Deserialize, Serialize};

use crate::enums::words;

words! {
    /// Where a request is in its life.
    RequestStatus {
        /// Being written; its agency alone sees it.
        Draft = "DRAFT",
        /// Submitted, and waits for an approver of its agency.
        PendingApproval = "PENDING_APPROVAL",
        /// Approved; providers are asked.
        Open = "OPEN",
        /// Placed: all that could be placed is agreed.
        Agreed = "AGREED",
        /// Work has begun.
        InService = "IN_SERVICE",
        /// All results are there.
        Delivered = "DELIVERED",
        /// The requester disputes results; the coordinator settles it.
        Disputed = "DISPUTED",
        /// All results are accepted.
        Closed = "CLOSED",
        /// Taken back by its agency.
        Withdrawn = "WITHDRAWN",
        /// Nobody took it on.
        Unfilled = "UNFILLED",
        /// The date on which it was needed passed.
        Expired = "EXPIRED",
        /// What was agreed was cancelled.
        Cancelled = "CANCELLED",
    }

    /// Where a referral is in its life.
    ReferralStatus {
        /// Waits for its turn; the provider does not see it yet.
        Queued = "QUEUED",
        /// Sent to the provider.
        Sent = "SENT",
        /// The provider has taken note.
        Acknowledged = "ACKNOWLEDGED",
        /// The provider offers, without conditions.
        Offered = "OFFERED",
        /// The provider offers under conditions.
        Conditional = "CONDITIONAL",
        /// The provider asks to be asked again on a later date.
        RetryLater = "RETRY_LATER",
        /// The provider has declined.
        Declined = "DECLINED",
        /// Nobody answered in time.
        TimedOut = "TIMED_OUT",
        /// The requester has accepted and signed.
        Accepted = "ACCEPTED",
        /// Both sides have signed.
        Scheduled = "SCHEDULED",
        /// Samples were received, or the machine is in use.
        InProgress = "IN_PROGRESS",
        /// The results are there.
        Delivered = "DELIVERED",
        /// The results are accepted.
        Settled = "SETTLED",
        /// Another provider was chosen.
        LostRace = "LOST_RACE",
        /// Ended by the requester, or by agreement.
        Cancelled = "CANCELLED",
        /// The provider could not do what was agreed.
        Failed = "FAILED",
        /// The requester asks to cancel what was agreed.
        CancelRequested = "CANCEL_REQUESTED",
    }

    /// What is decided by approval rules.
    DecisionPoint {
        /// The requester approves a request before it goes out.
        Request = "REQUEST",
        /// The provider takes note of what it is asked.
        Acknowledge = "ACKNOWLEDGE",
        /// The provider approves an offer before it goes out.
        Offer = "OFFER",
        /// The requester accepts an offer, or signs a change of what was agreed.
        Accept = "ACCEPT",
        /// The provider signs what was accepted, or a change of it.
        Sign = "SIGN",
        /// The provider answers a wish to cancel.
        Cancel = "CANCEL",
    }

    /// How a decision by rule ended.
    DecisionOutcome {
        /// All steps were taken.
        Approved = "APPROVED",
        /// The rule answered by itself.
        Automatic = "AUTOMATIC",
        /// Somebody refused.
        Refused = "REFUSED",
        /// What was to be decided went another way.
        Void = "VOID",
    }

    /// How far an item of a request has come.
    ItemState {
        /// Nobody has agreed to do it yet.
        Sought = "SOUGHT",
        /// Agreed with a provider.
        Agreed = "AGREED",
        /// Under work.
        InService = "IN_SERVICE",
        /// Its results are there.
        Delivered = "DELIVERED",
        /// Its results are accepted.
        Settled = "SETTLED",
        /// Nobody took it on.
        Unfilled = "UNFILLED",
        /// What was agreed was cancelled.
        Cancelled = "CANCELLED",
    }

    /// How soon answers are due.
    Urgency {
        /// By the usual clocks.
        Normal = "NORMAL",
        /// By the short clocks.
        Urgent = "URGENT",
    }

    /// What the results serve.
    Purpose {
        /// 监督抽检.
        Supervision = "SUPERVISION",
        /// 风险监测.
        RiskMonitoring = "RISK_MONITORING",
        /// 执法办案.
        Enforcement = "ENFORCEMENT",
        /// 复检.
        Reinspection = "REINSPECTION",
        /// 委托检验.
        Commissioned = "COMMISSIONED",
        /// 能力验证.
        Proficiency = "PROFICIENCY",
        /// 应急处置.
        Emergency = "EMERGENCY",
        /// Anything else.
        Other = "OTHER",
    }

    /// The work areas of the memorandum.
    WorkArea {
        /// 增进工作信息交流.
        InformationExchange = "INFORMATION_EXCHANGE",
        /// 推进区域协同监管.
        CollaborativeOversight = "COLLABORATIVE_OVERSIGHT",
        /// 联合开展能力验证.
        JointProficiencyTesting = "JOINT_PROFICIENCY_TESTING",
        /// 支持机构交流合作.
        InstitutionalCooperation = "INSTITUTIONAL_COOPERATION",
        /// 加强队伍能力建设.
        TeamCapability = "TEAM_CAPABILITY",
    }

    /// How providers are found.
    Placement {
        /// The requester names them.
        Named = "NAMED",
        /// They are ranked from search and availability.
        Rota = "ROTA",
    }

    /// In which way several providers of the same items are asked.
    Sending {
        /// The next when the one before has refused.
        OneAfterAnother = "ONE_AFTER_ANOTHER",
        /// All at once; the first acceptance decides.
        SideBySide = "SIDE_BY_SIDE",
    }

    /// Whose step it is, or for whom one was taken.
    Side {
        /// The agency that needs something.
        Requester = "REQUESTER",
        /// The agency that is asked.
        Provider = "PROVIDER",
        /// The secretariat of the pact.
        Coordinator = "COORDINATOR",
        /// The clock and the rota.
        System = "SYSTEM",
    }

    /// What kind of terms one side puts to the other.
    OfferKind {
        /// An answer to a referral, binding for as long as it stands.
        Offer = "OFFER",
        /// A price and dates before anything is set aside.
        Quote = "QUOTE",
        /// The requester's answer to an offer.
        Counter = "COUNTER",
        /// A change of what was agreed.
        Amendment = "AMENDMENT",
    }

    /// Where an offer is in its life.
    OfferStatus {
        /// Waits for an approver of the side that makes it.
        PendingApproval = "PENDING_APPROVAL",
        /// Stands.
        Open = "OPEN",
        /// Was accepted.
        Accepted = "ACCEPTED",
        /// Another one took its place.
        Superseded = "SUPERSEDED",
        /// Its time ran out.
        Lapsed = "LAPSED",
        /// Was refused.
        Rejected = "REJECTED",
        /// Was taken back.
        Withdrawn = "WITHDRAWN",
    }

    /// Where spare capacity that is offered is in its life.
    SpareOfferStatus {
        /// Stands until its time is over.
        Open = "OPEN",
        /// Was taken back.
        Withdrawn = "WITHDRAWN",
    }

    /// What is answered to a condition.
    ConditionAnswer {
        /// It is met, or will be.
        Accepted = "ACCEPTED",
        /// It is not.
        Refused = "REFUSED",
    }

    /// Where samples are.
    ConsignmentStatus {
        /// On their way.
        Sent = "SENT",
        /// With the provider, all of them or some.
        Received = "RECEIVED",
        /// Refused by the provider.
        Rejected = "REJECTED",
        /// Given up for lost.
        Lost = "LOST",
        /// Sent back.
        Returned = "RETURNED",
    }

    /// What happens to samples.
    CustodyStep {
        /// The requester sends them.
        Dispatch = "DISPATCH",
        /// The provider counts what has come and is fit.
        Receive = "RECEIVE",
        /// The provider refuses them.
        Reject = "REJECT",
        /// They did not come.
        Lose = "LOSE",
        /// The provider sends them back.
        Return = "RETURN",
    }

    /// What an approver decides.
    Decision {
        /// Go ahead.
        Approved = "APPROVED",
        /// Not so.
        Returned = "RETURNED",
    }

    /// Why a provider refuses.
    RefusalReason {
        /// No capacity in the window.
        NoCapacity = "NO_CAPACITY",
        /// Not within the annex.
        OutOfScope = "OUT_OF_SCOPE",
        /// An instrument is down.
        EquipmentDown = "EQUIPMENT_DOWN",
        /// The certificate ends too soon.
        CertificateExpiring = "CERTIFICATE_EXPIRING",
        /// Conflict of interest.
        Recusal = "RECUSAL",
        /// The price cannot be met.
        Price = "PRICE",
        /// A legal obstacle.
        Legal = "LEGAL",
        /// The samples cannot be used.
        SampleUnfit = "SAMPLE_UNFIT",
        /// Anything else; needs a text.
        Other = "OTHER",
    }
}
