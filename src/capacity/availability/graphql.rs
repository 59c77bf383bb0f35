//! Availability in the schema.

use async_graphql::{Enum, SimpleObject};

use super::model;
use crate::graphql::scalars::Date;

/// Why something does not count as available.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "model::Reason")]
pub enum ExclusionReason {
    /// The site or its institution is set aside.
    LabSuspended,
    /// The site or its institution is gone for good.
    LabRetired,
    /// The certificate begins later.
    CertificateNotYetValid,
    /// The certificate ends before the window does.
    CertificateExpired,
    /// The certificate is suspended by its issuer.
    CertificateSuspended,
    /// The certificate was withdrawn by its issuer.
    CertificateWithdrawn,
    /// The certificate does not cover the site.
    SiteNotCovered,
    /// The line begins later, or ends before the window does.
    ScopeNotInForce,
    /// An instrument that the line needs is set aside.
    EquipmentOutOfService,
    /// An instrument that the line needs is gone.
    EquipmentRetired,
    /// An instrument that the line needs was never calibrated.
    CalibrationNever,
    /// The calibration of an instrument that the line needs ends before the window does.
    CalibrationOverdue,
    /// An instrument that the line needs was found unfit.
    CalibrationFailed,
    /// Nobody may sign for the field.
    NoSignatory,
    /// Nothing that you may see is offered for it.
    NoOffering,
    /// What is offered is paused.
    OfferingPaused,
    /// More, or less, than the offering takes at once.
    QuantityOutOfRange,
    /// Less is free over the window than is asked for.
    NoCapacity,
}

/// Something that stands in the way.
#[derive(Clone, Debug, SimpleObject)]
pub struct Exclusion {
    /// What.
    reason: ExclusionReason,
    /// The first day of the window on which it does.
    from: Date,
}

impl From<model::Exclusion> for Exclusion {
    fn from(one: model::Exclusion) -> Self {
        Self { reason: one.reason.into(), from: Date(one.from) }
    }
}
