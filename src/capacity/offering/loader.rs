//! Offerings for many parents at once.

use std::{collections::HashMap, sync::Arc};

use entity::{
    ids::{EquipmentId, OfferingId, ScopeId},
    offering::Model,
};

use super::{
    model::{OfferingEdge, OfferingFilter, OfferingOrder},
    store,
};
use crate::{
    directory::family::{self, ChildrenOf, CountOf},
    platform::{
        fault::Outcome,
        page::Page,
        reads::{Loader, Reads},
    },
};

/// A page of the offerings of a lab.
pub type OfferingsOf = ChildrenOf<OfferingEdge, OfferingFilter, OfferingOrder>;
/// The number of the offerings of a lab.
pub type OfferingCount = CountOf<OfferingEdge, OfferingFilter>;

/// The lines and the items that an offering names today. Ask for offerings that were shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ListsOf(pub OfferingId);

impl Loader<OfferingId> for Reads {
    type Value = Arc<Model>;

    async fn load(&self, keys: Vec<OfferingId>) -> Outcome<HashMap<OfferingId, Self::Value>> {
        let ids: Vec<_> = keys.into_iter().map(|key| key.0).collect();
        let rows = store::by_ids(&self.db, &self.visible, &ids).await?;
        Ok(rows.into_iter().map(|row| (row.id, Arc::new(row))).collect())
    }
}

impl Loader<ListsOf> for Reads {
    type Value = Arc<(Vec<ScopeId>, Vec<EquipmentId>)>;

    async fn load(&self, keys: Vec<ListsOf>) -> Outcome<HashMap<ListsOf, Self::Value>> {
        let ids: Vec<_> = keys.into_iter().map(|key| key.0).collect();
        let found = store::lists(&self.db, &ids).await?;
        Ok(found.into_iter().map(|(id, lists)| (ListsOf(id), Arc::new(lists))).collect())
    }
}

impl Loader<OfferingsOf> for Reads {
    type Value = Arc<Page<Model>>;

    async fn load(&self, keys: Vec<OfferingsOf>) -> Outcome<HashMap<OfferingsOf, Self::Value>> {
        let mut found = HashMap::new();
        for family in family::page_families(keys) {
            let pages = store::children(&self.db, &self.visible, &family.parents, &family.args).await?;
            family.hand_out(pages, &mut found);
        }
        Ok(found)
    }
}

impl Loader<OfferingCount> for Reads {
    type Value = u64;

    async fn load(&self, keys: Vec<OfferingCount>) -> Outcome<HashMap<OfferingCount, u64>> {
        let mut found = HashMap::new();
        for family in family::count_families(keys) {
            let counts = store::count_children(&self.db, &self.visible, &family.parents, &family.args).await?;
            family.hand_out_counts(&counts, &mut found);
        }
        Ok(found)
    }
}
