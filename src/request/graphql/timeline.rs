//! The steps of a request in the schema.

use async_graphql::{Context, ID, Object, Result, SimpleObject};
use entity::transition;
use serde_json::Value;

use super::{due::Reason, referral::Referral, request::subject, words::Side};
use crate::{
    directory::agency::graphql::Agency,
    graphql::{
        context::reads,
        scalars::{Instant, show_id},
    },
    request::policy::Party,
};

/// One step of a request or of one of its referrals.
#[derive(Clone)]
pub struct Transition {
    row: transition::Model,
}

/// One step of a request or of one of its referrals.
#[Object]
impl Transition {
    /// Typed id.
    async fn id(&self) -> ID {
        show_id(self.row.id)
    }

    /// When.
    async fn at(&self) -> Instant {
        Instant(self.row.at)
    }

    /// The referral, where it is a step of one.
    async fn referral(&self, ctx: &Context<'_>) -> Result<Option<Referral>> {
        match self.row.referral_id {
            Some(id) => Referral::find(ctx, id).await,
            None => Ok(None),
        }
    }

    /// What happened, such as ACCEPT.
    async fn event(&self) -> &str {
        &self.row.event
    }

    /// Status before.
    async fn from_status(&self) -> &str {
        &self.row.from_status
    }

    /// Status after.
    async fn to_status(&self) -> &str {
        &self.row.to_status
    }

    /// For which side it was done.
    async fn side(&self) -> Side {
        self.row.side.into()
    }

    /// Subject of whoever did it; null for the clock and the rota, and for persons of another agency.
    async fn actor(&self, ctx: &Context<'_>) -> Result<Option<&str>> {
        let party = Party::of(&reads(ctx)?.caller.actor);
        let own = self.row.actor_agency.as_ref().is_some_and(|agency| party.is(agency));
        Ok(self.row.actor.as_deref().map(subject).filter(|_| own))
    }

    /// The agency of whoever did it.
    async fn actor_agency(&self, ctx: &Context<'_>) -> Result<Option<Agency>> {
        match &self.row.actor_agency {
            Some(code) => Agency::find(ctx, code.clone()).await,
            None => Ok(None),
        }
    }

    /// Why.
    async fn reason(&self) -> Option<Reason> {
        Reason::of(self.row.reason_code.as_ref(), self.row.reason_text.as_ref())
    }

    /// Who was told what.
    async fn told(&self) -> Vec<Notice> {
        let rows = self.row.told.as_array().into_iter().flatten();
        let text = |row: &Value, name: &str| row[name].as_str().unwrap_or_default().to_owned();
        rows.map(|row| Notice { agency: text(row, "agency"), notice: text(row, "notice") }).collect()
    }

    /// When the step that follows was due from then on.
    async fn due_at(&self) -> Option<Instant> {
        self.row.due_at.map(Instant)
    }
}

impl Transition {
    pub(super) fn of(row: transition::Model) -> Self {
        Self { row }
    }
}

/// Somebody who was told of a step.
#[derive(Clone, Debug, SimpleObject)]
pub struct Notice {
    /// Code of the agency.
    agency: String,
    /// What it was told: the event.
    notice: String,
}
