//! What is not kept any longer.

use chrono::{DateTime, Utc};
use entity::{
    enums::WebhookDeliveryStatus as Status,
    webhook,
    webhook_delivery::{Column, Entity},
};
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter, QuerySelect, QueryTrait};

use crate::platform::{db::Books, fault::Outcome};

/// Takes away some deliveries that ended long ago, or whose endpoint is gone; how many.
///
/// # Errors
/// `UNAVAILABLE`.
pub async fn sweep(books: &Books<'_>, over: Over, most: u64) -> Outcome<u64> {
    let select = match over {
        Over::Ended(status, before) => Entity::find()
            .filter(Column::Status.eq(status))
            .filter(Column::FinishedAt.is_not_null())
            .filter(Column::FinishedAt.lt(before)),
        Over::Orphaned => {
            let living = webhook::Entity::find().select_only().column(webhook::Column::Id).into_query();
            Entity::find().filter(Column::WebhookId.not_in_subquery(living))
        }
    };
    let ids = select.select_only().column(Column::Id).limit(most).into_query();
    books.strike::<Entity>(Condition::all().add(Column::Id.in_subquery(ids))).await
}

/// What is taken away.
#[derive(Clone, Copy, Debug)]
pub enum Over {
    /// What ended so before then.
    Ended(Status, DateTime<Utc>),
    /// What belongs to an endpoint that was deleted.
    Orphaned,
}
