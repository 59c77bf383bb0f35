//! What both sides do with samples.

use async_graphql::{Context, ID, Object, Result};

use super::{custody::ConsignmentInput, payload::DeskPayload, words::RefusalReason};
use crate::{
    graphql::{
        access::access,
        context::{apart, rehearsed},
        scalars::parse_id,
    },
    request::{policy, service},
};

/// What both sides do with samples.
#[derive(Default)]
pub struct CustodyMutation;

#[Object]
impl CustodyMutation {
    /// Send samples to the provider of an agreed referral.
    #[graphql(directive = access::apply(policy::DISPATCH))]
    async fn consignment_dispatch(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Id of the referral.")] referral: ID,
        #[graphql(desc = "The samples.")] input: ConsignmentInput,
        #[graphql(
            desc = "Keeps the first answer under this key: the same command sent again gets it, and nothing is done twice."
        )]
        idempotency_key: Option<String>,
        #[graphql(default, desc = "Only say what would happen and what stands in the way; nothing is written.")]
        dry_run: bool,
    ) -> Result<DeskPayload> {
        let id = parse_id(&referral, "referral")?;
        let command = rehearsed(ctx, None, idempotency_key, dry_run)?;
        DeskPayload::of(apart(service::dispatch(&command, id, input.into())).await, dry_run)
    }

    /// Count samples that have come and are fit; the rest may come, and be counted, later.
    #[graphql(directive = access::apply(policy::RECEIVE))]
    async fn consignment_receive(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Id of the consignment.")] id: ID,
        #[graphql(desc = "How many units have come now.")] units: i32,
        #[graphql(desc = "The version that you have read; refused with STALE_VERSION if it is no longer the last.")]
        version: Option<i32>,
        #[graphql(
            desc = "Keeps the first answer under this key: the same command sent again gets it, and nothing is done twice."
        )]
        idempotency_key: Option<String>,
        #[graphql(default, desc = "Only say what would happen and what stands in the way; nothing is written.")]
        dry_run: bool,
    ) -> Result<DeskPayload> {
        let id = parse_id(&id, "id")?;
        let command = rehearsed(ctx, version, idempotency_key, dry_run)?;
        DeskPayload::of(apart(service::receive(&command, id, units)).await, dry_run)
    }

    /// Refuse samples.
    #[graphql(directive = access::apply(policy::REJECT_SAMPLES))]
    async fn consignment_reject(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Id of the consignment.")] id: ID,
        #[graphql(desc = "Why, as a code that the other side is told.")] code: RefusalReason,
        #[graphql(desc = "Why, in words; needed for OTHER.")] reason: Option<String>,
        #[graphql(desc = "The version that you have read; refused with STALE_VERSION if it is no longer the last.")]
        version: Option<i32>,
        #[graphql(
            desc = "Keeps the first answer under this key: the same command sent again gets it, and nothing is done twice."
        )]
        idempotency_key: Option<String>,
        #[graphql(default, desc = "Only say what would happen and what stands in the way; nothing is written.")]
        dry_run: bool,
    ) -> Result<DeskPayload> {
        let id = parse_id(&id, "id")?;
        let command = rehearsed(ctx, version, idempotency_key, dry_run)?;
        DeskPayload::of(apart(service::reject_samples(&command, id, (code.into(), reason))).await, dry_run)
    }

    /// Give samples up for lost.
    #[graphql(directive = access::apply(policy::LOSE_SAMPLES))]
    async fn consignment_lose(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Id of the consignment.")] id: ID,
        #[graphql(desc = "Why; the other side is told.")] reason: String,
        #[graphql(desc = "The version that you have read; refused with STALE_VERSION if it is no longer the last.")]
        version: Option<i32>,
        #[graphql(
            desc = "Keeps the first answer under this key: the same command sent again gets it, and nothing is done twice."
        )]
        idempotency_key: Option<String>,
        #[graphql(default, desc = "Only say what would happen and what stands in the way; nothing is written.")]
        dry_run: bool,
    ) -> Result<DeskPayload> {
        let id = parse_id(&id, "id")?;
        let command = rehearsed(ctx, version, idempotency_key, dry_run)?;
        DeskPayload::of(apart(service::lose(&command, id, &reason)).await, dry_run)
    }

    /// Send samples back.
    #[graphql(directive = access::apply(policy::RETURN_SAMPLES))]
    async fn consignment_return(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Id of the consignment.")] id: ID,
        #[graphql(desc = "Why; the other side is told.")] reason: String,
        #[graphql(desc = "The version that you have read; refused with STALE_VERSION if it is no longer the last.")]
        version: Option<i32>,
        #[graphql(
            desc = "Keeps the first answer under this key: the same command sent again gets it, and nothing is done twice."
        )]
        idempotency_key: Option<String>,
        #[graphql(default, desc = "Only say what would happen and what stands in the way; nothing is written.")]
        dry_run: bool,
    ) -> Result<DeskPayload> {
        let id = parse_id(&id, "id")?;
        let command = rehearsed(ctx, version, idempotency_key, dry_run)?;
        DeskPayload::of(apart(service::send_back(&command, id, &reason)).await, dry_run)
    }

    /// Tell the providers whose goods are sampled. It is written down, and nobody takes it back.
    #[graphql(directive = access::apply(policy::UNBLIND))]
    async fn request_unblind(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Id of the request.")] id: ID,
        #[graphql(desc = "Why; the other side is told.")] reason: String,
        #[graphql(desc = "The version that you have read; refused with STALE_VERSION if it is no longer the last.")]
        version: Option<i32>,
        #[graphql(
            desc = "Keeps the first answer under this key: the same command sent again gets it, and nothing is done twice."
        )]
        idempotency_key: Option<String>,
        #[graphql(default, desc = "Only say what would happen and what stands in the way; nothing is written.")]
        dry_run: bool,
    ) -> Result<DeskPayload> {
        let id = parse_id(&id, "id")?;
        let command = rehearsed(ctx, version, idempotency_key, dry_run)?;
        DeskPayload::of(apart(service::unblind(&command, id, &reason)).await, dry_run)
    }
}
