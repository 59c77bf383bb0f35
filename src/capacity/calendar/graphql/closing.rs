//! Closures and outages.

use async_graphql::{Context, ID, Object, Result};
use entity::{capacity_closure, equipment_outage, offering};

use crate::{
    capacity::calendar::loader::{ClosuresOf, OutagesOf},
    directory::{equipment::graphql::Equipment, lab::graphql::Lab},
    graphql::{
        context::reads,
        scalars::{Date, Instant, show_id},
    },
};

/// Days on which an offering, or all that a lab offers, is closed.
pub struct Closure {
    pub(super) row: capacity_closure::Model,
}

/// Days on which an offering, or all that a lab offers, is closed.
#[Object]
impl Closure {
    /// Typed id.
    async fn id(&self) -> ID {
        show_id(self.row.id)
    }

    /// Counts the edits; pass it as `version` when you cancel it.
    async fn version(&self) -> i32 {
        self.row.version
    }

    /// The lab, where all that it offers is closed.
    async fn lab(&self, ctx: &Context<'_>) -> Result<Option<Lab>> {
        match self.row.lab_id {
            None => Ok(None),
            Some(lab) => Lab::find(ctx, lab).await,
        }
    }

    /// First day.
    async fn from(&self) -> Date {
        Date(self.row.first_day)
    }

    /// Last day, inclusive.
    async fn to(&self) -> Date {
        Date(self.row.last_day)
    }

    /// Why.
    async fn reason(&self) -> &str {
        &self.row.reason
    }

    /// When it was cancelled.
    async fn cancelled_at(&self) -> Option<Instant> {
        self.row.cancelled_at.map(Instant)
    }
}

impl Closure {
    /// Those of an offering that was shown.
    ///
    /// # Errors
    /// `UNAVAILABLE`.
    pub async fn of(ctx: &Context<'_>, row: &offering::Model) -> Result<Vec<Self>> {
        let found = reads(ctx)?.load(ClosuresOf(row.id, row.lab_id)).await?;
        Ok(found.iter().flat_map(|rows| rows.iter()).map(|row| Self { row: row.clone() }).collect())
    }
}

/// A time, or a time that comes again every few weeks, in which an item of equipment cannot be used.
pub struct Outage {
    pub(super) row: equipment_outage::Model,
}

/// A time, or a time that comes again every few weeks, in which an item of equipment cannot be used.
#[Object]
impl Outage {
    /// Typed id.
    async fn id(&self) -> ID {
        show_id(self.row.id)
    }

    /// Counts the edits; pass it as `version` when you end it.
    async fn version(&self) -> i32 {
        self.row.version
    }

    /// The item, if you may see it.
    async fn equipment(&self, ctx: &Context<'_>) -> Result<Option<Equipment>> {
        Equipment::find(ctx, self.row.equipment_id).await
    }

    /// When it begins; of one that comes again, for the first time.
    async fn from(&self) -> Instant {
        Instant(self.row.starts_at)
    }

    /// When it ends, or no longer comes again; null while nobody knows.
    async fn to(&self) -> Option<Instant> {
        self.row.ends_at.map(Instant)
    }

    /// Every how many weeks it comes again, on the weekday and at the time of `from`; null where it does not.
    async fn every_weeks(&self) -> Option<i32> {
        self.row.every_weeks
    }

    /// How many minutes one that comes again takes each time.
    async fn minutes(&self) -> Option<i32> {
        self.row.minutes
    }

    /// Why; null for others than the owner.
    async fn reason(&self, ctx: &Context<'_>) -> Result<Option<&str>> {
        let is_owner = reads(ctx)?.caller.actor.acts_for(&self.row.agency);
        Ok(is_owner.then_some(&self.row.reason))
    }
}

impl Outage {
    /// Those of the equipment of an offering that was shown.
    ///
    /// # Errors
    /// `UNAVAILABLE`.
    pub async fn of(ctx: &Context<'_>, row: &offering::Model) -> Result<Vec<Self>> {
        let found = reads(ctx)?.load(OutagesOf(row.id)).await?;
        Ok(found.iter().flat_map(|rows| rows.iter()).map(|row| Self { row: row.clone() }).collect())
    }
}
