//! What the requesting side and the secretariat do.

use async_graphql::{Context, ID, Object, Result};

use super::{
    input::{ConditionAnswerInput, ProviderInput, RequestCreateInput, RequestEditInput, TermsInput},
    payload::DeskPayload,
    words::Verdict,
};
use crate::{
    graphql::{
        access::access,
        context::{apart, finder, rehearsed},
        scalars::parse_id,
    },
    platform::fault::Outcome,
    request::{policy, service},
};

/// What the requesting side and the secretariat do.
#[derive(Default)]
pub struct RequestMutation;

#[Object]
impl RequestMutation {
    /// Draft a request of your agency.
    #[graphql(directive = access::apply(policy::CREATE))]
    async fn request_create(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The request.")] input: Box<RequestCreateInput>,
        #[graphql(
            desc = "Keeps the first answer under this key: the same command sent again gets it, and nothing is done twice."
        )]
        idempotency_key: Option<String>,
        #[graphql(default, desc = "Only say what would happen and what stands in the way; nothing is written.")]
        dry_run: bool,
    ) -> Result<DeskPayload> {
        let input = input.read()?;
        let command = rehearsed(ctx, None, idempotency_key, dry_run)?;
        DeskPayload::of(apart(service::create(&command, input)).await, dry_run)
    }

    /// Edit a draft.
    #[graphql(directive = access::apply(policy::EDIT))]
    async fn request_edit(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Id of the request.")] id: ID,
        #[graphql(desc = "What changes.")] input: Box<RequestEditInput>,
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
        DeskPayload::of(apart(service::edit(&command, id, input)).await, dry_run)
    }

    /// Ask your agency's approver to approve a draft.
    #[graphql(directive = access::apply(policy::SUBMIT))]
    async fn request_submit(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Id of the request.")] id: ID,
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
        DeskPayload::of(apart(service::submit(&command, finder(ctx)?, id, &despite)).await, dry_run)
    }

    /// Approve a request; the providers are asked at once. Whoever wrote or submitted it cannot.
    #[graphql(directive = access::apply(policy::APPROVE))]
    async fn request_approve(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Id of the request.")] id: ID,
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
        DeskPayload::of(apart(service::approve(&command, id)).await, dry_run)
    }

    /// Give a request back to its author.
    #[graphql(directive = access::apply(policy::RETURN))]
    async fn request_return(
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
        DeskPayload::of(apart(service::give_back(&command, id, &reason)).await, dry_run)
    }

    /// Take a request back before anything is agreed; whoever was asked is told.
    #[graphql(directive = access::apply(policy::WITHDRAW))]
    async fn request_withdraw(
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
        DeskPayload::of(apart(service::withdraw(&command, id, &reason)).await, dry_run)
    }

    /// Dispute delivered results; the secretariat settles it.
    #[graphql(directive = access::apply(policy::DISPUTE))]
    async fn request_dispute(
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
        DeskPayload::of(apart(service::dispute(&command, id, &reason)).await, dry_run)
    }

    /// Settle a dispute, as the secretariat.
    #[graphql(directive = access::apply(policy::RESOLVE))]
    async fn request_resolve(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Id of the request.")] id: ID,
        #[graphql(desc = "Whether the results stand or are to be corrected.")] verdict: Verdict,
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
        DeskPayload::of(apart(service::resolve(&command, id, verdict.into(), &reason)).await, dry_run)
    }

    /// Ask one more provider of an open request.
    #[graphql(directive = access::apply(policy::REFER))]
    async fn referral_create(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Id of the request.")] request: ID,
        #[graphql(desc = "Whom.")] input: ProviderInput,
        #[graphql(desc = "The version that you have read; refused with STALE_VERSION if it is no longer the last.")]
        version: Option<i32>,
        #[graphql(
            desc = "Keeps the first answer under this key: the same command sent again gets it, and nothing is done twice."
        )]
        idempotency_key: Option<String>,
        #[graphql(default, desc = "Only say what would happen and what stands in the way; nothing is written.")]
        dry_run: bool,
    ) -> Result<DeskPayload> {
        let id = parse_id(&request, "request")?;
        let input = input.read("input")?;
        let command = rehearsed(ctx, version, idempotency_key, dry_run)?;
        DeskPayload::of(apart(service::refer(&command, id, input)).await, dry_run)
    }

    /// Answer conditions of the offer that stands, each by itself.
    #[graphql(directive = access::apply(policy::ANSWER))]
    async fn offer_answer(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Id of the offer.")] id: ID,
        #[graphql(desc = "The answers.")] answers: Vec<ConditionAnswerInput>,
        #[graphql(
            desc = "Keeps the first answer under this key: the same command sent again gets it, and nothing is done twice."
        )]
        idempotency_key: Option<String>,
        #[graphql(default, desc = "Only say what would happen and what stands in the way; nothing is written.")]
        dry_run: bool,
    ) -> Result<DeskPayload> {
        let id = parse_id(&id, "id")?;
        let answers = answers.into_iter().enumerate().map(|(at, one)| one.read(at)).collect::<Outcome<Vec<_>>>()?;
        let command = rehearsed(ctx, None, idempotency_key, dry_run)?;
        DeskPayload::of(apart(service::answer_condition(&command, id, answers)).await, dry_run)
    }

    /// Put other terms against an offer; the provider may offer anew.
    #[graphql(directive = access::apply(policy::COUNTER))]
    async fn referral_counter(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Id of the referral.")] id: ID,
        #[graphql(desc = "The terms.")] input: Box<TermsInput>,
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
        DeskPayload::of(apart(service::counter(&command, id, input)).await, dry_run)
    }

    /// Refuse an offer; the next provider is asked.
    #[graphql(directive = access::apply(policy::REJECT))]
    async fn referral_reject(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Id of the referral.")] id: ID,
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
        DeskPayload::of(apart(service::reject(&command, id, &reason)).await, dry_run)
    }

    /// Accept the offer that stands, and sign for the requester: its capacity becomes firm, and the other providers of the same items are told.
    #[graphql(directive = access::apply(policy::ACCEPT))]
    async fn referral_accept(
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
        DeskPayload::of(apart(service::accept(&command, id, &despite)).await, dry_run)
    }

    /// Accept delivered results.
    #[graphql(directive = access::apply(policy::SETTLE))]
    async fn referral_settle(
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
        DeskPayload::of(apart(service::settle(&command, id)).await, dry_run)
    }

    /// Ask to correct delivered results.
    #[graphql(directive = access::apply(policy::CORRECT))]
    async fn referral_correct(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Id of the referral.")] id: ID,
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
        DeskPayload::of(apart(service::correct(&command, id, &reason)).await, dry_run)
    }

    /// Ask the provider to cancel what was agreed.
    #[graphql(directive = access::apply(policy::REQUEST_CANCEL))]
    async fn referral_request_cancel(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Id of the referral.")] id: ID,
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
        DeskPayload::of(apart(service::request_cancel(&command, id, &reason)).await, dry_run)
    }
}
