//! Use cases of rules and deputies.

use chrono::NaiveDate;
use entity::{
    approval_rules,
    enums::{Side, Visibility},
    ids::{AgencyCode, ApprovalRulesId, DeputyId},
};
use serde_json::json;

use super::{
    events,
    model::{
        deputy::NewDeputy,
        rule::{self, Rule},
    },
    policy, store,
};
use crate::{
    directory::{agency, text},
    platform::{
        command::Command,
        db::{Event, Tx},
        event::EventType,
        fault::{Fault, Outcome, Problems},
    },
};

/// Most days that a set is written ahead of its beginning.
const MOST_DAYS_AHEAD: i64 = 366;

/// A set of rules as a caller writes it.
#[derive(Clone, Debug)]
pub struct NewRules {
    /// For which side.
    pub side: Side,
    /// From which day; today where not given.
    pub effective_from: Option<NaiveDate>,
    /// The rules, of which the first that holds is asked.
    pub rules: Vec<Rule>,
    /// Why.
    pub note: Option<String>,
}

/// Writes the next set of the caller's agency for one side. What is under way goes on under the set that it began with.
///
/// # Errors
/// `INVALID`; `FORBIDDEN` for a limited token; `STALE_VERSION` where somebody has written another meanwhile.
pub async fn set_rules(cmd: &Command<'_>, new: NewRules) -> Outcome<ApprovalRulesId> {
    cmd.run(policy::SET, async |tx: &mut Tx| {
        policy::whole(tx.permit())?;
        let owner = tx.agency()?.clone();
        // The agency's row is the turnstile: of two that write at once, the second is told.
        let _turn = agency::store::lock(tx, owner.clone()).await?;
        let last = store::last(tx, &owner, new.side).await?;
        cmd.expect_version(last.as_ref().map_or(0, |last| last.number))?;
        let (today, now) = (tx.today(), tx.now());
        let from = new.effective_from.unwrap_or(today);
        let mut problems = Problems::default();
        if from < today || (from - today).num_days() > MOST_DAYS_AHEAD {
            let message = format!("Choose a day from {today} on, and not more than a year ahead.");
            problems.add("input.effectiveFrom", "DATE_OUT_OF_RANGE", message);
        }
        if last.as_ref().is_some_and(|last| last.effective_from > from) {
            let message = "A set that begins later is written already; begin with it or after it.";
            problems.add("input.effectiveFrom", "BEFORE_LAST_SET", message);
        }
        let note = text::optional(&mut problems, "input.note", new.note, text::FREE);
        problems.finish()?;
        let rules = rule::checked(new.side, &owner, new.rules)?;
        known_partners(tx, &rules).await?;
        let row = approval_rules::Model {
            id: ApprovalRulesId(tx.id()),
            agency: owner.clone(),
            side: new.side,
            number: last.map_or(1, |last| last.number + 1),
            effective_from: from,
            rules: serde_json::to_value(&rules).map_err(Fault::internal)?,
            note,
            author: tx.permit().actor().who(),
            created_at: now,
        };
        let row = tx.insert(row).await?;
        let data = json!({ "side": row.side, "number": row.number, "effectiveFrom": row.effective_from });
        tx.emit(own(events::APPROVAL_RULES_CHANGED, row.id.to_string(), owner, data));
        Ok(row.id)
    })
    .await
}

async fn known_partners(tx: &Tx, rules: &[Rule]) -> Outcome<()> {
    let mut problems = Problems::default();
    let known = agency::store::codes(tx).await?;
    for (at, rule) in rules.iter().enumerate() {
        for code in rule.when.partners.iter().filter(|code| !known.contains(code)) {
            let path = format!("input.rules[{at}].when.partners");
            problems.add(path, "AGENCY_UNKNOWN", format!("There is no agency {:?} in the pact.", code.as_str()));
        }
    }
    problems.finish()
}

/// Appoints somebody who stands in for another on some days.
///
/// # Errors
/// `INVALID`; `FORBIDDEN` for a limited token.
pub async fn appoint(cmd: &Command<'_>, new: NewDeputy) -> Outcome<DeputyId> {
    cmd.run(policy::APPOINT, async |tx: &mut Tx| {
        policy::whole(tx.permit())?;
        let owner = tx.agency()?.clone();
        let by = tx.permit().actor().who();
        let row = new.entered((DeputyId(tx.id()), owner.clone()), (by, tx.now()), tx.today())?;
        let row = tx.insert(row).await?;
        let data = json!({
            "person": row.person, "deputy": row.deputy, "from": row.from_date, "to": row.to_date, "persons": [row.deputy],
        });
        tx.emit(own(events::DEPUTY_APPOINTED, row.id.to_string(), owner, data));
        Ok(row.id)
    })
    .await
}

/// Ends an appointment at once.
///
/// # Errors
/// `NOT_FOUND`; `ALREADY_ENDED`.
pub async fn end(cmd: &Command<'_>, id: DeputyId) -> Outcome<DeputyId> {
    cmd.run(policy::END, async |tx: &mut Tx| {
        let row = store::lock(tx, id).await?.open(tx.permit())?;
        cmd.expect_version(row.version)?;
        if let Some(at) = row.ended_at {
            return Err(Fault::rule("ALREADY_ENDED", "This was ended before.", json!({ "endedAt": at })));
        }
        let now = tx.now();
        let next = entity::deputy::Model { ended_at: Some(now), updated_at: now, ..row.clone() };
        let row = tx.update(row, next).await?;
        let data = json!({ "person": row.person, "deputy": row.deputy });
        tx.emit(own(events::DEPUTY_ENDED, row.id.to_string(), row.agency.clone(), data));
        Ok(row.id)
    })
    .await
}

fn own(kind: EventType, subject: String, agency: AgencyCode, data: serde_json::Value) -> Event {
    Event { name: kind.name, subject, agency, visibility: Visibility::Own, data }
}

/// The rules of a row.
///
/// # Errors
/// `INTERNAL` for a row that no longer reads as rules.
pub fn rules_of(row: &approval_rules::Model) -> Outcome<Vec<Rule>> {
    serde_json::from_value(row.rules.clone()).map_err(Fault::internal)
}
