//! Rules as an agency writes them, and what is wrong with them.

use std::collections::BTreeSet;

use entity::{
    enums::{DecisionPoint, Purpose, Side, Urgency, WorkArea},
    ids::AgencyCode,
};
use serde::{Deserialize, Serialize};

use crate::{
    directory::text,
    platform::fault::{Outcome, Problems},
};

/// Most rules of one set.
pub const MOST_RULES: usize = 100;
/// Most steps of one rule.
pub const MOST_STEPS: usize = 5;
/// Most persons that one step names.
pub const MOST_PERSONS: usize = 20;
/// Most halves of a working day after which a step is escalated: a month.
const MOST_HALVES: i32 = 44;

/// One rule: in which cases it holds, and who decides then.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rule {
    /// Name, unique in its set.
    pub name: String,
    /// What it decides.
    pub point: DecisionPoint,
    /// In which cases.
    pub when: When,
    /// Whether the answer is yes, at once and without anybody.
    pub automatic: bool,
    /// Who decides otherwise, one step after the other.
    pub steps: Vec<Step>,
}

/// The cases in which a rule holds. Every condition that is given must hold; without any it holds in all cases.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct When {
    /// At least so many units over all items.
    pub quantity_from: Option<i64>,
    /// At most so many.
    pub quantity_to: Option<i64>,
    /// At least this price, in fen.
    pub price_from: Option<i64>,
    /// At most this price, in fen.
    pub price_to: Option<i64>,
    /// One of these purposes.
    pub purposes: Vec<Purpose>,
    /// One of these work areas.
    pub work_areas: Vec<WorkArea>,
    /// One of these urgencies.
    pub urgencies: Vec<Urgency>,
    /// One of these agencies is the other side.
    pub partners: Vec<AgencyCode>,
    /// Something of one of these fields (领域/类别) is asked for.
    pub fields: Vec<String>,
}

/// One step: so many of the persons that are named, or of all who hold the scope.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    /// Who may, by subject or by issuer and subject; whoever holds the scope where nobody is named.
    pub persons: Vec<String>,
    /// How many of them it takes.
    pub count: i32,
    /// After how many halves of a working day others may too.
    pub escalate_after: Option<i32>,
    /// Who may then.
    pub escalate_to: Vec<String>,
}

/// For which side a point is decided.
pub const fn side_of(point: DecisionPoint) -> Side {
    match point {
        DecisionPoint::Request | DecisionPoint::Accept => Side::Requester,
        DecisionPoint::Acknowledge | DecisionPoint::Offer | DecisionPoint::Sign | DecisionPoint::Cancel => {
            Side::Provider
        }
    }
}

/// Whether a rule may answer by itself there. What one side signs with the other, and what leaves an agency, somebody decides.
const fn answers_itself(point: DecisionPoint) -> bool {
    matches!(point, DecisionPoint::Acknowledge | DecisionPoint::Accept | DecisionPoint::Cancel)
}

/// A set in good form.
///
/// # Errors
/// `INVALID` with every problem.
pub fn checked(side: Side, own: &AgencyCode, rules: Vec<Rule>) -> Outcome<Vec<Rule>> {
    let mut problems = Problems::default();
    let p = &mut problems;
    if rules.len() > MOST_RULES {
        p.add("input.rules", "TOO_MANY", format!("Use at most {MOST_RULES} rules."));
    }
    let mut names = BTreeSet::new();
    let mut closed: Vec<(DecisionPoint, String)> = Vec::new();
    let mut found = Vec::with_capacity(rules.len());
    for (at, rule) in rules.into_iter().enumerate() {
        let path = format!("input.rules[{at}]");
        let name = text::required(p, &format!("{path}.name"), &rule.name, text::NAME);
        if !names.insert(name.clone()) {
            p.add(format!("{path}.name"), "DUPLICATE", "Another rule of this set has this name; choose another.");
        }
        if side_of(rule.point) != side {
            let message = "This is decided by the other side; write it into the rules of that side.";
            p.add(format!("{path}.point"), "POINT_OF_OTHER_SIDE", message);
        }
        if let Some((_, before)) = closed.iter().find(|(point, _)| *point == rule.point) {
            let message = format!("{before:?} holds in all cases before this one, which is never asked; move it up.");
            p.add(path.clone(), "RULE_UNREACHABLE", message);
        }
        let rule = Rule { name: name.clone(), when: when(p, &path, own, rule.when), ..rule };
        answer(p, &path, &rule);
        if rule.when == When::default() {
            closed.push((rule.point, name));
        }
        let steps = rule.steps.into_iter().enumerate();
        let steps = steps.map(|(at, one)| step(p, &format!("{path}.steps[{at}]"), one)).collect();
        found.push(Rule { steps, ..rule });
    }
    problems.finish()?;
    Ok(found)
}

fn when(p: &mut Problems, path: &str, own: &AgencyCode, mut given: When) -> When {
    for (name, from, to) in
        [("quantity", given.quantity_from, given.quantity_to), ("price", given.price_from, given.price_to)]
    {
        if from.is_some_and(|from| from < 0) || to.is_some_and(|to| to < 0) {
            p.add(format!("{path}.when.{name}From"), "NEGATIVE", "Use 0 or more.");
        }
        if let (Some(from), Some(to)) = (from, to)
            && from > to
        {
            p.add(format!("{path}.when.{name}To"), "RANGE_EMPTY", "The end lies before the beginning.");
        }
    }
    if given.partners.contains(own) {
        p.add(format!("{path}.when.partners"), "OWN_AGENCY", "Name partners; your own agency is not its own partner.");
    }
    given.fields =
        given.fields.iter().map(|field| text::required(p, &format!("{path}.when.fields"), field, text::NAME)).collect();
    given.purposes.dedup();
    given
}

/// Either the answer is yes, within limits, or somebody decides.
fn answer(p: &mut Problems, path: &str, rule: &Rule) {
    let priced = rule.when.price_from.is_some() || rule.when.price_to.is_some();
    if priced && matches!(rule.point, DecisionPoint::Request | DecisionPoint::Acknowledge) {
        p.add(format!("{path}.when.priceFrom"), "PRICE_UNKNOWN", "There is no price yet when this is decided.");
    }
    if rule.automatic {
        if !rule.steps.is_empty() {
            let message = "Either the answer is automatic, or there are steps.";
            p.add(format!("{path}.steps"), "ANSWER_AMBIGUOUS", message);
        }
        if !answers_itself(rule.point) {
            let message = "Somebody must decide this: whoever writes a thing never approves it. Name steps.";
            p.add(format!("{path}.automatic"), "AUTOMATIC_NOT_ALLOWED", message);
        }
        if rule.point == DecisionPoint::Accept && rule.when.price_to.is_none() {
            let message = "Say up to which price offers are accepted without anybody.";
            p.add(format!("{path}.when.priceTo"), "LIMIT_MISSING", message);
        }
    } else if rule.point == DecisionPoint::Acknowledge {
        let message = "Taking note is no decision of approvers; this can only be automatic.";
        p.add(format!("{path}.automatic"), "ONLY_AUTOMATIC", message);
    } else if rule.steps.is_empty() {
        p.add(format!("{path}.steps"), "REQUIRED", "Say who decides: at least one step.");
    }
    if rule.steps.len() > MOST_STEPS {
        p.add(format!("{path}.steps"), "TOO_MANY", format!("Use at most {MOST_STEPS} steps."));
    }
}

fn step(p: &mut Problems, path: &str, given: Step) -> Step {
    let persons = persons(p, &format!("{path}.persons"), given.persons);
    let escalate_to = self::persons(p, &format!("{path}.escalateTo"), given.escalate_to);
    if given.count < 1 || given.count > i32::try_from(MOST_PERSONS).unwrap_or(i32::MAX) {
        p.add(format!("{path}.count"), "OUT_OF_RANGE", format!("Use a number from 1 to {MOST_PERSONS}."));
    }
    if !persons.is_empty() && usize::try_from(given.count).is_ok_and(|count| count > persons.len()) {
        let message = "More are needed than are named; name more, or ask for fewer.";
        p.add(format!("{path}.count"), "MORE_THAN_NAMED", message);
    }
    if given.escalate_after.is_some_and(|halves| !(1..=MOST_HALVES).contains(&halves)) {
        let message = format!("Use 1 to {MOST_HALVES} halves of a working day.");
        p.add(format!("{path}.escalateAfterHalfDays"), "OUT_OF_RANGE", message);
    }
    if given.escalate_after.is_some() == escalate_to.is_empty() {
        let message = "Say both after how many halves of a working day, and to whom.";
        p.add(format!("{path}.escalateTo"), "ESCALATION_INCOMPLETE", message);
    }
    Step { persons, escalate_to, ..given }
}

fn persons(p: &mut Problems, path: &str, given: Vec<String>) -> Vec<String> {
    if given.len() > MOST_PERSONS {
        p.add(path, "TOO_MANY", format!("Name at most {MOST_PERSONS} persons."));
    }
    let mut found: Vec<String> = Vec::new();
    for one in given {
        let one = text::required(p, path, &one, super::counsel::MOST_CHARACTERS);
        if !found.contains(&one) {
            found.push(one);
        }
    }
    found
}
