//! Calibrations (检定 / 校准).

use chrono::{DateTime, NaiveDate, Utc};
use entity::{calibration::Model, enums::CalibrationResult, equipment, ids::CalibrationId};

use crate::{
    directory::text,
    platform::fault::{Outcome, Problems},
};

/// A calibration to be recorded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewCalibration {
    /// 检定 / 校准日期.
    pub performed_on: NaiveDate,
    /// Last date on which the item counts as calibrated (有效期至).
    pub due_on: NaiveDate,
    /// Number of the calibration certificate.
    pub certificate_number: Option<String>,
    /// Who calibrated.
    pub provider: Option<String>,
    /// What was found.
    pub result: CalibrationResult,
    /// Free text.
    pub remarks: Option<String>,
}

impl NewCalibration {
    /// The row of an item.
    ///
    /// # Errors
    /// `INVALID` with every problem; a calibration that lies ahead of `today` is one.
    pub fn of(self, item: &equipment::Model, id: CalibrationId, at: DateTime<Utc>, today: NaiveDate) -> Outcome<Model> {
        let mut problems = Problems::default();
        let p = &mut problems;
        if self.performed_on > today {
            p.add("input.performedOn", "DATE_AHEAD", format!("Record a calibration once it was done, by {today}."));
        }
        text::ordered(p, "input.dueOn", Some(self.performed_on), Some(self.due_on));
        let row = Model {
            id,
            equipment_id: item.id,
            agency: item.agency.clone(),
            performed_on: self.performed_on,
            due_on: self.due_on,
            certificate_number: text::optional(p, "input.certificateNumber", self.certificate_number, text::NAME),
            provider: text::optional(p, "input.provider", self.provider, text::NAME),
            result: self.result,
            remarks: text::optional(p, "input.remarks", self.remarks, text::FREE),
            voided_on: None,
            void_reason: None,
            version: 1,
            recorded_at: at,
        };
        problems.finish()?;
        Ok(row)
    }
}

/// What the calibrations of an item say of a date. The API words are those of the variants.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum CalibrationStanding {
    /// `IN_CALIBRATION`: the last one found it fit, and holds until this date, inclusive.
    InCalibration {
        /// The last date.
        until: NaiveDate,
    },
    /// `OVERDUE`: the last one found it fit, but no longer holds.
    Overdue {
        /// The first date without calibration.
        since: NaiveDate,
    },
    /// `FAILED`: the last one found it unfit.
    Failed {
        /// The date on which it was found so.
        since: NaiveDate,
    },
    /// `NEVER` calibrated by that date.
    Never,
}

impl CalibrationStanding {
    /// What the last of these calibrations by that date says; voided ones never were.
    pub fn on<'c>(calibrations: impl IntoIterator<Item = &'c Model>, on: NaiveDate) -> Self {
        let last = calibrations
            .into_iter()
            .filter(|one| one.voided_on.is_none() && one.performed_on <= on)
            .max_by_key(|one| (one.performed_on, one.id));
        match last {
            None => Self::Never,
            Some(last) => match last.result {
                CalibrationResult::Failed => Self::Failed { since: last.performed_on },
                CalibrationResult::Passed | CalibrationResult::Limited if last.due_on >= on => {
                    Self::InCalibration { until: last.due_on }
                }
                CalibrationResult::Passed | CalibrationResult::Limited => {
                    Self::Overdue { since: last.due_on.succ_opt().unwrap_or(last.due_on) }
                }
            },
        }
    }

    /// The spelling in the API.
    pub const fn word(self) -> &'static str {
        match self {
            Self::InCalibration { .. } => "IN_CALIBRATION",
            Self::Overdue { .. } => "OVERDUE",
            Self::Failed { .. } => "FAILED",
            Self::Never => "NEVER",
        }
    }
}
