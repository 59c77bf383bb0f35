//! Commands that may be sent twice: the first answer under a key is the answer for as long as it is kept.

use entity::{idempotency, ids::AgencyCode};
use sea_orm::{ColumnTrait, QueryFilter};
use sea_orm::{EntityTrait, IntoActiveModel, sea_query::Expr};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::json;
use sha2::{Digest, Sha256};

use super::{Db, Tx};
use crate::platform::{
    access::Permit,
    fault::{Fault, Outcome},
};

/// Longest key that is taken, in bytes.
const LONGEST: usize = 128;

/// What makes two deliveries of a command the same: the caller's key, and the hash of what it asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Key {
    key: String,
    body: String,
}

impl Key {
    /// The key as sent, with the input that it stands for, in one canonical spelling.
    ///
    /// # Errors
    /// `INVALID` for an empty key or one over 128 bytes.
    pub fn new(key: impl Into<String>, input: &[u8]) -> Outcome<Self> {
        let key = key.into();
        if key.trim().is_empty() || key.len() > LONGEST {
            return Err(Fault::invalid(
                "idempotencyKey",
                "IDEMPOTENCY_KEY",
                format!("Send a key of 1 to {LONGEST} bytes, such as a UUID, or none."),
            ));
        }
        Ok(Self { key, body: hex::encode(Sha256::digest(input)) })
    }
}

impl Db {
    /// As [`Db::write`]; where `key` was answered before, that answer again, and nothing is done.
    ///
    /// # Errors
    /// As [`Db::write`]; `IDEMPOTENCY_KEY_REUSED` where the key stood for something else.
    pub async fn write_once<T: Serialize + DeserializeOwned + Send>(
        &self,
        permit: &Permit,
        key: Option<&Key>,
        act: impl for<'c> AsyncFnOnce(&'c mut Tx) -> Outcome<T> + Send,
    ) -> Outcome<T> {
        let Some(key) = key else { return self.write(permit, act).await };
        if let Some(answer) = self.first_answer(permit, key).await? {
            return Ok(answer);
        }
        let outcome = self
            .write(permit, async |tx: &mut Tx| {
                tx.claim(permit, key).await?;
                let answer = act(tx).await?;
                tx.answer(permit, key, &answer).await?;
                Ok(answer)
            })
            .await;
        match outcome {
            Err(Fault::Conflict { code: "IDEMPOTENCY_KEY_TAKEN", .. }) => {
                // Another delivery was under way and has committed since.
                self.first_answer(permit, key)
                    .await?
                    .ok_or_else(|| Fault::Unavailable("Send the command again.".to_owned()))
            }
            outcome => outcome,
        }
    }

    async fn first_answer<T: DeserializeOwned>(&self, permit: &Permit, key: &Key) -> Outcome<Option<T>> {
        let (agency, subject) = owner(permit);
        let Some(row) = self.one(idempotency::Entity::find_by_id((agency, subject, key.key.clone()))).await? else {
            return Ok(None);
        };
        if row.body != key.body || row.action != permit.action().name {
            return Err(Fault::conflict(
                "IDEMPOTENCY_KEY_REUSED",
                "This idempotencyKey was sent before with another command; choose a new key.",
                json!({ "action": row.action, "at": row.at }),
            ));
        }
        serde_json::from_value(row.answer).map(Some).map_err(Fault::internal)
    }
}

#[expect(clippy::disallowed_methods, reason = "this is the place that the ban leads to")]
impl Tx {
    async fn claim(&mut self, permit: &Permit, key: &Key) -> Outcome<()> {
        let (agency, subject) = owner(permit);
        let row = idempotency::Model {
            agency,
            subject,
            key: key.key.clone(),
            action: permit.action().name.to_owned(),
            body: key.body.clone(),
            answer: json!(null),
            at: self.now(),
        };
        idempotency::Entity::insert(row.into_active_model())
            .exec_without_returning(&self.conn)
            .await
            .map(|_| ())
            .map_err(|cause| self.db.fault(cause))
    }

    async fn answer<T: Serialize>(&mut self, permit: &Permit, key: &Key, answer: &T) -> Outcome<()> {
        let (agency, subject) = owner(permit);
        idempotency::Entity::update_many()
            .col_expr(idempotency::Column::Answer, Expr::value(serde_json::to_value(answer).map_err(Fault::internal)?))
            .filter(idempotency::Column::Agency.eq(agency))
            .filter(idempotency::Column::Subject.eq(subject))
            .filter(idempotency::Column::Key.eq(key.key.as_str()))
            .exec(&self.conn)
            .await
            .map(|_| ())
            .map_err(|cause| self.db.fault(cause))
    }
}

/// Keys of one caller never meet those of another.
fn owner(permit: &Permit) -> (AgencyCode, String) {
    let actor = permit.actor();
    (actor.agency.clone().unwrap_or_else(|| AgencyCode::from("")), format!("{}#{}", actor.issuer, actor.subject))
}
