//! Mutations of calendars, closures and outages.

use async_graphql::{Context, ID, Object, Result, SimpleObject};
use entity::ids::OfferingId;

use super::{
    Closure, Outage,
    input::{CapacityCalendarInput, ClosurePlanInput, OutageReportInput},
};
use crate::{
    capacity::{
        calendar::{
            model::{Affected, Changed, ChangedDay},
            policy, service,
        },
        offering::graphql::Offering,
    },
    graphql::{
        access::access,
        context::rehearsed,
        scalars::{Date, Instant, parse_id, show_id},
    },
    platform::fault::Fault,
};

/// A day, or week, that gives more or less than before.
#[derive(Clone, Debug, SimpleObject)]
pub struct CapacityDayChange {
    /// Id of the offering.
    offering: ID,
    /// The day; the Monday of a week.
    day: Date,
    /// Units before.
    before: i32,
    /// Units after.
    after: i32,
    /// Units set aside or booked.
    taken: i32,
}

impl From<&ChangedDay> for CapacityDayChange {
    fn from(day: &ChangedDay) -> Self {
        Self {
            offering: show_id(day.offering),
            day: Date(day.day),
            before: day.before,
            after: day.after,
            taken: day.taken,
        }
    }
}

/// The offering, and what changed, or would change.
pub struct CapacityPayload {
    offering: OfferingId,
    dry_run: bool,
    changed: Changed,
}

/// The offering, and what changed, or would change.
#[Object]
impl CapacityPayload {
    /// The offering as it stands now.
    async fn offering(&self, ctx: &Context<'_>) -> Result<Offering> {
        let found = Offering::find(ctx, self.offering).await?;
        Ok(found.ok_or_else(|| Fault::not_found(OfferingId::KIND, self.offering))?)
    }

    /// Whether nothing was written.
    async fn dry_run(&self) -> bool {
        self.dry_run
    }

    /// Days and weeks that differ, of the coming three months and of those of which something is taken.
    async fn changed(&self) -> Vec<CapacityDayChange> {
        self.changed.days.iter().map(Into::into).collect()
    }
}

/// A closure, and what it changes, or would change.
#[derive(SimpleObject)]
pub struct ClosurePayload {
    /// The closure after the act; in a dry run as it would be.
    closure: Closure,
    /// Whether nothing was written.
    dry_run: bool,
    /// Days and weeks that differ, of the coming three months and of those of which something is taken.
    changed: Vec<CapacityDayChange>,
}

impl ClosurePayload {
    fn of(done: service::ClosureDone, dry_run: bool) -> Self {
        let changed = done.changed.days.iter().map(Into::into).collect();
        Self { closure: Closure { row: done.row }, dry_run, changed }
    }
}

/// Something that is set aside or booked at a time at which an item cannot be used.
#[derive(Clone, Debug, SimpleObject)]
pub struct AffectedHold {
    /// Typed id of what it is for, such as `referral:…`.
    subject: String,
    /// When its time begins.
    from: Instant,
    /// When it ends.
    to: Instant,
}

impl From<Affected> for AffectedHold {
    fn from(one: Affected) -> Self {
        Self { subject: one.subject, from: Instant(one.from), to: Instant(one.to) }
    }
}

/// An outage, and what is set aside or booked that it falls into, or no longer falls into.
#[derive(SimpleObject)]
pub struct OutagePayload {
    /// The outage after the act; in a dry run as it would be.
    outage: Outage,
    /// Whether nothing was written.
    dry_run: bool,
    /// What it falls into since, or no longer falls into.
    affected: Vec<AffectedHold>,
}

impl OutagePayload {
    fn of(done: service::OutageDone, dry_run: bool) -> Self {
        let affected = done.affected.into_iter().map(Into::into).collect();
        Self { outage: Outage { row: done.row }, dry_run, affected }
    }
}

/// Changing calendars, closures and outages.
#[derive(Default)]
pub struct CapacityMutation;

#[Object]
impl CapacityMutation {
    /// State how much an offering gives, and when, in place of all that it stated. Refused with CAPACITY_COMMITTED, and all
    /// days and times, where less would be left than is set aside or booked.
    #[graphql(directive = access::apply(policy::SET))]
    async fn capacity_calendar_set(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Id of the offering.")] offering: ID,
        #[graphql(desc = "The rules.")] input: Box<CapacityCalendarInput>,
        #[graphql(
            desc = "The version of the calendar that you have read, 0 where there was none; refused with STALE_VERSION if it is no longer the last."
        )]
        version: Option<i32>,
        #[graphql(
            desc = "Keeps the first answer under this key: the same command sent again gets it, and nothing is done twice."
        )]
        idempotency_key: Option<String>,
        #[graphql(desc = "Whether to say what would happen, and write nothing.", default)] dry_run: bool,
    ) -> Result<CapacityPayload> {
        let offering = parse_id(&offering, "offering")?;
        let command = rehearsed(ctx, version, idempotency_key, dry_run)?;
        let changed = service::set(&command, offering, input.read()?).await?;
        Ok(CapacityPayload { offering, dry_run, changed })
    }

    /// Give more or less on one day, or in the week of that day, than the rules say. Refused as `capacityCalendarSet` is.
    #[graphql(directive = access::apply(policy::EXCEPT))]
    async fn capacity_exception_set(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Id of the offering.")] offering: ID,
        #[graphql(desc = "The day, or a day of the week.")] day: Date,
        #[graphql(desc = "Units in place of those of the rules; 0 closes it.")] units: i32,
        #[graphql(desc = "Why; at most 500 characters.")] reason: Option<String>,
        #[graphql(
            desc = "The version of the calendar that you have read; refused with STALE_VERSION if it is no longer the last."
        )]
        version: Option<i32>,
        #[graphql(
            desc = "Keeps the first answer under this key: the same command sent again gets it, and nothing is done twice."
        )]
        idempotency_key: Option<String>,
        #[graphql(desc = "Whether to say what would happen, and write nothing.", default)] dry_run: bool,
    ) -> Result<CapacityPayload> {
        let offering = parse_id(&offering, "offering")?;
        let command = rehearsed(ctx, version, idempotency_key, dry_run)?;
        let changed = service::except(&command, offering, day.0, (units, reason)).await?;
        Ok(CapacityPayload { offering, dry_run, changed })
    }

    /// Go back to what the rules say for a day, or for the week of that day. Refused as `capacityCalendarSet` is.
    #[graphql(directive = access::apply(policy::UNEXCEPT))]
    async fn capacity_exception_remove(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Id of the offering.")] offering: ID,
        #[graphql(desc = "The day, or a day of the week.")] day: Date,
        #[graphql(
            desc = "The version of the calendar that you have read; refused with STALE_VERSION if it is no longer the last."
        )]
        version: Option<i32>,
        #[graphql(
            desc = "Keeps the first answer under this key: the same command sent again gets it, and nothing is done twice."
        )]
        idempotency_key: Option<String>,
        #[graphql(desc = "Whether to say what would happen, and write nothing.", default)] dry_run: bool,
    ) -> Result<CapacityPayload> {
        let offering = parse_id(&offering, "offering")?;
        let command = rehearsed(ctx, version, idempotency_key, dry_run)?;
        let changed = service::unexcept(&command, offering, day.0).await?;
        Ok(CapacityPayload { offering, dry_run, changed })
    }

    /// Plan days on which an offering, or all that a lab offers, is closed. Refused as `capacityCalendarSet` is.
    #[graphql(directive = access::apply(policy::PLAN))]
    async fn closure_plan(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The closure.")] input: ClosurePlanInput,
        #[graphql(
            desc = "Keeps the first answer under this key: the same command sent again gets it, and nothing is done twice."
        )]
        idempotency_key: Option<String>,
        #[graphql(desc = "Whether to say what would happen, and write nothing.", default)] dry_run: bool,
    ) -> Result<ClosurePayload> {
        let command = rehearsed(ctx, None, idempotency_key, dry_run)?;
        Ok(ClosurePayload::of(service::plan_closure(&command, input.read()?).await?, dry_run))
    }

    /// Cancel a planned closure, so that the rules hold again.
    #[graphql(directive = access::apply(policy::CANCEL))]
    async fn closure_cancel(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which one.")] id: ID,
        #[graphql(desc = "The version that you have read; refused with STALE_VERSION if it is no longer the last.")]
        version: Option<i32>,
        #[graphql(
            desc = "Keeps the first answer under this key: the same command sent again gets it, and nothing is done twice."
        )]
        idempotency_key: Option<String>,
        #[graphql(desc = "Whether to say what would happen, and write nothing.", default)] dry_run: bool,
    ) -> Result<ClosurePayload> {
        let id = parse_id(&id, "id")?;
        let command = rehearsed(ctx, version, idempotency_key, dry_run)?;
        Ok(ClosurePayload::of(service::cancel(&command, id).await?, dry_run))
    }

    /// Report that an item of equipment cannot be used. It is entered whatever is booked: times that it falls into are
    /// marked, and told.
    #[graphql(directive = access::apply(policy::REPORT))]
    async fn outage_report(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The outage.")] input: OutageReportInput,
        #[graphql(
            desc = "Keeps the first answer under this key: the same command sent again gets it, and nothing is done twice."
        )]
        idempotency_key: Option<String>,
        #[graphql(desc = "Whether to say what would happen, and write nothing.", default)] dry_run: bool,
    ) -> Result<OutagePayload> {
        let command = rehearsed(ctx, None, idempotency_key, dry_run)?;
        Ok(OutagePayload::of(service::report(&command, input.read()?).await?, dry_run))
    }

    /// Report that an item can be used again; one that comes again no longer comes.
    #[graphql(directive = access::apply(policy::END))]
    async fn outage_end(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which one.")] id: ID,
        #[graphql(desc = "From when on; now where not given, and one that has not begun never will.")] at: Option<
            Instant,
        >,
        #[graphql(desc = "The version that you have read; refused with STALE_VERSION if it is no longer the last.")]
        version: Option<i32>,
        #[graphql(
            desc = "Keeps the first answer under this key: the same command sent again gets it, and nothing is done twice."
        )]
        idempotency_key: Option<String>,
        #[graphql(desc = "Whether to say what would happen, and write nothing.", default)] dry_run: bool,
    ) -> Result<OutagePayload> {
        let id = parse_id(&id, "id")?;
        let command = rehearsed(ctx, version, idempotency_key, dry_run)?;
        Ok(OutagePayload::of(service::end(&command, id, at.map(|at| at.0)).await?, dry_run))
    }
}
