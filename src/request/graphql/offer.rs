//! Offers in the schema.

use std::sync::Arc;

use async_graphql::{Context, ID, Object, Result};
use entity::{
    ids::{OfferId, ReferralId},
    offer, offer_condition,
};

use super::{
    due::Reason,
    referral::Referral,
    request::subject,
    words::{ConditionAnswer, OfferKind, OfferStatus, Side},
};
use crate::{
    attachment::graphql::Attachment,
    graphql::{
        context::{apart, reads},
        scalars::{Date, Instant, show_id},
    },
    platform::fault::Fault,
    request::{loader::ConditionsOf, policy::Party},
};

/// Terms that one side puts to the other.
#[derive(Clone)]
pub struct Offer {
    pub(super) row: Arc<offer::Model>,
}

/// Terms that one side puts to the other.
#[Object]
impl Offer {
    /// Typed id.
    pub async fn id(&self) -> ID {
        show_id(self.row.id)
    }

    /// The referral.
    async fn referral(&self, ctx: &Context<'_>) -> Result<Referral> {
        let found = Referral::find(ctx, self.row.referral_id).await?;
        Ok(found.ok_or_else(|| Fault::not_found(ReferralId::KIND, self.row.referral_id.0))?)
    }

    /// Counts the offers of a referral, from 1.
    async fn number(&self) -> i32 {
        self.row.number
    }

    /// What kind.
    async fn kind(&self) -> OfferKind {
        self.row.kind.into()
    }

    /// Which side makes it.
    async fn side(&self) -> Side {
        self.row.side.into()
    }

    /// Where it is in its life.
    async fn status(&self) -> OfferStatus {
        self.row.status.into()
    }

    /// Price of all of it in yuan (CNY) with two digits behind the point; null where nothing is charged.
    async fn price(&self) -> Option<&str> {
        self.row.price.as_deref()
    }

    /// First day of the work.
    async fn starts_on(&self) -> Date {
        Date(self.row.starts_on)
    }

    /// Last day for the report.
    async fn report_by(&self) -> Date {
        Date(self.row.report_by)
    }

    /// Until when it stands.
    async fn valid_until(&self) -> Instant {
        Instant(self.row.valid_until)
    }

    /// Remarks.
    async fn remarks(&self) -> Option<&str> {
        self.row.remarks.as_deref()
    }

    /// Subject of who wrote it; the agency that makes it sees it.
    async fn author(&self, ctx: &Context<'_>) -> Result<Option<&str>> {
        let own = Party::of(&reads(ctx)?.caller.actor).is(&self.row.agency);
        Ok(own.then(|| subject(&self.row.author)))
    }

    /// Files that belong to it, the oldest first.
    async fn attachments(&self, ctx: &Context<'_>) -> Result<Vec<Attachment>> {
        apart(Attachment::of(ctx, self.row.id)).await
    }

    /// The conditions on which it stands, each answered by itself.
    async fn conditions(&self, ctx: &Context<'_>) -> Result<Vec<OfferCondition>> {
        let rows = reads(ctx)?.load(ConditionsOf(self.row.id)).await?.unwrap_or_default();
        Ok(rows.iter().map(|row| OfferCondition { row: row.clone() }).collect())
    }

    /// Why it ended, where a reason was given.
    async fn reason(&self) -> Option<Reason> {
        Reason::of(self.row.reason_code.as_ref(), self.row.reason_text.as_ref())
    }

    /// When it was made.
    async fn created_at(&self) -> Instant {
        Instant(self.row.created_at)
    }
}

impl Offer {
    /// The offer of that id.
    ///
    /// # Errors
    /// `UNAVAILABLE`.
    pub async fn find(ctx: &Context<'_>, id: OfferId) -> Result<Option<Self>> {
        let reads = reads(ctx)?;
        let party = Party::of(&reads.caller.actor);
        Ok(reads.load(id).await?.filter(|row| knows(&party, row)).map(|row| Self { row }))
    }
}

/// Whether somebody knows of an offer: what was never put to the other side is its own side's alone.
pub(super) fn knows(party: &Party, offer: &offer::Model) -> bool {
    let own = match party {
        Party::Sites(agency, _) => *agency == offer.agency,
        party => party.is(&offer.agency),
    };
    own || offer.put_at.is_some()
}

/// A condition on which an offer stands.
#[derive(Clone)]
pub struct OfferCondition {
    row: offer_condition::Model,
}

/// A condition on which an offer stands.
#[Object]
impl OfferCondition {
    /// Typed id.
    async fn id(&self) -> ID {
        show_id(self.row.id)
    }

    /// Place in the offer, from 1.
    async fn position(&self) -> i32 {
        self.row.position
    }

    /// The condition.
    async fn text(&self) -> &str {
        &self.row.text
    }

    /// What was answered; null where nothing was yet.
    async fn answer(&self) -> Option<ConditionAnswer> {
        self.row.answer.map(Into::into)
    }

    /// What was written with the answer.
    async fn note(&self) -> Option<&str> {
        self.row.note.as_deref()
    }

    /// When it was answered.
    async fn answered_at(&self) -> Option<Instant> {
        self.row.answered_at.map(Instant)
    }
}
