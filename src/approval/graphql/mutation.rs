//! Mutations of rules and deputies.

use async_graphql::{Context, ID, Object, Result, SimpleObject};
use entity::ids::{ApprovalRulesId, DeputyId};

use super::{
    ApprovalRules, DecisionPoint, Deputy,
    input::{ApprovalRulesInput, DeputyInput},
};
use crate::{
    approval::{policy, service},
    graphql::{
        access::access,
        context::{apart, command, reads, rehearsed},
        scalars::parse_id,
    },
    payload,
    request::service::{self as desk, Effect},
};

payload!(DeputyPayload, deputy: Deputy, DeputyId, "The appointment");

/// A set of rules that was written; with `dryRun`, what it would do.
pub struct ApprovalRulesPayload {
    id: Option<ApprovalRulesId>,
    effects: Vec<Effect>,
    dry_run: bool,
}

/// A set of rules that was written; with `dryRun`, what it would do.
#[Object]
impl ApprovalRulesPayload {
    /// The set; null in a rehearsal.
    async fn approval_rules(&self, ctx: &Context<'_>) -> Result<Option<ApprovalRules>> {
        match self.id {
            Some(id) => ApprovalRules::find(ctx, id).await,
            None => Ok(None),
        }
    }

    /// Which of the newest 200 open requests and referrals of your agency would be decided otherwise if they came to be decided
    /// now. What waits for a decision already goes on under the rules with which it began.
    async fn effects(&self) -> Vec<RuleEffect> {
        self.effects.iter().map(RuleEffect::of).collect()
    }

    /// Whether this was a rehearsal: nothing was written.
    async fn dry_run(&self) -> bool {
        self.dry_run
    }
}

/// Something that new rules would decide otherwise.
#[derive(Clone, Debug, SimpleObject)]
pub struct RuleEffect {
    /// Typed id of the request or referral.
    subject: ID,
    /// Number of the request.
    request_code: String,
    /// What is decided.
    point: DecisionPoint,
    /// The rule that holds under the set in force; null where one person with the scope decides.
    before: Option<String>,
    /// The rule that holds under the new set; null where one person with the scope decides.
    after: Option<String>,
}

impl RuleEffect {
    fn of(effect: &Effect) -> Self {
        Self {
            subject: ID(effect.subject.clone()),
            request_code: effect.request_code.clone(),
            point: effect.point.into(),
            before: effect.before.clone(),
            after: effect.after.clone(),
        }
    }
}

/// Changing rules and deputies.
#[derive(Default)]
pub struct ApprovalMutation;

#[Object]
impl ApprovalMutation {
    /// Write the rules by which your agency decides for one side of the desk, in place of those in force. What waits for a
    /// decision goes on under the rules with which it began. That whoever wrote a thing never approves it holds always.
    #[graphql(directive = access::apply(policy::SET))]
    async fn approval_rules_set(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The rules.")] input: Box<ApprovalRulesInput>,
        #[graphql(
            desc = "The number of the last set that you have read, 0 where there was none; refused with STALE_VERSION if it is no longer the last."
        )]
        version: Option<i32>,
        #[graphql(
            desc = "Keeps the first answer under this key: the same command sent again gets it, and nothing is done twice."
        )]
        idempotency_key: Option<String>,
        #[graphql(default, desc = "Only say what would change; nothing is written.")] dry_run: bool,
    ) -> Result<ApprovalRulesPayload> {
        let new = input.read()?;
        let command = rehearsed(ctx, version, idempotency_key, dry_run)?;
        let reads = reads(ctx)?;
        let effects = apart(desk::effects(&reads.db, &reads.caller.actor, new.side, &new.rules)).await?;
        let id = apart(service::set_rules(&command, new)).await?;
        Ok(ApprovalRulesPayload { id: (!dry_run).then_some(id), effects, dry_run })
    }

    /// Appoint somebody who stands in for another on some days, wherever rules name the other.
    #[graphql(directive = access::apply(policy::APPOINT))]
    async fn deputy_appoint(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The appointment.")] input: DeputyInput,
        #[graphql(
            desc = "Keeps the first answer under this key: the same command sent again gets it, and nothing is done twice."
        )]
        idempotency_key: Option<String>,
    ) -> Result<DeputyPayload> {
        let command = command(ctx, None, idempotency_key)?;
        Ok(DeputyPayload(apart(service::appoint(&command, input.read())).await?))
    }

    /// End an appointment at once.
    #[graphql(directive = access::apply(policy::END))]
    async fn deputy_end(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Id of the appointment.")] id: ID,
        #[graphql(desc = "The version that you have read; refused with STALE_VERSION if it is no longer the last.")]
        version: Option<i32>,
        #[graphql(
            desc = "Keeps the first answer under this key: the same command sent again gets it, and nothing is done twice."
        )]
        idempotency_key: Option<String>,
    ) -> Result<DeputyPayload> {
        let id = parse_id(&id, "id")?;
        let command = command(ctx, version, idempotency_key)?;
        Ok(DeputyPayload(apart(service::end(&command, id)).await?))
    }
}
