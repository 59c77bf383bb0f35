//! What belongs to requests, for many of them at once.

use std::collections::HashMap;

use entity::{
    ids::{ReferralId, RequestId, RequestItemId},
    referral, referral_item, request_item,
};
use sea_orm::{EntityTrait, QueryFilter, QueryOrder};

use crate::{
    directory::rows::among,
    platform::{db::Tx, fault::Outcome},
};

/// The items and the referrals of one request. Whoever changes anything of a request locks its row first, so that these
/// may be read without locks.
#[derive(Clone, Debug, Default)]
pub struct Sheet {
    /// Items, in their order.
    pub items: Vec<request_item::Model>,
    /// Referrals, in order of their rank.
    pub referrals: Vec<referral::Model>,
    /// Which items the referrals are about.
    pub placed: HashMap<ReferralId, Vec<RequestItemId>>,
}

/// The sheets of these requests: three statements, however many they are.
///
/// # Errors
/// `UNAVAILABLE`.
pub async fn sheets(tx: &Tx, ids: &[RequestId]) -> Outcome<HashMap<RequestId, Sheet>> {
    let mut found: HashMap<RequestId, Sheet> = HashMap::with_capacity(ids.len());
    let select = request_item::Entity::find()
        .filter(among(tx.dialect(), request_item::Column::RequestId, ids.iter().map(|id| id.0)))
        .order_by_asc(request_item::Column::Position);
    for item in tx.all(select).await? {
        found.entry(item.request_id).or_default().items.push(item);
    }
    let select = referral::Entity::find()
        .filter(among(tx.dialect(), referral::Column::RequestId, ids.iter().map(|id| id.0)))
        .order_by_asc(referral::Column::Rank);
    let mut owner: HashMap<ReferralId, RequestId> = HashMap::new();
    for row in tx.all(select).await? {
        owner.insert(row.id, row.request_id);
        found.entry(row.request_id).or_default().referrals.push(row);
    }
    if owner.is_empty() {
        return Ok(found);
    }
    let links = among(tx.dialect(), referral_item::Column::ReferralId, owner.keys().map(|id| id.0));
    for link in tx.all(referral_item::Entity::find().filter(links)).await? {
        if let Some(request) = owner.get(&link.referral_id) {
            let sheet = found.entry(*request).or_default();
            sheet.placed.entry(link.referral_id).or_default().push(link.item_id);
        }
    }
    Ok(found)
}
