//! Finding dates that come near and were not told.

use chrono::NaiveDate;
use entity::{
    enums::CertificateScheme,
    ids::{AgencyCode, CertificateId, EquipmentId, InstitutionId, LabId},
};
use sea_orm::FromQueryResult;

use super::model::{Before, LATE};
use crate::platform::{db::Db, fault::Outcome};

/// Dates of one transaction.
pub(super) const BATCH: usize = 200;

/// A calibration that falls due.
#[derive(FromQueryResult)]
pub(super) struct Calibration {
    pub(super) id: EquipmentId,
    pub(super) agency: AgencyCode,
    pub(super) lab_id: LabId,
    pub(super) asset_code: String,
    pub(super) due_on: NaiveDate,
    pub(super) days: i32,
}

/// A certificate that ends.
#[derive(FromQueryResult)]
pub(super) struct Certificate {
    pub(super) id: CertificateId,
    pub(super) agency: AgencyCode,
    pub(super) institution_id: InstitutionId,
    pub(super) scheme: CertificateScheme,
    pub(super) number: String,
    pub(super) due_on: NaiveDate,
    pub(super) days: i32,
}

/// Items in service whose last calibration falls due, and whose owner was not told so.
pub(super) async fn calibrations(
    db: &Db,
    before: &Before,
    (today, about): (NaiveDate, &str),
) -> Outcome<Vec<Calibration>> {
    let near = Near::of(before, today, "c.due_on");
    let Near { days, range } = &near;
    let told = near.told("e.id", "c.due_on", about);
    let sql = format!(
        "SELECT e.id, e.agency, e.lab_id, e.asset_code, c.due_on, {days} AS days \
         FROM calibration c JOIN equipment e ON e.id = c.equipment_id \
         AND e.effective_from <= '{today}' AND e.effective_to > '{today}' AND e.status = 'IN_SERVICE' \
         WHERE c.voided_on IS NULL AND {range} AND c.performed_on <= '{today}' AND c.result <> 'FAILED' \
         AND NOT EXISTS (SELECT 1 FROM calibration n WHERE n.equipment_id = c.equipment_id AND n.voided_on IS NULL \
         AND n.performed_on <= '{today}' \
         AND (n.performed_on > c.performed_on OR n.performed_on = c.performed_on AND n.id > c.id)) \
         AND {told} ORDER BY e.id LIMIT {BATCH}"
    );
    db.sql_in_background(&sql, Vec::new()).await
}

/// Certificates in force that end, and whose owner was not told so. A renewal that is entered ahead counts.
pub(super) async fn certificates(
    db: &Db,
    before: &Before,
    (today, about): (NaiveDate, &str),
) -> Outcome<Vec<Certificate>> {
    let near = Near::of(before, today, "c.valid_to");
    let Near { days, range } = &near;
    let told = near.told("c.id", "c.valid_to", about);
    let sql = format!(
        "SELECT c.id, c.agency, c.institution_id, c.scheme, c.number, c.valid_to AS due_on, {days} AS days \
         FROM certificate c WHERE c.effective_to = '9999-12-31' AND c.status = 'ACTIVE' AND {range} \
         AND {told} ORDER BY c.id LIMIT {BATCH}"
    );
    db.sql_in_background(&sql, Vec::new()).await
}

/// The part of a statement that finds dates that are near.
struct Near {
    /// The nearest number of days of which a date speaks.
    days: String,
    /// Dates of which any number of days speaks.
    range: String,
}

impl Near {
    fn of(before: &Before, today: NaiveDate, column: &str) -> Self {
        let reach = before.reach(today);
        let cases: Vec<String> =
            reach.iter().map(|(days, last)| format!("WHEN {column} <= '{last}' THEN {days}")).collect();
        let last = reach.last().map_or(today, |(_, last)| *last);
        Self {
            days: format!("(CASE {} END)", cases.join(" ")),
            range: format!("{column} >= '{}' AND {column} <= '{last}'", today - LATE),
        }
    }

    /// Neither this number of days was told of the date, nor a nearer one.
    fn told(&self, id: &str, column: &str, about: &str) -> String {
        format!(
            "NOT EXISTS (SELECT 1 FROM reminder r WHERE r.subject_id = {id} AND r.about = '{about}' \
             AND r.due_on = {column} AND r.days <= {})",
            self.days
        )
    }
}
