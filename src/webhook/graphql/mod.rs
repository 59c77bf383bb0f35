//! Webhooks in the schema.

mod delivery;
mod mutation;

use std::sync::Arc;

use async_graphql::{Context, Enum, ID, Object, Result};
use entity::{
    enums,
    ids::{WebhookDeliveryId, WebhookId},
    webhook::Model,
};

pub use delivery::{WebhookDelivery, WebhookDeliveryConnection, WebhookDeliveryEdge, WebhookDeliveryWhere};
pub use mutation::WebhookMutation;

use super::{
    loader::{KeysOf, StandingOf},
    model::{endpoint::names_of, signature},
    policy, store,
    store::delivery::DeliveryFilter,
};
use crate::{
    graphql::{
        access::access,
        context::{apart, reads},
        scalars::{Instant, parse_id, show_id},
    },
    platform::{access::permit, page::Window},
};

/// Most webhooks that are listed.
const MOST: u64 = 1_000;
/// Open deliveries are counted up to so many.
const COUNTED: u64 = 100_000;

/// Whether a webhook is told of events.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "enums::WebhookStatus")]
pub enum WebhookStatus {
    /// It is.
    Active,
    /// What it would be told waits until it is resumed.
    Paused,
    /// It did not take what it was told; nothing is kept for it until it is resumed.
    Disabled,
}

/// Why a webhook is told nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "enums::WebhookStop")]
pub enum WebhookStop {
    /// Its agency has paused it.
    Asked,
    /// It has answered that it is gone for good (410).
    Gone,
    /// It has failed for longer than the instance allows.
    Failing,
}

/// How messages are signed, by Standard Webhooks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Enum)]
#[graphql(remote = "enums::WebhookSigning")]
pub enum WebhookSigning {
    /// `v1`: HMAC-SHA256 with a secret `whsec_…` that both sides know.
    #[default]
    Symmetric,
    /// `v1a`: Ed25519; the receiver needs the public key `whpk_…` alone.
    Ed25519,
}

/// An endpoint of an agency that is told of events by HTTP.
#[derive(Clone)]
pub struct Webhook {
    row: Arc<Model>,
}

/// An endpoint of an agency that is told of events by HTTP.
#[Object]
impl Webhook {
    /// Typed id.
    pub async fn id(&self) -> ID {
        show_id(self.row.id)
    }

    /// Counts the edits; pass it as `version` when you edit.
    async fn version(&self) -> i32 {
        self.row.version
    }

    /// Code of the agency that owns it.
    async fn agency(&self) -> &str {
        self.row.agency.as_str()
    }

    /// Where it is.
    async fn url(&self) -> &str {
        &self.row.url
    }

    /// What it is for.
    async fn description(&self) -> Option<&str> {
        self.row.description.as_deref()
    }

    /// Names of the events that it is told of; null for all that the agency may hear of.
    async fn names(&self) -> Option<Vec<String>> {
        self.row.names.as_ref().map(names_of)
    }

    /// Whether it is told of events.
    async fn status(&self) -> WebhookStatus {
        self.row.status.into()
    }

    /// Why it is told nothing; null while it is ACTIVE.
    async fn stop(&self) -> Option<WebhookStop> {
        self.row.stop.map(Into::into)
    }

    /// The same in words.
    async fn reason(&self) -> Option<&str> {
        self.row.reason.as_deref()
    }

    /// How messages are signed by the newest secret.
    async fn signing(&self) -> WebhookSigning {
        self.row.signing.into()
    }

    /// What it is signed with at the moment, the newest first. Secrets themselves are never told again.
    async fn keys(&self, ctx: &Context<'_>) -> Result<Vec<WebhookKey>> {
        let rows = reads(ctx)?.load(KeysOf(self.row.id)).await?.unwrap_or_default();
        Ok(rows.into_iter().map(|row| WebhookKey { row }).collect())
    }

    /// Since when it has taken nothing any more; null where the last attempt was good.
    async fn failing_since(&self, ctx: &Context<'_>) -> Result<Option<Instant>> {
        let standing = reads(ctx)?.load(StandingOf(self.row.id)).await?;
        Ok(standing.and_then(|row| row.failing_since).map(Instant))
    }

    /// When it last took something.
    async fn last_delivered_at(&self, ctx: &Context<'_>) -> Result<Option<Instant>> {
        let standing = reads(ctx)?.load(StandingOf(self.row.id)).await?;
        Ok(standing.and_then(|row| row.delivered_at).map(Instant))
    }

    /// How many deliveries have not ended, counted up to 100000.
    async fn waiting(&self, ctx: &Context<'_>) -> Result<i32> {
        let open = apart(store::delivery::open(&reads(ctx)?.db, self.row.id, COUNTED)).await?;
        Ok(i32::try_from(open).unwrap_or(i32::MAX))
    }

    /// Subject of who made it.
    async fn created_by(&self) -> &str {
        &self.row.created_by
    }

    /// When it was made.
    async fn created_at(&self) -> Instant {
        Instant(self.row.created_at)
    }

    /// When it was last edited.
    async fn updated_at(&self) -> Instant {
        Instant(self.row.updated_at)
    }
}

impl Webhook {
    /// The webhook of that id, for those who manage what its agency is told.
    ///
    /// # Errors
    /// `FORBIDDEN` for callers without the scope; `UNAVAILABLE`.
    pub async fn find(ctx: &Context<'_>, id: WebhookId) -> Result<Option<Self>> {
        let reads = reads(ctx)?;
        permit(&reads.caller, policy::READ)?;
        let row = store::endpoint::by_id(&reads.db, &reads.visible, id).await?;
        Ok(row.map(|row| Self { row: Arc::new(row) }))
    }
}

/// What messages of a webhook are signed with.
pub struct WebhookKey {
    row: entity::webhook_secret::Model,
}

/// What messages of a webhook are signed with.
#[Object]
impl WebhookKey {
    /// How it signs.
    async fn signing(&self) -> WebhookSigning {
        self.row.signing.into()
    }

    /// The public key `whpk_…`; null where both sides know the secret.
    async fn public_key(&self) -> Result<Option<String>> {
        Ok(match self.row.signing {
            enums::WebhookSigning::Symmetric => None,
            enums::WebhookSigning::Ed25519 => Some(signature::shown(self.row.signing, &self.row.material)?),
        })
    }

    /// When it was made.
    async fn created_at(&self) -> Instant {
        Instant(self.row.created_at)
    }

    /// Until when it signs beside its successor; null for the present one.
    async fn until(&self) -> Option<Instant> {
        self.row.until.map(Instant)
    }
}

/// Asking for webhooks.
#[derive(Default)]
pub struct WebhookQuery;

#[Object]
impl WebhookQuery {
    /// The webhooks of your agency, the newest first.
    #[graphql(directive = access::apply(policy::READ))]
    async fn webhooks(&self, ctx: &Context<'_>) -> Result<Vec<Webhook>> {
        let reads = reads(ctx)?;
        let rows = apart(store::endpoint::all(&reads.db, &reads.visible, MOST)).await?;
        Ok(rows.into_iter().map(|row| Webhook { row: Arc::new(row) }).collect())
    }

    /// The webhook of that id; null where your agency has none.
    #[graphql(directive = access::apply(policy::READ))]
    async fn webhook(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Id of a webhook.")] id: ID,
    ) -> Result<Option<Webhook>> {
        Webhook::find(ctx, parse_id(&id, "id")?).await
    }

    /// What was and will be delivered to a webhook, the newest first. What ended long ago is cleared away.
    #[graphql(directive = access::apply(policy::READ))]
    async fn webhook_deliveries(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Id of a webhook.")] webhook: ID,
        #[graphql(name = "where", desc = "Every condition that is given must hold.")] filter: Option<
            WebhookDeliveryWhere,
        >,
        #[graphql(desc = "Rows from the beginning, at most 200; 20 where neither first nor last is given.")]
        first: Option<i32>,
        #[graphql(desc = "Only rows after this cursor.")] after: Option<String>,
        #[graphql(desc = "Rows from the end, at most 200.")] last: Option<i32>,
        #[graphql(desc = "Only rows before this cursor.")] before: Option<String>,
    ) -> Result<WebhookDeliveryConnection> {
        let window = Window::from_args(first, after.as_deref(), last, before.as_deref())?;
        let webhook = Some(parse_id::<WebhookId>(&webhook, "webhook")?);
        let filter = DeliveryFilter { webhook, ..filter.unwrap_or_default().into() };
        apart(delivery::listed(ctx, filter, window)).await
    }

    /// The delivery of that id; null where your agency has none.
    #[graphql(directive = access::apply(policy::READ))]
    async fn webhook_delivery(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Id of a delivery.")] id: ID,
    ) -> Result<Option<WebhookDelivery>> {
        WebhookDelivery::find(ctx, parse_id::<WebhookDeliveryId>(&id, "id")?).await
    }
}
