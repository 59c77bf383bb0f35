//! Many rows at once: the path of imports.
//!
//! The change log holds one entry per batch that names every row and carries the SHA-256 of their content. The rows
//! themselves stay where they are, so the entry still proves what was written, at a tenth of the size.

use entity::{FOREVER, Record, Revised, enums::ChangeOp};
use sea_orm::{EntityTrait, QueryFilter};
use serde_json::json;
use sha2::{Digest, Sha256};

use super::{
    bulk,
    tx::{LogEntry, Tx},
};
use crate::platform::fault::{Fault, Outcome};

/// SQLite binds at most 32,766 values to a statement, PostgreSQL 65,535.
const MOST_VALUES: usize = 32_000;

#[expect(clippy::disallowed_methods, reason = "this is the place that the ban leads to")]
impl Tx {
    /// Writes new rows that all belong to `whole` (the edition, the lab), under which the log lists them.
    ///
    /// # Errors
    /// A conflict named after the violated constraint; then none of the rows is written.
    pub async fn load<M: Record>(&mut self, rows: Vec<M>, whole: &str) -> Outcome<()> {
        let Some(first) = rows.first() else { return Ok(()) };
        let entry = LogEntry {
            entity: M::KIND,
            entity_id: whole.to_owned(),
            owner: first.owner().cloned(),
            op: ChangeOp::Load,
            before: None,
            after: Some(json!({ "keys": keys(&rows), "sha256": digest(&rows)? })),
        };
        bulk::insert(&self.conn, self.dialect(), rows).await.map_err(|cause| self.db.fault(cause))?;
        self.log_entry(entry).await
    }

    /// Closes the last revisions of many rows on one date; `whole` as in [`Tx::load`].
    ///
    /// # Errors
    /// `STALE_VERSION` where one of them is no longer the last.
    pub async fn close_all<M: Revised>(&mut self, rows: &[M], on: chrono::NaiveDate, whole: &str) -> Outcome<()> {
        let Some(first) = rows.first() else { return Ok(()) };
        for batch in rows.chunks(MOST_VALUES / 4) {
            let guards = batch.iter().fold(sea_orm::Condition::any(), |any, row| any.add(row.guard()));
            let ended = <M::Entity as EntityTrait>::update_many()
                .col_expr(M::end_column(), sea_orm::sea_query::Expr::value(on))
                .filter(guards)
                .exec(&self.conn)
                .await
                .map_err(|cause| self.db.fault(cause))?;
            if ended.rows_affected != batch.len() as u64 || batch.iter().any(|row| row.span().1 != FOREVER) {
                return Err(Fault::conflict(
                    "STALE_VERSION",
                    "Somebody has edited these rows meanwhile; start again.",
                    json!({}),
                ));
            }
        }
        let owner = first.owner().cloned();
        let after = Some(json!({ "keys": keys(rows), "effective_to": on }));
        self.log_entry(LogEntry {
            entity: M::KIND,
            entity_id: whole.to_owned(),
            owner,
            op: ChangeOp::CloseAll,
            before: None,
            after,
        })
        .await
    }
}

/// The key of each row, in order.
fn keys<M: Record>(rows: &[M]) -> Vec<String> {
    rows.iter().map(Record::key).collect()
}

/// SHA-256 over the rows as JSON lines, hex.
fn digest<M: Record>(rows: &[M]) -> Outcome<String> {
    let (mut hash, mut line) = (Sha256::new(), Vec::new());
    for row in rows {
        line.clear();
        serde_json::to_writer(&mut line, row).map_err(Fault::internal)?;
        line.push(b'\n');
        hash.update(&line);
    }
    Ok(hex::encode(hash.finalize()))
}
