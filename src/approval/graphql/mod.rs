//! Rules and deputies in the schema.

mod input;
mod mutation;
mod words;

use std::sync::Arc;

use async_graphql::{Context, ID, Object, Result, SimpleObject};
use entity::{
    approval_rules, deputy,
    ids::{ApprovalRulesId, DeputyId},
};

use super::{
    model::{case::yuan, rule},
    policy, service, store,
};
use crate::{
    directory::agency::graphql::Agency,
    graphql::{
        access::access,
        context::{as_of, reads},
        scalars::{Date, Instant, show_id},
    },
    platform::fault::Outcome,
    request::graphql::{Purpose, Side, Urgency, WorkArea},
};

pub use mutation::ApprovalMutation;
pub use words::DecisionPoint;

/// How an agency decides for one side of the desk: a set of rules, of which the first that holds is asked. Without a rule
/// that holds one person with the scope decides. Nobody but the persons and systems of that agency sees it.
#[derive(Clone)]
pub struct ApprovalRules {
    row: Arc<approval_rules::Model>,
}

/// How an agency decides for one side of the desk: a set of rules, of which the first that holds is asked. Without a rule
/// that holds one person with the scope decides. Nobody but the persons and systems of that agency sees it.
#[Object]
impl ApprovalRules {
    /// Typed id.
    pub async fn id(&self) -> ID {
        show_id(self.row.id)
    }

    /// The agency.
    async fn agency(&self, ctx: &Context<'_>) -> Result<Option<Agency>> {
        Agency::find(ctx, self.row.agency.clone()).await
    }

    /// For which side.
    async fn side(&self) -> Side {
        self.row.side.into()
    }

    /// Counts the sets of the agency and side, from 1; pass it as `version` when you write the next.
    async fn number(&self) -> i32 {
        self.row.number
    }

    /// The first day on which it is in force; it is until the next one begins.
    async fn effective_from(&self) -> Date {
        Date(self.row.effective_from)
    }

    /// The rules, in the order in which they are asked.
    async fn rules(&self) -> Result<Vec<ApprovalRule>> {
        Ok(service::rules_of(&self.row)?.into_iter().map(ApprovalRule::of).collect())
    }

    /// Why it was written.
    async fn note(&self) -> Option<&str> {
        self.row.note.as_deref()
    }

    /// Who wrote it, as issuer and subject; rules that answer by themselves do not serve this person.
    async fn author(&self) -> &str {
        &self.row.author
    }

    /// When it was written.
    async fn created_at(&self) -> Instant {
        Instant(self.row.created_at)
    }
}

impl ApprovalRules {
    /// The set of that id.
    ///
    /// # Errors
    /// `UNAVAILABLE`.
    pub async fn find(ctx: &Context<'_>, id: ApprovalRulesId) -> Result<Option<Self>> {
        Ok(reads(ctx)?.load(id).await?.map(|row| Self { row }))
    }
}

/// One rule: in which cases it holds, and who decides then.
#[derive(Clone, Debug, SimpleObject)]
pub struct ApprovalRule {
    /// Name, unique in its set.
    name: String,
    /// What it decides.
    point: DecisionPoint,
    /// In which cases; in all where null.
    when: Option<RuleCondition>,
    /// Whether the answer is yes, at once and without anybody.
    automatic: bool,
    /// Who decides otherwise, one step after the other.
    steps: Vec<ApprovalStep>,
}

/// The cases in which a rule holds. Every condition that is not null must hold.
#[derive(Clone, Debug, SimpleObject)]
pub struct RuleCondition {
    /// At least so many units over all items.
    quantity_from: Option<i64>,
    /// At most so many units over all items.
    quantity_to: Option<i64>,
    /// At least this price in yuan (CNY); what is free costs 0.
    price_from: Option<String>,
    /// At most this price in yuan (CNY).
    price_to: Option<String>,
    /// One of these purposes.
    purposes: Option<Vec<Purpose>>,
    /// One of these work areas.
    work_areas: Option<Vec<WorkArea>>,
    /// One of these urgencies.
    urgencies: Option<Vec<Urgency>>,
    /// One of the agencies of these codes is the other side.
    partners: Option<Vec<String>>,
    /// Something of one of these fields (领域/类别) is asked for.
    fields: Option<Vec<String>>,
}

/// One step of a decision.
#[derive(Clone, Debug, SimpleObject)]
pub struct ApprovalStep {
    /// Who may take it, by subject or by issuer and subject; all who hold the scope where empty.
    persons: Vec<String>,
    /// How many of them it takes.
    count: i32,
    /// After how many halves of a working day others may take it too; null where never.
    escalate_after_half_days: Option<i32>,
    /// Who may then.
    escalate_to: Vec<String>,
}

impl ApprovalRule {
    fn of(rule: rule::Rule) -> Self {
        let when = (rule.when != rule::When::default()).then(|| RuleCondition::of(rule.when));
        let steps = rule.steps.into_iter().map(ApprovalStep::from).collect();
        Self { name: rule.name, point: rule.point.into(), when, automatic: rule.automatic, steps }
    }
}

impl RuleCondition {
    fn of(when: rule::When) -> Self {
        fn listed<T, U: From<T>>(values: Vec<T>) -> Option<Vec<U>> {
            (!values.is_empty()).then(|| values.into_iter().map(U::from).collect())
        }
        let codes = when.partners.into_iter().map(|code| code.0).collect::<Vec<String>>();
        Self {
            quantity_from: when.quantity_from,
            quantity_to: when.quantity_to,
            price_from: when.price_from.map(yuan),
            price_to: when.price_to.map(yuan),
            purposes: listed(when.purposes),
            work_areas: listed(when.work_areas),
            urgencies: listed(when.urgencies),
            partners: listed(codes),
            fields: listed(when.fields),
        }
    }
}

impl From<rule::Step> for ApprovalStep {
    fn from(step: rule::Step) -> Self {
        Self {
            persons: step.persons,
            count: step.count,
            escalate_after_half_days: step.escalate_after,
            escalate_to: step.escalate_to,
        }
    }
}

/// Somebody who stands in for another on some days, where rules name the other. Nobody but the persons and systems of that
/// agency sees it.
#[derive(Clone)]
pub struct Deputy {
    row: Arc<deputy::Model>,
}

/// Somebody who stands in for another on some days, where rules name the other. Nobody but the persons and systems of that
/// agency sees it.
#[Object]
impl Deputy {
    /// Typed id.
    pub async fn id(&self) -> ID {
        show_id(self.row.id)
    }

    /// Counts the edits; pass it as `version` when you act.
    async fn version(&self) -> i32 {
        self.row.version
    }

    /// For whom.
    async fn person(&self) -> &str {
        &self.row.person
    }

    /// Who stands in.
    async fn deputy(&self) -> &str {
        &self.row.deputy
    }

    /// First day.
    async fn from(&self) -> Date {
        Date(self.row.from_date)
    }

    /// Last day.
    async fn to(&self) -> Date {
        Date(self.row.to_date)
    }

    /// Why.
    async fn note(&self) -> Option<&str> {
        self.row.note.as_deref()
    }

    /// Who appointed them, as issuer and subject.
    async fn author(&self) -> &str {
        &self.row.author
    }

    /// When it was ended before its last day.
    async fn ended_at(&self) -> Option<Instant> {
        self.row.ended_at.map(Instant)
    }
}

impl Deputy {
    /// The appointment of that id.
    ///
    /// # Errors
    /// `UNAVAILABLE`.
    pub async fn find(ctx: &Context<'_>, id: DeputyId) -> Result<Option<Self>> {
        Ok(reads(ctx)?.load(id).await?.map(|row| Self { row }))
    }
}

/// Asking for rules and deputies.
#[derive(Default)]
pub struct ApprovalQuery;

#[Object]
impl ApprovalQuery {
    /// The rules of your agency that are in force; null where it has none, and one person with the scope decides.
    #[graphql(directive = access::apply(policy::READ))]
    async fn approval_rules(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "REQUESTER or PROVIDER.")] side: Side,
        #[graphql(desc = "On this day; today where not given.")] on: Option<Date>,
    ) -> Result<Option<ApprovalRules>> {
        let reads = reads(ctx)?;
        let Some(agency) = &reads.caller.actor.agency else { return Ok(None) };
        let found = store::read_in_force(&reads.db, agency, (side.into(), as_of(ctx, on)?)).await?;
        Ok(found.map(|row| ApprovalRules { row: Arc::new(row) }))
    }

    /// All sets of rules that your agency wrote for a side, the last first, at most 200.
    #[graphql(directive = access::apply(policy::READ))]
    async fn approval_rules_history(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "REQUESTER or PROVIDER.")] side: Side,
    ) -> Result<Vec<ApprovalRules>> {
        let reads = reads(ctx)?;
        let Some(agency) = &reads.caller.actor.agency else { return Ok(Vec::new()) };
        let rows = store::history(&reads.db, agency, side.into()).await?;
        Ok(rows.into_iter().map(|row| ApprovalRules { row: Arc::new(row) }).collect())
    }

    /// Who stands in for whom in your agency on a day or later, by their first day, at most 200.
    #[graphql(directive = access::apply(policy::READ))]
    async fn deputies(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "From this day on; today where not given.")] on: Option<Date>,
    ) -> Result<Vec<Deputy>> {
        let reads = reads(ctx)?;
        let Some(agency) = &reads.caller.actor.agency else { return Ok(Vec::new()) };
        let rows = store::deputies_from(&reads.db, agency, as_of(ctx, on)?).await?;
        Ok(rows.into_iter().map(|row| Deputy { row: Arc::new(row) }).collect())
    }
}

/// What a price is in yuan, as fen.
fn fen(path: &str, given: Option<String>) -> Outcome<Option<i64>> {
    let Some(text) = given else { return Ok(None) };
    let message = "Write yuan with at most two digits behind the point, such as 1200 or 1200.50.";
    let found = super::model::case::fen(text.trim());
    found.map(Some).ok_or_else(|| crate::platform::fault::Fault::invalid(path, "AMOUNT", message))
}
