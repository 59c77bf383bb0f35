//! The counters of days and weeks. Each is moved by one guarded update; whose guard does not hold moves nothing.

use chrono::NaiveDate;
use entity::{
    capacity_day::{Column, Entity, Model},
    hold, hold_day,
    ids::{HoldId, OfferingId},
};
use sea_orm::{
    ColumnTrait, Condition, EntityTrait, JoinType, QueryFilter, QueryOrder, QuerySelect, QueryTrait,
    sea_query::{Expr, ExprTrait},
};

use crate::{
    capacity::calendar::model::Rules,
    directory::rows::among,
    platform::{db::Tx, fault::Outcome},
};

/// Units of one bucket that are moved.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Part {
    /// The offering.
    pub offering: OfferingId,
    /// The day; the Monday of a week.
    pub starts_on: NaiveDate,
    /// Units.
    pub quantity: i32,
    /// Whether they are for another agency than the owner.
    pub partner: bool,
}

impl Part {
    fn partner_quantity(self) -> i32 {
        if self.partner { self.quantity } else { 0 }
    }

    fn row(self) -> Condition {
        Condition::all().add(Column::OfferingId.eq(self.offering)).add(Column::StartsOn.eq(self.starts_on))
    }
}

/// The counters of these buckets, in ascending order, locked until the end of the transaction and brought up to what the
/// rules say. Those that are missing are laid out first, except where there is nothing to be had.
///
/// # Errors
/// `UNAVAILABLE`.
pub async fn laid_out(tx: &mut Tx, offering: OfferingId, rules: &Rules, buckets: &[NaiveDate]) -> Outcome<Vec<Model>> {
    let (Some(first), Some(last)) = (buckets.first(), buckets.last()) else { return Ok(Vec::new()) };
    let select = || {
        Entity::find()
            .filter(Column::OfferingId.eq(offering))
            .filter(Column::StartsOn.between(*first, *last))
            .order_by_asc(Column::StartsOn)
    };
    let there: Vec<NaiveDate> = tx.all(select()).await?.into_iter().map(|row| row.starts_on).collect();
    let missing = buckets.iter().filter(|day| there.binary_search(day).is_err());
    let missing: Vec<Model> = missing.filter_map(|day| empty(offering, rules, *day)).collect();
    tx.lay_out::<Entity>(missing).await?;
    let mut rows = tx.all_locked(select()).await?;
    rows.retain(|row| buckets.binary_search(&row.starts_on).is_ok());
    for row in &mut rows {
        recount(tx, rules, row).await?;
    }
    Ok(rows)
}

fn empty(offering: OfferingId, rules: &Rules, day: NaiveDate) -> Option<Model> {
    let quota = rules.quota(day);
    (quota.total > 0).then_some(Model {
        offering_id: offering,
        starts_on: day,
        total: quota.total,
        open: quota.open,
        held: 0,
        booked: 0,
        partner_taken: 0,
        overcommitted: false,
    })
}

/// Brings a locked counter up to what the rules say now.
///
/// # Errors
/// `UNAVAILABLE`.
pub async fn recount(tx: &mut Tx, rules: &Rules, row: &mut Model) -> Outcome<()> {
    let quota = rules.quota(row.starts_on);
    let over = row.held + row.booked > quota.total || row.partner_taken > quota.open;
    if (row.total, row.open, row.overcommitted) == (quota.total, quota.open, over) {
        return Ok(());
    }
    (row.total, row.open, row.overcommitted) = (quota.total, quota.open, over);
    let moves = vec![
        (Column::Total, Expr::value(row.total)),
        (Column::Open, Expr::value(row.open)),
        (Column::Overcommitted, Expr::value(over)),
    ];
    let here = Condition::all().add(Column::OfferingId.eq(row.offering_id)).add(Column::StartsOn.eq(row.starts_on));
    tx.count::<Entity>(moves, here).await.map(drop)
}

/// Sets units aside, if there are so many; whether there were.
///
/// # Errors
/// `UNAVAILABLE`.
pub async fn take(tx: &mut Tx, part: Part) -> Outcome<bool> {
    let n = part.quantity;
    let within = Expr::col(Column::Held).add(Expr::col(Column::Booked)).add(n).lte(Expr::col(Column::Total));
    let mut guard = part.row().add(within);
    if part.partner {
        guard = guard.add(Expr::col(Column::PartnerTaken).add(n).lte(Expr::col(Column::Open)));
    }
    let moves = vec![
        (Column::Held, Expr::col(Column::Held).add(n)),
        (Column::PartnerTaken, Expr::col(Column::PartnerTaken).add(part.partner_quantity())),
    ];
    Ok(tx.count::<Entity>(moves, guard).await? == 1)
}

/// Makes units that were set aside firm; whether they were there.
///
/// # Errors
/// `UNAVAILABLE`.
pub async fn shift(tx: &mut Tx, part: Part) -> Outcome<bool> {
    let n = part.quantity;
    let moves =
        vec![(Column::Held, Expr::col(Column::Held).sub(n)), (Column::Booked, Expr::col(Column::Booked).add(n))];
    Ok(tx.count::<Entity>(moves, part.row().add(Column::Held.gte(n))).await? == 1)
}

/// Gives units back that were set aside, or that were `booked`; whether they were there. A day of which more was taken
/// than there is becomes an ordinary one when enough has come back.
///
/// # Errors
/// `UNAVAILABLE`.
pub async fn free(tx: &mut Tx, part: Part, booked: bool) -> Outcome<bool> {
    let (n, partner) = (part.quantity, part.partner_quantity());
    let column = if booked { Column::Booked } else { Column::Held };
    let taken = Expr::col(Column::Held).add(Expr::col(Column::Booked)).sub(n);
    let over =
        taken.gt(Expr::col(Column::Total)).or(Expr::col(Column::PartnerTaken).sub(partner).gt(Expr::col(Column::Open)));
    let moves = vec![
        (column, Expr::col(column).sub(n)),
        (Column::PartnerTaken, Expr::col(Column::PartnerTaken).sub(partner)),
        (Column::Overcommitted, Expr::col(Column::Overcommitted).and(over)),
    ];
    let guard = part.row().add(column.gte(n)).add(Column::PartnerTaken.gte(partner));
    Ok(tx.count::<Entity>(moves, guard).await? == 1)
}

/// The last day of which anything was ever taken.
///
/// # Errors
/// `UNAVAILABLE`.
pub async fn last_taken(tx: &Tx, offering: OfferingId) -> Outcome<Option<NaiveDate>> {
    let last = Entity::find().filter(Column::OfferingId.eq(offering)).order_by_desc(Column::StartsOn);
    Ok(tx.one(last).await?.map(|row| row.starts_on))
}

/// The counters of an offering from a day on, locked in ascending order.
///
/// # Errors
/// `UNAVAILABLE`.
pub async fn taken_from(tx: &Tx, offering: OfferingId, from: NaiveDate) -> Outcome<Vec<Model>> {
    let rows = Entity::find().filter(Column::OfferingId.eq(offering)).filter(Column::StartsOn.gte(from));
    tx.all_locked(rows.order_by_asc(Column::StartsOn)).await
}

/// Locks the counters that these holds move, in the order of their offerings and days.
///
/// # Errors
/// `UNAVAILABLE`.
pub(super) async fn lock_of(tx: &Tx, holds: &[HoldId]) -> Outcome<()> {
    let moved = hold_day::Entity::find()
        .select_only()
        .column(hold::Column::OfferingId)
        .column(hold_day::Column::Day)
        .join(
            JoinType::InnerJoin,
            hold_day::Entity::belongs_to(hold::Entity).from(hold_day::Column::HoldId).to(hold::Column::Id).into(),
        )
        .filter(among(tx.dialect(), hold_day::Column::HoldId, holds.iter().map(|id| id.0)));
    let these = Expr::tuple([Expr::col((Entity, Column::OfferingId)), Expr::col((Entity, Column::StartsOn))]);
    let rows = Entity::find().filter(these.in_subquery(moved.into_query()));
    tx.all_locked(rows.order_by_asc(Column::OfferingId).order_by_asc(Column::StartsOn)).await.map(drop)
}
