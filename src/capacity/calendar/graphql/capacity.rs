//! What is free and taken.

use async_graphql::{Context, Enum, ID, Object, Result, SimpleObject};
use entity::{
    ids::{EquipmentId, OfferingId},
    offering,
};

use super::{CapacityPeriod, shown};
use crate::{
    capacity::{
        availability::model::Window,
        calendar::{
            loader::{MachinesOf, UnitsOf},
            model::{ClosedBy, Day, Machine, Span},
            policy,
        },
        offering::graphql::Offering,
    },
    directory::equipment::graphql::Equipment,
    graphql::{
        access::access,
        context::{apart, reads},
        scalars::{Date, Instant, parse_id},
    },
};

/// Why nothing is given on a day or in a week.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub enum CapacityClosed {
    /// The rules give nothing on this weekday.
    Weekday,
    /// A listed holiday.
    Holiday,
    /// An exception says so.
    Exception,
    /// A planned closure; `reason` says why.
    Closure,
}

/// A stretch of time, its end not included.
#[derive(Clone, Copy, Debug, SimpleObject)]
pub struct TimeSpan {
    /// When it begins.
    from: Instant,
    /// When it ends.
    to: Instant,
}

impl TimeSpan {
    pub(super) fn of((from, to): Span) -> Self {
        Self { from: Instant(from), to: Instant(to) }
    }
}

/// Units of a day or week. Others than the owner see what is open to other agencies.
#[derive(Clone, Debug, SimpleObject)]
pub struct CapacityDay {
    /// The day; the Monday of a week.
    day: Date,
    /// Units that there are for you.
    total: i32,
    /// Units set aside by holds whose time is not over; null for others than the owner.
    held: Option<i32>,
    /// Units booked; null for others than the owner.
    booked: Option<i32>,
    /// Units that are free for you now.
    free: i32,
    /// Whether more is taken than there is, because there is less than there was; null for others than the owner.
    overcommitted: Option<bool>,
    /// Why there are none.
    closed: Option<CapacityClosed>,
    /// The reason of the closure.
    reason: Option<String>,
}

impl CapacityDay {
    fn of(day: &Day, owner: bool, past: bool) -> Self {
        let seen = day.shown(owner, past);
        let (closed, reason) = match day.closed() {
            None => (None, None),
            Some(ClosedBy::Weekday) => (Some(CapacityClosed::Weekday), None),
            Some(ClosedBy::Holiday) => (Some(CapacityClosed::Holiday), None),
            Some(ClosedBy::Exception) => (Some(CapacityClosed::Exception), None),
            Some(ClosedBy::Closure(reason)) => (Some(CapacityClosed::Closure), Some(reason.clone())),
        };
        Self {
            day: Date(day.day),
            total: seen.total,
            held: seen.held,
            booked: seen.booked,
            free: seen.free,
            overcommitted: seen.overcommitted,
            closed,
            reason,
        }
    }
}

/// Time at one item of equipment. It is told when it is taken, never by whom.
pub struct EquipmentCapacity {
    machine: Machine,
}

/// Time at one item of equipment. It is told when it is taken, never by whom.
#[Object]
impl EquipmentCapacity {
    /// The item, if you may see it.
    async fn equipment(&self, ctx: &Context<'_>) -> Result<Option<Equipment>> {
        let id: EquipmentId = self.machine.equipment;
        Equipment::find(ctx, id).await
    }

    /// When it is open.
    async fn open(&self) -> Vec<TimeSpan> {
        shown(&self.machine.open)
    }

    /// When it is set aside or booked, whichever offering it was taken of.
    async fn taken(&self) -> Vec<TimeSpan> {
        shown(&self.machine.taken)
    }

    /// When it cannot be used.
    async fn out(&self) -> Vec<TimeSpan> {
        shown(&self.machine.out)
    }

    /// What is left from now on, the time that stays free between blocks left out.
    async fn free(&self) -> Vec<TimeSpan> {
        shown(&self.machine.free)
    }
}

/// What is free and taken of an offering within some days.
#[derive(SimpleObject)]
pub struct Capacity {
    /// Whether it states what it gives. Where it does not, what is set aside is recorded and not counted.
    stated: bool,
    /// What units are counted by; null where nothing is stated.
    period: Option<CapacityPeriod>,
    /// Units by day, or by week; empty where nothing is stated, and for time at equipment.
    days: Vec<CapacityDay>,
    /// Time at the equipment that it names.
    equipment: Vec<EquipmentCapacity>,
}

impl Capacity {
    /// That of an offering that was shown.
    ///
    /// # Errors
    /// `INVALID` for a window that is none; `UNAVAILABLE`.
    pub async fn of(ctx: &Context<'_>, row: &offering::Model, from: Date, to: Date) -> Result<Self> {
        let reads = reads(ctx)?;
        let window = Window::new(from.0, to.0, "window")?;
        let owner = reads.caller.actor.acts_for(&row.agency);
        let key = UnitsOf(row.id, window.first, window.last);
        let machines = reads.load(MachinesOf(row.id, window.first, window.last));
        let (found, machines) = futures_util::future::try_join(reads.load(key), machines).await?;
        let today = reads.db.clock().today();
        let by_time = row.kind == entity::enums::OfferingKind::EquipmentTime;
        let days = found.as_deref().filter(|_| !by_time).map_or_else(Vec::new, |(rules, days)| {
            days.iter().map(|day| CapacityDay::of(day, owner, day.day < rules.bucket(today))).collect()
        });
        let machines = machines.as_deref().cloned().unwrap_or_default();
        Ok(Self {
            stated: found.is_some(),
            period: found.as_deref().map(|(rules, _)| rules.period().into()),
            days,
            equipment: machines.into_iter().map(|machine| EquipmentCapacity { machine }).collect(),
        })
    }
}

/// Asking for capacity.
#[derive(Default)]
pub struct CapacityQuery;

#[Object]
impl CapacityQuery {
    /// What is free and taken of an offering within some days, by the clock of the question; null where there is none that
    /// you can see.
    #[graphql(directive = access::apply(policy::READ))]
    async fn capacity(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Id of an offering.")] offering: ID,
        #[graphql(desc = "The first day.")] from: Date,
        #[graphql(desc = "The last day, at most 366 days in all.")] to: Date,
    ) -> Result<Option<Capacity>> {
        let id: OfferingId = parse_id(&offering, "offering")?;
        let found = async {
            match Offering::find(ctx, id).await? {
                None => Ok(None),
                Some(offering) => Capacity::of(ctx, offering.row(), from, to).await.map(Some),
            }
        };
        apart(found).await
    }
}
