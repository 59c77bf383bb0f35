//! What use cases read and lock on the way to a write. Whoever changes anything of a request locks its row first, so that
//! the rest may be read without locks.

use chrono::{DateTime, Utc};
use entity::{
    approval, consignment, deliverable,
    enums::RequestStatus,
    ids::{AgencyCode, ConsignmentId, OfferId, ReferralId, RequestId},
    offer, offer_condition, referral, request,
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};

use crate::platform::{
    access::Sealed,
    db::Tx,
    fault::{Fault, Outcome},
};

/// Locks the row of a request.
///
/// # Errors
/// `NOT_FOUND`.
pub async fn lock(tx: &Tx, id: RequestId) -> Outcome<Sealed<request::Model>> {
    tx.lock(request::Entity::find_by_id(id), id.0).await
}

/// Locks the row of a referral. Lock its request first.
///
/// # Errors
/// `NOT_FOUND`.
pub async fn lock_referral(tx: &Tx, id: ReferralId) -> Outcome<Sealed<referral::Model>> {
    tx.lock(referral::Entity::find_by_id(id), id.0).await
}

/// The request of a referral.
///
/// # Errors
/// `NOT_FOUND`.
pub async fn request_of(tx: &Tx, id: ReferralId) -> Outcome<RequestId> {
    let row = tx.one(referral::Entity::find_by_id(id)).await?;
    row.map(|row| row.request_id).ok_or_else(|| Fault::not_found(ReferralId::KIND, id.0))
}

/// The referral of an offer.
///
/// # Errors
/// `NOT_FOUND`.
pub async fn referral_of(tx: &Tx, id: OfferId) -> Outcome<ReferralId> {
    let row = tx.one(offer::Entity::find_by_id(id)).await?;
    row.map(|row| row.referral_id).ok_or_else(|| Fault::not_found(OfferId::KIND, id.0))
}

/// The offers of a referral, in order.
///
/// # Errors
/// `UNAVAILABLE`.
pub async fn offers(tx: &Tx, id: ReferralId) -> Outcome<Vec<offer::Model>> {
    let select = offer::Entity::find().filter(offer::Column::ReferralId.eq(id));
    tx.all(select.order_by_asc(offer::Column::Number)).await
}

/// The conditions of an offer, in order.
///
/// # Errors
/// `UNAVAILABLE`.
pub async fn conditions(tx: &Tx, id: OfferId) -> Outcome<Vec<offer_condition::Model>> {
    let select = offer_condition::Entity::find().filter(offer_condition::Column::OfferId.eq(id));
    tx.all(select.order_by_asc(offer_condition::Column::Position)).await
}

/// The consignments of a referral, in order.
///
/// # Errors
/// `UNAVAILABLE`.
pub async fn consignments(tx: &Tx, id: ReferralId) -> Outcome<Vec<consignment::Model>> {
    let select = consignment::Entity::find().filter(consignment::Column::ReferralId.eq(id));
    tx.all(select.order_by_asc(consignment::Column::Number)).await
}

/// The consignment of that id.
///
/// # Errors
/// `UNAVAILABLE`.
pub async fn consignment(tx: &Tx, id: ConsignmentId) -> Outcome<Option<consignment::Model>> {
    tx.one(consignment::Entity::find_by_id(id)).await
}

/// The reports of a referral that no later delivery has superseded.
///
/// # Errors
/// `UNAVAILABLE`.
pub async fn current_reports(tx: &Tx, id: ReferralId) -> Outcome<Vec<deliverable::Model>> {
    let select = deliverable::Entity::find()
        .filter(deliverable::Column::ReferralId.eq(id))
        .filter(deliverable::Column::Superseded.eq(false));
    tx.all(select).await
}

/// The decisions on one round of a thing.
///
/// # Errors
/// `UNAVAILABLE`.
pub async fn approvals(tx: &Tx, subject: &str, round: i32) -> Outcome<Vec<approval::Model>> {
    let select = approval::Entity::find().filter(approval::Column::Subject.eq(subject));
    tx.all(select.filter(approval::Column::Round.eq(round)).order_by_asc(approval::Column::Id)).await
}

/// Another request of the agency that asks for the same since an instant, and has neither been withdrawn nor failed.
///
/// # Errors
/// `UNAVAILABLE`.
pub async fn twin(
    tx: &Tx,
    row: &request::Model,
    digest: &str,
    since: DateTime<Utc>,
) -> Outcome<Option<request::Model>> {
    use RequestStatus::{Cancelled, Draft, Expired, Unfilled, Withdrawn};
    let gone = [Draft, Withdrawn, Unfilled, Expired, Cancelled];
    let select = request::Entity::find()
        .filter(request::Column::Agency.eq(row.agency.clone()))
        .filter(request::Column::Digest.eq(digest))
        .filter(request::Column::CreatedAt.gte(since))
        .filter(request::Column::Id.ne(row.id))
        .filter(request::Column::Status.is_not_in(gone))
        .order_by_desc(request::Column::Id);
    tx.one(select).await
}

/// An agency as a list of one, for a request that becomes visible to it.
pub fn shown_also(shown: &sea_orm::JsonValue, agency: &AgencyCode) -> sea_orm::JsonValue {
    let mut codes: Vec<String> =
        shown.as_array().into_iter().flatten().filter_map(|code| code.as_str().map(str::to_owned)).collect();
    codes.push(agency.as_str().to_owned());
    codes.sort_unstable();
    codes.dedup();
    sea_orm::JsonValue::from(codes)
}
