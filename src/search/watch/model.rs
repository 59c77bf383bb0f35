//! What a saved search asks, and what it found. Pure.

use chrono::{NaiveDate, TimeDelta};
use entity::{
    Record, calibration, certificate, certificate_lab, competence_scope,
    enums::SavedSearchKind,
    equipment, equipment_scope,
    ids::{EquipmentId, LabId, ScopeId},
    institution, lab, offering, offering_scope, saved_search, signatory, signatory_scope, standard,
};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::{platform::fault::Outcome, search::find::question::Question};

/// How much work a saved search may make.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// It is asked at most once in this time.
    pub between: TimeDelta,
    /// If it finds more, it is not watched.
    pub most: usize,
}

/// How many new matches an event names.
pub const NAMED: usize = 10;

/// Makes the question of a saved search, as of a day.
pub type Read = fn(&saved_search::Model, NaiveDate) -> Outcome<Question>;

/// Kinds of rows whose change can bring a match.
pub const RELEVANT: [&str; 13] = [
    competence_scope::Model::KIND,
    lab::Model::KIND,
    institution::Model::KIND,
    certificate::Model::KIND,
    certificate_lab::Model::KIND,
    equipment::Model::KIND,
    calibration::Model::KIND,
    equipment_scope::Model::KIND,
    signatory::Model::KIND,
    signatory_scope::Model::KIND,
    offering::Model::KIND,
    offering_scope::Model::KIND,
    standard::Model::KIND,
];

/// What is asked, in short: other matches of another question are not news.
pub fn question(row: &saved_search::Model) -> String {
    let filter = row.filter.as_ref().map(ToString::to_string);
    hex::encode(Sha256::digest(format!("{}|{:?}|{filter:?}", row.kind.word(), row.text)))
}

/// The typed id of a match.
pub fn typed(kind: SavedSearchKind, id: Uuid) -> String {
    match kind {
        SavedSearchKind::Scope => ScopeId(id).to_string(),
        SavedSearchKind::Lab => LabId(id).to_string(),
        SavedSearchKind::Equipment => EquipmentId(id).to_string(),
    }
}
