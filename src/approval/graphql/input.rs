//! What callers write.

use async_graphql::InputObject;
use entity::ids::AgencyCode;

use super::{DecisionPoint, fen};
use crate::{
    approval::{
        model::{
            deputy::NewDeputy,
            rule::{Rule, Step, When},
        },
        service::NewRules,
    },
    graphql::scalars::Date,
    platform::fault::Outcome,
    request::graphql::{Purpose, Side, Urgency, WorkArea},
};

/// A set of rules, in place of the one that was in force.
#[derive(Clone, Debug, InputObject)]
pub struct ApprovalRulesInput {
    /// REQUESTER or PROVIDER.
    pub side: Side,
    /// The first day on which it is in force; today where not given, at most a year ahead.
    pub effective_from: Option<Date>,
    /// The rules, of which the first that holds is asked, at most 100; none where one person with the scope shall decide.
    pub rules: Vec<ApprovalRuleInput>,
    /// Why.
    pub note: Option<String>,
}

/// One rule.
#[derive(Clone, Debug, InputObject)]
pub struct ApprovalRuleInput {
    /// Name, unique in its set.
    pub name: String,
    /// What it decides.
    pub point: DecisionPoint,
    /// In which cases; in all where not given.
    pub when: Option<RuleConditionInput>,
    /// Whether the answer is yes, at once and without anybody. For ACKNOWLEDGE, for CANCEL before work began, and for ACCEPT
    /// up to a price, of an offer without conditions where providers are asked one after the other.
    #[graphql(default)]
    pub automatic: bool,
    /// Who decides otherwise, one step after the other, at most 5. Nobody takes two steps, and whoever wrote the thing none.
    #[graphql(default)]
    pub steps: Vec<ApprovalStepInput>,
}

/// The cases in which a rule holds. Every condition that is given must hold.
#[derive(Clone, Debug, Default, InputObject)]
pub struct RuleConditionInput {
    /// At least so many units over all items.
    pub quantity_from: Option<i64>,
    /// At most so many units over all items.
    pub quantity_to: Option<i64>,
    /// At least this price in yuan (CNY), with at most two digits behind the point; what is free costs 0.
    pub price_from: Option<String>,
    /// At most this price in yuan (CNY).
    pub price_to: Option<String>,
    /// One of these purposes.
    pub purposes: Option<Vec<Purpose>>,
    /// One of these work areas.
    pub work_areas: Option<Vec<WorkArea>>,
    /// One of these urgencies.
    pub urgencies: Option<Vec<Urgency>>,
    /// One of the agencies of these codes is the other side.
    pub partners: Option<Vec<String>>,
    /// Something of one of these fields (领域/类别) is asked for, as the capability annexes spell them.
    pub fields: Option<Vec<String>>,
}

/// One step of a decision.
#[derive(Clone, Debug, InputObject)]
pub struct ApprovalStepInput {
    /// Who may take it, by subject or by issuer and subject (`issuer#subject`), at most 20; all who hold the scope where empty.
    #[graphql(default)]
    pub persons: Vec<String>,
    /// How many of them it takes.
    #[graphql(default = 1)]
    pub count: i32,
    /// After how many halves of a working day others may take it too.
    pub escalate_after_half_days: Option<i32>,
    /// Who may then, at most 20.
    #[graphql(default)]
    pub escalate_to: Vec<String>,
}

/// Somebody who stands in for another.
#[derive(Clone, Debug, InputObject)]
pub struct DeputyInput {
    /// For whom, by subject or by issuer and subject.
    pub person: String,
    /// Who stands in, by subject or by issuer and subject.
    pub deputy: String,
    /// First day.
    pub from: Date,
    /// Last day, at most a year later.
    pub to: Date,
    /// Why.
    pub note: Option<String>,
}

impl ApprovalRulesInput {
    pub(super) fn read(self) -> Outcome<NewRules> {
        let rules = self.rules.into_iter().enumerate();
        Ok(NewRules {
            side: self.side.into(),
            effective_from: self.effective_from.map(|date| date.0),
            rules: rules.map(|(at, rule)| rule.read(at)).collect::<Outcome<_>>()?,
            note: self.note,
        })
    }
}

impl ApprovalRuleInput {
    fn read(self, at: usize) -> Outcome<Rule> {
        let steps = self.steps.into_iter().map(|step| Step {
            persons: step.persons,
            count: step.count,
            escalate_after: step.escalate_after_half_days,
            escalate_to: step.escalate_to,
        });
        Ok(Rule {
            name: self.name,
            point: self.point.into(),
            when: self.when.unwrap_or_default().read(&format!("input.rules[{at}].when"))?,
            automatic: self.automatic,
            steps: steps.collect(),
        })
    }
}

impl RuleConditionInput {
    fn read(self, path: &str) -> Outcome<When> {
        fn listed<T, U: From<T>>(values: Option<Vec<T>>) -> Vec<U> {
            values.unwrap_or_default().into_iter().map(U::from).collect()
        }
        let partners = self.partners.unwrap_or_default();
        Ok(When {
            quantity_from: self.quantity_from,
            quantity_to: self.quantity_to,
            price_from: fen(&format!("{path}.priceFrom"), self.price_from)?,
            price_to: fen(&format!("{path}.priceTo"), self.price_to)?,
            purposes: listed(self.purposes),
            work_areas: listed(self.work_areas),
            urgencies: listed(self.urgencies),
            partners: partners.into_iter().map(|code| AgencyCode(code.trim().to_uppercase())).collect(),
            fields: self.fields.unwrap_or_default(),
        })
    }
}

impl DeputyInput {
    pub(super) fn read(self) -> NewDeputy {
        NewDeputy { person: self.person, deputy: self.deputy, from: self.from.0, to: self.to.0, note: self.note }
    }
}
