//! Setting capacity aside.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use entity::{
    capacity_day,
    enums::{HoldStatus, OfferingKind},
    hold, hold_block, hold_day,
    ids::{AgencyCode, HoldBlockId, HoldId},
    offering,
};

use super::end::expire;
use crate::{
    capacity::{
        calendar::{
            model::{Blocking, Closed, Rules},
            store as calendars,
        },
        hold::{
            model::{Block, Bucket, Clash, Short, Shortage, Units, Wanted, allot, clashes, recorded, refusal, summed},
            store::{self, Around, Part},
        },
        offering::store as offerings,
    },
    platform::{
        clock::shanghai_date,
        db::Tx,
        fault::{Outcome, Problems},
    },
};

/// Days on which what is taken is allotted, or what is missing.
type Allotted = Result<Vec<(NaiveDate, i32)>, Shortage>;

/// Sets capacity aside until it expires. Where an offering has no calendar, its units are recorded and not counted.
///
/// # Errors
/// `INVALID`; `NOT_FOUND` for the offering or an item; `NO_CAPACITY`, `BLOCK_TAKEN` or `BLOCK_CLOSED` with everything that
/// is missing at once.
pub async fn place(tx: &mut Tx, wanted: Wanted) -> Outcome<HoldId> {
    let offering = store::of_offering(tx, wanted.offering).await?;
    let wanted = wanted.checked(offering.kind, tx.now())?;
    let (first, last) = reach(&wanted);
    let rules = calendars::rules(tx, offering.id, first, last).await?;
    // The hours and the gap of a calendar are those of the equipment that it offers.
    let hours = rules.as_ref().filter(|_| offering.kind == OfferingKind::EquipmentTime);
    let gap = TimeDelta::minutes(hours.map_or(0, |rules| i64::from(rules.row().gap)));
    // Days that are closed are closed to what knows no hours, too.
    let closures = if rules.is_none() || (hours.is_none() && !wanted.blocks.is_empty()) {
        calendars::closed(tx, &offering, (first, last)).await?
    } else {
        Vec::new()
    };
    pass(tx, &offering, &wanted.blocks).await?;
    let buckets = match (&rules, &wanted.units) {
        (Some(rules), Some(units)) => rules.buckets(units.first.max(tx.today()), units.last),
        _ => Vec::new(),
    };
    let span = buckets.first().zip(buckets.last()).map(|(first, last)| (*first, *last + TimeDelta::days(6)));
    for over in store::in_the_way(tx, offering.id, span, &wanted.blocks, gap).await? {
        expire(tx, over).await?;
    }
    let partner = wanted.holder != offering.agency;
    let allotted = match (&wanted.units, &rules) {
        (None, _) => Ok(Vec::new()),
        (Some(units), None) => recorded(units, |day| closures.iter().any(|closed| closed.has(day))),
        (Some(units), Some(rules)) => find(tx, &offering, rules, (units, &buckets, partner)).await?,
    };
    let mut clashes = met(tx, hours, &wanted.blocks, gap).await?;
    clashes.extend(shut(&wanted.blocks, &closures));
    refusal(allotted.as_ref().err(), &clashes)?;
    let days = allotted.unwrap_or_default();
    if let Some(rules) = &rules {
        take(tx, &offering, rules, (&days, partner)).await?;
    }
    write(tx, &offering, wanted, (days, gap)).await
}

/// The days that are asked about.
fn reach(wanted: &Wanted) -> (NaiveDate, NaiveDate) {
    let blocks = wanted.blocks.iter().flat_map(|block| [shanghai_date(block.from), shanghai_date(block.to)]);
    let units = wanted.units.iter().flat_map(|units| [units.first, units.last]);
    let days: Vec<NaiveDate> = blocks.chain(units).collect();
    let today = shanghai_date(wanted.expires_at);
    (days.iter().min().copied().unwrap_or(today), days.iter().max().copied().unwrap_or(today))
}

/// Passes the turnstiles of the items, in their order, and holds the items against the offering.
async fn pass(tx: &Tx, offering: &offering::Model, blocks: &[Block]) -> Outcome<()> {
    if blocks.is_empty() {
        return Ok(());
    }
    let named = match offering.kind {
        OfferingKind::EquipmentTime => Some(offerings::items(tx, offering.id).await?),
        _ => None,
    };
    let mut problems = Problems::default();
    let mut last = None;
    for (at, block) in blocks.iter().enumerate() {
        if last.replace(block.equipment) == Some(block.equipment) {
            continue;
        }
        let item = store::turnstile(tx, block.equipment).await?;
        let is_named = named.as_ref().is_none_or(|links| {
            links.iter().any(|link| link.equipment_id == item.id && link.effective_to == entity::FOREVER)
        });
        if Some(item.lab_id) != offering.lab_id || !is_named {
            let message = format!("{} is not equipment of this offering.", item.id);
            problems.add(format!("blocks[{at}].equipment"), "EQUIPMENT_NOT_OFFERED", message);
        }
    }
    problems.finish()
}

async fn find(
    tx: &mut Tx,
    offering: &offering::Model,
    rules: &Rules,
    (units, buckets, partner): (&Units, &[NaiveDate], bool),
) -> Outcome<Allotted> {
    let rows = store::laid_out(tx, offering.id, rules, buckets).await?;
    let bucket = |row: &capacity_day::Model| Bucket {
        starts_on: row.starts_on,
        total: row.total,
        open: row.open,
        taken: row.held + row.booked,
        partner_taken: row.partner_taken,
    };
    let there: Vec<Bucket> = rows.iter().map(bucket).collect();
    Ok(allot(units, &there, partner, |day| rules.bucket(day)))
}

/// What stands against the blocks: their form, other blocks, outages.
async fn met(tx: &Tx, hours: Option<&Rules>, blocks: &[Block], gap: TimeDelta) -> Outcome<Vec<Clash>> {
    let (Some(from), Some(to)) =
        (blocks.iter().map(|block| block.from).min(), blocks.iter().map(|block| block.to).max())
    else {
        return Ok(Vec::new());
    };
    let items = blocks.iter().map(|block| block.equipment).collect();
    let taken = store::taken(tx, &Around { items, from, to: to + gap }).await?;
    let mut found = clashes(blocks, gap, &taken);
    for block in blocks {
        let past = (block.from < tx.now()).then_some(Blocking::Past);
        let formed = hours.map_or_else(Vec::new, |rules| rules.blocking(block.from, block.to, tx.now()));
        found.extend(past.into_iter().chain(formed).map(|why| Clash { block: *block, why, taken: None }));
    }
    found.sort_by_key(|clash| (clash.block, clash.why, clash.taken));
    Ok(found)
}

/// The blocks that fall into closed days.
fn shut(blocks: &[Block], closures: &[Closed]) -> Vec<Clash> {
    let falls = |block: &&Block| {
        let (first, last) = (shanghai_date(block.from), shanghai_date(block.to - TimeDelta::seconds(1)));
        closures.iter().any(|closed| closed.first <= last && first <= closed.last)
    };
    let clash = |block: &Block| Clash { block: *block, why: Blocking::Closed, taken: None };
    blocks.iter().filter(falls).map(clash).collect()
}

/// Takes the units. The rows are locked and were just read; that the guards hold all the same is what keeps the promise.
async fn take(
    tx: &mut Tx,
    offering: &offering::Model,
    rules: &Rules,
    (days, partner): (&[(NaiveDate, i32)], bool),
) -> Outcome<()> {
    for (starts_on, quantity) in summed(days.iter().copied(), |day| rules.bucket(day)) {
        if !store::take(tx, Part { offering: offering.id, starts_on, quantity, partner }).await? {
            let short = Short { day: starts_on, wanted: Some(quantity), free: 0 };
            refusal(Some(&Shortage { wanted: quantity, free: 0, days: vec![short] }), &[])?;
        }
    }
    Ok(())
}

async fn write(
    tx: &mut Tx,
    offering: &offering::Model,
    wanted: Wanted,
    (days, gap): (Vec<(NaiveDate, i32)>, TimeDelta),
) -> Outcome<HoldId> {
    let (id, agency, at) = (HoldId(tx.id()), offering.agency.clone(), tx.now());
    tx.insert(hold::Model {
        id,
        offering_id: offering.id,
        lab_id: offering.lab_id,
        agency: agency.clone(),
        holder: wanted.holder,
        subject: wanted.subject,
        status: HoldStatus::Held,
        quantity: wanted.units.map_or(0, |units| units.quantity),
        expires_at: wanted.expires_at,
        freed_from: None,
        reason: None,
        version: 1,
        created_at: at,
        updated_at: at,
    })
    .await?;
    let day =
        |(day, quantity): (NaiveDate, i32)| hold_day::Model { hold_id: id, day, agency: agency.clone(), quantity };
    let days: Vec<hold_day::Model> = days.into_iter().map(day).collect();
    tx.load(days, &id.0.to_string()).await?;
    for block in wanted.blocks {
        let row = live(tx, id, &agency, block, gap);
        tx.insert(row).await?;
    }
    Ok(id)
}

fn live(tx: &Tx, hold_id: HoldId, agency: &AgencyCode, block: Block, gap: TimeDelta) -> hold_block::Model {
    let guarded_to: DateTime<Utc> = block.to + gap;
    hold_block::Model {
        id: HoldBlockId(tx.id()),
        hold_id,
        agency: agency.clone(),
        equipment_id: block.equipment,
        starts_at: block.from,
        ends_at: block.to,
        guarded_to,
        live: true,
        affected: false,
    }
}
