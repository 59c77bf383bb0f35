//! Rows of the access log. They say who read, not who wrote: an entry of the change log for each would say nothing more, so
//! they are written beside it, many at a time.

use entity::access_log;
use sea_orm::{EntityTrait, IntoActiveModel};

use super::{Db, Dialect};
use crate::platform::fault::Outcome;

/// Rows of one statement: ten values each.
const MANY: usize = 500;

impl Db {
    /// Writes readings of protected records.
    #[expect(clippy::disallowed_methods, reason = "see the head of the file")]
    pub(in crate::platform) async fn write_accesses(&self, rows: &[access_log::Model]) -> Outcome<()> {
        for batch in rows.chunks(MANY) {
            let _turn = match self.dialect() {
                Dialect::Sqlite => Some(self.0.writer.lock().await),
                Dialect::Postgres => None,
            };
            let batch = batch.iter().cloned().map(IntoActiveModel::into_active_model);
            // What was written before a failure is tried again with the rest.
            access_log::Entity::insert_many(batch)
                .on_conflict_do_nothing()
                .exec_without_returning(self.connection())
                .await
                .map_err(|cause| self.fault(cause))?;
        }
        Ok(())
    }
}
