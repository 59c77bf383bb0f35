//! Truthful availability: whether a provider can do what it offers, on every day of the window.

use entity::{
    enums::OfferingKind,
    ids::{LabId, ReferralId, RequestItemId},
    request_item,
};
use serde_json::json;
use uuid::Uuid;

use crate::{
    capacity::{
        availability::model::{Exclusion, Reason, Window},
        offering as offerings,
    },
    identity::scopes,
    platform::{access::Visible, command::Command, fault::Outcome},
    request::{
        model::{blocker::Blockers, terms::Terms},
        policy::Party,
        store,
    },
    search::{
        find::{
            Span,
            question::{Question, Wanted},
        },
        service::Finder,
    },
};

/// What stands in the way of the items of a referral, as search knows it.
#[derive(Default)]
pub(super) struct Truth(Vec<(i32, Found)>);

enum Found {
    /// No line of the site answers the item.
    Nothing,
    /// What stands in the way of the best line.
    Line(Uuid, Vec<Exclusion>),
}

/// Asks for each item of a referral whether the site's best line for it holds on every day of the terms. Only tests at a
/// site have lines.
pub(super) async fn of_referral(cmd: &Command<'_>, finder: &Finder, id: ReferralId, terms: &Terms) -> Outcome<Truth> {
    let party = Party::of(&cmd.caller.actor);
    let Some(row) = store::referrals_by_ids(cmd.db, &party, &[id.0]).await?.into_iter().next() else {
        return Ok(Truth::default());
    };
    let visible = Visible::Partner(row.agency.clone());
    let offering = offerings::store::by_ids(cmd.db, &visible, &[row.offering_id.0]).await?.into_iter().next();
    let tests = offering.is_some_and(|offering| offering.kind == OfferingKind::Testing);
    let (Some(lab), true) = (row.lab_id, tests) else { return Ok(Truth::default()) };
    let Ok(window) = Window::new(terms.starts_on, terms.report_by, "input") else { return Ok(Truth::default()) };
    let placed: Vec<RequestItemId> = store::items_of_referrals(cmd.db, &[id.0]).await?.remove(&id).unwrap_or_default();
    let items = store::items_of_requests(cmd.db, &[row.request_id.0]).await?;
    let mut found = Vec::new();
    for item in items.iter().filter(|item| placed.contains(&item.id)) {
        found.push((item.position, of_item(finder, (&visible, lab, window), item).await?));
    }
    Ok(Truth(found))
}

async fn of_item(
    finder: &Finder,
    (visible, lab, window): (&Visible, LabId, Window),
    item: &request_item::Model,
) -> Outcome<Found> {
    let question = Question {
        labs: vec![lab.0],
        standards: item.method.iter().cloned().collect(),
        parameter: Some(item.parameter.clone()),
        object: Some(item.object.clone()),
        any_standing: true,
        available: Some(Wanted { window, quantity: None, could_if: true }),
        ..Question::on(visible.clone(), window.first)
    };
    let lines = finder.lines(question, Span { limit: 1, ..Span::default() }, false).await?;
    let Some(best) = lines.rows.into_iter().next() else { return Ok(Found::Nothing) };
    // Whether something is offered for it, and free, is the referral's own affair, and judged when it is taken.
    let counts = |one: &Exclusion| {
        use Reason::{NoCapacity, NoOffering, OfferingPaused, QuantityOutOfRange};
        !matches!(one.reason, NoOffering | OfferingPaused | QuantityOutOfRange | NoCapacity)
    };
    Ok(Found::Line(best.id, best.exclusions.unwrap_or_default().into_iter().filter(counts).collect()))
}

impl Truth {
    /// Tells all of it. What no line answers may be meant otherwise, so an approver may pass over that.
    pub(super) fn tell(&self, blockers: &mut Blockers) {
        for (position, found) in &self.0 {
            match found {
                Found::Nothing => blockers.warn(
                    "OUT_OF_SCOPE",
                    format!("No line of the annex in force answers item {position}; decline it, or name the line."),
                    json!({ "item": position }),
                    scopes::SUPPLY_APPROVE,
                ),
                Found::Line(line, exclusions) => {
                    for one in exclusions {
                        blockers.add(
                            one.reason.word(),
                            format!("Item {position} cannot be done from {} on: {}.", one.from, one.reason.word()),
                            json!({ "item": position, "from": one.from, "scope": format!("scope:{line}") }),
                        );
                    }
                }
            }
        }
    }
}
