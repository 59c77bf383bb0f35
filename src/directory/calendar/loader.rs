//! The calendar, read once for all who ask in one operation.

use std::{collections::HashMap, sync::Arc};

use super::store;
use crate::platform::{
    fault::Outcome,
    reads::{Loader, Reads},
    workday::Calendar,
};

/// The calendar by which working days are counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct WorkingDays;

impl Loader<WorkingDays> for Reads {
    type Value = Arc<Calendar>;

    async fn load(&self, _: Vec<WorkingDays>) -> Outcome<HashMap<WorkingDays, Self::Value>> {
        Ok(HashMap::from([(WorkingDays, Arc::new(store::calendar(&self.db).await?))]))
    }
}
