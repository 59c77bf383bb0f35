//! Labs for many parents at once.

use std::{collections::HashMap, sync::Arc};

use entity::{ids::LabId, lab::Model};

use super::{
    model::{LabFilter, LabOrder},
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

/// The edge from an institution to its labs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct LabEdge;

/// A page of the labs of an institution.
pub type LabsOf = ChildrenOf<LabEdge, LabFilter, LabOrder>;
/// The number of the labs of an institution.
pub type LabCount = CountOf<LabEdge, LabFilter>;

impl Loader<LabId> for Reads {
    type Value = Arc<Model>;

    async fn load(&self, keys: Vec<LabId>) -> Outcome<HashMap<LabId, Self::Value>> {
        let ids: Vec<_> = keys.into_iter().map(|key| key.0).collect();
        let rows = store::by_ids(&self.db, &self.visible, &ids).await?;
        Ok(rows.into_iter().map(|row| (row.id, Arc::new(row))).collect())
    }
}

impl Loader<LabsOf> for Reads {
    type Value = Arc<Page<Model>>;

    async fn load(&self, keys: Vec<LabsOf>) -> Outcome<HashMap<LabsOf, Self::Value>> {
        let mut found = HashMap::new();
        for family in family::page_families(keys) {
            let pages = store::children(&self.db, &self.visible, &family.parents, &family.args).await?;
            family.hand_out(pages, &mut found);
        }
        Ok(found)
    }
}

impl Loader<LabCount> for Reads {
    type Value = u64;

    async fn load(&self, keys: Vec<LabCount>) -> Outcome<HashMap<LabCount, u64>> {
        let mut found = HashMap::new();
        for family in family::count_families(keys) {
            let counts = store::count_children(&self.db, &self.visible, &family.parents, &family.args).await?;
            family.hand_out_counts(&counts, &mut found);
        }
        Ok(found)
    }
}
