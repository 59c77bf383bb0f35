//! Notes that something was used, so that it is not used twice on any node. They belong to no agency and prove nothing
//! later, so they stay out of the change log and are forgotten when they have ended.

use chrono::{DateTime, Utc};
use entity::used_assertion::{Column, Entity, Model};
use sea_orm::{ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, TryInsertResult};

use super::{Db, Dialect};
use crate::platform::fault::Outcome;

impl Db {
    /// Notes the use of `token` by `client`; `false` where it was noted before. The note may go after `until`.
    ///
    /// # Errors
    /// `UNAVAILABLE` when the database does not answer.
    #[expect(clippy::disallowed_methods, reason = "see the head of the file")]
    pub async fn first_use(&self, client: &str, token: &str, until: DateTime<Utc>) -> Outcome<bool> {
        let fault = |cause| self.fault(cause);
        let _turn = match self.dialect() {
            Dialect::Sqlite => Some(self.0.writer.lock().await),
            Dialect::Postgres => None,
        };
        let conn = self.connection();
        Entity::delete_many().filter(Column::ExpiresAt.lt(self.clock().now())).exec(conn).await.map_err(fault)?;
        let note = Model { client_id: client.to_owned(), token_id: token.to_owned(), expires_at: until };
        let noted =
            Entity::insert(note.into_active_model()).on_conflict_do_nothing().exec_without_returning(conn).await;
        Ok(matches!(noted.map_err(fault)?, TryInsertResult::Inserted(1..)))
    }
}
