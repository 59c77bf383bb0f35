//! A case that is to be decided, and which rule is asked.

use entity::{
    enums::{DecisionPoint, Purpose, Urgency, WorkArea},
    ids::AgencyCode,
};

use super::rule::{Rule, When};

/// What is known of something that is to be decided.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Case {
    /// What is decided.
    pub point: DecisionPoint,
    /// How many units, over all items that it is about.
    pub quantity: i64,
    /// The price in fen, where there is one.
    pub price: Option<i64>,
    /// What the results serve.
    pub purpose: Purpose,
    /// The work area of the memorandum.
    pub work_area: WorkArea,
    /// How soon answers are due.
    pub urgency: Urgency,
    /// The other side: the providers that are to be asked, or whoever asks.
    pub partners: Vec<AgencyCode>,
    /// Fields (领域/类别) of what is asked for, as far as they are known.
    pub fields: Vec<String>,
}

/// The first rule of a set that holds in a case.
pub fn rule_for<'a>(rules: &'a [Rule], case: &Case) -> Option<&'a Rule> {
    rules.iter().find(|rule| rule.point == case.point && holds(&rule.when, case))
}

/// Whether any rule of a set looks at fields at a point, which have to be looked up then.
pub fn asks_for_fields(rules: &[Rule], point: DecisionPoint) -> bool {
    rules.iter().any(|rule| rule.point == point && !rule.when.fields.is_empty())
}

fn holds(when: &When, case: &Case) -> bool {
    // What has no price costs nothing.
    let price = case.price.unwrap_or(0);
    let any = |wanted: usize, found: bool| wanted == 0 || found;
    when.quantity_from.is_none_or(|from| case.quantity >= from)
        && when.quantity_to.is_none_or(|to| case.quantity <= to)
        && when.price_from.is_none_or(|from| price >= from)
        && when.price_to.is_none_or(|to| price <= to)
        && any(when.purposes.len(), when.purposes.contains(&case.purpose))
        && any(when.work_areas.len(), when.work_areas.contains(&case.work_area))
        && any(when.urgencies.len(), when.urgencies.contains(&case.urgency))
        && any(when.partners.len(), case.partners.iter().any(|one| when.partners.contains(one)))
        && any(when.fields.len(), case.fields.iter().any(|one| when.fields.contains(one)))
}

/// Yuan with at most two digits behind the point, as fen.
pub fn fen(yuan: &str) -> Option<i64> {
    let (whole, part) = yuan.split_once('.').unwrap_or((yuan, ""));
    let cents = match part.len() {
        0 => 0,
        1 => part.parse::<i64>().ok()? * 10,
        2 => part.parse::<i64>().ok()?,
        _ => return None,
    };
    whole.parse::<i64>().ok()?.checked_mul(100)?.checked_add(cents)
}

/// Fen as yuan with two digits behind the point.
pub fn yuan(fen: i64) -> String {
    format!("{}.{:02}", fen / 100, fen % 100)
}
