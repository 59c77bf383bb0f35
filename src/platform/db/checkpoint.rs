//! Signed checkpoints. They decide nothing and prove themselves; and an entry of the change log for each would be one more
//! entry to be covered by the next. So they are written beside it.

use entity::checkpoint::{Column, Entity, Model};
use sea_orm::{EntityTrait, IntoActiveModel, TryInsertResult};

use super::{Db, Dialect};
use crate::platform::fault::Outcome;

impl Db {
    /// Keeps a checkpoint; `false` where another node has followed the same one before.
    ///
    /// # Errors
    /// `UNAVAILABLE` when the database does not answer.
    #[expect(clippy::disallowed_methods, reason = "see the head of the file")]
    pub async fn keep_checkpoint(&self, row: Model) -> Outcome<bool> {
        let _turn = match self.dialect() {
            Dialect::Sqlite => Some(self.0.writer.lock().await),
            Dialect::Postgres => None,
        };
        let kept = Entity::insert(row.into_active_model())
            .on_conflict_do_nothing_on([Column::AfterSeq])
            .exec_without_returning(self.connection())
            .await
            .map_err(|cause| self.fault(cause))?;
        Ok(matches!(kept, TryInsertResult::Inserted(1..)))
    }
}
