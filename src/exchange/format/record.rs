//! The kinds of records as rows: a file per kind, each with its columns, how a row is read and how it is written.
//! Texts are trimmed and kept as written; codes are folded; whether they refer to anything is the register's to say.

pub(super) mod calibration;
pub(super) mod certificate;
pub(super) mod equipment;
pub(super) mod holiday;
pub(super) mod institution;
pub(super) mod lab;
pub(super) mod scope;
pub(super) mod signatory;
pub(super) mod standard;

pub use calibration::{CalibrationRow, PerformedCalibration};
pub use certificate::CertificateRow;
pub use equipment::EquipmentRow;
pub use holiday::HolidayRow;
pub use institution::InstitutionRow;
pub use lab::LabRow;
pub use scope::ScopeRow;
pub use signatory::SignatoryRow;
pub use standard::StandardRow;

use chrono::NaiveDate;
use entity::enums::Visibility;

/// Words for who may see a record.
const VISIBILITY: &[(&str, Visibility)] =
    &[("公开", Visibility::Public), ("成员", Visibility::Partner), ("本单位", Visibility::Own)];

/// The word for a validity without end, in files.
const OPEN_END: &str = "长期";

/// A cell of a text that may be missing.
fn maybe(text: Option<&String>) -> String {
    text.cloned().unwrap_or_default()
}

/// A cell of a date that may be missing.
fn day(date: Option<NaiveDate>) -> String {
    date.map(|date| date.to_string()).unwrap_or_default()
}
