//! What belongs to many requests, referrals and offers at once.

use std::{collections::HashMap, hash::Hash, sync::Arc};

use entity::{
    approval, consignment, custody_event, decision, deliverable,
    ids::{ConsignmentId, DecisionId, OfferId, ReferralId, RequestId, RequestItemId, SpareOfferId},
    offer, offer_condition, referral, request, request_item, spare_offer, transition,
};

use super::{policy::Party, store};
use crate::platform::{
    fault::Outcome,
    reads::{Loader, Reads},
};

/// The referrals of a request that the caller sees.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ReferralsOf(pub RequestId);
/// The items of a request. Ask for one that was shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ItemsOf(pub RequestId);
/// The items that a referral is about. Ask for one that was shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct PlacedWith(pub ReferralId);
/// The offers of a referral. Ask for one that was shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct OffersOf(pub ReferralId);
/// The conditions of an offer. Ask for one that was shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ConditionsOf(pub OfferId);
/// The consignments of a referral. Ask for one that was shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ConsignmentsOf(pub ReferralId);
/// The chain of custody of a consignment. Ask for one that was shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct CustodyOf(pub ConsignmentId);
/// The reports of a referral. Ask for one that was shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ReportsOf(pub ReferralId);
/// The steps of a request that the caller may know of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct StepsOf(pub RequestId);

/// The decisions by rule of the caller's agency on a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct DecisionsOn(pub RequestId);
/// The voices on a decision. Ask for one that was shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct VoicesOn(pub DecisionId);

fn party(reads: &Reads) -> Party {
    Party::of(&reads.caller.actor)
}

fn grouped<K: Eq + Hash, R>(rows: Vec<R>, key: impl Fn(&R) -> K) -> HashMap<K, Arc<Vec<R>>> {
    let mut groups: HashMap<K, Vec<R>> = HashMap::new();
    for row in rows {
        groups.entry(key(&row)).or_default().push(row);
    }
    groups.into_iter().map(|(key, rows)| (key, Arc::new(rows))).collect()
}

impl Loader<RequestId> for Reads {
    type Value = Arc<request::Model>;

    async fn load(&self, keys: Vec<RequestId>) -> Outcome<HashMap<RequestId, Self::Value>> {
        let rows = store::requests(&self.db, &party(self), &store::bare(&keys)).await?;
        Ok(rows.into_iter().map(|row| (row.id, Arc::new(row))).collect())
    }
}

impl Loader<ReferralId> for Reads {
    type Value = Arc<referral::Model>;

    async fn load(&self, keys: Vec<ReferralId>) -> Outcome<HashMap<ReferralId, Self::Value>> {
        let rows = store::referrals_by_ids(&self.db, &party(self), &store::bare(&keys)).await?;
        Ok(rows.into_iter().map(|row| (row.id, Arc::new(row))).collect())
    }
}

impl Loader<OfferId> for Reads {
    type Value = Arc<offer::Model>;

    async fn load(&self, keys: Vec<OfferId>) -> Outcome<HashMap<OfferId, Self::Value>> {
        let rows = store::offers_by_ids(&self.db, &party(self), &store::bare(&keys)).await?;
        Ok(rows.into_iter().map(|row| (row.id, Arc::new(row))).collect())
    }
}

impl Loader<ReferralsOf> for Reads {
    type Value = Arc<Vec<referral::Model>>;

    async fn load(&self, keys: Vec<ReferralsOf>) -> Outcome<HashMap<ReferralsOf, Self::Value>> {
        let ids: Vec<_> = keys.into_iter().map(|key| key.0.0).collect();
        let rows = store::referrals_of_requests(&self.db, &party(self), &ids).await?;
        Ok(grouped(rows, |row| ReferralsOf(row.request_id)))
    }
}

impl Loader<ItemsOf> for Reads {
    type Value = Arc<Vec<request_item::Model>>;

    async fn load(&self, keys: Vec<ItemsOf>) -> Outcome<HashMap<ItemsOf, Self::Value>> {
        let ids: Vec<_> = keys.into_iter().map(|key| key.0.0).collect();
        Ok(grouped(store::items_of_requests(&self.db, &ids).await?, |row| ItemsOf(row.request_id)))
    }
}

impl Loader<PlacedWith> for Reads {
    type Value = Arc<Vec<RequestItemId>>;

    async fn load(&self, keys: Vec<PlacedWith>) -> Outcome<HashMap<PlacedWith, Self::Value>> {
        let ids: Vec<_> = keys.into_iter().map(|key| key.0.0).collect();
        let found = store::items_of_referrals(&self.db, &ids).await?;
        Ok(found.into_iter().map(|(id, items)| (PlacedWith(id), Arc::new(items))).collect())
    }
}

impl Loader<OffersOf> for Reads {
    type Value = Arc<Vec<offer::Model>>;

    async fn load(&self, keys: Vec<OffersOf>) -> Outcome<HashMap<OffersOf, Self::Value>> {
        let ids: Vec<_> = keys.into_iter().map(|key| key.0.0).collect();
        Ok(grouped(store::offers_of_referrals(&self.db, &ids).await?, |row| OffersOf(row.referral_id)))
    }
}

impl Loader<ConditionsOf> for Reads {
    type Value = Arc<Vec<offer_condition::Model>>;

    async fn load(&self, keys: Vec<ConditionsOf>) -> Outcome<HashMap<ConditionsOf, Self::Value>> {
        let ids: Vec<_> = keys.into_iter().map(|key| key.0.0).collect();
        Ok(grouped(store::conditions_of_offers(&self.db, &ids).await?, |row| ConditionsOf(row.offer_id)))
    }
}

impl Loader<StepsOf> for Reads {
    type Value = Arc<Vec<transition::Model>>;

    async fn load(&self, keys: Vec<StepsOf>) -> Outcome<HashMap<StepsOf, Self::Value>> {
        let ids: Vec<_> = keys.into_iter().map(|key| key.0.0).collect();
        Ok(grouped(store::steps(&self.db, &party(self), &ids).await?, |row| StepsOf(row.request_id)))
    }
}

impl Loader<ConsignmentsOf> for Reads {
    type Value = Arc<Vec<consignment::Model>>;

    async fn load(&self, keys: Vec<ConsignmentsOf>) -> Outcome<HashMap<ConsignmentsOf, Self::Value>> {
        let ids: Vec<_> = keys.into_iter().map(|key| key.0.0).collect();
        Ok(grouped(store::consignments_of_referrals(&self.db, &ids).await?, |row| ConsignmentsOf(row.referral_id)))
    }
}

impl Loader<CustodyOf> for Reads {
    type Value = Arc<Vec<custody_event::Model>>;

    async fn load(&self, keys: Vec<CustodyOf>) -> Outcome<HashMap<CustodyOf, Self::Value>> {
        let ids: Vec<_> = keys.into_iter().map(|key| key.0.0).collect();
        Ok(grouped(store::custody_of_consignments(&self.db, &ids).await?, |row| CustodyOf(row.consignment_id)))
    }
}

impl Loader<ReportsOf> for Reads {
    type Value = Arc<Vec<deliverable::Model>>;

    async fn load(&self, keys: Vec<ReportsOf>) -> Outcome<HashMap<ReportsOf, Self::Value>> {
        let ids: Vec<_> = keys.into_iter().map(|key| key.0.0).collect();
        Ok(grouped(store::reports_of_referrals(&self.db, &ids).await?, |row| ReportsOf(row.referral_id)))
    }
}

impl Loader<SpareOfferId> for Reads {
    type Value = Arc<spare_offer::Model>;

    async fn load(&self, keys: Vec<SpareOfferId>) -> Outcome<HashMap<SpareOfferId, Self::Value>> {
        let ids: Vec<_> = keys.into_iter().map(|key| key.0).collect();
        let rows = store::spare_by_ids(&self.db, &party(self), &ids).await?;
        Ok(rows.into_iter().map(|row| (row.id, Arc::new(row))).collect())
    }
}

impl Loader<DecisionId> for Reads {
    type Value = Arc<decision::Model>;

    async fn load(&self, keys: Vec<DecisionId>) -> Outcome<HashMap<DecisionId, Self::Value>> {
        let Some(own) = &self.caller.actor.agency else { return Ok(HashMap::new()) };
        let ids: Vec<_> = keys.into_iter().map(|key| key.0).collect();
        let rows = store::decisions(&self.db, own, &ids).await?;
        Ok(rows.into_iter().map(|row| (row.id, Arc::new(row))).collect())
    }
}

impl Loader<DecisionsOn> for Reads {
    type Value = Arc<Vec<decision::Model>>;

    async fn load(&self, keys: Vec<DecisionsOn>) -> Outcome<HashMap<DecisionsOn, Self::Value>> {
        let Some(own) = &self.caller.actor.agency else { return Ok(HashMap::new()) };
        let ids: Vec<_> = keys.into_iter().map(|key| key.0.0).collect();
        Ok(grouped(store::decisions_on(&self.db, own, &ids).await?, |row| DecisionsOn(row.request_id)))
    }
}

impl Loader<VoicesOn> for Reads {
    type Value = Arc<Vec<approval::Model>>;

    async fn load(&self, keys: Vec<VoicesOn>) -> Outcome<HashMap<VoicesOn, Self::Value>> {
        let subjects: HashMap<String, VoicesOn> = keys.into_iter().map(|key| (key.0.to_string(), key)).collect();
        let rows = store::voices(&self.db, subjects.keys().cloned().collect()).await?;
        let mut found: HashMap<VoicesOn, Vec<approval::Model>> = HashMap::new();
        for row in rows {
            if let Some(key) = subjects.get(&row.subject) {
                found.entry(*key).or_default().push(row);
            }
        }
        Ok(found.into_iter().map(|(key, rows)| (key, Arc::new(rows))).collect())
    }
}
