//! Every query on `certificate` and `certificate_lab`.

mod covers;
mod reading;

pub use covers::{began, covered_labs, covers, links, shown_covers};
pub use reading::{by_ids, by_number, children, count, count_children, history, page};

use entity::{
    certificate::{Column, Entity, Model},
    ids::CertificateId,
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
