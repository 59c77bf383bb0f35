//! Lines and editions for many parents at once.

use std::{collections::HashMap, sync::Arc};

use chrono::NaiveDate;
use entity::{
    competence_scope,
    ids::{ScopeId, ScopeVersionId},
    scope_version,
};

use super::{
    model::{EditionOrder, LineEdge, LineFilter, LineOrder},
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

/// A line as it stands on a date.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct LineOn {
    /// The line.
    pub id: ScopeId,
    /// The date.
    pub on: NaiveDate,
}

/// A page of the lines of a parent.
pub type LinesOf = ChildrenOf<LineEdge, LineFilter, LineOrder>;
/// The number of the lines of a parent.
pub type LineCount = CountOf<LineEdge, LineFilter>;

/// The edge from a certificate to its editions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct EditionEdge;

/// A page of the editions of a certificate; there is nothing to filter by.
pub type EditionsOf = ChildrenOf<EditionEdge, (), EditionOrder>;
/// The number of the editions of a certificate.
pub type EditionCount = CountOf<EditionEdge, ()>;

/// All revisions of a line, the newest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct LineHistory(pub ScopeId);

impl Loader<LineHistory> for Reads {
    type Value = Vec<Arc<competence_scope::Model>>;

    async fn load(&self, keys: Vec<LineHistory>) -> Outcome<HashMap<LineHistory, Self::Value>> {
        let ids: Vec<_> = keys.iter().map(|key| key.0.0).collect();
        let mut found: HashMap<LineHistory, Self::Value> = HashMap::new();
        for row in store::history(&self.db, &self.visible, &ids).await? {
            found.entry(LineHistory(row.id)).or_default().push(Arc::new(row));
        }
        Ok(found)
    }
}

impl Loader<LineOn> for Reads {
    type Value = Arc<competence_scope::Model>;

    async fn load(&self, keys: Vec<LineOn>) -> Outcome<HashMap<LineOn, Self::Value>> {
        let mut dates: HashMap<NaiveDate, Vec<_>> = HashMap::new();
        for key in keys {
            dates.entry(key.on).or_default().push(key.id.0);
        }
        let mut found = HashMap::new();
        for (on, ids) in dates {
            let rows = store::by_ids(&self.db, &self.visible, &ids, on).await?;
            found.extend(rows.into_iter().map(|row| (LineOn { id: row.id, on }, Arc::new(row))));
        }
        Ok(found)
    }
}

impl Loader<LinesOf> for Reads {
    type Value = Arc<Page<competence_scope::Model>>;

    async fn load(&self, keys: Vec<LinesOf>) -> Outcome<HashMap<LinesOf, Self::Value>> {
        let mut found = HashMap::new();
        for family in family::page_families(keys) {
            let pages = store::children(&self.db, &self.visible, family.edge, &family.parents, &family.args).await?;
            family.hand_out(pages, &mut found);
        }
        Ok(found)
    }
}

impl Loader<LineCount> for Reads {
    type Value = u64;

    async fn load(&self, keys: Vec<LineCount>) -> Outcome<HashMap<LineCount, u64>> {
        let mut found = HashMap::new();
        for family in family::count_families(keys) {
            let counts =
                store::count_children(&self.db, &self.visible, family.edge, &family.parents, &family.args).await?;
            family.hand_out_counts(&counts, &mut found);
        }
        Ok(found)
    }
}

impl Loader<ScopeVersionId> for Reads {
    type Value = Arc<scope_version::Model>;

    async fn load(&self, keys: Vec<ScopeVersionId>) -> Outcome<HashMap<ScopeVersionId, Self::Value>> {
        let ids: Vec<_> = keys.into_iter().map(|key| key.0).collect();
        let rows = store::editions_by_ids(&self.db, &self.visible, &ids).await?;
        Ok(rows.into_iter().map(|row| (row.id, Arc::new(row))).collect())
    }
}

impl Loader<EditionsOf> for Reads {
    type Value = Arc<Page<scope_version::Model>>;

    async fn load(&self, keys: Vec<EditionsOf>) -> Outcome<HashMap<EditionsOf, Self::Value>> {
        let mut found = HashMap::new();
        for family in family::page_families(keys) {
            let (order, window) = (family.args.order, &family.args.window);
            let pages = store::editions_of(&self.db, &self.visible, &family.parents, order, window).await?;
            family.hand_out(pages, &mut found);
        }
        Ok(found)
    }
}

impl Loader<EditionCount> for Reads {
    type Value = u64;

    async fn load(&self, keys: Vec<EditionCount>) -> Outcome<HashMap<EditionCount, u64>> {
        let mut found = HashMap::new();
        for family in family::count_families(keys) {
            let counts = store::edition_count(&self.db, &self.visible, &family.parents).await?;
            family.hand_out_counts(&counts, &mut found);
        }
        Ok(found)
    }
}
