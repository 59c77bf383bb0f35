//! Standards for many citations at once.

use std::{
    collections::{BTreeSet, HashMap},
    sync::Arc,
};

use entity::{ids::StandardId, standard::Model};

use super::{
    model::{EditionOfStandard, cited, editions},
    store,
};
use crate::platform::{
    fault::Outcome,
    reads::{Loader, Reads},
};

/// What a line cites: a match key and a year. Found as [`cited`] says.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Cited {
    /// Family and number without `/T`.
    pub key: String,
    /// The year; none where undated.
    pub year: Option<i32>,
}

/// All editions of the standard of a match key, the newest first, the current one marked.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct EditionsOfKey(pub String);

/// The edition of a number in canonical print, as `replaced_by` holds it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Printed(pub String);

/// The editions that the edition of this number, in canonical print, replaced.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ReplacedBy(pub String);

impl Loader<StandardId> for Reads {
    type Value = Arc<Model>;

    async fn load(&self, keys: Vec<StandardId>) -> Outcome<HashMap<StandardId, Self::Value>> {
        let ids: Vec<_> = keys.into_iter().map(|key| key.0).collect();
        Ok(store::by_ids(&self.db, &ids).await?.into_iter().map(|row| (row.id, Arc::new(row))).collect())
    }
}

impl Loader<Cited> for Reads {
    type Value = Arc<Model>;

    async fn load(&self, keys: Vec<Cited>) -> Outcome<HashMap<Cited, Self::Value>> {
        let names: BTreeSet<&String> = keys.iter().map(|cited| &cited.key).collect();
        let years: BTreeSet<i32> = keys.iter().filter_map(|cited| cited.year).collect();
        let names = names.into_iter().cloned().collect();
        let all = by_key(store::citable(&self.db, names, years.into_iter().collect()).await?);
        let meant = |key: &Cited| cited(all.get(&key.key)?, key.year).cloned();
        Ok(keys.into_iter().filter_map(|key| meant(&key).map(|row| (key, row))).collect())
    }
}

impl Loader<EditionsOfKey> for Reads {
    type Value = Arc<Vec<EditionOfStandard>>;

    async fn load(&self, keys: Vec<EditionsOfKey>) -> Outcome<HashMap<EditionsOfKey, Self::Value>> {
        let names: BTreeSet<String> = keys.into_iter().map(|key| key.0).collect();
        let all = by_key(store::by_keys(&self.db, names.into_iter().collect()).await?);
        Ok(all.into_iter().map(|(key, editions)| (EditionsOfKey(key), Arc::new(editions))).collect())
    }
}

impl Loader<Printed> for Reads {
    type Value = Arc<Model>;

    async fn load(&self, keys: Vec<Printed>) -> Outcome<HashMap<Printed, Self::Value>> {
        let rows = store::by_numbers(&self.db, keys.into_iter().map(|key| key.0).collect()).await?;
        Ok(rows.into_iter().map(|row| (Printed(row.number.clone()), Arc::new(row))).collect())
    }
}

impl Loader<ReplacedBy> for Reads {
    type Value = Arc<Vec<Model>>;

    async fn load(&self, keys: Vec<ReplacedBy>) -> Outcome<HashMap<ReplacedBy, Self::Value>> {
        let rows = store::replaced_by(&self.db, keys.into_iter().map(|key| key.0).collect()).await?;
        let mut found: HashMap<String, Vec<Model>> = HashMap::new();
        for row in rows {
            if let Some(by) = row.replaced_by.clone() {
                found.entry(by).or_default().push(row);
            }
        }
        Ok(found.into_iter().map(|(by, rows)| (ReplacedBy(by), Arc::new(rows))).collect())
    }
}

fn by_key(rows: Vec<Model>) -> HashMap<String, Vec<EditionOfStandard>> {
    let mut all: HashMap<String, Vec<Model>> = HashMap::new();
    for row in rows {
        all.entry(row.key.clone()).or_default().push(row);
    }
    all.into_iter().map(|(key, rows)| (key, editions(rows))).collect()
}
