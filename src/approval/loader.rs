//! Rules and deputies by their ids, and for whom the caller stands in.

use std::{collections::HashMap, sync::Arc};

use entity::{
    approval_rules, deputy,
    ids::{ApprovalRulesId, DeputyId},
};

use super::{model::counsel, store};
use crate::platform::{
    fault::Outcome,
    reads::{Loader, Reads},
};

/// For whom the caller stands in today.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Principals;

impl Loader<ApprovalRulesId> for Reads {
    type Value = Arc<approval_rules::Model>;

    async fn load(&self, keys: Vec<ApprovalRulesId>) -> Outcome<HashMap<ApprovalRulesId, Self::Value>> {
        let ids: Vec<_> = keys.into_iter().map(|key| key.0).collect();
        let rows = store::sets(&self.db, &self.visible, &ids).await?;
        Ok(rows.into_iter().map(|row| (row.id, Arc::new(row))).collect())
    }
}

impl Loader<DeputyId> for Reads {
    type Value = Arc<deputy::Model>;

    async fn load(&self, keys: Vec<DeputyId>) -> Outcome<HashMap<DeputyId, Self::Value>> {
        let ids: Vec<_> = keys.into_iter().map(|key| key.0).collect();
        let rows = store::deputies(&self.db, &self.visible, &ids).await?;
        Ok(rows.into_iter().map(|row| (row.id, Arc::new(row))).collect())
    }
}

impl Loader<Principals> for Reads {
    type Value = Arc<Vec<String>>;

    async fn load(&self, _: Vec<Principals>) -> Outcome<HashMap<Principals, Self::Value>> {
        let actor = &self.caller.actor;
        let Some(agency) = &actor.agency else { return Ok(HashMap::new()) };
        let who = counsel::spellings(&actor.who());
        let found = store::read_principals(&self.db, agency, (&who, self.db.clock().today())).await?;
        Ok(HashMap::from([(Principals, Arc::new(found))]))
    }
}
