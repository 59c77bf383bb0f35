//! The addresses of calendars in the schema.

use async_graphql::{Context, ID, InputObject, Object, Result};
use entity::{calendar_feed::Model, ids::CalendarFeedId};

use super::{policy, service, service::NewFeed, store};
use crate::{
    capacity::offering::graphql::Offering,
    directory::lab::graphql::Lab,
    graphql::{
        access::access,
        context::{command, reads},
        scalars::{Instant, parse_id, parse_optional_id, show_id},
    },
    payload,
    platform::fault::Fault,
};

/// An address under which a calendar is followed (iCalendar, RFC 5545). The address itself is told when it is made, and
/// never again.
pub struct CalendarFeed {
    row: Model,
}

/// An address under which a calendar is followed (iCalendar, RFC 5545). The address itself is told when it is made, and
/// never again.
#[Object]
impl CalendarFeed {
    /// Typed id.
    async fn id(&self) -> ID {
        show_id(self.row.id)
    }

    /// Counts the edits; pass it as `version` when you revoke it.
    async fn version(&self) -> i32 {
        self.row.version
    }

    /// The offering; null where a whole lab is shown.
    async fn offering(&self, ctx: &Context<'_>) -> Result<Option<Offering>> {
        match self.row.offering_id {
            None => Ok(None),
            Some(offering) => Offering::find(ctx, offering).await,
        }
    }

    /// The lab; null where one offering is shown.
    async fn lab(&self, ctx: &Context<'_>) -> Result<Option<Lab>> {
        match self.row.lab_id {
            None => Ok(None),
            Some(lab) => Lab::find(ctx, lab).await,
        }
    }

    /// Who uses it, as its maker says.
    async fn label(&self) -> Option<&str> {
        self.row.label.as_deref()
    }

    /// Subject who made it.
    async fn created_by(&self) -> &str {
        &self.row.created_by
    }

    /// When it was made.
    async fn created_at(&self) -> Instant {
        Instant(self.row.created_at)
    }

    /// When it was revoked.
    async fn revoked_at(&self) -> Option<Instant> {
        self.row.revoked_at.map(Instant)
    }
}

impl CalendarFeed {
    /// The one of that id, of the caller's own agency.
    ///
    /// # Errors
    /// `UNAVAILABLE`.
    pub async fn find(ctx: &Context<'_>, id: CalendarFeedId) -> Result<Option<Self>> {
        let reads = reads(ctx)?;
        Ok(store::by_id(&reads.db, &reads.visible, id).await?.map(|row| Self { row }))
    }
}

payload!(CalendarFeedPayload, calendar_feed: CalendarFeed, CalendarFeedId, "The address of a calendar");

/// An address that was made, and its path, which is told this once.
pub struct CalendarFeedCreatePayload {
    id: CalendarFeedId,
    token: String,
}

/// An address that was made, and its path, which is told this once.
#[Object]
impl CalendarFeedCreatePayload {
    /// What was made.
    async fn calendar_feed(&self, ctx: &Context<'_>) -> Result<CalendarFeed> {
        let found = CalendarFeed::find(ctx, self.id).await?;
        Ok(found.ok_or_else(|| Fault::not_found(CalendarFeedId::KIND, self.id))?)
    }

    /// The path on this server, `/calendar/….ics`. Whoever knows it reads the calendar: hand it to its user alone, and
    /// revoke it when it is no longer needed.
    async fn path(&self) -> String {
        format!("/calendar/{}.ics", self.token)
    }
}

/// An address to be made.
#[derive(Clone, Debug, InputObject)]
pub struct CalendarFeedCreateInput {
    /// Id of an offering; or give a lab.
    pub offering: Option<ID>,
    /// Id of a lab, all of whose offerings are shown.
    pub lab: Option<ID>,
    /// Who uses it.
    pub label: Option<String>,
}

/// Asking for addresses.
#[derive(Default)]
pub struct CalendarFeedQuery;

#[Object]
impl CalendarFeedQuery {
    /// The addresses of calendars of your agency that are not revoked, the newest first; at most 200.
    #[graphql(directive = access::apply(policy::READ))]
    async fn calendar_feeds(&self, ctx: &Context<'_>) -> Result<Vec<CalendarFeed>> {
        let reads = reads(ctx)?;
        let rows = store::all(&reads.db, &reads.visible).await?;
        Ok(rows.into_iter().map(|row| CalendarFeed { row }).collect())
    }
}

/// Changing addresses.
#[derive(Default)]
pub struct CalendarFeedMutation;

#[Object]
impl CalendarFeedMutation {
    /// Make an address under which the calendar of an offering, or of all that a lab offers, is followed: closures,
    /// outages and bookings. It takes no idempotency key, since the answer is kept nowhere.
    #[graphql(directive = access::apply(policy::CREATE))]
    async fn calendar_feed_create(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What it shows.")] input: CalendarFeedCreateInput,
    ) -> Result<CalendarFeedCreatePayload> {
        let new = NewFeed {
            offering: parse_optional_id(input.offering.as_ref(), "input.offering")?,
            lab: parse_optional_id(input.lab.as_ref(), "input.lab")?,
            label: input.label,
        };
        let (id, token) = service::create(&command(ctx, None, None)?, new).await?;
        Ok(CalendarFeedCreatePayload { id, token })
    }

    /// Revoke an address; from the answer on nobody reads anything under it.
    #[graphql(directive = access::apply(policy::REVOKE))]
    async fn calendar_feed_revoke(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which one.")] id: ID,
        #[graphql(desc = "The version that you have read; refused with STALE_VERSION if it is no longer the last.")]
        version: Option<i32>,
        #[graphql(
            desc = "Keeps the first answer under this key: the same command sent again gets it, and nothing is done twice."
        )]
        idempotency_key: Option<String>,
    ) -> Result<CalendarFeedPayload> {
        let id = parse_id(&id, "id")?;
        Ok(CalendarFeedPayload(service::revoke(&command(ctx, version, idempotency_key)?, id).await?))
    }
}
