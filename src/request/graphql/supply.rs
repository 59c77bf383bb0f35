//! What the providing side does.

use async_graphql::{Context, ID, Object, Result};

use super::{custody::ReportInput, input::TermsInput, payload::DeskPayload, words::RefusalReason};
use crate::{
    graphql::{
        access::access,
        context::{apart, finder, rehearsed},
        scalars::{Date, parse_id},
    },
    platform::fault::Outcome,
    request::{policy, service},
};

/// What the providing side does.
#[derive(Default)]
pub struct SupplyMutation;

#[Object]
impl SupplyMutation {
    /// Take note of a referral.
    #[graphql(directive = access::apply(policy::ACKNOWLEDGE))]
    async fn referral_acknowledge(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Id of the referral.")] id: ID,
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
        DeskPayload::of(apart(service::acknowledge(&command, id)).await, dry_run)
    }

    /// Offer, with or without conditions; capacity is set aside for as long as the offer stands. An earlier offer gives way.
    #[graphql(directive = access::apply(policy::OFFER))]
    async fn referral_offer(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Id of the referral.")] id: ID,
        #[graphql(desc = "The terms.")] input: Box<TermsInput>,
        #[graphql(default, desc = "Codes of blockers in spite of which to go on, as far as they may be overridden.")]
        despite: Vec<String>,
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
        let input = input.read()?;
        let command = rehearsed(ctx, version, idempotency_key, dry_run)?;
        DeskPayload::of(apart(service::offer(&command, finder(ctx)?, id, (input, &despite))).await, dry_run)
    }

    /// Ask to be asked again from a date on; others are asked meanwhile.
    #[graphql(directive = access::apply(policy::RETRY_LATER))]
    async fn referral_retry_later(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Id of the referral.")] id: ID,
        #[graphql(desc = "From when on.")] retry_on: Date,
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
        DeskPayload::of(apart(service::retry_later(&command, id, retry_on.0, (code.into(), reason))).await, dry_run)
    }

    /// Decline, or take an offer back that nobody has accepted.
    #[graphql(directive = access::apply(policy::DECLINE))]
    async fn referral_decline(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Id of the referral.")] id: ID,
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
        DeskPayload::of(apart(service::decline(&command, id, code.into(), reason)).await, dry_run)
    }

    /// Sign for the provider. Whoever wrote the offer cannot.
    #[graphql(directive = access::apply(policy::SCHEDULE))]
    async fn referral_schedule(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Id of the referral.")] id: ID,
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
        DeskPayload::of(apart(service::schedule(&command, id)).await, dry_run)
    }

    /// Begin the work: samples were received.
    #[graphql(directive = access::apply(policy::START))]
    async fn referral_start(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Id of the referral.")] id: ID,
        #[graphql(default, desc = "Codes of blockers in spite of which to go on, as far as they may be overridden.")]
        despite: Vec<String>,
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
        DeskPayload::of(apart(service::start(&command, id, &despite)).await, dry_run)
    }

    /// Deliver the results: the reports, each with the scope lines under which it was issued.
    #[graphql(directive = access::apply(policy::DELIVER))]
    async fn referral_deliver(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Id of the referral.")] id: ID,
        #[graphql(desc = "The reports, at most 50.")] reports: Vec<ReportInput>,
        #[graphql(desc = "The version that you have read; refused with STALE_VERSION if it is no longer the last.")]
        version: Option<i32>,
        #[graphql(
            desc = "Keeps the first answer under this key: the same command sent again gets it, and nothing is done twice."
        )]
        idempotency_key: Option<String>,
        #[graphql(default, desc = "Only say what would happen and what stands in the way; nothing is written.")]
        dry_run: bool,
    ) -> Result<DeskPayload> {
        let reports = reports.into_iter().enumerate().map(|(at, one)| one.read(at)).collect::<Outcome<Vec<_>>>()?;
        let id = parse_id(&id, "id")?;
        let command = rehearsed(ctx, version, idempotency_key, dry_run)?;
        DeskPayload::of(apart(service::deliver(&command, id, reports)).await, dry_run)
    }

    /// Answer whether to cancel what was agreed. Before work began it cannot be refused.
    #[graphql(directive = access::apply(policy::ANSWER_CANCEL))]
    async fn referral_answer_cancel(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Id of the referral.")] id: ID,
        #[graphql(desc = "Whether to cancel.")] grant: bool,
        #[graphql(desc = "Why; needed for a refusal.")] reason: Option<String>,
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
        DeskPayload::of(apart(service::answer_cancel(&command, id, grant, reason.as_deref())).await, dry_run)
    }

    /// Tell that what was agreed cannot be done; the next provider is asked.
    #[graphql(directive = access::apply(policy::FAIL))]
    async fn referral_fail(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Id of the referral.")] id: ID,
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
        DeskPayload::of(apart(service::fail(&command, id, code.into(), reason)).await, dry_run)
    }
}
