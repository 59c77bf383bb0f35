//! What is due in a span of time, in the order of due dates.

use chrono::{DateTime, Utc};
use entity::{enums::Side, referral, request};
use sea_orm::{
    ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
    sea_query::{Expr, ExprTrait},
};

use crate::{
    message::deadline::Span,
    platform::{db::Db, fault::Outcome},
};

/// The sides on which people act.
const PEOPLE: [Side; 3] = [Side::Requester, Side::Provider, Side::Coordinator];

/// Requests that wait for somebody and are due in a span.
///
/// # Errors
/// `UNAVAILABLE`.
pub async fn requests_due(db: &Db, span: Span, most: u64) -> Outcome<Vec<request::Model>> {
    use request::Column;
    let select = request::Entity::find()
        .filter(within(Column::DueAt, Column::Id, span))
        .filter(Column::DueSide.is_in(PEOPLE))
        .order_by_asc(Column::DueAt)
        .order_by_asc(Column::Id);
    db.all_in_background(select.limit(most)).await
}

/// Referrals that wait for somebody and are due in a span, each with its request.
///
/// # Errors
/// `UNAVAILABLE`.
pub async fn referrals_due(db: &Db, span: Span, most: u64) -> Outcome<Vec<(referral::Model, request::Model)>> {
    use referral::Column;
    let select = referral::Entity::find()
        .filter(within(Column::DueAt, Column::Id, span))
        .filter(Column::DueSide.is_in(PEOPLE))
        .order_by_asc(Column::DueAt)
        .order_by_asc(Column::Id);
    with_requests(db, db.all_in_background(select.limit(most)).await?).await
}

/// Referrals a change of which waits for a signature by an instant in a span, each with its request.
///
/// # Errors
/// `UNAVAILABLE`.
pub async fn amendments_due(db: &Db, span: Span, most: u64) -> Outcome<Vec<(referral::Model, request::Model)>> {
    use referral::Column;
    let select = referral::Entity::find()
        .filter(within(Column::AmendmentUntil, Column::Id, span))
        .filter(Column::AmendmentSide.is_in(PEOPLE))
        .order_by_asc(Column::AmendmentUntil)
        .order_by_asc(Column::Id);
    with_requests(db, db.all_in_background(select.limit(most)).await?).await
}

fn within<C: ColumnTrait>(due: C, id: C, span: Span) -> Condition {
    let behind = span.after.map(|(at, last): (DateTime<Utc>, _)| {
        Expr::tuple([Expr::col(due.as_column_ref()), Expr::col(id.as_column_ref())])
            .gt(Expr::tuple([Expr::val(at), Expr::val(last)]))
    });
    Condition::all().add(due.gte(span.from)).add(due.lte(span.to)).add_option(behind)
}

async fn with_requests(db: &Db, rows: Vec<referral::Model>) -> Outcome<Vec<(referral::Model, request::Model)>> {
    let ids: std::collections::BTreeSet<_> = rows.iter().map(|row| row.request_id).collect();
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let found = db.all_in_background(request::Entity::find().filter(request::Column::Id.is_in(ids))).await?;
    let of = |row: &referral::Model| found.iter().find(|request| request.id == row.request_id).cloned();
    Ok(rows.into_iter().filter_map(|row| of(&row).map(|request| (row, request))).collect())
}
