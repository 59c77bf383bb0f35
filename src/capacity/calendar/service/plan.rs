//! What every planned change has in common: it is made, and then held against what is taken.

use chrono::{Days, NaiveDate};
use entity::{
    capacity_day,
    enums::{OfferingKind, Visibility},
    ids::OfferingId,
    lab, offering,
};
use serde_json::json;

use crate::{
    capacity::events,
    capacity::{
        calendar::{
            model::{ChangedDay, Cut, Rules, committed, differing},
            store,
        },
        hold,
        offering::service::narrower,
    },
    platform::{
        clock::shanghai_date,
        db::{Event, Tx},
        fault::Outcome,
    },
};

/// How far ahead changes are told, in days.
const AHEAD: u64 = 92;

/// An offering before a planned change. Its row is locked, so nobody takes anything of it meanwhile.
pub(super) struct Before {
    offering: OfferingId,
    rules: Option<Rules>,
    days: (NaiveDate, NaiveDate),
}

/// Notes how an offering stands; what has expired is released first, so that it stands in nobody's way.
pub(super) async fn before(tx: &mut Tx, offering: OfferingId) -> Outcome<Before> {
    hold::service::expire_all(tx, offering).await?;
    let today = tx.today();
    let last = hold::store::last_taken(tx, offering).await?.unwrap_or(today).max(today + Days::new(AHEAD));
    let rules = store::rules(tx, offering, today, last).await?;
    Ok(Before { offering, rules, days: (today, last) })
}

impl Before {
    /// Holds what was changed since against what is taken, and brings the counters up to it; the days that differ.
    ///
    /// # Errors
    /// `CAPACITY_COMMITTED` with all days and times.
    pub(super) async fn changed(self, tx: &mut Tx, cut: &mut Cut) -> Outcome<Vec<ChangedDay>> {
        let (first, last) = self.days;
        let Some(rules) = store::rules(tx, self.offering, first, last).await? else { return Ok(Vec::new()) };
        let mut rows = hold::store::taken_from(tx, self.offering, rules.bucket(first)).await?;
        let ahead: Vec<NaiveDate> = (0..=AHEAD).map(|at| first + Days::new(at)).collect();
        let changed = differing((self.offering, &ahead), self.rules.as_ref(), &rules, &rows);
        cut.days.extend(committed(&rows, &rules));
        if let Some(before) = &self.rules {
            self.blocks(tx, (before, &rules), cut).await?;
        }
        for row in &mut rows {
            hold::store::recount(tx, &rules, row).await?;
        }
        Ok(changed)
    }

    /// Times that were open and no longer are.
    async fn blocks(&self, tx: &Tx, (before, after): (&Rules, &Rules), cut: &mut Cut) -> Outcome<()> {
        for stretch in hold::store::stretches(tx, self.offering).await? {
            let days = (shanghai_date(stretch.from), shanghai_date(stretch.to));
            let open = |rules: &Rules| {
                rules.opening(days.0, days.1).iter().any(|open| open.0 <= stretch.from && stretch.to <= open.1)
            };
            if open(before) && !open(after) {
                cut.blocks.push(stretch);
            }
        }
        Ok(())
    }
}

/// An event about what an offering gives. Those who may see the offering and its lab hear of it.
pub(super) fn event(offering: &offering::Model, lab: Option<&lab::Model>, changed: &[ChangedDay]) -> Event {
    let days: Vec<_> = changed.iter().filter(|day| day.offering == offering.id).map(|day| day.day).collect();
    let own = if offering.opened_at.is_none() { Visibility::Own } else { offering.visibility };
    Event {
        name: events::CAPACITY_CHANGED.name,
        subject: offering.id.to_string(),
        agency: offering.agency.clone(),
        visibility: lab.map_or(own, |lab| narrower(own, lab.visibility)),
        data: json!({ "offeringId": offering.id.to_string(), "labId": offering.lab_id.map(|lab| lab.to_string()), "days": days }),
    }
}

/// Whether an offering gives hours at equipment.
pub(super) fn by_time(offering: &offering::Model) -> bool {
    offering.kind == OfferingKind::EquipmentTime
}

/// A counter without anything in it.
pub(super) fn empty(offering: OfferingId, day: NaiveDate) -> capacity_day::Model {
    capacity_day::Model {
        offering_id: offering,
        starts_on: day,
        total: 0,
        open: 0,
        held: 0,
        booked: 0,
        partner_taken: 0,
        overcommitted: true,
    }
}
