//! Every query on `certificate` and `certificate_lab`.

mod covers;
mod reading;

pub use covers::{began, covered_labs, covers, links, shown_covers};
pub use reading::{by_ids, by_number, children, count, count_children, history, in_force_on, page, walk};

use chrono::NaiveDate;
use entity::{
    FOREVER,
    certificate::{Column, Entity, Model},
    certificate_lab,
    enums::CertificateScheme,
    ids::{AgencyCode, CertificateId, InstitutionId, LabId},
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use crate::platform::{access::Sealed, db::Tx, fault::Outcome};

/// Locks a certificate and seals its last revision.
///
/// # Errors
/// `NOT_FOUND`.
pub async fn lock(tx: &Tx, id: CertificateId) -> Outcome<Sealed<Model>> {
    // The first revision is the same row for everybody, so whoever waits for it reads the last one afterwards.
    let first = Entity::find().filter(Column::Id.eq(id)).filter(Column::Revision.eq(1));
    tx.lock::<Model>(first, id.0).await?;
    tx.lock(Entity::find().filter(Column::Id.eq(id)).order_by_desc(Column::Revision).limit(1), id.0).await
}

/// The last revision of the certificate of that holder, scheme and folded number, whoever asks: for writing only.
///
/// # Errors
/// `UNAVAILABLE`.
pub async fn known(
    tx: &Tx,
    institution: InstitutionId,
    scheme: CertificateScheme,
    number_key: &str,
) -> Outcome<Option<Model>> {
    let select = Entity::find()
        .filter(Column::InstitutionId.eq(institution))
        .filter(Column::Scheme.eq(scheme))
        .filter(Column::NumberKey.eq(number_key))
        .filter(Column::EffectiveTo.eq(FOREVER));
    tx.one(select).await
}

/// The last revisions of an agency's certificates of a folded number, whoever asks: for writing only.
///
/// # Errors
/// `UNAVAILABLE`.
pub async fn known_number(tx: &Tx, agency: &AgencyCode, number_key: &str) -> Outcome<Vec<Model>> {
    let select = Entity::find()
        .filter(Column::Agency.eq(agency.clone()))
        .filter(Column::NumberKey.eq(number_key))
        .filter(Column::EffectiveTo.eq(FOREVER));
    tx.all(select).await
}

/// The sites that a certificate covers on a date.
///
/// # Errors
/// `UNAVAILABLE`.
pub async fn sites(tx: &Tx, id: CertificateId, on: NaiveDate) -> Outcome<Vec<LabId>> {
    let select = certificate_lab::Entity::find()
        .filter(certificate_lab::Column::CertificateId.eq(id))
        .filter(certificate_lab::Column::EffectiveFrom.lte(on))
        .filter(certificate_lab::Column::EffectiveTo.gt(on));
    Ok(tx.all(select).await?.into_iter().map(|link| link.lab_id).collect())
}
