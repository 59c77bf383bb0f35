//! Signatories for many parents at once.

use std::{collections::HashMap, sync::Arc};

use entity::{ids::SignatoryId, signatory::Model};

use super::{
    model::{SignatoryFilter, SignatoryOrder},
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

/// The edge from a lab to its signatories.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct SignatoryEdge;

/// A page of the signatories of a lab.
pub type SignatoriesOf = ChildrenOf<SignatoryEdge, SignatoryFilter, SignatoryOrder>;
/// The number of the signatories of a lab.
pub type SignatoryCount = CountOf<SignatoryEdge, SignatoryFilter>;

impl Loader<SignatoryId> for Reads {
    type Value = Arc<Model>;

    async fn load(&self, keys: Vec<SignatoryId>) -> Outcome<HashMap<SignatoryId, Self::Value>> {
        let ids: Vec<_> = keys.into_iter().map(|key| key.0).collect();
        let rows = store::by_ids(&self.db, &self.visible, &ids).await?;
        Ok(rows.into_iter().map(|row| (row.id, Arc::new(row))).collect())
    }
}

impl Loader<SignatoriesOf> for Reads {
    type Value = Arc<Page<Model>>;

    async fn load(&self, keys: Vec<SignatoriesOf>) -> Outcome<HashMap<SignatoriesOf, Self::Value>> {
        let mut found = HashMap::new();
        for family in family::page_families(keys) {
            let pages = store::children(&self.db, &self.visible, &family.parents, &family.args).await?;
            family.hand_out(pages, &mut found);
        }
        Ok(found)
    }
}

impl Loader<SignatoryCount> for Reads {
    type Value = u64;

    async fn load(&self, keys: Vec<SignatoryCount>) -> Outcome<HashMap<SignatoryCount, u64>> {
        let mut found = HashMap::new();
        for family in family::count_families(keys) {
            let counts = store::count_children(&self.db, &self.visible, &family.parents, &family.args).await?;
            family.hand_out_counts(&counts, &mut found);
        }
        Ok(found)
    }
}
