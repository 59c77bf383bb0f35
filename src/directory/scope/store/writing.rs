//! What use cases read and lock on the way to a write.

use chrono::NaiveDate;
use entity::{
    FOREVER,
    competence_scope::{Column, Entity, Model},
    ids::{CertificateId, LabId, ScopeId, ScopeVersionId},
    scope_version,
};
use sea_orm::{
    ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
    sea_query::{Expr, ExprTrait},
};
use uuid::Uuid;

use crate::{
    directory::rows::{among, in_force},
    platform::{access::Sealed, db::Tx, fault::Outcome},
};

/// Lines read at a time when a whole annex is compared.
const READ: u64 = 2_000;

/// Locks a line and seals its last revision.
///
/// # Errors
/// `NOT_FOUND`.
pub async fn lock(tx: &Tx, id: ScopeId) -> Outcome<Sealed<Model>> {
    // The first revision is the same row for everybody, so whoever waits for it reads the last one afterwards.
    let first = Entity::find().filter(Column::Id.eq(id)).filter(Column::Revision.eq(1));
    tx.lock::<Model>(first, id.0).await?;
    tx.lock(Entity::find().filter(Column::Id.eq(id)).order_by_desc(Column::Revision).limit(1), id.0).await
}

/// An edition by id, as this transaction sees it.
///
/// # Errors
/// `UNAVAILABLE`.
pub async fn edition(tx: &Tx, id: ScopeVersionId) -> Outcome<Option<scope_version::Model>> {
    tx.one(scope_version::Entity::find_by_id(id)).await
}

/// The number of the last edition of a certificate; 0 before the first.
///
/// # Errors
/// `UNAVAILABLE`.
pub async fn last_edition(tx: &Tx, certificate: CertificateId) -> Outcome<i32> {
    let last = scope_version::Entity::find()
        .filter(scope_version::Column::CertificateId.eq(certificate))
        .order_by_desc(scope_version::Column::Edition)
        .limit(1);
    Ok(tx.one(last).await?.map_or(0, |edition| edition.edition))
}

/// The lines of one certificate at one site that have not ended.
#[derive(Clone, Copy, Debug)]
pub struct InForce {
    /// The certificate.
    pub certificate: CertificateId,
    /// The site.
    pub lab: LabId,
}

/// The next lines in order of serial number after `last`; none when there are no more.
///
/// # Errors
/// `UNAVAILABLE`.
pub async fn in_force_after(tx: &Tx, annex: InForce, last: Option<&Model>) -> Outcome<Vec<Model>> {
    let mut select = Entity::find()
        .filter(Column::LabId.eq(annex.lab))
        .filter(Column::CertificateId.eq(annex.certificate))
        .filter(Column::EffectiveTo.eq(FOREVER))
        .order_by_asc(Column::SerialKey)
        .order_by_asc(Column::Id)
        .limit(READ);
    if let Some(last) = last {
        let place = Expr::tuple([Column::SerialKey, Column::Id].map(|column| Expr::col((Entity, column))));
        select = select.filter(place.gt(Expr::tuple([Expr::val(last.serial_key.as_str()), Expr::val(last.id)])));
    }
    tx.all(select).await
}

/// The last revisions of these lines.
///
/// # Errors
/// `UNAVAILABLE`.
pub async fn last_of_ids(tx: &Tx, ids: impl IntoIterator<Item = Uuid>) -> Outcome<Vec<Model>> {
    let select = Entity::find().filter(among(tx.dialect(), Column::Id, ids)).filter(Column::EffectiveTo.eq(FOREVER));
    tx.all(select).await
}

/// The revision of a line that was in force on a date, as it is known by now.
///
/// # Errors
/// `UNAVAILABLE`.
pub async fn in_force_on(tx: &Tx, id: ScopeId, on: NaiveDate) -> Outcome<Option<Model>> {
    let select = Entity::find().filter(Column::Id.eq(id));
    tx.one(select.filter(in_force(Column::EffectiveFrom, Column::EffectiveTo, on))).await
}
