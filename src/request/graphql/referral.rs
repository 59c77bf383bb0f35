//! Referrals and offers in the schema.

use std::sync::Arc;

use super::{
    custody::{Consignment, Deliverable},
    decision::{principals, standing},
    due::{Due, Reason, age},
    item::RequestItem,
    offer::{Offer, knows},
    request::Request,
    spare::SpareOffer,
    timeline::Transition,
    words::{ReferralAction, ReferralStatus, Side},
};
use crate::{
    capacity::offering::graphql::Offering,
    directory::{agency::graphql::Agency, lab::graphql::Lab},
    graphql::{
        context::{apart, reads},
        scalars::{Date, Instant, show_id},
    },
    request::{
        loader::{ConsignmentsOf, ItemsOf, OffersOf, PlacedWith, ReportsOf, StepsOf},
        model::actions::{self, Authors, Standings, Viewer},
        policy::{self, Party},
    },
};
use async_graphql::{Context, ID, Object, Result, SimpleObject};
use entity::{
    enums,
    ids::{OfferId, ReferralId},
    offer,
    referral::Model,
};

/// A request, or some of its items, placed with one provider.
#[derive(Clone)]
pub struct Referral {
    pub(super) row: Arc<Model>,
}

/// A request, or some of its items, placed with one provider.
#[Object]
impl Referral {
    /// Typed id.
    pub async fn id(&self) -> ID {
        show_id(self.row.id)
    }

    /// Counts the edits; pass it as `version` when you act.
    async fn version(&self) -> i32 {
        self.row.version
    }

    /// The request.
    async fn request(&self, ctx: &Context<'_>) -> Result<Option<Request>> {
        Request::find(ctx, self.row.request_id).await
    }

    /// The providing agency.
    async fn provider(&self, ctx: &Context<'_>) -> Result<Option<Agency>> {
        Agency::find(ctx, self.row.agency.clone()).await
    }

    /// The requesting agency.
    async fn requester(&self, ctx: &Context<'_>) -> Result<Option<Agency>> {
        Agency::find(ctx, self.row.requester.clone()).await
    }

    /// The site, where the offering is of one.
    async fn lab(&self, ctx: &Context<'_>) -> Result<Option<Lab>> {
        match self.row.lab_id {
            Some(id) => apart(Lab::find(ctx, id)).await,
            None => Ok(None),
        }
    }

    /// What it is asked for.
    async fn offering(&self, ctx: &Context<'_>) -> Result<Option<Offering>> {
        apart(Offering::find(ctx, self.row.offering_id)).await
    }

    /// The items that it is about.
    async fn items(&self, ctx: &Context<'_>) -> Result<Vec<RequestItem>> {
        let reads = reads(ctx)?;
        let placed = reads.load(PlacedWith(self.row.id)).await?.unwrap_or_default();
        let items = reads.load(ItemsOf(self.row.request_id)).await?.unwrap_or_default();
        let about = items.iter().filter(|item| placed.contains(&item.id));
        Ok(about.map(|row| RequestItem { row: row.clone() }).collect())
    }

    /// Place in the order in which providers are asked, from 1; the requester sees it.
    async fn rank(&self, ctx: &Context<'_>) -> Result<Option<i32>> {
        Ok(self.is_requesters(ctx)?.then_some(self.row.rank))
    }

    /// Whether it is asked only when all others are exhausted; the requester sees it.
    async fn last_resort(&self, ctx: &Context<'_>) -> Result<Option<bool>> {
        Ok(self.is_requesters(ctx)?.then_some(self.row.last_resort))
    }

    /// Whether the provider came forward by itself.
    async fn unsolicited(&self) -> bool {
        self.row.unsolicited
    }

    /// The spare capacity that it takes of, where the provider came forward with that and it can be seen.
    async fn spare_offer(&self, ctx: &Context<'_>) -> Result<Option<SpareOffer>> {
        match self.row.spare_offer_id {
            Some(id) => SpareOffer::find(ctx, id).await,
            None => Ok(None),
        }
    }

    /// Why it stands at its rank; the requester sees it.
    async fn grounds(&self, ctx: &Context<'_>) -> Result<Option<Vec<Ground>>> {
        let rows = self.row.grounds.as_array().into_iter().flatten();
        let grounds = rows.map(|row| Ground {
            factor: row["factor"].as_str().unwrap_or_default().to_owned(),
            value: row["value"].as_f64(),
            text: row["text"].as_str().map(str::to_owned),
        });
        Ok(self.is_requesters(ctx)?.then(|| grounds.collect()))
    }

    /// Where it is in its life.
    async fn status(&self) -> ReferralStatus {
        self.row.status.into()
    }

    /// When it came to its status.
    async fn status_at(&self) -> Instant {
        Instant(self.row.status_at)
    }

    /// Working days for which it has been in its status.
    async fn age_workdays(&self, ctx: &Context<'_>) -> Result<i32> {
        age(ctx, self.row.status_at).await
    }

    /// When it was sent.
    async fn sent_at(&self) -> Option<Instant> {
        self.row.sent_at.map(Instant)
    }

    /// When the next step is due; null where it has ended, and while a dispute is settled.
    async fn due(&self) -> Option<Due> {
        let (at, side) = (self.row.due_at?, self.row.due_side?);
        Some(Due { at, side, provisional: self.row.due_provisional })
    }

    /// The date before which the provider asks not to be asked again.
    async fn retry_on(&self) -> Option<Date> {
        self.row.retry_on.map(Date)
    }

    /// The terms that stand: an offer of the provider, or what the requester put against it.
    async fn offer(&self, ctx: &Context<'_>) -> Result<Option<Offer>> {
        let offers = reads(ctx)?.load(OffersOf(self.row.id)).await?.unwrap_or_default();
        let found = offers.iter().find(|offer| Some(offer.id) == self.row.offer_id);
        Ok(found.map(|row| Offer { row: Arc::new(row.clone()) }))
    }

    /// All terms that one side has put to the other, the first first.
    async fn offers(&self, ctx: &Context<'_>) -> Result<Vec<Offer>> {
        let offers = self.known_offers(ctx).await?;
        Ok(offers.into_iter().map(|row| Offer { row: Arc::new(row) }).collect())
    }

    /// An offer that waits for an approver of the provider; the requester does not see it.
    async fn pending_offer(&self, ctx: &Context<'_>) -> Result<Option<Offer>> {
        let found = self.known_offers(ctx).await?.into_iter().find(|offer| Some(offer.id) == self.row.pending_offer_id);
        Ok(found.map(|row| Offer { row: Arc::new(row) }))
    }

    /// A change of what was agreed that waits for a signature; the other side sees it once the first side has signed.
    async fn amendment(&self, ctx: &Context<'_>) -> Result<Option<Offer>> {
        let found = self.known_offers(ctx).await?.into_iter().find(|offer| Some(offer.id) == self.row.amendment_id);
        Ok(found.map(|row| Offer { row: Arc::new(row) }))
    }

    /// Which side must sign that change.
    async fn amendment_waits_for(&self, ctx: &Context<'_>) -> Result<Option<Side>> {
        let known = self.known_offers(ctx).await?.iter().any(|offer| Some(offer.id) == self.row.amendment_id);
        Ok(self.row.amendment_side.filter(|_| known).map(Into::into))
    }

    /// Samples that were sent, the first first.
    async fn consignments(&self, ctx: &Context<'_>) -> Result<Vec<Consignment>> {
        let rows = reads(ctx)?.load(ConsignmentsOf(self.row.id)).await?.unwrap_or_default();
        Ok(rows.iter().map(|row| Consignment { row: row.clone() }).collect())
    }

    /// Reports that were delivered, superseded ones included.
    async fn deliverables(&self, ctx: &Context<'_>) -> Result<Vec<Deliverable>> {
        let rows = reads(ctx)?.load(ReportsOf(self.row.id)).await?.unwrap_or_default();
        Ok(rows.iter().map(|row| Deliverable { row: row.clone() }).collect())
    }

    /// First day of the agreed work.
    async fn starts_on(&self) -> Option<Date> {
        self.row.starts_on.map(Date)
    }

    /// Last day for the report.
    async fn report_by(&self) -> Option<Date> {
        self.row.report_by.map(Date)
    }

    /// Counts the deliveries, from 1; each correction that is asked for begins the next.
    async fn revision(&self) -> i32 {
        self.row.revision
    }

    /// When the requester's approver signed.
    async fn requester_signed_at(&self) -> Option<Instant> {
        self.row.requester_signed_at.map(Instant)
    }

    /// When the provider's approver signed.
    async fn provider_signed_at(&self) -> Option<Instant> {
        self.row.provider_signed_at.map(Instant)
    }

    /// The reason of the last move that needed one.
    async fn reason(&self) -> Option<Reason> {
        Reason::of(self.row.reason_code.as_ref(), self.row.reason_text.as_ref())
    }

    /// Whether the clock made the last move.
    async fn moved_by_clock(&self) -> bool {
        self.row.moved_by_clock
    }

    /// What you may do with it now. Each is a mutation of its own, which may still name blockers.
    async fn available_actions(&self, ctx: &Context<'_>) -> Result<Vec<ReferralAction>> {
        apart(self.actions(ctx)).await
    }

    /// Every step of it, the first first.
    async fn timeline(&self, ctx: &Context<'_>) -> Result<Vec<Transition>> {
        let steps = reads(ctx)?.load(StepsOf(self.row.request_id)).await?.unwrap_or_default();
        let own = steps.iter().filter(|row| row.referral_id == Some(self.row.id));
        Ok(own.map(|row| Transition::of(row.clone())).collect())
    }
}

/// Why a provider stands at its rank.
#[derive(Clone, Debug, SimpleObject)]
pub struct Ground {
    /// What was looked at, such as DISTANCE.
    factor: String,
    /// What it added to the rank; null where it is no number.
    value: Option<f64>,
    /// In words.
    text: Option<String>,
}

impl Referral {
    /// The referral of that id.
    ///
    /// # Errors
    /// `UNAVAILABLE`.
    pub async fn find(ctx: &Context<'_>, id: ReferralId) -> Result<Option<Self>> {
        Ok(reads(ctx)?.load(id).await?.map(|row| Self { row }))
    }

    /// The offers that the caller knows of.
    async fn known_offers(&self, ctx: &Context<'_>) -> Result<Vec<offer::Model>> {
        let reads = reads(ctx)?;
        let party = Party::of(&reads.caller.actor);
        let offers = reads.load(OffersOf(self.row.id)).await?.unwrap_or_default();
        Ok(offers.iter().filter(|offer| knows(&party, offer)).cloned().collect())
    }

    fn is_requesters(&self, ctx: &Context<'_>) -> Result<bool> {
        Ok(Party::of(&reads(ctx)?.caller.actor).is(&self.row.requester))
    }

    async fn actions(&self, ctx: &Context<'_>) -> Result<Vec<ReferralAction>> {
        let reads = reads(ctx)?;
        let actor = &reads.caller.actor;
        let Some(request) = reads.load(self.row.request_id).await? else { return Ok(Vec::new()) };
        let offers = reads.load(OffersOf(self.row.id)).await?.unwrap_or_default();
        let find = |id: Option<OfferId>| offers.iter().find(|offer| Some(offer.id) == id);
        let authors = Authors {
            offer: find(self.row.offer_id).map(|offer| offer.author.as_str()),
            amendment: find(self.row.amendment_id).map(|offer| (offer.author.as_str(), offer.side)),
            pending: find(self.row.pending_offer_id).map(|offer| offer.author.as_str()),
        };
        let mut sides = Vec::new();
        let party = Party::of(actor);
        if actor.acts_for(&self.row.requester) && party.is(&self.row.requester) {
            sides.push(enums::Side::Requester);
        }
        if actor.acts_for(&self.row.agency) && self.row.sent_at.is_some() {
            sides.push(enums::Side::Provider);
        }
        if policy::sees_all(actor) {
            sides.push(enums::Side::Coordinator);
        }
        let holds = |scope: &str| actor.holds(scope);
        let standings = Standings {
            status: standing(ctx, self.row.decision_id).await?,
            amendment: standing(ctx, self.row.amendment_decision_id).await?,
            pending: standing(ctx, self.row.pending_decision_id).await?,
        };
        let ruled = [&standings.status, &standings.amendment, &standings.pending].iter().any(|one| one.is_some());
        let principals = principals(ctx, ruled).await?;
        let viewer = Viewer { who: policy::who(actor), sides, holds: &holds, principals };
        let found = actions::of_referral(&self.row, (&request, authors), (&viewer, &standings));
        Ok(found.into_iter().map(Into::into).collect())
    }
}

impl From<Model> for Referral {
    fn from(row: Model) -> Self {
        Self { row: Arc::new(row) }
    }
}
