//! Reading many offerings with all that they name, **whoever may see them**: for readers that keep their own account of
//! visibility, such as an index. What is handed on to a caller must be held against
//! [`sees`](crate::capacity::offering::model::sees) and the visibility of the lab first.

use entity::{
    ids::{EquipmentId, LabId, OfferingId, ScopeId},
    offering::{Column, Entity, Model},
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use super::reading::lists;
use crate::{
    directory::rows::among,
    platform::{db::Db, fault::Outcome},
};

/// An offering with what it names today.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WithLists {
    /// The row.
    pub row: Model,
    /// The lines that it names, by id; a line that has ended since stays named.
    pub lines: Vec<ScopeId>,
    /// The items that it names, by id; an item that was retired since stays named.
    pub equipment: Vec<EquipmentId>,
}

/// All offerings of some labs, in whatever status and whoever may see them, by key.
///
/// # Errors
/// `UNAVAILABLE`.
pub async fn of_labs(db: &Db, labs: &[LabId]) -> Outcome<Vec<WithLists>> {
    let of = among(db.dialect(), Column::LabId, labs.iter().map(|lab| lab.0));
    let rows = db.all(Entity::find().filter(of).order_by_asc(Column::Id)).await?;
    with_lists(db, rows).await
}

/// The next `limit` offerings behind a key, of labs and of agencies themselves, in whatever status and whoever may see
/// them; from the first one on where there is no key. Fewer than `limit` are the last ones.
///
/// # Errors
/// `UNAVAILABLE`.
pub async fn after(db: &Db, last: Option<OfferingId>, limit: u64) -> Outcome<Vec<WithLists>> {
    let mut select = Entity::find().order_by_asc(Column::Id).limit(limit);
    if let Some(last) = last {
        select = select.filter(Column::Id.gt(last));
    }
    let rows = db.all_in_background(select).await?;
    with_lists(db, rows).await
}

async fn with_lists(db: &Db, rows: Vec<Model>) -> Outcome<Vec<WithLists>> {
    let ids: Vec<OfferingId> = rows.iter().map(|row| row.id).collect();
    let mut named = lists(db, &ids).await?;
    let with = |row: Model| {
        let (lines, equipment) = named.remove(&row.id).unwrap_or_default();
        WithLists { row, lines, equipment }
    };
    Ok(rows.into_iter().map(with).collect())
}
