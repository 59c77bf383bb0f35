//! Saved searches by their ids.

use std::{collections::HashMap, sync::Arc};

use entity::{ids::SavedSearchId, saved_search::Model};

use super::store;
use crate::platform::{
    fault::Outcome,
    reads::{Loader, Reads},
};

impl Loader<SavedSearchId> for Reads {
    type Value = Arc<Model>;

    async fn load(&self, keys: Vec<SavedSearchId>) -> Outcome<HashMap<SavedSearchId, Self::Value>> {
        let ids: Vec<_> = keys.into_iter().map(|key| key.0).collect();
        let rows = store::by_ids(&self.db, &self.visible, &ids).await?;
        Ok(rows.into_iter().map(|row| (row.id, Arc::new(row))).collect())
    }
}
