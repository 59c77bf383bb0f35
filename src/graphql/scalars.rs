//! Scalars and typed ids.

use std::str::FromStr;

use async_graphql::{ID, InputValueError, InputValueResult, MaybeUndefined, Scalar, ScalarType, Value};
use chrono::{DateTime, NaiveDate, SecondsFormat, Utc};
use entity::ids::{
    AgencyCode, ApprovalRulesId, AttachmentId, CalendarFeedId, CalibrationId, CertificateId, ClosureId, ConsignmentId,
    DeputyId, EquipmentId, InstitutionId, LabId, MachineAccountId, MessageId, OfferConditionId, OfferId, OfferingId,
    OutageId, ReferralId, RegionCode, RequestId, SavedSearchId, ScopeId, ScopeVersionId, SignatoryId, SpareOfferId,
    StandardId, WebhookDeliveryId, WebhookId,
};
use uuid::Uuid;

use crate::platform::{
    fault::{Fault, Outcome},
    patch::Patch,
};

/// A calendar date of Asia/Shanghai, `2026-11-23` (ISO 8601).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date(pub NaiveDate);

/// A calendar date of Asia/Shanghai, `2026-11-23` (ISO 8601).
#[Scalar(name = "Date", specified_by_url = "https://www.rfc-editor.org/rfc/rfc3339#section-5.6")]
impl ScalarType for Date {
    fn parse(value: Value) -> InputValueResult<Self> {
        match &value {
            Value::String(text) if text.len() == 10 => NaiveDate::from_str(text)
                .map(Self)
                .map_err(|_| InputValueError::custom("Write a date that exists as YYYY-MM-DD.")),
            _ => Err(InputValueError::custom("Write a date as \"YYYY-MM-DD\".")),
        }
    }

    fn to_value(&self) -> Value {
        Value::String(self.0.to_string())
    }
}

/// An instant in UTC, `2026-11-23T01:02:03Z` (RFC 3339).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Instant(pub DateTime<Utc>);

/// An instant in UTC, `2026-11-23T01:02:03Z` (RFC 3339).
#[Scalar(name = "Instant", specified_by_url = "https://www.rfc-editor.org/rfc/rfc3339")]
impl ScalarType for Instant {
    fn parse(value: Value) -> InputValueResult<Self> {
        match &value {
            Value::String(text) => DateTime::parse_from_rfc3339(text)
                .map(|at| Self(at.to_utc()))
                .map_err(|_| InputValueError::custom("Write an instant as \"YYYY-MM-DDThh:mm:ssZ\".")),
            _ => Err(InputValueError::custom("Write an instant as \"YYYY-MM-DDThh:mm:ssZ\".")),
        }
    }

    fn to_value(&self) -> Value {
        Value::String(self.0.to_rfc3339_opts(SecondsFormat::AutoSi, true))
    }
}

/// A key that the API spells `kind:key`.
pub trait TypedId: Sized {
    /// The word before the colon.
    const KIND: &'static str;

    /// Reads what stands after the colon.
    fn from_bare(bare: &str) -> Option<Self>;
}

macro_rules! typed {
    (uuid: $($id:ident)*; code: $($code:ident)*) => {
        $(impl TypedId for $id {
            const KIND: &'static str = $id::KIND;

            fn from_bare(bare: &str) -> Option<Self> {
                Uuid::try_parse(bare).ok().filter(|_| bare.len() == 36).map(Self)
            }
        })*
        $(impl TypedId for $code {
            const KIND: &'static str = $code::KIND;

            fn from_bare(bare: &str) -> Option<Self> {
                (!bare.is_empty() && bare.len() <= 16).then(|| Self(bare.to_owned()))
            }
        })*
    };
}

typed! {
    uuid: InstitutionId LabId CertificateId ScopeVersionId ScopeId StandardId EquipmentId CalibrationId SignatoryId OfferingId
        ApprovalRulesId DeputyId MachineAccountId MessageId SavedSearchId ClosureId OutageId CalendarFeedId AttachmentId RequestId ReferralId OfferId SpareOfferId OfferConditionId ConsignmentId
        WebhookId WebhookDeliveryId;
    code: AgencyCode RegionCode
}

/// Reads an id of the expected kind; `path` is where it stood.
///
/// # Errors
/// `INVALID` for an id of another kind and for text that is none.
pub fn parse_id<T: TypedId>(id: &ID, path: &str) -> Outcome<T> {
    let bare = id.split_once(':').filter(|(kind, _)| *kind == T::KIND).map(|(_, bare)| bare);
    bare.and_then(T::from_bare).ok_or_else(|| {
        Fault::invalid(
            path,
            "ID",
            format!("Pass an id of a {kind} as the API gave it, such as {kind}:….", kind = T::KIND),
        )
    })
}

/// As [`parse_id`] for an optional argument.
///
/// # Errors
/// As [`parse_id`].
pub fn parse_optional_id<T: TypedId>(id: Option<&ID>, path: &str) -> Outcome<Option<T>> {
    id.map(|id| parse_id(id, path)).transpose()
}

/// The id as the API shows it.
pub fn show_id(id: impl std::fmt::Display) -> ID {
    ID(id.to_string())
}

/// A field of an edit as the API has it: not given, null, or a value.
pub fn patch<T, U>(given: MaybeUndefined<T>, read: impl FnOnce(T) -> U) -> Patch<U> {
    match given {
        MaybeUndefined::Undefined => Patch::Keep,
        MaybeUndefined::Null => Patch::Clear,
        MaybeUndefined::Value(value) => Patch::Set(read(value)),
    }
}
