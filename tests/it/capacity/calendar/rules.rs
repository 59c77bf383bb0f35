//! How much there is on which day: pure rules.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};
use entity::{
    capacity_calendar,
    enums::CapacityPeriod,
    equipment_outage,
    ids::{EquipmentId, LabId, OfferingId, OutageId},
};
use labpact::{
    capacity::{
        availability::model::{Exclusions, Reason, Window, free_capacity},
        calendar::model::{Closed, ClosedBy, Listed, Rules, spans, without},
    },
    platform::workday::DayKind,
};
use serde_json::json;

fn day(text: &str) -> NaiveDate {
    text.parse().expect("a date")
}

fn at(text: &str) -> DateTime<Utc> {
    text.parse().expect("an instant")
}

fn row(change: impl FnOnce(&mut capacity_calendar::Model)) -> capacity_calendar::Model {
    let mut row = capacity_calendar::Model {
        offering_id: OfferingId(uuid::Uuid::from_u128(1)),
        agency: "GD".into(),
        period: CapacityPeriod::Day,
        weekday_units: json!([10, 11, 12, 13, 14, 0, 0]),
        week_units: 0,
        holidays_closed: true,
        makeup_open: true,
        open_percent: 35,
        hours: json!([]),
        block_min: None,
        block_max: None,
        block_step: None,
        gap: 0,
        horizon_days: None,
        version: 1,
        created_at: at("2026-01-01T00:00:00Z"),
        updated_at: at("2026-01-01T00:00:00Z"),
    };
    change(&mut row);
    row
}

fn given(rules: &Rules, on: &str) -> (i32, i32, Option<ClosedBy>) {
    let quota = rules.quota(day(on));
    (quota.total, quota.open, quota.closed)
}

#[test]
fn days_follow_weekdays_holidays_and_make_up_days() {
    let rules = Rules::new(row(|_| {}), Listed::default());
    // 2026: National Day 10-01 to 10-07, made up for on 09-20 (Sunday) and 10-10 (Saturday).
    assert_eq!(given(&rules, "2026-09-30"), (12, 4, None));
    assert_eq!(given(&rules, "2026-10-01"), (0, 0, Some(ClosedBy::Holiday)));
    assert_eq!(given(&rules, "2026-10-10"), (10, 3, None), "as much as on the leanest working day");
    assert_eq!(given(&rules, "2026-10-17"), (0, 0, Some(ClosedBy::Weekday)));
    let saturdays = |row: &mut capacity_calendar::Model| row.weekday_units = json!([10, 10, 10, 10, 10, 4, 0]);
    assert_eq!(given(&Rules::new(row(saturdays), Listed::default()), "2026-10-10").0, 4, "what a Saturday gives");
    assert_eq!(given(&Rules::new(row(saturdays), Listed::default()), "2026-10-03").2, Some(ClosedBy::Holiday));
    let heedless = Rules::new(row(|row| (row.holidays_closed, row.makeup_open) = (false, false)), Listed::default());
    assert_eq!((given(&heedless, "2026-10-01").0, given(&heedless, "2026-10-10").2), (13, Some(ClosedBy::Weekday)));
    let entered = Listed { days: BTreeMap::from([(day("2027-02-08"), DayKind::Holiday)]), ..Listed::default() };
    assert_eq!(given(&Rules::new(row(|_| {}), entered), "2027-02-08").2, Some(ClosedBy::Holiday), "of a later notice");
}

#[test]
fn exceptions_outrank_rules_and_closures_outrank_both() {
    let listed = Listed {
        exceptions: BTreeMap::from([(day("2026-10-01"), 5), (day("2026-12-01"), 0), (day("2026-12-07"), 50)]),
        closures: vec![Closed { first: day("2026-12-07"), last: day("2026-12-08"), reason: "搬迁".to_owned() }],
        ..Listed::default()
    };
    let rules = Rules::new(row(|_| {}), listed);
    assert_eq!(given(&rules, "2026-10-01").0, 5);
    assert_eq!(given(&rules, "2026-12-01").2, Some(ClosedBy::Exception));
    assert_eq!(given(&rules, "2026-12-07").2, Some(ClosedBy::Closure("搬迁".to_owned())));
    assert_eq!(given(&rules, "2026-12-09").0, 12);
}

#[test]
fn weeks_give_less_in_proportion_to_the_working_days_that_they_lack() {
    let weekly = |row: &mut capacity_calendar::Model| (row.period, row.week_units) = (CapacityPeriod::Week, 50);
    let rules = Rules::new(row(weekly), Listed::default());
    assert_eq!(given(&rules, "2026-11-23"), (50, 17, None));
    // Monday to Wednesday are worked; the holiday begins on Thursday.
    assert_eq!(given(&rules, "2026-09-28").0, 30);
    // Of this week Thursday, Friday and the Saturday that makes up.
    assert_eq!(given(&rules, "2026-10-05").0, 30);
    let listed = Listed {
        closures: vec![
            Closed { first: day("2026-11-23"), last: day("2026-11-24"), reason: "x".to_owned() },
            Closed { first: day("2026-11-30"), last: day("2026-12-06"), reason: "检修".to_owned() },
        ],
        exceptions: BTreeMap::from([(day("2026-12-07"), 7)]),
        ..Listed::default()
    };
    let rules = Rules::new(row(weekly), listed);
    assert_eq!(
        (given(&rules, "2026-11-23").0, given(&rules, "2026-11-30").2),
        (30, Some(ClosedBy::Closure("检修".to_owned())))
    );
    assert_eq!(given(&rules, "2026-12-07").0, 7);
    assert_eq!(
        rules.buckets(day("2026-11-25"), day("2026-12-07")),
        ["2026-11-23", "2026-11-30", "2026-12-07"].map(day)
    );
    assert!(rules.buckets(day("2026-12-02"), day("2026-12-01")).is_empty());
}

#[test]
fn hours_that_meet_at_midnight_are_one() {
    let night = |row: &mut capacity_calendar::Model| {
        row.hours = json!([{ "weekday": 1, "from": 1200, "to": 1440 }, { "weekday": 2, "from": 0, "to": 480 }, { "weekday": 2, "from": 600, "to": 660 }]);
    };
    let rules = Rules::new(row(night), Listed::default());
    let found = rules.opening(day("2026-11-30"), day("2026-12-01"));
    assert_eq!(
        found,
        [
            (at("2026-11-30T20:00:00+08:00"), at("2026-12-01T08:00:00+08:00")),
            (at("2026-12-01T10:00:00+08:00"), at("2026-12-01T11:00:00+08:00")),
        ]
    );
    let (from, to) = (at("2026-11-30T22:00:00+08:00"), at("2026-12-01T02:00:00+08:00"));
    assert!(rules.blocking(from, to, at("2026-11-23T00:00:00Z")).is_empty());
    let taken = vec![
        (at("2026-11-30T20:00:00+08:00"), at("2026-11-30T21:00:00+08:00")),
        (at("2026-12-01T07:00:00+08:00"), at("2026-12-01T10:30:00+08:00")),
    ];
    assert_eq!(
        without(&found, taken),
        [
            (at("2026-11-30T21:00:00+08:00"), at("2026-12-01T07:00:00+08:00")),
            (at("2026-12-01T10:30:00+08:00"), at("2026-12-01T11:00:00+08:00")),
        ]
    );
}

#[test]
fn an_outage_that_comes_again_is_found_wherever_one_looks() {
    let outage = equipment_outage::Model {
        id: OutageId(uuid::Uuid::from_u128(1)),
        agency: "GD".into(),
        equipment_id: EquipmentId(uuid::Uuid::from_u128(2)),
        lab_id: LabId(uuid::Uuid::from_u128(3)),
        starts_at: at("2026-01-05T04:00:00Z"),
        ends_at: Some(at("2026-03-01T16:00:00Z")),
        every_weeks: Some(2),
        minutes: Some(90),
        reason: "x".to_owned(),
        version: 1,
        created_at: at("2026-01-01T00:00:00Z"),
        updated_at: at("2026-01-01T00:00:00Z"),
    };
    let found = |from: &str, to: &str| spans(&outage, at(from), at(to));
    assert_eq!(found("2026-01-01T00:00:00Z", "2027-01-01T00:00:00Z").len(), 4);
    assert_eq!(
        found("2026-01-19T05:29:59Z", "2026-01-19T05:30:00Z"),
        [(at("2026-01-19T04:00:00Z"), at("2026-01-19T05:30:00Z"))]
    );
    assert!(found("2026-01-19T05:30:00Z", "2026-02-02T04:00:00Z").is_empty());
    assert!(found("2026-03-02T00:00:00Z", "2027-01-01T00:00:00Z").is_empty());
}

#[test]
fn too_little_that_is_free_excludes_and_nothing_stated_does_not() {
    let window = Window { first: day("2026-12-01"), last: day("2026-12-04") };
    let told = |free: &[(&str, i32)], wanted| {
        let mut found = Exclusions::default();
        free_capacity(free.iter().map(|(on, free)| (day(on), *free)), wanted, window, &mut found);
        found.into_sorted().first().map(|one| (one.reason, one.from))
    };
    let free = [("2026-12-01", 3), ("2026-12-02", 0), ("2026-12-03", 4), ("2026-12-07", 9)];
    assert_eq!(told(&free, 7), None);
    assert_eq!(told(&free, 8), Some((Reason::NoCapacity, day("2026-12-02"))));
    assert_eq!(
        told(&[("2026-11-30", 2)], 3),
        Some((Reason::NoCapacity, day("2026-12-01"))),
        "a week that begins before"
    );
}
