//! The closed sets of words in the rows. Stored as their API spelling.

use sea_orm::{DeriveActiveEnum, EnumIter};
use serde::{Deserialize, Serialize};

macro_rules! words {
    ($($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $word:literal,)+ })*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, EnumIter, DeriveActiveEnum, Serialize, Deserialize)]
        #[sea_orm(rs_type = "String", db_type = "Text")]
        pub enum $name {
            $($(#[$vdoc])* #[sea_orm(string_value = $word)] #[serde(rename = $word)] $variant,)+
        }

        impl $name {
            /// Every word of the set, in its order.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)+];

            /// The spelling in the API, in files and in the database.
            pub const fn word(self) -> &'static str {
                match self { $(Self::$variant => $word,)+ }
            }
        }

        impl std::str::FromStr for $name {
            type Err = ();

            fn from_str(word: &str) -> Result<Self, ()> {
                Self::ALL.iter().copied().find(|each| each.word().eq_ignore_ascii_case(word)).ok_or(())
            }
        }
    )*};
}

pub(crate) use words;

pub use crate::desk::enums::*;
pub use crate::message::enums::*;

words! {
    /// Whether an endpoint is told of events.
    WebhookStatus {
        /// It is.
        Active = "ACTIVE",
        /// What it would be told waits until its agency resumes it.
        Paused = "PAUSED",
        /// It did not take what it was told; nothing is kept for it until its agency resumes it.
        Disabled = "DISABLED",
    }

    /// Why an endpoint is told nothing.
    WebhookStop {
        /// Its agency has paused it.
        Asked = "ASKED",
        /// It has answered that it is gone for good (410).
        Gone = "GONE",
        /// It has failed for longer than the instance allows.
        Failing = "FAILING",
    }

    /// How what an endpoint is told is signed.
    WebhookSigning {
        /// HMAC-SHA256 with a secret that both sides know.
        Symmetric = "SYMMETRIC",
        /// Ed25519: the endpoint needs the public key alone.
        Ed25519 = "ED25519",
    }

    /// Why something is delivered.
    WebhookDeliveryKind {
        /// It happened.
        Event = "EVENT",
        /// Somebody of the agency has asked for it again.
        Replay = "REPLAY",
        /// Somebody of the agency tries the endpoint out.
        Test = "TEST",
    }

    /// How far a delivery is.
    WebhookDeliveryStatus {
        /// An earlier one of the same object is still on its way to the endpoint.
        Queued = "QUEUED",
        /// Waits for its first or next attempt, or is under way.
        Waiting = "WAITING",
        /// The endpoint has taken it.
        Delivered = "DELIVERED",
        /// Given up.
        Failed = "FAILED",
    }

    /// Who may see a record.
    Visibility {
        /// Everybody whom the instance lets in, the anonymous included.
        Public = "PUBLIC",
        /// Every agency of the pact.
        Partner = "PARTNER",
        /// The owning agency alone.
        Own = "OWN",
    }

    /// Whether an institution, lab or signatory takes part.
    Standing {
        /// Takes part.
        Active = "ACTIVE",
        /// Set aside for a stated reason; can be resumed.
        Suspended = "SUSPENDED",
        /// Gone for good; kept for the record.
        Retired = "RETIRED",
    }

    /// The scheme under which a certificate attests competence.
    CertificateScheme {
        /// 检验检测机构资质认定 (China inspection body and laboratory mandatory approval).
        Cma = "CMA",
        /// Accreditation by the China National Accreditation Service (ISO/IEC 17025).
        Cnas = "CNAS",
        /// Any other attestation.
        Other = "OTHER",
    }

    /// What the issuer has said of a certificate. Expiry is computed from its dates, never stored.
    CertificateStatus {
        /// In force, dates permitting.
        Active = "ACTIVE",
        /// 暂停.
        Suspended = "SUSPENDED",
        /// 撤销 or 注销.
        Withdrawn = "WITHDRAWN",
    }

    /// Why a new edition of a certificate's annex came to be.
    ScopeVersionReason {
        /// 首次.
        Initial = "INITIAL",
        /// 扩项.
        Extension = "EXTENSION",
        /// 复查.
        Reassessment = "REASSESSMENT",
        /// 标准变更.
        StandardChange = "STANDARD_CHANGE",
        /// 取消.
        Reduction = "REDUCTION",
        /// A clerical error put right.
        Correction = "CORRECTION",
    }

    /// The life of an edition of a standard.
    StandardStatus {
        /// 即将实施: published, not yet in force.
        Upcoming = "UPCOMING",
        /// 现行.
        Current = "CURRENT",
        /// 被代替.
        Superseded = "SUPERSEDED",
        /// 废止 without a successor.
        Withdrawn = "WITHDRAWN",
    }

    /// Whether an instrument may be used.
    EquipmentStatus {
        /// 在用.
        InService = "IN_SERVICE",
        /// 停用: broken, sent away, or set aside.
        OutOfService = "OUT_OF_SERVICE",
        /// 报废.
        Retired = "RETIRED",
    }

    /// What a calibration found.
    CalibrationResult {
        /// 合格.
        Passed = "PASSED",
        /// 准用 / 限用: fit for part of the range.
        Limited = "LIMITED",
        /// 不合格.
        Failed = "FAILED",
    }

    /// What is offered to others.
    OfferingKind {
        /// Tests of samples.
        Testing = "TESTING",
        /// Hours at an instrument.
        EquipmentTime = "EQUIPMENT_TIME",
        /// The work of an expert.
        Expert = "EXPERT",
        /// Reference material (标准物质).
        ReferenceMaterial = "REFERENCE_MATERIAL",
        /// A place in a training.
        TrainingSeat = "TRAINING_SEAT",
    }

    /// Where an offering is in its life.
    OfferingStatus {
        /// Being written; its owner alone sees it.
        Draft = "DRAFT",
        /// Open.
        Active = "ACTIVE",
        /// Closed for a stated reason; can be resumed.
        Paused = "PAUSED",
        /// Ended for good; kept for the record.
        Archived = "ARCHIVED",
    }

    /// What a price is for.
    PriceBasis {
        /// For each unit of the offering.
        PerUnit = "PER_UNIT",
        /// For each parameter of each unit.
        PerParameter = "PER_PARAMETER",
        /// For each day.
        PerDay = "PER_DAY",
        /// Nothing is charged.
        Free = "FREE",
        /// Said when asked.
        OnRequest = "ON_REQUEST",
    }

    /// What the units of a capacity calendar are counted by.
    CapacityPeriod {
        /// By the day.
        Day = "DAY",
        /// By the week, Monday to Sunday.
        Week = "WEEK",
    }

    /// Where a hold is in its life.
    HoldStatus {
        /// Set aside until it expires.
        Held = "HELD",
        /// Firm.
        Booked = "BOOKED",
        /// The work is done; what was used stays used.
        Finished = "FINISHED",
        /// Given back.
        Released = "RELEASED",
        /// Its time was over before it became firm.
        Expired = "EXPIRED",
    }

    /// What a saved search lists.
    SavedSearchKind {
        /// Lines of capability annexes, row by row.
        Scope = "SCOPE",
        /// Sites, each with its best lines.
        Lab = "LAB",
        /// Items of equipment.
        Equipment = "EQUIPMENT",
    }

    /// The order of what a search finds.
    SearchOrder {
        /// How well it answers the question.
        Relevance = "RELEVANCE",
        /// The nearest first.
        Distance = "DISTANCE",
        /// The shortest turnaround first.
        Turnaround = "TURNAROUND",
        /// What is done first stands first.
        Soonest = "SOONEST",
    }

    /// Whether the content of an attachment has come.
    AttachmentStatus {
        /// Announced; its content has not come.
        Prepared = "PREPARED",
        /// Its content is kept, and is what was announced.
        Stored = "STORED",
    }

    /// As what a file is attached.
    AttachmentPurpose {
        /// To what is asked for.
        Request = "REQUEST",
        /// To what is offered.
        Offer = "OFFER",
        /// As a report.
        Report = "REPORT",
        /// To samples on their way.
        Consignment = "CONSIGNMENT",
        /// As anything else.
        Other = "OTHER",
    }

    /// Whether a listed date is off or on.
    HolidayKind {
        /// 放假.
        Holiday = "HOLIDAY",
        /// 调休上班: a weekend day that is worked.
        Workday = "WORKDAY",
    }

    /// What a change did to its row.
    ChangeOp {
        /// A row came to be.
        Insert = "INSERT",
        /// Many rows came to be in one act; they are named and their content is hashed.
        Load = "LOAD",
        /// A row was edited in place.
        Update = "UPDATE",
        /// One revision was closed and the next opened.
        Revise = "REVISE",
        /// The last revision was closed and none opened.
        Close = "CLOSE",
        /// Many last revisions were closed in one act; they are named.
        CloseAll = "CLOSEALL",
        /// A row was removed.
        Delete = "DELETE",
    }

    /// What an entry of the feed points to.
    FeedKind {
        /// A row of `change`.
        Change = "CHANGE",
        /// A row of `outbox`.
        Event = "EVENT",
    }
}
