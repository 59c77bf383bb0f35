//! Equipment for many parents at once.

use std::{collections::HashMap, sync::Arc};

use chrono::NaiveDate;
use entity::{
    calibration, equipment,
    ids::{CalibrationId, EquipmentId},
};

use super::{
    model::{CalibrationOrder, CalibrationStanding, EquipmentEdge, EquipmentFilter, EquipmentOrder},
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

/// An item as the register knows it on a date.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct EquipmentOn {
    /// The item.
    pub id: EquipmentId,
    /// The date.
    pub on: NaiveDate,
}

/// What the calibrations of an item say of a date.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct CalibrationOn {
    /// The item.
    pub id: EquipmentId,
    /// The date.
    pub on: NaiveDate,
}

/// The edge from an item to its calibrations.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct CalibrationEdge;

/// A page of the items of a parent.
pub type EquipmentOf = ChildrenOf<EquipmentEdge, EquipmentFilter, EquipmentOrder>;
/// The number of the items of a parent.
pub type EquipmentCount = CountOf<EquipmentEdge, EquipmentFilter>;
/// A page of the calibrations of an item; there is nothing to filter by.
pub type CalibrationsOf = ChildrenOf<CalibrationEdge, (), CalibrationOrder>;
/// The number of the calibrations of an item.
pub type CalibrationCount = CountOf<CalibrationEdge, ()>;

/// All revisions of an item, the newest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct EquipmentHistory(pub EquipmentId);

impl Loader<EquipmentHistory> for Reads {
    type Value = Vec<Arc<equipment::Model>>;

    async fn load(&self, keys: Vec<EquipmentHistory>) -> Outcome<HashMap<EquipmentHistory, Self::Value>> {
        let ids: Vec<_> = keys.iter().map(|key| key.0.0).collect();
        let mut found: HashMap<EquipmentHistory, Self::Value> = HashMap::new();
        for row in store::history(&self.db, &self.visible, &ids).await? {
            found.entry(EquipmentHistory(row.id)).or_default().push(Arc::new(row));
        }
        Ok(found)
    }
}

impl Loader<EquipmentOn> for Reads {
    type Value = Arc<equipment::Model>;

    async fn load(&self, keys: Vec<EquipmentOn>) -> Outcome<HashMap<EquipmentOn, Self::Value>> {
        let mut dates: HashMap<NaiveDate, Vec<_>> = HashMap::new();
        for key in keys {
            dates.entry(key.on).or_default().push(key.id.0);
        }
        let mut found = HashMap::new();
        for (on, ids) in dates {
            let rows = store::by_ids(&self.db, &self.visible, &ids, on).await?;
            found.extend(rows.into_iter().map(|row| (EquipmentOn { id: row.id, on }, Arc::new(row))));
        }
        Ok(found)
    }
}

impl Loader<CalibrationOn> for Reads {
    type Value = CalibrationStanding;

    async fn load(&self, keys: Vec<CalibrationOn>) -> Outcome<HashMap<CalibrationOn, CalibrationStanding>> {
        let mut dates: HashMap<NaiveDate, Vec<_>> = HashMap::new();
        for key in keys {
            dates.entry(key.on).or_default().push(key.id.0);
        }
        let mut found = HashMap::new();
        for (on, items) in dates {
            let standings = store::standings(&self.db, &self.visible, &items, on).await?;
            found.extend(standings.into_iter().map(|(id, one)| (CalibrationOn { id: EquipmentId(id), on }, one)));
        }
        Ok(found)
    }
}

impl Loader<EquipmentOf> for Reads {
    type Value = Arc<Page<equipment::Model>>;

    async fn load(&self, keys: Vec<EquipmentOf>) -> Outcome<HashMap<EquipmentOf, Self::Value>> {
        let mut found = HashMap::new();
        for family in family::page_families(keys) {
            let pages = store::children(&self.db, &self.visible, family.edge, &family.parents, &family.args).await?;
            family.hand_out(pages, &mut found);
        }
        Ok(found)
    }
}

impl Loader<EquipmentCount> for Reads {
    type Value = u64;

    async fn load(&self, keys: Vec<EquipmentCount>) -> Outcome<HashMap<EquipmentCount, u64>> {
        let mut found = HashMap::new();
        for family in family::count_families(keys) {
            let counts =
                store::count_children(&self.db, &self.visible, family.edge, &family.parents, &family.args).await?;
            family.hand_out_counts(&counts, &mut found);
        }
        Ok(found)
    }
}

impl Loader<CalibrationId> for Reads {
    type Value = Arc<calibration::Model>;

    async fn load(&self, keys: Vec<CalibrationId>) -> Outcome<HashMap<CalibrationId, Self::Value>> {
        let ids: Vec<_> = keys.into_iter().map(|key| key.0).collect();
        let rows = store::calibrations_by_ids(&self.db, &self.visible, &ids).await?;
        Ok(rows.into_iter().map(|row| (row.id, Arc::new(row))).collect())
    }
}

impl Loader<CalibrationsOf> for Reads {
    type Value = Arc<Page<calibration::Model>>;

    async fn load(&self, keys: Vec<CalibrationsOf>) -> Outcome<HashMap<CalibrationsOf, Self::Value>> {
        let mut found = HashMap::new();
        for family in family::page_families(keys) {
            let (order, window) = (family.args.order, &family.args.window);
            let pages = store::calibrations_of(&self.db, &self.visible, &family.parents, order, window).await?;
            family.hand_out(pages, &mut found);
        }
        Ok(found)
    }
}

impl Loader<CalibrationCount> for Reads {
    type Value = u64;

    async fn load(&self, keys: Vec<CalibrationCount>) -> Outcome<HashMap<CalibrationCount, u64>> {
        let mut found = HashMap::new();
        for family in family::count_families(keys) {
            let counts = store::calibration_count(&self.db, &self.visible, &family.parents).await?;
            family.hand_out_counts(&counts, &mut found);
        }
        Ok(found)
    }
}
