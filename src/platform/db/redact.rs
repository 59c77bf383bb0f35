//! Erasing the data of a person: from its row, and from what the log and the outbox have of it.
//!
//! The one place that edits what was logged. The digest in the feed stays as it was, and the salt under it goes with the
//! data, so that nothing can be guessed from it; what is left gets a new salt, and its digest is written down by the act of
//! erasing itself, which is an entry of the chain. So what is left cannot be changed either without being found out.

use entity::{
    change,
    enums::{ChangeOp, FeedKind},
    ids::AgencyCode,
    outbox,
};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, FromQueryResult, QueryFilter, QueryOrder, Statement, Value,
    sea_query::Expr,
};
use serde_json::{Map, Value as Json, json};
use uuid::Uuid;

use super::{Dialect, Tx, tx::LogEntry};
use crate::platform::{
    fault::{Fault, Outcome},
    feed::{content, digest},
    personal::{ERASED, Erasable, Guarded, Tombstone},
};

/// What was erased.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Erased {
    /// Entries of the change log.
    pub changes: u64,
    /// Events.
    pub events: u64,
}

#[derive(FromQueryResult)]
struct Owned {
    owner: AgencyCode,
}

#[expect(clippy::disallowed_methods, reason = "see the head of the file")]
impl Tx {
    /// Erases the personal data of a row, for a reason that stays on record.
    ///
    /// # Errors
    /// `NOT_FOUND` for a row that is not there, or another agency's.
    pub async fn erase(&mut self, guarded: &Guarded, key: &str, reason: &str) -> Outcome<Erased> {
        let unknown = || Fault::not_found(guarded.kind, key);
        let erasable = guarded.erasable.ok_or_else(unknown)?;
        let bound = bound(&erasable, key).ok_or_else(unknown)?;
        let owner = self.owner_of(&erasable, bound.clone()).await?.ok_or_else(unknown)?;
        if !self.permit().actor().acts_for(&owner) {
            return Err(unknown());
        }
        let actor = self.permit().actor();
        let by = json!({ "agency": actor.agency, "subject": actor.subject });
        let mark = json!({ "erased": { "at": self.now(), "reason": reason, "by": by } });
        self.bury(&erasable, bound, key).await?;
        let act = Act { guarded, key, owner: &owner, mark: &mark };
        let erased = self.redact(&act).await?;
        let columns: Map<String, Json> =
            erasable.leaves.iter().map(|(column, _)| ((*column).to_owned(), mark.clone())).collect();
        let entry = LogEntry {
            entity: guarded.kind,
            entity_id: key.to_owned(),
            owner: Some(owner.clone()),
            op: ChangeOp::Update,
            before: Some(Json::Object(columns.clone())),
            after: Some(Json::Object(columns)),
        };
        self.log_entry(entry).await?;
        Ok(erased)
    }

    async fn owner_of(&self, erasable: &Erasable, key: Value) -> Outcome<Option<AgencyCode>> {
        let Erasable { table, key: column, owner, .. } = erasable;
        let lock = if self.dialect() == Dialect::Postgres { " FOR UPDATE" } else { "" };
        let sql = format!("SELECT {owner} AS owner FROM {table} WHERE {column} = {}{lock}", self.dialect().place(1));
        Ok(self.sql::<Owned>(&sql, vec![key]).await?.into_iter().next().map(|row| row.owner))
    }

    /// Puts the tombstones into the row.
    async fn bury(&self, erasable: &Erasable, bound: Value, key: &str) -> Outcome<()> {
        let mut values = Vec::new();
        let mut sets = Vec::new();
        for (column, leaves) in erasable.leaves {
            values.push(match leaves {
                Tombstone::Null => Value::String(None),
                Tombstone::Word => ERASED.into(),
                Tombstone::WordAndKey => format!("{ERASED}-{key}").into(),
            });
            sets.push(format!("{column} = {}", self.dialect().place(values.len())));
        }
        values.push(self.now().into());
        sets.push(format!("updated_at = {}", self.dialect().place(values.len())));
        values.push(bound);
        let place = self.dialect().place(values.len());
        let sql = format!(
            "UPDATE {} SET {}, version = version + 1 WHERE {} = {place}",
            erasable.table,
            sets.join(", "),
            erasable.key
        );
        let statement = Statement::from_sql_and_values(self.dialect().backend(), sql, values);
        self.conn.execute_raw(statement).await.map(drop).map_err(|cause| self.db.fault(cause))
    }

    async fn redact(&mut self, act: &Act<'_>) -> Outcome<Erased> {
        let select = change::Entity::find()
            .filter(change::Column::Entity.eq(act.guarded.kind))
            .filter(change::Column::EntityId.eq(act.key))
            .order_by_asc(change::Column::Id);
        let mut erased = Erased::default();
        for mut row in self.all(select).await? {
            let typed = format!("{}:{}", act.guarded.kind, act.key);
            let told = outbox::Entity::find()
                .filter(outbox::Column::CommitId.eq(row.commit_id))
                .filter(outbox::Column::Subject.eq(typed));
            for event in self.all(told).await? {
                erased.events += u64::from(self.redact_event(act, event).await?);
            }
            // Both, whatever the first one had.
            let (was, is) = (act.cover(row.before.as_mut()), act.cover(row.after.as_mut()));
            if !was && !is {
                continue;
            }
            erased.changes += 1;
            row.salt = Some(self.db.clock().salt()?.to_vec());
            let left = digest(row.salt.as_deref(), &content(&row)?);
            change::Entity::update_many()
                .col_expr(change::Column::Before, Expr::value(row.before))
                .col_expr(change::Column::After, Expr::value(row.after))
                .col_expr(change::Column::Salt, Expr::value(row.salt))
                .filter(change::Column::Id.eq(row.id))
                .exec(&self.conn)
                .await
                .map_err(|cause| self.db.fault(cause))?;
            self.vouch(act, (FeedKind::Change, row.id), &left).await?;
        }
        Ok(erased)
    }

    async fn redact_event(&mut self, act: &Act<'_>, mut row: outbox::Model) -> Outcome<bool> {
        if !act.cover(Some(&mut row.data)) {
            return Ok(false);
        }
        row.salt = Some(self.db.clock().salt()?.to_vec());
        let left = digest(row.salt.as_deref(), &content(&row)?);
        outbox::Entity::update_many()
            .col_expr(outbox::Column::Data, Expr::value(row.data))
            .col_expr(outbox::Column::Salt, Expr::value(row.salt))
            .filter(outbox::Column::Id.eq(row.id))
            .exec(&self.conn)
            .await
            .map_err(|cause| self.db.fault(cause))?;
        self.vouch(act, (FeedKind::Event, row.id), &left).await?;
        Ok(true)
    }

    /// Writes down the digest of what is left.
    async fn vouch(&mut self, act: &Act<'_>, (kind, id): (FeedKind, Uuid), left: &[u8]) -> Outcome<()> {
        let after = json!({
            "kind": kind.word(),
            "of": format!("{}:{}", act.guarded.kind, act.key),
            "digest": hex::encode(left),
            "erased": act.mark["erased"],
        });
        let entry = LogEntry {
            entity: "erasure",
            entity_id: id.as_hyphenated().to_string(),
            owner: Some(act.owner.clone()),
            op: ChangeOp::Insert,
            before: None,
            after: Some(after),
        };
        self.log_entry(entry).await
    }
}

struct Act<'a> {
    guarded: &'a Guarded,
    key: &'a str,
    owner: &'a AgencyCode,
    mark: &'a Json,
}

impl Act<'_> {
    /// Puts the mark where personal data is; whether any was there.
    fn cover(&self, json: Option<&mut Json>) -> bool {
        let Some(Json::Object(map)) = json else { return false };
        let mut covered = false;
        for column in self.guarded.personal {
            for name in [(*column).to_owned(), camel(column)] {
                let Some(value) = map.get_mut(&name) else { continue };
                if !value.is_null() && value.get("erased").is_none() {
                    *value = self.mark.clone();
                    covered = true;
                }
            }
        }
        covered
    }
}

/// A key as its column has it: an id, or a code; `None` for what no row can have.
fn bound(erasable: &Erasable, key: &str) -> Option<Value> {
    match erasable.key {
        "id" => Uuid::try_parse(key).ok().filter(|_| key.len() == 36).map(Value::from),
        _ => Some(Value::from(key)),
    }
}

/// `contact_name` as events spell it: `contactName`.
fn camel(column: &str) -> String {
    let mut parts = column.split('_');
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |name, part| {
        let mut letters = part.chars();
        let head: String = letters.next().into_iter().flat_map(char::to_uppercase).collect();
        name + &head + letters.as_str()
    })
}
