//! Changing webhooks.

use async_graphql::{Context, ID, InputObject, MaybeUndefined, Object, Result};
use entity::ids::{WebhookDeliveryId, WebhookId};

use super::{Webhook, WebhookDelivery, WebhookSigning};
use crate::{
    graphql::{
        access::access,
        context::{catalogue, command, webhooks},
        scalars::{Instant, parse_id, parse_optional_id, patch},
    },
    payload,
    platform::{
        fault::{Fault, Outcome},
        patch::Patch,
    },
    webhook::{
        model::endpoint::{EndpointEdit, NewEndpoint},
        policy,
        service::{
            edit,
            replay::{self, Replay},
            rotate::{self, Rotation},
        },
    },
};

payload!(WebhookPayload, webhook: Webhook, WebhookId, "The webhook");
payload!(WebhookTestPayload, delivery: WebhookDelivery, WebhookDeliveryId, "The delivery");

/// A webhook and what its messages are verified with.
pub struct WebhookSecretPayload {
    id: WebhookId,
    secret: String,
}

/// A webhook and what its messages are verified with.
#[Object]
impl WebhookSecretPayload {
    /// The webhook as it stands now.
    async fn webhook(&self, ctx: &Context<'_>) -> Result<Webhook> {
        let found = Webhook::find(ctx, self.id).await?;
        Ok(found.ok_or_else(|| Fault::not_found(WebhookId::KIND, self.id))?)
    }

    /// What its messages are verified with: `whsec_…`, which is told this once, or the public key `whpk_…`.
    async fn secret(&self) -> &str {
        &self.secret
    }
}

/// What was deleted.
pub struct WebhookDeletePayload(WebhookId);

/// What was deleted.
#[Object]
impl WebhookDeletePayload {
    /// Id of the webhook.
    async fn id(&self) -> ID {
        crate::graphql::scalars::show_id(self.0)
    }
}

/// What is delivered again.
pub struct WebhookReplayPayload {
    id: WebhookId,
    count: u32,
}

/// What is delivered again.
#[Object]
impl WebhookReplayPayload {
    /// The webhook as it stands now.
    async fn webhook(&self, ctx: &Context<'_>) -> Result<Webhook> {
        let found = Webhook::find(ctx, self.id).await?;
        Ok(found.ok_or_else(|| Fault::not_found(WebhookId::KIND, self.id))?)
    }

    /// How many events are delivered again.
    async fn count(&self) -> i32 {
        i32::try_from(self.count).unwrap_or(i32::MAX)
    }
}

/// A webhook to be made.
#[derive(InputObject)]
pub struct WebhookCreateInput {
    /// Where it is: https, a port that the instance calls, and no address of a private network unless the operator allows
    /// it.
    pub url: String,
    /// What it is for; at most 500 characters.
    pub description: Option<String>,
    /// Names of the events that it is told of, to the letter, at most 100; all that your agency may hear of where it is left
    /// out.
    pub names: Option<Vec<String>>,
    /// How its messages are signed.
    #[graphql(default)]
    pub signing: WebhookSigning,
}

/// An edit of a webhook. What is left out stays as it is.
#[derive(InputObject)]
pub struct WebhookEditInput {
    /// Where it is.
    pub url: Option<String>,
    /// What it is for; null takes it away.
    pub description: MaybeUndefined<String>,
    /// Names of the events that it is told of; null for all.
    pub names: MaybeUndefined<Vec<String>>,
}

/// How a secret is rotated.
#[derive(Default, InputObject)]
pub struct WebhookRotateSecretInput {
    /// For how many hours the old secret signs beside the new one, 0 to 720; as the instance is configured where it is left
    /// out.
    pub overlap_hours: Option<i32>,
    /// How messages are signed from now on, where that changes.
    pub signing: Option<WebhookSigning>,
}

/// What is delivered again: one delivery, or what happened in a span of time.
#[derive(InputObject)]
pub struct WebhookReplayInput {
    /// Id of a delivery that has ended; or give a span.
    pub delivery: Option<ID>,
    /// Beginning of a span.
    pub from: Option<Instant>,
    /// Its end, which is not in it.
    pub to: Option<Instant>,
    /// Of a span: whether what the webhook has taken, or what is still on its way to it, is left out.
    #[graphql(default)]
    pub undelivered: bool,
}

impl WebhookReplayInput {
    fn read(&self) -> Outcome<Replay> {
        let delivery = parse_optional_id::<WebhookDeliveryId>(self.delivery.as_ref(), "input.delivery")?;
        match (delivery, self.from, self.to) {
            (Some(id), None, None) => Ok(Replay::One(id)),
            (None, Some(from), Some(to)) => Ok(Replay::Span { from: from.0, to: to.0, undelivered: self.undelivered }),
            _ => Err(Fault::invalid("input", "ONE_OF", "Name a delivery, or give from and to.")),
        }
    }
}

/// Changing webhooks.
#[derive(Default)]
pub struct WebhookMutation;

#[Object]
impl WebhookMutation {
    /// Make a webhook of your agency: it is told of what happens from now on. It takes no idempotency key, since the answer,
    /// which has the secret, is kept nowhere.
    #[graphql(directive = access::apply(policy::CREATE))]
    async fn webhook_create(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What it is.")] input: WebhookCreateInput,
    ) -> Result<WebhookSecretPayload> {
        let new = NewEndpoint {
            url: input.url,
            description: input.description,
            names: catalogue(ctx)?.known("input.names", input.names)?,
            signing: input.signing.into(),
        };
        let (id, secret) = edit::create(&command(ctx, None, None)?, webhooks(ctx)?, new).await?;
        Ok(WebhookSecretPayload { id, secret })
    }

    /// Edit a webhook. What waits for it goes to the new address.
    #[graphql(directive = access::apply(policy::EDIT))]
    async fn webhook_edit(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which one.")] id: ID,
        #[graphql(desc = "What changes.")] input: WebhookEditInput,
        #[graphql(desc = "The version that you have read; refused with STALE_VERSION if it is no longer the last.")]
        version: Option<i32>,
        #[graphql(
            desc = "Keeps the first answer under this key: the same command sent again gets it, and nothing is done twice."
        )]
        idempotency_key: Option<String>,
    ) -> Result<WebhookPayload> {
        let id = parse_id(&id, "id")?;
        let change = EndpointEdit {
            url: input.url,
            description: patch(input.description, |text| text),
            names: match patch(input.names, |names| names) {
                Patch::Set(names) => catalogue(ctx)?.known("input.names", Some(names))?.map_or(Patch::Keep, Patch::Set),
                other => other,
            },
        };
        let cmd = command(ctx, version, idempotency_key)?;
        Ok(WebhookPayload(edit::edit(&cmd, webhooks(ctx)?, id, change).await?))
    }

    /// Pause a webhook: what it would be told waits until it is resumed.
    #[graphql(directive = access::apply(policy::PAUSE))]
    async fn webhook_pause(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which one.")] id: ID,
        #[graphql(desc = "Why, for your colleagues; at most 500 characters.")] reason: Option<String>,
        #[graphql(desc = "The version that you have read; refused with STALE_VERSION if it is no longer the last.")]
        version: Option<i32>,
        #[graphql(
            desc = "Keeps the first answer under this key: the same command sent again gets it, and nothing is done twice."
        )]
        idempotency_key: Option<String>,
    ) -> Result<WebhookPayload> {
        let id = parse_id(&id, "id")?;
        Ok(WebhookPayload(edit::pause(&command(ctx, version, idempotency_key)?, id, reason).await?))
    }

    /// Resume a webhook: what waits for it is tried at once. One that was disabled hears of what happens from now on; have
    /// the rest by `webhookReplay`.
    #[graphql(directive = access::apply(policy::RESUME))]
    async fn webhook_resume(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which one.")] id: ID,
        #[graphql(desc = "The version that you have read; refused with STALE_VERSION if it is no longer the last.")]
        version: Option<i32>,
        #[graphql(
            desc = "Keeps the first answer under this key: the same command sent again gets it, and nothing is done twice."
        )]
        idempotency_key: Option<String>,
    ) -> Result<WebhookPayload> {
        let id = parse_id(&id, "id")?;
        Ok(WebhookPayload(edit::resume(&command(ctx, version, idempotency_key)?, id).await?))
    }

    /// Give a webhook a new secret; the old one signs beside it until the rotation ends. It takes no idempotency key, since
    /// the answer, which has the secret, is kept nowhere.
    #[graphql(directive = access::apply(policy::ROTATE))]
    async fn webhook_rotate_secret(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which one.")] id: ID,
        #[graphql(desc = "How.")] input: Option<WebhookRotateSecretInput>,
        #[graphql(desc = "The version that you have read; refused with STALE_VERSION if it is no longer the last.")]
        version: Option<i32>,
    ) -> Result<WebhookSecretPayload> {
        let (id, input) = (parse_id(&id, "id")?, input.unwrap_or_default());
        let rotation = Rotation { overlap_hours: input.overlap_hours, signing: input.signing.map(Into::into) };
        let cmd = command(ctx, version, None)?;
        let (id, secret) = rotate::rotate(&cmd, webhooks(ctx)?, id, rotation).await?;
        Ok(WebhookSecretPayload { id, secret })
    }

    /// Delete a webhook with its secrets and its log of deliveries. What waits for it is not sent any more.
    #[graphql(directive = access::apply(policy::DELETE))]
    async fn webhook_delete(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which one.")] id: ID,
        #[graphql(desc = "The version that you have read; refused with STALE_VERSION if it is no longer the last.")]
        version: Option<i32>,
        #[graphql(
            desc = "Keeps the first answer under this key: the same command sent again gets it, and nothing is done twice."
        )]
        idempotency_key: Option<String>,
    ) -> Result<WebhookDeletePayload> {
        let id = parse_id(&id, "id")?;
        Ok(WebhookDeletePayload(edit::delete(&command(ctx, version, idempotency_key)?, id).await?))
    }

    /// Send a message of its own, `webhook.test.v1`, to an active webhook, whatever names it asks for. It is tried once.
    #[graphql(directive = access::apply(policy::TEST))]
    async fn webhook_send_test(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which one.")] id: ID,
        #[graphql(
            desc = "Keeps the first answer under this key: the same command sent again gets it, and nothing is done twice."
        )]
        idempotency_key: Option<String>,
    ) -> Result<WebhookTestPayload> {
        let id = parse_id(&id, "id")?;
        Ok(WebhookTestPayload(replay::test(&command(ctx, None, idempotency_key)?, id).await?))
    }

    /// Have one delivery, or what happened in a span of time, delivered again. Events keep their ids, and come behind what
    /// waits for the webhook.
    #[graphql(directive = access::apply(policy::REPLAY))]
    async fn webhook_replay(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "To which one.")] id: ID,
        #[graphql(desc = "What.")] input: WebhookReplayInput,
        #[graphql(
            desc = "Keeps the first answer under this key: the same command sent again gets it, and nothing is done twice."
        )]
        idempotency_key: Option<String>,
    ) -> Result<WebhookReplayPayload> {
        let (id, wanted) = (parse_id(&id, "id")?, input.read()?);
        let cmd = command(ctx, None, idempotency_key)?;
        let (id, count) = replay::replay(&cmd, webhooks(ctx)?, id, wanted).await?;
        Ok(WebhookReplayPayload { id, count })
    }
}
