//! The ledger of holds and bookings.

mod blocks;
mod books;
mod life;
mod race;
mod sweep;
mod units;

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use entity::{
    capacity_calendar, capacity_day,
    enums::CapacityPeriod,
    ids::{EquipmentId, HoldId, OfferingId},
};
use labpact::{
    capacity::hold::{Block, Units, Wanted, place},
    platform::{
        db::Tx,
        fault::{Fault, Outcome},
    },
};
use sea_orm::{EntityTrait, QueryOrder};
use serde_json::{Value, json};

use super::{opened, testing};
use crate::{api::Desk, platform::act, support::world::World};

/// Time at an instrument of the lab.
pub(super) fn hours(code: &str, lab: &str, items: &[&str]) -> Value {
    json!({ "code": code, "lab": lab, "kind": "EQUIPMENT_TIME", "titleZh": "机时", "unit": "小时", "coverage": { "equipment": items } })
}

pub(super) fn bare(id: &str) -> uuid::Uuid {
    uuid::Uuid::parse_str(id.split_once(':').expect("typed").1).expect("an id")
}

pub(super) fn day(text: &str) -> NaiveDate {
    text.parse().expect("a date")
}

pub(super) fn at(text: &str) -> DateTime<Utc> {
    text.parse().expect("an instant")
}

/// Ten units on each working day, all of them open to partners.
pub(super) fn rules(w: &World, offering: OfferingId) -> capacity_calendar::Model {
    capacity_calendar::Model {
        offering_id: offering,
        agency: "GD".into(),
        period: CapacityPeriod::Day,
        weekday_units: json!([10, 10, 10, 10, 10, 0, 0]),
        week_units: 0,
        holidays_closed: true,
        makeup_open: true,
        open_percent: 100,
        hours: json!([]),
        block_min: None,
        block_max: None,
        block_step: None,
        gap: 0,
        horizon_days: None,
        version: 1,
        created_at: w.clock.now(),
        updated_at: w.clock.now(),
    }
}

pub(super) async fn stated(w: &World, row: capacity_calendar::Model) {
    w.db.write(&act(), async |tx: &mut Tx| tx.insert(row).await).await.expect("the rules are written");
}

/// An open offering of tests with ten units on each working day, changed by `change`.
async fn tests(w: &World, desk: &Desk, change: impl FnOnce(&mut capacity_calendar::Model)) -> OfferingId {
    let id = OfferingId(bare(&opened(&desk.gd, testing("O1", &desk.lab, json!({}))).await));
    let mut row = rules(w, id);
    change(&mut row);
    stated(w, row).await;
    id
}

/// An open offering of time at a new item, open from 8 to 18 on working days, changed by `change`.
async fn time(w: &World, desk: &Desk, change: impl FnOnce(&mut capacity_calendar::Model)) -> (OfferingId, EquipmentId) {
    let item = desk.item("E1").await;
    let id = OfferingId(bare(&opened(&desk.gd, hours("H1", &desk.lab, &[&item])).await));
    let open: Vec<Value> = (1..=5).map(|day| json!({ "weekday": day, "from": 480, "to": 1080 })).collect();
    let mut row = capacity_calendar::Model {
        weekday_units: json!([0, 0, 0, 0, 0, 0, 0]),
        hours: Value::from(open),
        ..rules(w, id)
    };
    change(&mut row);
    stated(w, row).await;
    (id, EquipmentId(bare(&item)))
}

/// Units for SD between two days, for an hour.
fn units(w: &World, offering: OfferingId, quantity: i32, first: &str, last: &str) -> Wanted {
    Wanted {
        offering,
        holder: "SD".into(),
        subject: "referral:1".to_owned(),
        units: Some(Units { quantity, first: day(first), last: day(last), by_day: None }),
        blocks: Vec::new(),
        expires_at: w.clock.now() + TimeDelta::hours(1),
    }
}

/// One block for SD on 2026-12-01, for an hour; the times are those of Asia/Shanghai.
fn block(w: &World, (offering, equipment): (OfferingId, EquipmentId), from: &str, to: &str) -> Wanted {
    let block = Block { equipment, from: shanghai(from), to: shanghai(to) };
    Wanted { units: None, blocks: vec![block], ..units(w, offering, 1, "2026-12-01", "2026-12-01") }
}

/// A time of 2026-12-01, a Tuesday.
fn shanghai(time: &str) -> DateTime<Utc> {
    at(&format!("2026-12-01T{time}:00+08:00"))
}

async fn placed(w: &World, wanted: Wanted) -> Outcome<HoldId> {
    w.db.write(&act(), async |tx: &mut Tx| place(tx, wanted).await).await
}

/// Code and facts of a refusal.
fn told<T: std::fmt::Debug>(outcome: Outcome<T>) -> (&'static str, Value) {
    match outcome.expect_err("refused") {
        Fault::Rule { code, facts, .. } | Fault::Conflict { code, facts, .. } => (code, facts),
        other => (other.reason(), Value::Null),
    }
}

/// Day, held, booked, taken by partners, of every counter that counts something.
async fn counted(w: &World) -> Vec<(String, i32, i32, i32)> {
    let rows = w.db.all(capacity_day::Entity::find().order_by_asc(capacity_day::Column::StartsOn)).await.expect("read");
    let taken = rows.into_iter().filter(|row| row.held + row.booked + row.partner_taken > 0);
    taken.map(|row| (row.starts_on.to_string(), row.held, row.booked, row.partner_taken)).collect()
}

fn row(day: &str, held: i32, booked: i32, partner: i32) -> (String, i32, i32, i32) {
    (day.to_owned(), held, booked, partner)
}
