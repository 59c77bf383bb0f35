//! Attaching files at the desk.

use async_graphql::{Context, ID, Object, Result};
use entity::ids::AttachmentId;

use super::payload::DeskPayload;
use crate::{
    graphql::{
        access::access,
        context::{apart, rehearsed},
        scalars::parse_id,
    },
    platform::fault::Outcome,
    request::{policy, service},
};

fn files(ids: &[ID]) -> Outcome<Vec<AttachmentId>> {
    ids.iter().enumerate().map(|(at, id)| parse_id(id, &format!("attachments.{at}"))).collect()
}

/// Attaching files at the desk.
#[derive(Default)]
pub struct AttachMutation;

#[Object]
impl AttachMutation {
    /// Attach files to a request. Every provider that is asked sees them, also where the sampled company is hidden: do not
    /// name it in them.
    #[graphql(directive = access::apply(policy::ATTACH))]
    async fn request_attach(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Id of the request.")] id: ID,
        #[graphql(desc = "Ids of files of your agency that were stored and belong to nothing else.")] attachments: Vec<
            ID,
        >,
        #[graphql(
            desc = "Keeps the first answer under this key: the same command sent again gets it, and nothing is done twice."
        )]
        idempotency_key: Option<String>,
        #[graphql(default, desc = "Only say what would happen and what stands in the way; nothing is written.")]
        dry_run: bool,
    ) -> Result<DeskPayload> {
        let (id, files) = (parse_id(&id, "id")?, files(&attachments)?);
        let command = rehearsed(ctx, None, idempotency_key, dry_run)?;
        DeskPayload::of(apart(service::to_request(&command, id, &files)).await, dry_run)
    }

    /// Attach files to an offer of the provider.
    #[graphql(directive = access::apply(policy::SUPPLY_ATTACH))]
    async fn offer_attach(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Id of the offer.")] id: ID,
        #[graphql(desc = "Ids of files of your agency that were stored and belong to nothing else.")] attachments: Vec<
            ID,
        >,
        #[graphql(
            desc = "Keeps the first answer under this key: the same command sent again gets it, and nothing is done twice."
        )]
        idempotency_key: Option<String>,
        #[graphql(default, desc = "Only say what would happen and what stands in the way; nothing is written.")]
        dry_run: bool,
    ) -> Result<DeskPayload> {
        let (id, files) = (parse_id(&id, "id")?, files(&attachments)?);
        let command = rehearsed(ctx, None, idempotency_key, dry_run)?;
        DeskPayload::of(apart(service::to_offer(&command, id, &files)).await, dry_run)
    }

    /// Attach files to samples that were sent, for the requester.
    #[graphql(directive = access::apply(policy::ATTACH))]
    async fn consignment_attach(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Id of the consignment.")] id: ID,
        #[graphql(desc = "Ids of files of your agency that were stored and belong to nothing else.")] attachments: Vec<
            ID,
        >,
        #[graphql(
            desc = "Keeps the first answer under this key: the same command sent again gets it, and nothing is done twice."
        )]
        idempotency_key: Option<String>,
        #[graphql(default, desc = "Only say what would happen and what stands in the way; nothing is written.")]
        dry_run: bool,
    ) -> Result<DeskPayload> {
        let (id, files) = (parse_id(&id, "id")?, files(&attachments)?);
        let command = rehearsed(ctx, None, idempotency_key, dry_run)?;
        DeskPayload::of(apart(service::to_consignment(&command, policy::ATTACH, id, &files)).await, dry_run)
    }

    /// Attach files to samples that have come, for the provider: photographs of what is unfit.
    #[graphql(directive = access::apply(policy::SUPPLY_ATTACH))]
    async fn supply_consignment_attach(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Id of the consignment.")] id: ID,
        #[graphql(desc = "Ids of files of your agency that were stored and belong to nothing else.")] attachments: Vec<
            ID,
        >,
        #[graphql(
            desc = "Keeps the first answer under this key: the same command sent again gets it, and nothing is done twice."
        )]
        idempotency_key: Option<String>,
        #[graphql(default, desc = "Only say what would happen and what stands in the way; nothing is written.")]
        dry_run: bool,
    ) -> Result<DeskPayload> {
        let (id, files) = (parse_id(&id, "id")?, files(&attachments)?);
        let command = rehearsed(ctx, None, idempotency_key, dry_run)?;
        DeskPayload::of(apart(service::to_consignment(&command, policy::SUPPLY_ATTACH, id, &files)).await, dry_run)
    }
}
