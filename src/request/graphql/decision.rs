//! Decisions by rule in the schema, and approving offers.

use async_graphql::{Context, Enum, ID, Object, Result, SimpleObject};
use entity::{
    decision, enums,
    ids::{DecisionId, RequestId},
};

use super::{payload::DeskPayload, referral::Referral, request::subject};
use crate::{
    approval::{
        graphql::{ApprovalRules, DecisionPoint},
        loader::Principals,
        model::counsel::Standing,
    },
    graphql::{
        access::access,
        context::{apart, finder, reads, rehearsed},
        scalars::{Instant, parse_id, show_id},
    },
    request::{
        loader::{DecisionsOn, VoicesOn},
        policy, service, store,
    },
};

/// How a decision by rule ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "enums::DecisionOutcome")]
pub enum DecisionOutcome {
    /// All steps were taken.
    Approved,
    /// The rule answered by itself.
    Automatic,
    /// Somebody refused.
    Refused,
    /// What was to be decided went another way.
    Void,
}

/// Whether somebody agreed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "enums::Decision")]
pub enum ApprovalAnswer {
    /// Yes.
    Approved,
    /// No.
    Returned,
}

/// Something that your agency decided, or is deciding, by one of its approval rules.
#[derive(Clone)]
pub struct RuleDecision {
    row: decision::Model,
}

/// Something that your agency decided, or is deciding, by one of its approval rules.
#[Object]
impl RuleDecision {
    /// Typed id, as events name it.
    async fn id(&self) -> ID {
        show_id(self.row.id)
    }

    /// What is decided.
    async fn point(&self) -> DecisionPoint {
        self.row.point.into()
    }

    /// The referral, where it is about one.
    async fn referral(&self, ctx: &Context<'_>) -> Result<Option<Referral>> {
        match self.row.referral_id {
            Some(id) => Referral::find(ctx, id).await,
            None => Ok(None),
        }
    }

    /// The set of rules under which it began.
    async fn rules(&self, ctx: &Context<'_>) -> Result<Option<ApprovalRules>> {
        ApprovalRules::find(ctx, self.row.rules_id).await
    }

    /// Name of the rule.
    async fn rule(&self) -> &str {
        &self.row.rule
    }

    /// How many steps the rule has; 0 where it answers by itself.
    async fn steps(&self) -> Result<i32> {
        Ok(i32::try_from(store::standing(&self.row)?.steps.len()).unwrap_or(i32::MAX))
    }

    /// The step that is open, from 1; null when it has ended.
    async fn step(&self) -> Option<i32> {
        self.row.outcome.is_none().then_some(self.row.step)
    }

    /// How many more are needed in the open step; null when it has ended.
    async fn needed(&self) -> Result<Option<i32>> {
        let standing = store::standing(&self.row)?;
        Ok(standing.open().filter(|_| self.row.outcome.is_none()).map(|step| step.count - standing.given))
    }

    /// Who may take the open step, as the rule names them; null where all who hold the scope may, and when it has ended.
    async fn waits_for(&self) -> Result<Option<Vec<String>>> {
        let deciders = store::standing(&self.row)?.deciders();
        Ok((self.row.outcome.is_none() && !deciders.is_empty()).then_some(deciders))
    }

    /// Whether others may take the open step because it has waited for long.
    async fn escalated(&self) -> bool {
        self.row.escalated
    }

    /// When they will.
    async fn escalates_at(&self) -> Option<Instant> {
        self.row.escalates_at.map(Instant)
    }

    /// How it ended; null while it is open.
    async fn outcome(&self) -> Option<DecisionOutcome> {
        self.row.outcome.map(Into::into)
    }

    /// Who agreed or refused, the first first.
    async fn approvals(&self, ctx: &Context<'_>) -> Result<Vec<Approval>> {
        let rows = reads(ctx)?.load(VoicesOn(self.row.id)).await?.unwrap_or_default();
        let voice = |row: &entity::approval::Model| Approval {
            approver: subject(&row.approver).to_owned(),
            stands_for: row.stands_for.clone(),
            verdict: row.decision.into(),
            step: row.step,
            reason: row.reason_text.clone(),
            at: Instant(row.at),
        };
        Ok(rows.iter().map(voice).collect())
    }

    /// When it was opened.
    async fn created_at(&self) -> Instant {
        Instant(self.row.created_at)
    }
}

/// One voice on a decision.
#[derive(Clone, Debug, SimpleObject)]
pub struct Approval {
    /// Subject of whoever agreed or refused.
    approver: String,
    /// For whom they stood in, as the rule names them.
    stands_for: Option<String>,
    /// Whether they agreed.
    verdict: ApprovalAnswer,
    /// In which step, from 1.
    step: i32,
    /// Why, where it was said.
    reason: Option<String>,
    /// When.
    at: Instant,
}

impl RuleDecision {
    /// The decisions of the caller's agency on a request.
    pub(super) async fn on(ctx: &Context<'_>, id: RequestId) -> Result<Vec<Self>> {
        let rows = reads(ctx)?.load(DecisionsOn(id)).await?.unwrap_or_default();
        Ok(rows.iter().map(|row| Self { row: row.clone() }).collect())
    }
}

/// Where an open decision of the caller's agency stands.
pub(super) async fn standing(ctx: &Context<'_>, id: Option<DecisionId>) -> Result<Option<Standing>> {
    let Some(id) = id else { return Ok(None) };
    Ok(match reads(ctx)?.load(id).await? {
        Some(row) => Some(store::standing(&row)?),
        None => None,
    })
}

/// For whom the caller stands in today, where a rule may ask.
pub(super) async fn principals(ctx: &Context<'_>, ruled: bool) -> Result<Vec<String>> {
    if !ruled {
        return Ok(Vec::new());
    }
    Ok(reads(ctx)?.load(Principals).await?.map(|found| found.to_vec()).unwrap_or_default())
}

/// Approving offers before they go out.
#[derive(Default)]
pub struct OfferApprovalMutation;

#[Object]
impl OfferApprovalMutation {
    /// Approve an offer that a rule of your agency holds back; whoever wrote it cannot. With the last signature that the rule asks
    /// for it goes out.
    #[graphql(directive = access::apply(policy::APPROVE_OFFER))]
    async fn offer_approve(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Id of the offer.")] id: ID,
        #[graphql(default, desc = "Codes of blockers in spite of which to go on, as far as they may be overridden.")]
        despite: Vec<String>,
        #[graphql(
            desc = "Keeps the first answer under this key: the same command sent again gets it, and nothing is done twice."
        )]
        idempotency_key: Option<String>,
        #[graphql(default, desc = "Only say what would happen and what stands in the way; nothing is written.")]
        dry_run: bool,
    ) -> Result<DeskPayload> {
        let id = parse_id(&id, "id")?;
        let command = rehearsed(ctx, None, idempotency_key, dry_run)?;
        DeskPayload::of(apart(service::approve_offer(&command, finder(ctx)?, id, &despite)).await, dry_run)
    }

    /// Give an offer that a rule of your agency holds back to whoever wrote it. The requester hears nothing of it, and the time to
    /// answer runs on.
    #[graphql(directive = access::apply(policy::RETURN_OFFER))]
    async fn offer_return(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Id of the offer.")] id: ID,
        #[graphql(desc = "Why, in words.")] reason: String,
        #[graphql(
            desc = "Keeps the first answer under this key: the same command sent again gets it, and nothing is done twice."
        )]
        idempotency_key: Option<String>,
        #[graphql(default, desc = "Only say what would happen and what stands in the way; nothing is written.")]
        dry_run: bool,
    ) -> Result<DeskPayload> {
        let id = parse_id(&id, "id")?;
        let command = rehearsed(ctx, None, idempotency_key, dry_run)?;
        DeskPayload::of(apart(service::return_offer(&command, id, &reason)).await, dry_run)
    }
}
