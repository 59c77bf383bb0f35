//! Keys and how many of them are found with one statement.

use std::collections::HashMap;

use entity::{ids::WebhookId, webhook_queue, webhook_secret};

use super::store;
use crate::platform::{
    fault::Outcome,
    reads::{Loader, Reads},
};

/// What messages of a webhook are signed with at the moment, the newest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct KeysOf(pub WebhookId);

impl Loader<KeysOf> for Reads {
    type Value = Vec<webhook_secret::Model>;

    async fn load(&self, keys: Vec<KeysOf>) -> Outcome<HashMap<KeysOf, Self::Value>> {
        let ids = keys.into_iter().map(|key| key.0).collect();
        let rows = store::endpoint::secrets_of(&self.db, ids, self.db.clock().now()).await?;
        let mut found: HashMap<KeysOf, Self::Value> = HashMap::new();
        for row in rows {
            found.entry(KeysOf(row.webhook_id)).or_default().push(row);
        }
        Ok(found)
    }
}

/// How it stands with a webhook.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct StandingOf(pub WebhookId);

impl Loader<StandingOf> for Reads {
    type Value = webhook_queue::Model;

    async fn load(&self, keys: Vec<StandingOf>) -> Outcome<HashMap<StandingOf, Self::Value>> {
        let ids = keys.into_iter().map(|key| key.0).collect();
        let rows = store::delivery::standings(&self.db, ids).await?;
        Ok(rows.into_iter().map(|row| (StandingOf(row.webhook_id), row)).collect())
    }
}
