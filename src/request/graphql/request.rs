//! Requests in the schema.

use std::{collections::HashSet, sync::Arc};

use async_graphql::{Context, ID, Object, Result};
use entity::{
    enums,
    ids::{RequestId, RequestItemId},
    request::Model,
    request_item,
};

use super::{
    decision::{RuleDecision, principals, standing},
    due::{Due, Reason, age},
    item::RequestItem,
    referral::Referral,
    timeline::Transition,
    words::{Placement, Purpose, RequestAction, RequestStatus, Sending, Urgency, WorkArea},
};
use crate::{
    attachment::graphql::Attachment,
    directory::agency::graphql::Agency,
    graphql::{
        context::{accesses, apart, reads},
        scalars::{Date, Instant, show_id},
    },
    platform::{access_log::Access, reads::Reads},
    request::{
        loader::{ItemsOf, PlacedWith, ReferralsOf, StepsOf},
        model::actions::{self, Viewer},
        policy::{self, Party},
    },
};

/// What an agency needs of others, and how far that has come.
#[derive(Clone)]
pub struct Request {
    pub(super) row: Arc<Model>,
}

/// What an agency needs of others, and how far that has come.
#[Object]
impl Request {
    /// Typed id.
    pub async fn id(&self) -> ID {
        show_id(self.row.id)
    }

    /// Counts the edits; pass it as `version` when you act.
    async fn version(&self) -> i32 {
        self.row.version
    }

    /// Number within the agency, such as R20261123-7K3M9QX4.
    async fn code(&self) -> &str {
        &self.row.code
    }

    /// The requesting agency.
    async fn agency(&self, ctx: &Context<'_>) -> Result<Option<Agency>> {
        Agency::find(ctx, self.row.agency.clone()).await
    }

    /// What it is about, in a line.
    async fn title(&self) -> &str {
        &self.row.title
    }

    /// Where it is in its life.
    async fn status(&self) -> RequestStatus {
        self.row.status.into()
    }

    /// What the results serve.
    async fn purpose(&self) -> Purpose {
        self.row.purpose.into()
    }

    /// The work area of the memorandum.
    async fn work_area(&self) -> WorkArea {
        self.row.work_area.into()
    }

    /// How soon answers are due.
    async fn urgency(&self) -> Urgency {
        self.row.urgency.into()
    }

    /// The last date on which the results are of use.
    async fn need_by(&self) -> Date {
        Date(self.row.need_by)
    }

    /// Conditions of the requester.
    async fn conditions(&self) -> Option<&str> {
        self.row.conditions.as_deref()
    }

    /// How providers are found.
    async fn placement(&self) -> Placement {
        self.row.placement.into()
    }

    /// In which way several providers are asked.
    async fn sending(&self) -> Sending {
        self.row.sending.into()
    }

    /// Files that belong to it, the oldest first.
    async fn attachments(&self, ctx: &Context<'_>) -> Result<Vec<Attachment>> {
        apart(Attachment::of(ctx, self.row.id)).await
    }

    /// Whether providers are asked for quotes, of which one is then ordered by accepting it.
    async fn for_quotes(&self) -> bool {
        self.row.for_quotes
    }

    /// The company whose goods are sampled; null for the providers where it is hidden from them. Where it had been hidden,
    /// their reading it is noted in the access log.
    async fn sampled_company(&self, ctx: &Context<'_>) -> Result<Option<&str>> {
        let Some(company) = self.row.sampled_company.as_deref() else { return Ok(None) };
        if self.is_own(ctx)? {
            return Ok(Some(company));
        }
        if self.row.blind {
            return Ok(None);
        }
        if self.row.unblinded_at.is_some() {
            let reads = reads(ctx)?;
            let access = Access {
                what: "UNBLINDED_SAMPLES",
                object: self.row.id.to_string(),
                owner: Some(self.row.agency.clone()),
            };
            accesses(ctx)?.note(reads.db.clock(), &reads.caller, access);
        }
        Ok(Some(company))
    }

    /// Whether that company is hidden from the providers.
    async fn blind(&self) -> bool {
        self.row.blind
    }

    /// When the providers were told of it, after it had been hidden from them.
    async fn unblinded_at(&self) -> Option<Instant> {
        self.row.unblinded_at.map(Instant)
    }

    /// What is asked for; for a provider, as far as it was asked.
    async fn items(&self, ctx: &Context<'_>) -> Result<Vec<RequestItem>> {
        apart(self.items_seen(ctx)).await
    }

    /// Where it was placed, in the order in which providers are asked; a provider sees its own.
    async fn referrals(&self, ctx: &Context<'_>) -> Result<Vec<Referral>> {
        let rows = reads(ctx)?.load(ReferralsOf(self.row.id)).await?.unwrap_or_default();
        Ok(rows.iter().map(|row| Referral { row: Arc::new(row.clone()) }).collect())
    }

    /// Subject of who wrote it last; its own agency sees it.
    async fn author(&self, ctx: &Context<'_>) -> Result<Option<&str>> {
        Ok(self.is_own(ctx)?.then(|| subject(&self.row.author)))
    }

    /// Subject of who submitted it last; its own agency sees it.
    async fn submitted_by(&self, ctx: &Context<'_>) -> Result<Option<&str>> {
        Ok(self.row.submitted_by.as_deref().map(subject).filter(|_| self.is_own(ctx).unwrap_or(false)))
    }

    /// Subject of who approved it; its own agency sees it.
    async fn approved_by(&self, ctx: &Context<'_>) -> Result<Option<&str>> {
        Ok(self.row.approved_by.as_deref().map(subject).filter(|_| self.is_own(ctx).unwrap_or(false)))
    }

    /// When it came to its status.
    async fn status_at(&self) -> Instant {
        Instant(self.row.status_at)
    }

    /// Working days for which it has been in its status.
    async fn age_workdays(&self, ctx: &Context<'_>) -> Result<i32> {
        age(ctx, self.row.status_at).await
    }

    /// When the next step is due; null where it has ended, in a draft, and where its referrals have the clock.
    async fn due(&self) -> Option<Due> {
        let (at, side) = (self.row.due_at?, self.row.due_side?);
        Some(Due { at, side, provisional: self.row.due_provisional })
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
    async fn available_actions(&self, ctx: &Context<'_>) -> Result<Vec<RequestAction>> {
        let reads = reads(ctx)?;
        let actor = &reads.caller.actor;
        let holds = |scope: &str| actor.holds(scope);
        let mut sides = Vec::new();
        if actor.acts_for(&self.row.agency) {
            sides.push(enums::Side::Requester);
        }
        if policy::sees_all(actor) {
            sides.push(enums::Side::Coordinator);
        }
        let standing = standing(ctx, self.row.decision_id).await?;
        let principals = principals(ctx, standing.is_some()).await?;
        let viewer = Viewer { who: policy::who(actor), sides, holds: &holds, principals };
        Ok(actions::of_request(&self.row, standing.as_ref(), &viewer).into_iter().map(Into::into).collect())
    }

    /// What your agency decided, or is deciding, about it and its referrals by approval rules, the first first; another agency's
    /// decisions you do not see. Where no rule holds, one person with the scope decides.
    async fn decisions(&self, ctx: &Context<'_>) -> Result<Vec<RuleDecision>> {
        apart(RuleDecision::on(ctx, self.row.id)).await
    }

    /// Every step of it and of its referrals that you may know of, the first first.
    async fn timeline(&self, ctx: &Context<'_>) -> Result<Vec<Transition>> {
        let steps = reads(ctx)?.load(StepsOf(self.row.id)).await?.unwrap_or_default();
        Ok(steps.iter().map(|row| Transition::of(row.clone())).collect())
    }

    /// When it was drafted.
    async fn created_at(&self) -> Instant {
        Instant(self.row.created_at)
    }

    /// When it was last edited.
    async fn updated_at(&self) -> Instant {
        Instant(self.row.updated_at)
    }
}

impl Request {
    /// The request of that id.
    ///
    /// # Errors
    /// `UNAVAILABLE`.
    pub async fn find(ctx: &Context<'_>, id: RequestId) -> Result<Option<Self>> {
        Ok(reads(ctx)?.load(id).await?.map(|row| Self { row }))
    }

    fn is_own(&self, ctx: &Context<'_>) -> Result<bool> {
        Ok(Party::of(&reads(ctx)?.caller.actor).is(&self.row.agency))
    }

    async fn items_seen(&self, ctx: &Context<'_>) -> Result<Vec<RequestItem>> {
        let reads = reads(ctx)?;
        let items = reads.load(ItemsOf(self.row.id)).await?.unwrap_or_default();
        let mut rows: Vec<request_item::Model> = items.to_vec();
        if !self.is_own(ctx)? {
            let placed = placed_with(reads, self.row.id).await?;
            rows.retain(|item| placed.contains(&item.id));
        }
        Ok(rows.into_iter().map(|row| RequestItem { row }).collect())
    }
}

impl From<Model> for Request {
    fn from(row: Model) -> Self {
        Self { row: Arc::new(row) }
    }
}

async fn placed_with(reads: &Reads, id: RequestId) -> Result<HashSet<RequestItemId>> {
    let referrals = reads.load(ReferralsOf(id)).await?.unwrap_or_default();
    let found = referrals.iter().map(|row| reads.load(PlacedWith(row.id)));
    let found = futures_util::future::try_join_all(found).await?;
    Ok(found.into_iter().flatten().flat_map(|items| items.to_vec()).collect())
}

/// The subject of a person that was written down as issuer and subject.
pub(super) fn subject(who: &str) -> &str {
    who.rsplit_once('#').map_or(who, |(_, subject)| subject)
}
