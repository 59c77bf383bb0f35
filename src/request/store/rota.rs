//! What the rota weighs.

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, Utc};
use entity::{
    enums::{ReferralStatus, RefusalReason},
    ids::{AgencyCode, OfferingId},
    referral,
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};

use crate::{
    directory::rows::among,
    platform::{db::Db, fault::Outcome},
};

/// How many referrals lie on the desk of each offering: asked or agreed, and not ended.
///
/// # Errors
/// `UNAVAILABLE`.
pub async fn load(db: &Db, offerings: &[OfferingId]) -> Outcome<HashMap<OfferingId, u64>> {
    use ReferralStatus::{Accepted, Acknowledged, CancelRequested, Conditional, InProgress, Offered, Scheduled, Sent};
    let busy = [Sent, Acknowledged, Offered, Conditional, Accepted, Scheduled, InProgress, CancelRequested];
    let select = referral::Entity::find()
        .filter(among(db.dialect(), referral::Column::OfferingId, offerings.iter().map(|id| id.0)))
        .filter(referral::Column::Status.is_in(busy));
    Ok(counted(db.all(select).await?.into_iter().map(|row| row.offering_id)))
}

/// How many referrals a requester has agreed with each agency since an instant.
///
/// # Errors
/// `UNAVAILABLE`.
pub async fn placed_since(db: &Db, requester: &AgencyCode, since: DateTime<Utc>) -> Outcome<HashMap<AgencyCode, u64>> {
    let select = referral::Entity::find()
        .filter(referral::Column::Requester.eq(requester.clone()))
        .filter(referral::Column::RequesterSignedAt.gte(since));
    Ok(counted(db.all(select).await?.into_iter().map(|row| row.agency)))
}

/// The offerings whose provider has declined a requester for a conflict of interest since an instant.
///
/// # Errors
/// `UNAVAILABLE`.
pub async fn recused_since(db: &Db, requester: &AgencyCode, since: DateTime<Utc>) -> Outcome<HashSet<OfferingId>> {
    let select = referral::Entity::find()
        .filter(referral::Column::Requester.eq(requester.clone()))
        .filter(referral::Column::Status.eq(ReferralStatus::Declined))
        .filter(referral::Column::ReasonCode.eq(RefusalReason::Recusal.word()))
        .filter(referral::Column::StatusAt.gte(since));
    Ok(db.all(select).await?.into_iter().map(|row| row.offering_id).collect())
}

fn counted<K: std::hash::Hash + Eq>(keys: impl Iterator<Item = K>) -> HashMap<K, u64> {
    let mut counts = HashMap::new();
    for key in keys {
        *counts.entry(key).or_insert(0) += 1;
    }
    counts
}
