//! Mutations of offerings.

use async_graphql::{Context, ID, Object, Result};
use entity::ids::OfferingId;

use super::{
    Offering,
    input::{OfferingCreateInput, OfferingEditInput},
};
use crate::{
    capacity::offering::{model::Shown, policy, service},
    directory::graphql::Visibility,
    graphql::{access::access, context::command, scalars::parse_id},
    payload,
};

payload!(OfferingPayload, offering: Offering, OfferingId, "The record");

/// Changing offerings.
#[derive(Default)]
pub struct OfferingMutation;

#[Object]
impl OfferingMutation {
    /// Enter an offering of your agency, as a draft.
    #[graphql(directive = access::apply(policy::CREATE))]
    async fn offering_create(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The record.")] input: OfferingCreateInput,
        #[graphql(
            desc = "Keeps the first answer under this key: the same command sent again gets it, and nothing is done twice."
        )]
        idempotency_key: Option<String>,
    ) -> Result<OfferingPayload> {
        Ok(OfferingPayload(service::create(&command(ctx, None, idempotency_key)?, input.read()?).await?))
    }

    /// Edit an offering.
    #[graphql(directive = access::apply(policy::EDIT))]
    async fn offering_edit(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which one.")] id: ID,
        #[graphql(desc = "What changes.")] input: OfferingEditInput,
        #[graphql(desc = "The version that you have read; refused with STALE_VERSION if it is no longer the last.")]
        version: Option<i32>,
        #[graphql(
            desc = "Keeps the first answer under this key: the same command sent again gets it, and nothing is done twice."
        )]
        idempotency_key: Option<String>,
    ) -> Result<OfferingPayload> {
        let id = parse_id(&id, "id")?;
        Ok(OfferingPayload(service::edit(&command(ctx, version, idempotency_key)?, id, input.read()?).await?))
    }

    /// Choose who may see an offering once it was opened: everybody, the members of the pact, or the agencies that you name.
    #[graphql(directive = access::apply(policy::SHOW))]
    async fn offering_show(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which one.")] id: ID,
        #[graphql(desc = "Who may see it.")] visibility: Visibility,
        #[graphql(
            desc = "Codes of the agencies that may see it besides the owner, in place of all that were named; only where visibility is OWN."
        )]
        shown_to: Option<Vec<String>>,
        #[graphql(desc = "The version that you have read; refused with STALE_VERSION if it is no longer the last.")]
        version: Option<i32>,
        #[graphql(
            desc = "Keeps the first answer under this key: the same command sent again gets it, and nothing is done twice."
        )]
        idempotency_key: Option<String>,
    ) -> Result<OfferingPayload> {
        let (id, shown) =
            (parse_id(&id, "id")?, Shown { visibility: visibility.into(), to: shown_to.unwrap_or_default() });
        Ok(OfferingPayload(service::show(&command(ctx, version, idempotency_key)?, id, shown).await?))
    }

    /// Open an offering for the first time.
    #[graphql(directive = access::apply(policy::ACTIVATE))]
    async fn offering_activate(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which one.")] id: ID,
        #[graphql(desc = "The version that you have read; refused with STALE_VERSION if it is no longer the last.")]
        version: Option<i32>,
        #[graphql(
            desc = "Keeps the first answer under this key: the same command sent again gets it, and nothing is done twice."
        )]
        idempotency_key: Option<String>,
    ) -> Result<OfferingPayload> {
        let id = parse_id(&id, "id")?;
        Ok(OfferingPayload(service::activate(&command(ctx, version, idempotency_key)?, id).await?))
    }

    /// Close an offering for a while, for a reason.
    #[graphql(directive = access::apply(policy::PAUSE))]
    async fn offering_pause(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which one.")] id: ID,
        #[graphql(desc = "Why; 1 to 500 characters.")] reason: String,
        #[graphql(desc = "The version that you have read; refused with STALE_VERSION if it is no longer the last.")]
        version: Option<i32>,
        #[graphql(
            desc = "Keeps the first answer under this key: the same command sent again gets it, and nothing is done twice."
        )]
        idempotency_key: Option<String>,
    ) -> Result<OfferingPayload> {
        let id = parse_id(&id, "id")?;
        Ok(OfferingPayload(service::pause(&command(ctx, version, idempotency_key)?, id, &reason).await?))
    }

    /// Open a paused offering again.
    #[graphql(directive = access::apply(policy::RESUME))]
    async fn offering_resume(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which one.")] id: ID,
        #[graphql(desc = "The version that you have read; refused with STALE_VERSION if it is no longer the last.")]
        version: Option<i32>,
        #[graphql(
            desc = "Keeps the first answer under this key: the same command sent again gets it, and nothing is done twice."
        )]
        idempotency_key: Option<String>,
    ) -> Result<OfferingPayload> {
        let id = parse_id(&id, "id")?;
        Ok(OfferingPayload(service::resume(&command(ctx, version, idempotency_key)?, id).await?))
    }

    /// End an offering for good; it stays on record.
    #[graphql(directive = access::apply(policy::ARCHIVE))]
    async fn offering_archive(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which one.")] id: ID,
        #[graphql(desc = "Why; 1 to 500 characters.")] reason: String,
        #[graphql(desc = "The version that you have read; refused with STALE_VERSION if it is no longer the last.")]
        version: Option<i32>,
        #[graphql(
            desc = "Keeps the first answer under this key: the same command sent again gets it, and nothing is done twice."
        )]
        idempotency_key: Option<String>,
    ) -> Result<OfferingPayload> {
        let id = parse_id(&id, "id")?;
        Ok(OfferingPayload(service::archive(&command(ctx, version, idempotency_key)?, id, &reason).await?))
    }
}
