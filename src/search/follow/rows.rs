//! Reading what lines refer to: sites, certificates, items, people, standards and offerings, many with one statement.

use std::collections::HashMap;

use entity::{
    calibration, certificate, certificate_lab, equipment, equipment_scope, institution, lab, offering, offering_scope,
    signatory, signatory_scope, standard,
};
use sea_orm::{ColumnTrait, EntityTrait, FromQueryResult, QueryFilter, QueryOrder, Value};
use uuid::Uuid;

use crate::{
    directory::rows::among,
    platform::{db::Db, fault::Outcome},
};

/// The lines that ever were linked to items.
pub(super) async fn lines_of_equipment(db: &Db, items: &[Uuid]) -> Outcome<Vec<Uuid>> {
    let column = equipment_scope::Column::EquipmentId;
    let select = equipment_scope::Entity::find().filter(among(db.dialect(), column, items.iter().copied()));
    Ok(db.all_in_background(select).await?.into_iter().map(|row| row.scope_id.0).collect())
}

/// The lines that ever were linked to signatories.
pub(super) async fn lines_of_signatories(db: &Db, people: &[Uuid]) -> Outcome<Vec<Uuid>> {
    let column = signatory_scope::Column::SignatoryId;
    let select = signatory_scope::Entity::find().filter(among(db.dialect(), column, people.iter().copied()));
    Ok(db.all_in_background(select).await?.into_iter().map(|row| row.scope_id.0).collect())
}

/// Sites, each with its institution.
pub(super) async fn labs(db: &Db, ids: &[Uuid]) -> Outcome<Vec<(lab::Model, Option<institution::Model>)>> {
    let select = lab::Entity::find().filter(among(db.dialect(), lab::Column::Id, ids.iter().copied()));
    let labs = db.all_in_background(select).await?;
    let holders = labs.iter().map(|lab| lab.institution_id.0);
    let select = institution::Entity::find().filter(among(db.dialect(), institution::Column::Id, holders));
    let found = db.all_in_background(select).await?;
    let found: HashMap<_, _> = found.into_iter().map(|row| (row.id, row)).collect();
    Ok(labs.into_iter().map(|lab| (found.get(&lab.institution_id).cloned(), lab)).map(|(of, lab)| (lab, of)).collect())
}

/// The sites of institutions.
pub(super) async fn labs_of_institutions(db: &Db, ids: &[Uuid]) -> Outcome<Vec<Uuid>> {
    let select = lab::Entity::find().filter(among(db.dialect(), lab::Column::InstitutionId, ids.iter().copied()));
    Ok(db.all_in_background(select).await?.into_iter().map(|row| row.id.0).collect())
}

/// Certificates: all their revisions, and the sites that they cover.
pub(super) async fn certificates(
    db: &Db,
    ids: &[Uuid],
) -> Outcome<(Vec<certificate::Model>, Vec<certificate_lab::Model>)> {
    let select = certificate::Entity::find()
        .filter(among(db.dialect(), certificate::Column::Id, ids.iter().copied()))
        .order_by_asc(certificate::Column::Id)
        .order_by_asc(certificate::Column::Revision);
    let column = certificate_lab::Column::CertificateId;
    let covers = certificate_lab::Entity::find().filter(among(db.dialect(), column, ids.iter().copied()));
    Ok((db.all_in_background(select).await?, db.all_in_background(covers).await?))
}

/// Items of equipment: all their revisions, and their calibrations.
pub(super) async fn equipment(db: &Db, ids: &[Uuid]) -> Outcome<(Vec<equipment::Model>, Vec<calibration::Model>)> {
    let select = equipment::Entity::find()
        .filter(among(db.dialect(), equipment::Column::Id, ids.iter().copied()))
        .order_by_asc(equipment::Column::Id)
        .order_by_asc(equipment::Column::Revision);
    let column = calibration::Column::EquipmentId;
    let calibrations = calibration::Entity::find()
        .filter(among(db.dialect(), column, ids.iter().copied()))
        .filter(calibration::Column::VoidedOn.is_null());
    Ok((db.all_in_background(select).await?, db.all_in_background(calibrations).await?))
}

/// The items that calibrations are of.
pub(super) async fn equipment_of_calibrations(db: &Db, ids: &[Uuid]) -> Outcome<Vec<Uuid>> {
    let select = calibration::Entity::find().filter(among(db.dialect(), calibration::Column::Id, ids.iter().copied()));
    Ok(db.all_in_background(select).await?.into_iter().map(|row| row.equipment_id.0).collect())
}

/// Signatories.
pub(super) async fn signatories(db: &Db, ids: &[Uuid]) -> Outcome<Vec<signatory::Model>> {
    let select = signatory::Entity::find().filter(among(db.dialect(), signatory::Column::Id, ids.iter().copied()));
    db.all_in_background(select).await
}

/// Offerings, each with the lines that it names.
pub(super) async fn offerings(db: &Db, ids: &[Uuid]) -> Outcome<Vec<(offering::Model, Vec<Uuid>)>> {
    let select = offering::Entity::find().filter(among(db.dialect(), offering::Column::Id, ids.iter().copied()));
    let column = offering_scope::Column::OfferingId;
    let named = offering_scope::Entity::find()
        .filter(among(db.dialect(), column, ids.iter().copied()))
        .filter(offering_scope::Column::EffectiveTo.eq(entity::FOREVER));
    let mut lines: HashMap<_, Vec<Uuid>> = HashMap::new();
    for row in db.all_in_background(named).await? {
        lines.entry(row.offering_id).or_default().push(row.scope_id.0);
    }
    let rows = db.all_in_background(select).await?;
    Ok(rows
        .into_iter()
        .map(|row| (lines.remove(&row.id).unwrap_or_default(), row))
        .map(|(of, row)| (row, of))
        .collect())
}

/// Editions of standards.
pub(super) async fn standards(db: &Db, ids: &[Uuid]) -> Outcome<Vec<standard::Model>> {
    let select = standard::Entity::find().filter(among(db.dialect(), standard::Column::Id, ids.iter().copied()));
    db.all_in_background(select).await
}

/// A table whose rows are walked through by their ids.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Walked {
    Lab,
    Certificate,
    Equipment,
    Signatory,
    Standard,
    Offering,
}

impl Walked {
    /// In the order in which they are read: what others refer to first.
    pub(super) const ALL: [Self; 6] =
        [Self::Standard, Self::Lab, Self::Certificate, Self::Equipment, Self::Signatory, Self::Offering];

    const fn table(self) -> &'static str {
        match self {
            Self::Lab => "lab",
            Self::Certificate => "certificate",
            Self::Equipment => "equipment",
            Self::Signatory => "signatory",
            Self::Standard => "standard",
            Self::Offering => "offering",
        }
    }
}

#[derive(FromQueryResult)]
struct Id {
    id: Uuid,
}

/// Up to `most` ids behind one, in order.
pub(super) async fn ids_after(db: &Db, walked: Walked, after: Uuid, most: usize) -> Outcome<Vec<Uuid>> {
    let mark = db.dialect().place(1);
    let table = walked.table();
    let sql = format!("SELECT DISTINCT id FROM {table} WHERE id > {mark} ORDER BY id LIMIT {most}");
    let found: Vec<Id> = db.sql_in_background(&sql, vec![Value::from(after)]).await?;
    Ok(found.into_iter().map(|row| row.id).collect())
}
