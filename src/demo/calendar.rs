//! How much demonstration offerings give: a few samples a day, a quota by the week, or hours at an instrument.

use entity::{
    capacity_calendar::Model,
    enums::{CapacityPeriod, OfferingKind},
    offering,
};
use serde_json::{Value, json};

use super::random::dealt;

/// Samples of a working day.
const A_DAY: [i32; 6] = [12, 30, 8, 20, 60, 15];
/// Units of a week of what labs offer besides.
const A_WEEK: [i32; 4] = [5, 20, 10, 40];
/// Share open to partners, in percent.
const SHARES: [i32; 5] = [100, 40, 60, 30, 100];

/// The calendar of an offering, the same for the same turn.
pub(super) fn of(row: &offering::Model, turn: u64) -> Model {
    let blank = Model {
        offering_id: row.id,
        agency: row.agency.clone(),
        period: CapacityPeriod::Day,
        weekday_units: json!([0, 0, 0, 0, 0, 0, 0]),
        week_units: 0,
        holidays_closed: true,
        makeup_open: true,
        open_percent: dealt(&SHARES, turn),
        hours: json!([]),
        block_min: None,
        block_max: None,
        block_step: None,
        gap: 0,
        horizon_days: None,
        version: 1,
        created_at: row.created_at,
        updated_at: row.created_at,
    };
    match row.kind {
        OfferingKind::Testing => {
            let units = dealt(&A_DAY, turn);
            // Some work on Saturdays, with half of their people.
            let saturday = if turn % 5 == 2 { units / 2 } else { 0 };
            Model { weekday_units: json!([units, units, units, units, units, saturday, 0]), ..blank }
        }
        OfferingKind::EquipmentTime => Model {
            hours: Value::from((1..=5).flat_map(open).collect::<Vec<_>>()),
            block_min: Some(60),
            block_max: Some(480),
            block_step: Some(30),
            gap: 30,
            horizon_days: Some(90),
            open_percent: 100,
            ..blank
        },
        OfferingKind::Expert | OfferingKind::ReferenceMaterial | OfferingKind::TrainingSeat => {
            Model { period: CapacityPeriod::Week, week_units: dealt(&A_WEEK, turn), ..blank }
        }
    }
}

/// From half past eight to noon, and from one to half past five.
fn open(weekday: u32) -> [Value; 2] {
    [(510, 720), (780, 1_050)].map(|(from, to)| json!({ "weekday": weekday, "from": from, "to": to }))
}
