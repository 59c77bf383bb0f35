//! Keys. Each table has a type of its own, so that a lab's id cannot be passed where an institution's is meant.

use sea_orm::DeriveValueType;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

macro_rules! uuid_ids {
    ($($(#[$doc:meta])* $name:ident = $kind:literal;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, DeriveValueType)]
        #[serde(transparent)]
        pub struct $name(pub Uuid);

        impl $name {
            /// The word before the colon in a typed id.
            pub const KIND: &'static str = $kind;
        }

        impl std::fmt::Display for $name {
            /// The typed id as the API shows it.
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                write!(f, concat!($kind, ":{}"), self.0.as_hyphenated())
            }
        }

        impl crate::record::BareKey for $name {
            fn bare(&self) -> String {
                self.0.as_hyphenated().to_string()
            }
        }

        impl From<Uuid> for $name {
            fn from(id: Uuid) -> Self {
                Self(id)
            }
        }

        impl From<$name> for Uuid {
            fn from(id: $name) -> Self {
                id.0
            }
        }

        impl sea_orm::TryFromU64 for $name {
            fn try_from_u64(_: u64) -> Result<Self, sea_orm::DbErr> {
                Err(sea_orm::DbErr::ConvertFromU64(stringify!($name)))
            }
        }
    )*};
}

uuid_ids! {
    /// A legal entity (机构).
    InstitutionId = "institution";
    /// A site of an institution (检验检测场所).
    LabId = "lab";
    /// A certificate (资质认定), over all its revisions.
    CertificateId = "certificate";
    /// One dated edition of a certificate's annex.
    ScopeVersionId = "scope-version";
    /// One line of a capability annex (能力附表), over all its revisions.
    ScopeId = "scope";
    /// One edition of a standard.
    StandardId = "standard";
    /// One item of equipment, over all its revisions.
    EquipmentId = "equipment";
    /// One calibration of one item.
    CalibrationId = "calibration";
    /// An authorised signatory.
    SignatoryId = "signatory";
    /// What a lab or an agency opens to others.
    OfferingId = "offering";
    /// Capacity that is set aside or booked.
    HoldId = "hold";
    /// What an agency needs of others.
    RequestId = "request";
    /// One thing that a request asks for.
    RequestItemId = "request-item";
    /// A request placed with one provider.
    ReferralId = "referral";
    /// Terms that one side puts to the other.
    OfferId = "offer";
    /// Spare capacity that is offered without having been asked for.
    SpareOfferId = "spare-offer";
    /// A condition on which an offer stands.
    OfferConditionId = "offer-condition";
    /// A set of approval rules.
    ApprovalRulesId = "approval-rules";
    /// An appointment of a deputy.
    DeputyId = "deputy";
    /// A decision by rule.
    DecisionId = "decision";
    /// One decision of one approver.
    ApprovalId = "approval";
    /// Samples on their way.
    ConsignmentId = "consignment";
    /// One link of a chain of custody.
    CustodyEventId = "custody-event";
    /// A report that was delivered.
    DeliverableId = "deliverable";
    /// One step that was taken at the desk.
    TransitionId = "transition";
    /// A stretch of equipment time that a hold takes.
    HoldBlockId = "hold-block";
    /// Days on which an offering, or all that a lab offers, is closed.
    ClosureId = "closure";
    /// A time in which an item of equipment cannot be used.
    OutageId = "outage";
    /// An address under which a calendar is followed.
    CalendarFeedId = "calendar-feed";
    /// A message to a person, or to those of an agency who hold a scope.
    MessageId = "message";
    /// How a person wants to be written to.
    MessagePreferenceId = "message-preference";
    /// A mail that goes out.
    MailId = "mail";
    /// A search that an agency keeps under a name.
    SavedSearchId = "saved-search";
    /// A file that an agency attaches to what it writes.
    AttachmentId = "attachment";
    /// A machine account of an agency.
    MachineAccountId = "machine-account";
    /// An endpoint of an agency that is told of events.
    WebhookId = "webhook";
    /// A secret with which what an endpoint is told is signed.
    WebhookSecretId = "webhook-secret";
    /// One event on its way to one endpoint.
    WebhookDeliveryId = "webhook-delivery";
}

macro_rules! code_ids {
    ($($(#[$doc:meta])* $name:ident = $kind:literal;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, DeriveValueType)]
        #[serde(transparent)]
        pub struct $name(pub String);

        impl $name {
            /// The word before the colon in a typed id.
            pub const KIND: &'static str = $kind;

            /// The bare code.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl std::fmt::Display for $name {
            /// The typed id as the API shows it.
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                write!(f, concat!($kind, ":{}"), self.0)
            }
        }

        impl crate::record::BareKey for $name {
            fn bare(&self) -> String {
                self.0.clone()
            }
        }

        impl From<&str> for $name {
            fn from(code: &str) -> Self {
                Self(code.to_owned())
            }
        }

        impl sea_orm::TryFromU64 for $name {
            fn try_from_u64(_: u64) -> Result<Self, sea_orm::DbErr> {
                Err(sea_orm::DbErr::ConvertFromU64(stringify!($name)))
            }
        }
    )*};
}

code_ids! {
    /// A member regulator of the pact by its two-letter code, such as `GD`.
    AgencyCode = "agency";
    /// A GB/T 2260 division by its six digits, such as `440100`.
    RegionCode = "region";
}
