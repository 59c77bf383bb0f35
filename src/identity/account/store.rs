//! The rows.

use chrono::{DateTime, Utc};
use entity::{
    ids::MachineAccountId,
    machine_account::{Column, Entity, Model},
    revocation,
};
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter, Select, sea_query::Expr};

use crate::platform::{
    access::{Sealed, Visible},
    db::{Db, Tx},
    fault::Outcome,
    page::{self, Page, Sort, SortValue, Window},
};

/// Locks the row of that id.
///
/// # Errors
/// `NOT_FOUND`.
pub async fn lock(tx: &Tx, id: MachineAccountId) -> Outcome<Sealed<Model>> {
    tx.lock(Entity::find_by_id(id), id.0).await
}

/// The account of an id, as its agency sees it.
///
/// # Errors
/// `UNAVAILABLE`.
pub async fn by_id(db: &Db, visible: &Visible, id: MachineAccountId) -> Outcome<Option<Model>> {
    db.one(own(visible).filter(Column::Id.eq(id))).await
}

/// The living account of an id, whoever asks: for checking what it signed.
///
/// # Errors
/// `UNAVAILABLE`.
pub async fn living(db: &Db, id: MachineAccountId) -> Outcome<Option<Model>> {
    db.one(Entity::find_by_id(id).filter(Column::RevokedAt.is_null())).await
}

/// A page of the agency's accounts, by name; only the revoked or only the living ones where asked.
///
/// # Errors
/// `INVALID` for a cursor of another order; `UNAVAILABLE`.
pub async fn page(db: &Db, visible: &Visible, revoked: Option<bool>, window: &Window) -> Outcome<Page<Model>> {
    page::fetch(db, filtered(visible, revoked), &by_name(), window).await
}

/// How many accounts there are.
///
/// # Errors
/// `UNAVAILABLE`.
pub async fn count(db: &Db, visible: &Visible, revoked: Option<bool>) -> Outcome<u64> {
    db.count(filtered(visible, revoked)).await
}

/// Every stored revocation.
///
/// # Errors
/// `UNAVAILABLE`.
pub async fn revocations(db: &Db) -> Outcome<Vec<revocation::Model>> {
    db.unasked("SELECT * FROM revocation").await
}

/// How many revocations are stored, and the last of them: tells whether there are new ones. They are never taken back.
///
/// # Errors
/// `UNAVAILABLE`.
pub async fn state_of_revocations(db: &Db) -> Outcome<(i64, Option<DateTime<Utc>>)> {
    #[derive(sea_orm::FromQueryResult)]
    struct State {
        count: i64,
        last: Option<DateTime<Utc>>,
    }
    let sql = "SELECT COUNT(*) AS count, MAX(before) AS last FROM revocation";
    let found = db.unasked::<State>(sql).await?;
    Ok(found.into_iter().next().map_or((0, None), |state| (state.count, state.last)))
}

fn own(visible: &Visible) -> Select<Entity> {
    let select = Entity::find();
    match visible {
        Visible::All => select,
        Visible::Partner(own) => select.filter(Column::Agency.eq(own.clone())),
        Visible::Public => select.filter(Expr::val(false)),
    }
}

fn filtered(visible: &Visible, revoked: Option<bool>) -> Select<Entity> {
    let condition =
        revoked.map(|revoked| if revoked { Column::RevokedAt.is_not_null() } else { Column::RevokedAt.is_null() });
    own(visible).filter(Condition::all().add_option(condition))
}

fn by_name() -> Sort<Entity> {
    Sort {
        name: "NAME",
        columns: vec![Column::Name, Column::Id],
        descending: false,
        key: |row| vec![SortValue::Text(row.name.clone()), SortValue::Id(row.id.0)],
    }
}
