//! Which labs a certificate covers.

use std::collections::HashMap;

use chrono::NaiveDate;
use entity::{
    certificate,
    certificate_lab::{Column, Entity, Model},
    ids::{CertificateId, LabId},
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use uuid::Uuid;

use crate::{
    directory::rows::{among, in_force, lab_shown},
    platform::{
        access::Visible,
        db::{Db, Tx},
        fault::Outcome,
    },
};

/// The visible labs that each certificate covers on a date; certificates without any are left out.
///
/// # Errors
/// `UNAVAILABLE`.
pub async fn covered_labs(
    db: &Db,
    visible: &Visible,
    certificates: &[Uuid],
    on: NaiveDate,
) -> Outcome<HashMap<Uuid, Vec<LabId>>> {
    let select = Entity::find()
        .filter(among(db.dialect(), Column::CertificateId, certificates.iter().copied()))
        .filter(in_force(Column::EffectiveFrom, Column::EffectiveTo, on))
        .filter(lab_shown(visible, Column::LabId))
        .order_by_asc(Column::LabId);
    let mut labs: HashMap<Uuid, Vec<LabId>> = HashMap::new();
    for link in db.all(select).await? {
        labs.entry(link.certificate_id.0).or_default().push(link.lab_id);
    }
    Ok(labs)
}

/// Every cover of a certificate over all time that names a visible lab, the earliest first.
///
/// # Errors
/// `UNAVAILABLE`.
pub async fn shown_covers(db: &Db, visible: &Visible, certificate: CertificateId) -> Outcome<Vec<Model>> {
    let select = Entity::find()
        .filter(Column::CertificateId.eq(certificate))
        .filter(lab_shown(visible, Column::LabId))
        .order_by_asc(Column::EffectiveFrom)
        .order_by_asc(Column::LabId);
    db.all(select).await
}

/// Whether the certificate covers the lab on a date, as this transaction sees it.
///
/// # Errors
/// `UNAVAILABLE`.
pub async fn covers(tx: &Tx, certificate: CertificateId, lab: LabId, on: NaiveDate) -> Outcome<bool> {
    let select = Entity::find()
        .filter(Column::CertificateId.eq(certificate))
        .filter(Column::LabId.eq(lab))
        .filter(in_force(Column::EffectiveFrom, Column::EffectiveTo, on));
    Ok(tx.one(select).await?.is_some())
}

/// Every cover of one lab by one certificate, the earliest first.
///
/// # Errors
/// `UNAVAILABLE`.
pub async fn links(tx: &Tx, certificate: CertificateId, lab: LabId) -> Outcome<Vec<Model>> {
    let select = Entity::find()
        .filter(Column::CertificateId.eq(certificate))
        .filter(Column::LabId.eq(lab))
        .order_by_asc(Column::EffectiveFrom);
    tx.all(select).await
}

/// The date on which the first revision of a certificate began.
///
/// # Errors
/// `UNAVAILABLE`.
pub async fn began(tx: &Tx, id: CertificateId) -> Outcome<Option<NaiveDate>> {
    let first = certificate::Entity::find_by_id((id, 1));
    Ok(tx.one(first).await?.map(|row| row.effective_from))
}
