//! Calendars and capacity for many offerings at once. Ask for offerings that were shown.

use std::{collections::HashMap, sync::Arc};

use chrono::{DateTime, Days, NaiveDate, TimeDelta, Utc};
use entity::{
    capacity_calendar, capacity_closure, capacity_exception, equipment_outage,
    ids::{EquipmentId, LabId, OfferingId},
};

use super::{
    model::{Day, FAR, Machine, Rules, Span, spans, without},
    store,
};
use crate::{
    capacity::{hold, offering},
    platform::{
        clock::shanghai_instant,
        db::Db,
        fault::Outcome,
        reads::{Loader, Reads},
    },
};

/// The rules of an offering with its exceptions from today on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct CalendarOf(pub OfferingId);

/// The units of an offering between two days, both included.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct UnitsOf(pub OfferingId, pub NaiveDate, pub NaiveDate);

/// The time at the equipment of an offering between two days, both included.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct MachinesOf(pub OfferingId, pub NaiveDate, pub NaiveDate);

/// The closures of an offering and of its lab from today on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ClosuresOf(pub OfferingId, pub Option<LabId>);

/// The outages from now on of the equipment that an offering names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct OutagesOf(pub OfferingId);

impl Loader<CalendarOf> for Reads {
    type Value = Arc<(capacity_calendar::Model, Vec<capacity_exception::Model>)>;

    async fn load(&self, keys: Vec<CalendarOf>) -> Outcome<HashMap<CalendarOf, Self::Value>> {
        let ids: Vec<_> = keys.into_iter().map(|key| key.0).collect();
        let found = store::stated(&self.db, &ids, self.db.clock().today()).await?;
        Ok(found.into_iter().map(|(id, stated)| (CalendarOf(id), Arc::new(stated))).collect())
    }
}

impl Loader<UnitsOf> for Reads {
    type Value = Arc<(Rules, Vec<Day>)>;

    async fn load(&self, keys: Vec<UnitsOf>) -> Outcome<HashMap<UnitsOf, Self::Value>> {
        let mut found = HashMap::new();
        for ((first, last), ids) in windows(keys.into_iter().map(|key| (key.0, (key.1, key.2)))) {
            let rules = store::rules_of(&self.db, &ids, first, last).await?;
            let stating: Vec<_> = rules.keys().copied().collect();
            if stating.is_empty() {
                continue;
            }
            let bucket = |id: OfferingId, day| rules.get(&id).map_or(day, |rules| rules.bucket(day));
            // A week may begin before the window does.
            let span = (first - Days::new(6), last);
            let counted = hold::store::counted(&self.db, &stating, span, bucket).await?;
            for (id, rules) in &rules {
                let day = |day: NaiveDate| {
                    let taken = counted.get(&(*id, day)).copied().unwrap_or_default();
                    let (held, booked, partner_taken) = (taken.held, taken.booked, taken.partner_taken);
                    Day { day, quota: rules.quota(day), held, booked, partner_taken }
                };
                let days = rules.buckets(first, last).into_iter().map(day).collect();
                found.insert(UnitsOf(*id, first, last), Arc::new((rules.clone(), days)));
            }
        }
        Ok(found)
    }
}

impl Loader<MachinesOf> for Reads {
    type Value = Arc<Vec<Machine>>;

    async fn load(&self, keys: Vec<MachinesOf>) -> Outcome<HashMap<MachinesOf, Self::Value>> {
        let mut found = HashMap::new();
        for (window, ids) in windows(keys.into_iter().map(|key| (key.0, (key.1, key.2)))) {
            for (id, machines) in machines(&self.db, &ids, window).await? {
                found.insert(MachinesOf(id, window.0, window.1), Arc::new(machines));
            }
        }
        Ok(found)
    }
}

impl Loader<ClosuresOf> for Reads {
    type Value = Arc<Vec<capacity_closure::Model>>;

    async fn load(&self, keys: Vec<ClosuresOf>) -> Outcome<HashMap<ClosuresOf, Self::Value>> {
        let offerings: Vec<_> = keys.iter().map(|key| key.0).collect();
        let labs: Vec<_> = keys.iter().filter_map(|key| key.1).collect();
        let rows = store::closures_of(&self.db, &offerings, &labs, self.db.clock().today()).await?;
        let of = |key: ClosuresOf| {
            let is = |row: &&capacity_closure::Model| match row.offering_id {
                Some(offering) => offering == key.0,
                None => row.lab_id == key.1,
            };
            (key, Arc::new(rows.iter().filter(is).cloned().collect()))
        };
        Ok(keys.into_iter().map(of).collect())
    }
}

impl Loader<OutagesOf> for Reads {
    type Value = Arc<Vec<equipment_outage::Model>>;

    async fn load(&self, keys: Vec<OutagesOf>) -> Outcome<HashMap<OutagesOf, Self::Value>> {
        let ids: Vec<_> = keys.into_iter().map(|key| key.0).collect();
        let named = items(&self.db, &ids).await?;
        let all: Vec<_> = named.values().flatten().copied().collect();
        let rows = store::outages_of(&self.db, &all, self.db.clock().now(), FAR).await?;
        let of = |(id, items): (OfferingId, Vec<EquipmentId>)| {
            let rows = rows.iter().filter(|row| items.contains(&row.equipment_id)).cloned();
            (OutagesOf(id), Arc::new(rows.collect()))
        };
        Ok(named.into_iter().map(of).collect())
    }
}

/// Keys by their window: one statement of each kind for each.
fn windows(
    keys: impl Iterator<Item = (OfferingId, (NaiveDate, NaiveDate))>,
) -> HashMap<(NaiveDate, NaiveDate), Vec<OfferingId>> {
    let mut found: HashMap<_, Vec<OfferingId>> = HashMap::new();
    for (id, window) in keys {
        found.entry(window).or_default().push(id);
    }
    found
}

/// The items that offerings name.
async fn items(db: &Db, ids: &[OfferingId]) -> Outcome<HashMap<OfferingId, Vec<EquipmentId>>> {
    let lists = offering::store::lists(db, ids).await?;
    Ok(lists.into_iter().map(|(id, (_, items))| (id, items)).collect())
}

async fn machines(
    db: &Db,
    ids: &[OfferingId],
    (first, last): (NaiveDate, NaiveDate),
) -> Outcome<Vec<(OfferingId, Vec<Machine>)>> {
    let mut named = items(db, ids).await?;
    named.retain(|_, items| !items.is_empty());
    let all: Vec<_> = named.values().flatten().copied().collect();
    if all.is_empty() {
        return Ok(Vec::new());
    }
    let (from, to) = (shanghai_instant(first, 0), shanghai_instant(last, 24 * 60));
    let lending: Vec<_> = named.keys().copied().collect();
    let rules = store::rules_of(db, &lending, first, last).await?;
    let taken = hold::store::blocks(db, &all, from, to).await?;
    let outages = store::outages_of(db, &all, from, to).await?;
    let now = db.clock().now();
    let machine = |equipment: EquipmentId, rules: Option<&Rules>| {
        let here = || taken.iter().filter(move |block| block.equipment_id == equipment);
        let out: Vec<Span> =
            outages.iter().filter(|row| row.equipment_id == equipment).flat_map(|row| spans(row, from, to)).collect();
        let open = rules.map_or_else(Vec::new, |rules| rules.opening(first, last));
        let gap = TimeDelta::minutes(rules.map_or(0, |rules| i64::from(rules.row().gap)));
        let mut busy: Vec<Span> = here().map(|block| (block.starts_at - gap, block.guarded_to)).collect();
        busy.extend(out.iter().copied());
        busy.push((DateTime::<Utc>::MIN_UTC, now));
        busy.extend(rules.and_then(|rules| beyond(rules, now)));
        Machine {
            equipment,
            free: without(&open, busy),
            open,
            taken: here().map(|block| (block.starts_at, block.ends_at)).collect(),
            out,
        }
    };
    let of = |(id, items): (OfferingId, Vec<EquipmentId>)| {
        (id, items.into_iter().map(|item| machine(item, rules.get(&id))).collect())
    };
    Ok(named.into_iter().map(of).collect())
}

/// What lies beyond the horizon.
fn beyond(rules: &Rules, now: DateTime<Utc>) -> Option<Span> {
    let days = rules.row().horizon_days.and_then(|days| u64::try_from(days).ok())?;
    let last = crate::platform::clock::shanghai_date(now) + Days::new(days);
    Some((shanghai_instant(last, 24 * 60), FAR))
}
