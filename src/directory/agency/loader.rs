//! Agencies for many parents at once.

use std::{collections::HashMap, sync::Arc};

use entity::{agency::Model, ids::AgencyCode};

use super::store;
use crate::platform::{
    fault::Outcome,
    reads::{Loader, Reads},
};

impl Loader<AgencyCode> for Reads {
    type Value = Arc<Model>;

    async fn load(&self, keys: Vec<AgencyCode>) -> Outcome<HashMap<AgencyCode, Self::Value>> {
        let rows = store::all(&self.db).await?;
        Ok(rows
            .into_iter()
            .filter(|row| keys.contains(&row.code))
            .map(|row| (row.code.clone(), Arc::new(row)))
            .collect())
    }
}
