//! Offerings in the schema.

mod coverage;
mod input;
mod list;
mod mutation;

use std::sync::Arc;

use async_graphql::{Context, Enum, ID, Object, Result};
use entity::{enums, ids::OfferingId, offering::Model};

use super::{
    model::{self, Step, next, open_on, shown_to},
    policy,
};
use crate::{
    capacity::calendar::graphql::{Capacity, CapacityCalendar, Closure, Outage},
    directory::{agency::graphql::Agency, graphql::Visibility, lab::graphql::Lab},
    graphql::{
        context::{apart, as_of as asked_date, reads},
        scalars::{Date, Instant, show_id},
    },
    platform::access::{Action, Ruled, Ruling},
};

pub use coverage::OfferingCoverage;
pub use list::{OfferingArgs, OfferingConnection, OfferingNodeEdge, OfferingOrder, OfferingQuery, OfferingWhere};
pub use mutation::OfferingMutation;

/// What is offered to others.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "enums::OfferingKind")]
pub enum OfferingKind {
    /// Tests of samples.
    Testing,
    /// Hours at an instrument.
    EquipmentTime,
    /// The work of an expert.
    Expert,
    /// Reference material (标准物质).
    ReferenceMaterial,
    /// A place in a training.
    TrainingSeat,
}

/// Where an offering is in its life.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "enums::OfferingStatus")]
pub enum OfferingStatus {
    /// Being written; its owner alone sees it.
    Draft,
    /// Open.
    Active,
    /// Closed for a stated reason; can be resumed.
    Paused,
    /// Ended for good; kept for the record.
    Archived,
}

/// What a price is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "enums::PriceBasis")]
pub enum PriceBasis {
    /// For each unit of the offering.
    PerUnit,
    /// For each parameter of each unit.
    PerParameter,
    /// For each day.
    PerDay,
    /// Nothing is charged.
    Free,
    /// Said when asked.
    OnRequest,
}

/// What can be done with an offering; each is a mutation of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "model::Step")]
pub enum OfferingAction {
    /// `offeringEdit`.
    Edit,
    /// `offeringShow`.
    Show,
    /// `offeringActivate`.
    Activate,
    /// `offeringPause`.
    Pause,
    /// `offeringResume`.
    Resume,
    /// `offeringArchive`.
    Archive,
}

/// What a lab, or an agency itself, opens to others.
#[derive(Clone)]
pub struct Offering {
    row: Arc<Model>,
}

/// What a lab, or an agency itself, opens to others.
#[Object]
impl Offering {
    /// Typed id.
    pub async fn id(&self) -> ID {
        show_id(self.row.id)
    }

    /// Counts the edits; pass it as `version` when you edit.
    async fn version(&self) -> i32 {
        self.row.version
    }

    /// Natural key within the agency.
    async fn code(&self) -> &str {
        &self.row.code
    }

    /// What is offered.
    async fn kind(&self) -> OfferingKind {
        self.row.kind.into()
    }

    /// Chinese title.
    async fn title_zh(&self) -> &str {
        &self.row.title_zh
    }

    /// English title.
    async fn title_en(&self) -> Option<&str> {
        self.row.title_en.as_deref()
    }

    /// Free text.
    async fn description(&self) -> Option<&str> {
        self.row.description.as_deref()
    }

    /// Where it is in its life.
    async fn status(&self) -> OfferingStatus {
        self.row.status.into()
    }

    /// Why it is paused or archived.
    async fn status_reason(&self) -> Option<&str> {
        self.row.status_reason.as_deref()
    }

    /// Whether it is open on the date, as far as its own status and dates tell.
    async fn open(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The date that the question is about; today where not given.")] as_of: Option<Date>,
    ) -> Result<bool> {
        Ok(open_on(&self.row, asked_date(ctx, as_of)?))
    }

    /// What you may do with it as it stands. Opening it may still be refused for what it depends on, such as its lab.
    async fn available_actions(&self, ctx: &Context<'_>) -> Result<Vec<OfferingAction>> {
        apart(self.actions(ctx)).await
    }

    /// Who may see it once it was opened; where its lab may not be seen, it may not either.
    async fn visibility(&self) -> Visibility {
        self.row.visibility.into()
    }

    /// Codes of the agencies that may see it although it is OWN; null for others than the owner.
    async fn shown_to(&self, ctx: &Context<'_>) -> Result<Option<Vec<&str>>> {
        let is_owner = reads(ctx)?.caller.actor.acts_for(&self.row.agency);
        Ok(is_owner.then(|| shown_to(&self.row).collect()))
    }

    /// What it covers.
    async fn coverage(&self) -> OfferingCoverage {
        OfferingCoverage::of(Arc::clone(&self.row))
    }

    /// What is counted, such as 样品 or 小时.
    async fn unit(&self) -> &str {
        &self.row.unit
    }

    /// What the price is for; null for callers who are not members of the pact.
    async fn price_basis(&self, ctx: &Context<'_>) -> Result<Option<PriceBasis>> {
        Ok(reads(ctx)?.visible.is_partner().then(|| self.row.price_basis.into()))
    }

    /// Price in yuan (CNY) with two digits behind the point, such as `120.00`; null where none is stated, and for callers
    /// who are not members of the pact.
    async fn price_amount(&self, ctx: &Context<'_>) -> Result<Option<&str>> {
        let is_shown = reads(ctx)?.visible.is_partner();
        Ok(self.row.price_amount.as_deref().filter(|_| is_shown))
    }

    /// Working days from an agreement to the first possible start.
    async fn lead_days(&self) -> i32 {
        self.row.lead_days
    }

    /// Working days from receipt to report; null where that has no meaning.
    async fn turnaround_days(&self) -> Option<i32> {
        self.row.turnaround_days
    }

    /// The same where it is urgent; null where urgent work is not taken.
    async fn urgent_turnaround_days(&self) -> Option<i32> {
        self.row.urgent_turnaround_days
    }

    /// Least quantity of one request.
    async fn quantity_min(&self) -> Option<i32> {
        self.row.quantity_min
    }

    /// Most of one request.
    async fn quantity_max(&self) -> Option<i32> {
        self.row.quantity_max
    }

    /// Conditions.
    async fn conditions(&self) -> Option<&str> {
        self.row.conditions.as_deref()
    }

    /// First date on which it is open; null where it has no beginning.
    async fn valid_from(&self) -> Option<Date> {
        self.row.valid_from.map(Date)
    }

    /// Last date; null where unlimited.
    async fn valid_to(&self) -> Option<Date> {
        self.row.valid_to.map(Date)
    }

    /// When it was first opened; null before.
    async fn opened_at(&self) -> Option<Instant> {
        self.row.opened_at.map(Instant)
    }

    /// When it entered the register.
    async fn created_at(&self) -> Instant {
        Instant(self.row.created_at)
    }

    /// When it was last edited.
    async fn updated_at(&self) -> Instant {
        Instant(self.row.updated_at)
    }

    /// The agency that owns the record.
    async fn agency(&self, ctx: &Context<'_>) -> Result<Option<Agency>> {
        Agency::find(ctx, self.row.agency.clone()).await
    }

    /// How much it gives, and when; null where it states nothing.
    async fn calendar(&self, ctx: &Context<'_>) -> Result<Option<CapacityCalendar>> {
        CapacityCalendar::of(ctx, self.row.id).await
    }

    /// What is free and taken of it within some days.
    async fn capacity(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The first day.")] from: Date,
        #[graphql(desc = "The last day, at most 366 days in all.")] to: Date,
    ) -> Result<Capacity> {
        apart(Capacity::of(ctx, &self.row, from, to)).await
    }

    /// Days from today on, planned and not cancelled, on which it, or all that its lab offers, is closed.
    async fn closures(&self, ctx: &Context<'_>) -> Result<Vec<Closure>> {
        Closure::of(ctx, &self.row).await
    }

    /// Times from now on in which the equipment that it names cannot be used.
    async fn outages(&self, ctx: &Context<'_>) -> Result<Vec<Outage>> {
        Outage::of(ctx, &self.row).await
    }

    /// The lab; null where the agency itself offers.
    async fn lab(&self, ctx: &Context<'_>) -> Result<Option<Lab>> {
        match self.row.lab_id {
            None => Ok(None),
            Some(lab) => Lab::find(ctx, lab).await,
        }
    }
}

impl Offering {
    /// The offering of that id.
    ///
    /// # Errors
    /// `UNAVAILABLE`.
    pub async fn find(ctx: &Context<'_>, id: OfferingId) -> Result<Option<Self>> {
        Ok(reads(ctx)?.load(id).await?.map(|row| Self { row }))
    }

    /// The row, for rooms beside this one.
    pub(in crate::capacity) fn row(&self) -> &Arc<Model> {
        &self.row
    }

    /// The steps that the status has and that the caller may take, by the same function and rules that the acts obey.
    async fn actions(&self, ctx: &Context<'_>) -> Result<Vec<OfferingAction>> {
        let reads = reads(ctx)?;
        let actor = &reads.caller.actor;
        // The lab's rule knows the institution to which a token may be limited.
        let lab = match self.row.lab_id {
            Some(lab) if actor.institutions.is_some() => reads.load(lab).await?,
            _ => None,
        };
        let may = |action: Action| {
            actor.holds(action.scope)
                && self.row.rule(actor, action) == Ruling::Allowed
                && lab.as_ref().is_none_or(|lab| lab.rule(actor, action) == Ruling::Allowed)
        };
        let steps = Step::ALL.into_iter().filter(|step| next(self.row.status, *step).is_ok());
        Ok(steps.filter(|step| may(policy::action(*step))).map(Into::into).collect())
    }
}

impl From<Model> for Offering {
    fn from(row: Model) -> Self {
        Self { row: Arc::new(row) }
    }
}
