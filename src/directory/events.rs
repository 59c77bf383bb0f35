//! The events of the register.

use entity::{
    enums::{
        CalibrationResult, CertificateScheme, CertificateStatus, EquipmentStatus, HolidayKind, StandardStatus, Standing,
    },
    ids::{
        AgencyCode, CalibrationId, CertificateId, EquipmentId, InstitutionId, LabId, ScopeId, ScopeVersionId,
        SignatoryId, StandardId,
    },
};

use crate::platform::event::{Field, Form, events};

/// Of an institution.
const INSTITUTION: &[Field] = &[
    Field::new("institutionId", Form::Id(InstitutionId::KIND), "The institution."),
    Field::new("code", Form::Text, "Its code within the agency."),
    Field::new(
        "standing",
        Form::Word(|| Standing::ALL.iter().map(|word| word.word()).collect()),
        "Whether it takes part.",
    ),
    Field::new("reason", Form::Text, "Why, in words; null where no reason belongs to it.").or_null(),
];

/// Of a lab.
const LAB: &[Field] = &[
    Field::new("labId", Form::Id(LabId::KIND), "The lab."),
    Field::new("institutionId", Form::Id(InstitutionId::KIND), "Its institution."),
    Field::new("code", Form::Text, "Its code within the agency."),
    Field::new(
        "standing",
        Form::Word(|| Standing::ALL.iter().map(|word| word.word()).collect()),
        "Whether it takes part.",
    ),
    Field::new("reason", Form::Text, "Why, in words; null where no reason belongs to it.").or_null(),
];

/// Of a signatory. Who that is may be read by whoever sees the record; it is not told.
const SIGNATORY: &[Field] = &[
    Field::new("signatoryId", Form::Id(SignatoryId::KIND), "The signatory."),
    Field::new("labId", Form::Id(LabId::KIND), "The lab."),
    Field::new("code", Form::Text, "Code of the record within the agency."),
    Field::new(
        "standing",
        Form::Word(|| Standing::ALL.iter().map(|word| word.word()).collect()),
        "Whether it takes part.",
    ),
    Field::new("reason", Form::Text, "Why, in words; null where no reason belongs to it.").or_null(),
];

/// Of a certificate.
const CERTIFICATE: &[Field] = &[
    Field::new("certificateId", Form::Id(CertificateId::KIND), "The certificate."),
    Field::new("institutionId", Form::Id(InstitutionId::KIND), "Its holder."),
    Field::new("scheme", Form::Word(|| CertificateScheme::ALL.iter().map(|word| word.word()).collect()), "The scheme."),
    Field::new("number", Form::Text, "Its number, as written."),
    Field::new(
        "status",
        Form::Word(|| CertificateStatus::ALL.iter().map(|word| word.word()).collect()),
        "Its status from that date on.",
    ),
    Field::new("effectiveFrom", Form::Date, "The date from which this holds."),
    Field::new("reason", Form::Text, "Why, in words; null where no reason belongs to it.").or_null(),
];

/// Of equipment.
const EQUIPMENT: &[Field] = &[
    Field::new("equipmentId", Form::Id(EquipmentId::KIND), "The equipment."),
    Field::new("labId", Form::Id(LabId::KIND), "Its lab."),
    Field::new("assetCode", Form::Text, "Its code within the lab."),
    Field::new(
        "status",
        Form::Word(|| EquipmentStatus::ALL.iter().map(|word| word.word()).collect()),
        "Its status from that date on.",
    ),
    Field::new("effectiveFrom", Form::Date, "The date from which this holds."),
    Field::new("reason", Form::Text, "Why, in words; null where no reason belongs to it.").or_null(),
];

/// Of a calibration.
const CALIBRATION: &[Field] = &[
    Field::new("calibrationId", Form::Id(CalibrationId::KIND), "The calibration."),
    Field::new("equipmentId", Form::Id(EquipmentId::KIND), "What was calibrated."),
    Field::new("labId", Form::Id(LabId::KIND), "Its lab."),
    Field::new("performedOn", Form::Date, "When it was calibrated."),
    Field::new("dueOn", Form::Date, "When the next is due."),
    Field::new("result", Form::Word(|| CalibrationResult::ALL.iter().map(|word| word.word()).collect()), "The result."),
    Field::new("reason", Form::Text, "Why, in words; null where no reason belongs to it.").or_null(),
];

/// Of a line of competence, or of many lines of one edition of an annex.
const SCOPE: &[Field] = &[
    Field::new("scopeId", Form::Id(ScopeId::KIND), "The line; null where many were written at once.").or_null(),
    Field::new("scopeVersionId", Form::Id(ScopeVersionId::KIND), "The edition of the annex."),
    Field::new("certificateId", Form::Id(CertificateId::KIND), "The certificate."),
    Field::new("labId", Form::Id(LabId::KIND), "The lab."),
    Field::new("effectiveFrom", Form::Date, "The date from which this holds."),
    Field::new("created", Form::Number, "How many lines are new."),
    Field::new("changed", Form::Number, "How many lines were changed."),
    Field::new("closed", Form::Number, "How many lines were closed."),
    Field::new("reason", Form::Text, "Why, in words; null where no reason belongs to it.").or_null(),
];

/// Of a standard.
const STANDARD: &[Field] = &[
    Field::new("standardId", Form::Id(StandardId::KIND), "The standard."),
    Field::new("number", Form::Text, "Its number."),
    Field::new("status", Form::Word(|| StandardStatus::ALL.iter().map(|word| word.word()).collect()), "Its status."),
    Field::new("replacedBy", Form::Text, "Number of the standard that replaces it.").or_null(),
    Field::new("created", Form::Flag, "Whether it is new in the register."),
];

/// Of an agency.
const AGENCY: &[Field] = &[Field::new("agencyId", Form::Id(AgencyCode::KIND), "The agency.")];

/// Of a day.
const CALENDAR: &[Field] = &[
    Field::new("day", Form::Date, "The day."),
    Field::new("kind", Form::Word(|| HolidayKind::ALL.iter().map(|word| word.word()).collect()), "What it is."),
];

/// Of a calibration whose date comes near.
const CALIBRATION_NEAR: &[Field] = &[
    Field::new("lab", Form::Id(LabId::KIND), "The lab."),
    Field::new("assetCode", Form::Text, "Code of the equipment within the agency."),
    Field::new("dueOn", Form::Date, "The last day of the calibration."),
    Field::new("daysLeft", Form::Number, "How many days are left; below 0 where that day has passed."),
];

/// Of a certificate whose end comes near.
const CERTIFICATE_NEAR: &[Field] = &[
    Field::new("institution", Form::Id(InstitutionId::KIND), "Its holder."),
    Field::new("scheme", Form::Word(|| CertificateScheme::ALL.iter().map(|word| word.word()).collect()), "The scheme."),
    Field::new("number", Form::Text, "Its number, as written."),
    Field::new("validTo", Form::Date, "The last day on which it is valid."),
    Field::new("daysLeft", Form::Number, "How many days are left; below 0 where that day has passed."),
];

events! {
    /// The calibration of equipment in service falls due soon, or has fallen due.
    CALIBRATION_DUE = "calibration.due.v1", EquipmentId::KIND, Agency, CALIBRATION_NEAR;
    /// A certificate ends soon, or has ended.
    CERTIFICATE_EXPIRING = "certificate.expiring.v1", CertificateId::KIND, Agency, CERTIFICATE_NEAR;
    /// An institution was entered or edited.
    INSTITUTION_CHANGED = "institution.changed.v1", InstitutionId::KIND, AsRecord, INSTITUTION;
    /// An institution was set aside for a stated reason.
    INSTITUTION_SUSPENDED = "institution.suspended.v1", InstitutionId::KIND, AsRecord, INSTITUTION;
    /// An institution that was set aside takes part again.
    INSTITUTION_RESUMED = "institution.resumed.v1", InstitutionId::KIND, AsRecord, INSTITUTION;
    /// An institution is gone for good and kept for the record.
    INSTITUTION_RETIRED = "institution.retired.v1", InstitutionId::KIND, AsRecord, INSTITUTION;
    /// A lab was entered or edited.
    LAB_CHANGED = "lab.changed.v1", LabId::KIND, AsRecord, LAB;
    /// A lab was set aside for a stated reason.
    LAB_SUSPENDED = "lab.suspended.v1", LabId::KIND, AsRecord, LAB;
    /// A lab that was set aside takes part again.
    LAB_RESUMED = "lab.resumed.v1", LabId::KIND, AsRecord, LAB;
    /// A lab is gone for good and kept for the record.
    LAB_RETIRED = "lab.retired.v1", LabId::KIND, AsRecord, LAB;
    /// A signatory was entered or edited.
    SIGNATORY_CHANGED = "signatory.changed.v1", SignatoryId::KIND, AsRecord, SIGNATORY;
    /// A signatory was set aside for a stated reason.
    SIGNATORY_SUSPENDED = "signatory.suspended.v1", SignatoryId::KIND, AsRecord, SIGNATORY;
    /// A signatory that was set aside takes part again.
    SIGNATORY_RESUMED = "signatory.resumed.v1", SignatoryId::KIND, AsRecord, SIGNATORY;
    /// A signatory is gone for good and kept for the record.
    SIGNATORY_RETIRED = "signatory.retired.v1", SignatoryId::KIND, AsRecord, SIGNATORY;
    /// A certificate was entered or edited, or the sites that it covers have changed.
    CERTIFICATE_CHANGED = "certificate.changed.v1", CertificateId::KIND, AsRecord, CERTIFICATE;
    /// A certificate was suspended from a date on.
    CERTIFICATE_SUSPENDED = "certificate.suspended.v1", CertificateId::KIND, AsRecord, CERTIFICATE;
    /// A suspended certificate is in force again from a date on.
    CERTIFICATE_RESUMED = "certificate.resumed.v1", CertificateId::KIND, AsRecord, CERTIFICATE;
    /// A certificate was withdrawn from a date on.
    CERTIFICATE_WITHDRAWN = "certificate.withdrawn.v1", CertificateId::KIND, AsRecord, CERTIFICATE;
    /// Equipment was entered or edited, or linked to other lines of competence.
    EQUIPMENT_CHANGED = "equipment.changed.v1", EquipmentId::KIND, AsRecord, EQUIPMENT;
    /// Equipment went out of service, came back, or was retired.
    EQUIPMENT_STATUS_CHANGED = "equipment.status_changed.v1", EquipmentId::KIND, AsRecord, EQUIPMENT;
    /// A calibration was recorded.
    CALIBRATION_RECORDED = "calibration.recorded.v1", CalibrationId::KIND, AsRecord, CALIBRATION;
    /// A record of a calibration was declared void.
    CALIBRATION_VOIDED = "calibration.voided.v1", CalibrationId::KIND, AsRecord, CALIBRATION;
    /// A line of competence was entered, changed or closed, or many of an annex at once.
    SCOPE_CHANGED = "scope.changed.v1", "scope, or scope-version for many at once", AsRecord, SCOPE;
    /// A standard was entered or edited.
    STANDARD_CHANGED = "standard.changed.v1", StandardId::KIND, Everybody, STANDARD;
    /// A member of the pact was entered or edited.
    AGENCY_CHANGED = "agency.changed.v1", AgencyCode::KIND, Everybody, AGENCY;
    /// A day of the calendar of working days was entered or changed; deadlines may move.
    CALENDAR_CHANGED = "calendar.changed.v1", "holiday", Everybody, CALENDAR;
}
