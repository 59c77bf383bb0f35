//! Units by day and week.

use chrono::TimeDelta;
use entity::{capacity_exception, enums::CapacityPeriod};
use labpact::{
    capacity::hold::{Units, Wanted, confirm, place},
    platform::db::Tx,
};
use serde_json::json;

use super::{bare, counted, day, placed, row, tests, told, units};
use crate::{
    api::Desk,
    both,
    capacity::{opened, testing},
    platform::act,
};

both! {
    async fn the_earliest_free_days_are_taken_and_the_last_unit_can_be(w: World) {
        let desk = Desk::new(w).await;
        let offering = tests(w, &desk, |_| {}).await;
        placed(w, units(w, offering, 24, "2026-12-03", "2026-12-08")).await.expect("a weekend lies between");
        assert_eq!(counted(w).await, [row("2026-12-03", 10, 0, 10), row("2026-12-04", 10, 0, 10), row("2026-12-07", 4, 0, 4)]);
        placed(w, units(w, offering, 16, "2026-12-03", "2026-12-08")).await.expect("the last units");
        let (code, facts) = told(placed(w, units(w, offering, 1, "2026-12-03", "2026-12-08")).await);
        assert_eq!((code, &facts["wanted"], &facts["free"]), ("NO_CAPACITY", &json!(1), &json!(0)));
        assert_eq!(facts["days"].as_array().expect("days").len(), 4);
        assert_eq!(facts["days"][2], json!({ "day": "2026-12-07", "wanted": null, "free": 0 }));
    }

    async fn days_that_are_named_are_taken_or_all_that_is_missing_is_told(w: World) {
        let desk = Desk::new(w).await;
        let offering = tests(w, &desk, |_| {}).await;
        let named = |days: &[(&str, i32)]| Wanted {
            units: Some(Units {
                quantity: days.iter().map(|(_, n)| n).sum(),
                first: day("2026-12-01"),
                last: day("2026-12-31"),
                by_day: Some(days.iter().map(|(on, n)| (day(on), *n)).collect()),
            }),
            ..units(w, offering, 1, "2026-12-01", "2026-12-31")
        };
        placed(w, named(&[("2026-12-02", 7), ("2026-12-01", 10)])).await.expect("free");
        assert_eq!(counted(w).await, [row("2026-12-01", 10, 0, 10), row("2026-12-02", 7, 0, 7)]);
        let (code, facts) = told(placed(w, named(&[("2026-12-01", 1), ("2026-12-02", 4), ("2026-12-03", 10), ("2026-12-05", 2)])).await);
        assert_eq!(code, "NO_CAPACITY");
        assert_eq!(facts["days"], json!([
            { "day": "2026-12-01", "wanted": 1, "free": 0 }, { "day": "2026-12-02", "wanted": 4, "free": 3 },
            { "day": "2026-12-05", "wanted": 2, "free": 0 },
        ]));
        assert_eq!(counted(w).await.len(), 2, "nothing of it was taken");
        let mut bad = named(&[("2026-12-01", 1), ("2026-12-01", 1), ("2027-01-01", 0)]);
        bad.expires_at = w.clock.now();
        bad.units.as_mut().expect("units").quantity = 5;
        let labpact::platform::fault::Fault::Invalid(problems) = placed(w, bad).await.expect_err("refused") else { panic!() };
        let mut codes: Vec<_> = problems.iter().map(|problem| problem.code).collect();
        codes.sort_unstable();
        assert_eq!(codes, ["DAY_TWICE", "IN_THE_PAST", "NOT_IN_WINDOW", "OUT_OF_RANGE", "SUM_DIFFERS"]);
        let nothing = Wanted { units: None, ..units(w, offering, 1, "2026-12-01", "2026-12-31") };
        assert_eq!(told(placed(w, nothing).await).0, "NOTHING_WANTED");
    }

    async fn partners_share_what_is_open_to_them(w: World) {
        let desk = Desk::new(w).await;
        let offering = tests(w, &desk, |row| row.open_percent = 45).await;
        let one = |n, holder: &str| Wanted { holder: holder.into(), ..units(w, offering, n, "2026-12-01", "2026-12-01") };
        placed(w, one(3, "SD")).await.expect("of four");
        assert_eq!(told(placed(w, one(2, "FJ")).await).1["free"], json!(1));
        placed(w, one(6, "GD")).await.expect("the owner has the rest");
        placed(w, one(1, "FJ")).await.expect("the last that is open");
        assert_eq!(counted(w).await, [row("2026-12-01", 10, 0, 4)]);
        assert_eq!(told(placed(w, one(1, "GD")).await).0, "NO_CAPACITY");
    }

    async fn weeks_are_counted_by_their_mondays(w: World) {
        let desk = Desk::new(w).await;
        let offering = tests(w, &desk, |row| {
            row.period = CapacityPeriod::Week;
            row.week_units = 50;
        }).await;
        // 2026-10-01 to 07 is a holiday; of the week from 2026-12-28 on, 2027-01-01 is not known yet.
        placed(w, units(w, offering, 60, "2026-12-02", "2026-12-10")).await.expect("of two weeks");
        assert_eq!(counted(w).await, [row("2026-11-30", 50, 0, 50), row("2026-12-07", 10, 0, 10)]);
        let by_day = Wanted {
            units: Some(Units {
                quantity: 41, first: day("2026-12-07"), last: day("2026-12-13"),
                by_day: Some(vec![(day("2026-12-08"), 20), (day("2026-12-10"), 21)]),
            }),
            ..units(w, offering, 1, "2026-12-07", "2026-12-07")
        };
        let (_, facts) = told(placed(w, by_day.clone()).await);
        assert_eq!(facts["days"], json!([{ "day": "2026-12-07", "wanted": 41, "free": 40 }]));
        let mut fits = by_day;
        fits.units = Some(Units { quantity: 40, by_day: Some(vec![(day("2026-12-08"), 20), (day("2026-12-10"), 20)]), ..fits.units.expect("units") });
        let id = placed(w, fits).await.expect("free");
        assert_eq!(counted(w).await[1], row("2026-12-07", 50, 0, 50));
        w.db.write(&act(), async |tx: &mut Tx| confirm(tx, id).await).await.expect("booked");
        assert_eq!(counted(w).await[1], row("2026-12-07", 10, 40, 50));
    }

    async fn what_is_past_is_not_free(w: World) {
        let desk = Desk::new(w).await;
        let offering = tests(w, &desk, |_| {}).await;
        placed(w, units(w, offering, 10, "2026-11-16", "2026-11-23")).await.expect("today is");
        assert_eq!(counted(w).await, [row("2026-11-23", 10, 0, 10)]);
        assert_eq!(told(placed(w, units(w, offering, 1, "2026-11-16", "2026-11-20")).await).0, "NO_CAPACITY");
    }

    async fn without_a_calendar_units_are_recorded_and_not_counted(w: World) {
        let desk = Desk::new(w).await;
        let id = opened(&desk.gd, testing("O9", &desk.lab, json!({}))).await;
        let offering = entity::ids::OfferingId(bare(&id));
        let hold = placed(w, units(w, offering, 1_000, "2026-12-05", "2026-12-06")).await.expect("recorded");
        assert!(counted(w).await.is_empty());
        w.db.write(&act(), async |tx: &mut Tx| {
            confirm(tx, hold).await?;
            let found = labpact::capacity::hold::of_hold(tx, hold).await?;
            assert_eq!((found.days.len(), found.days[0].quantity), (1, 1_000));
            labpact::capacity::hold::release(tx, hold, "x").await
        }).await.expect("as any other");
    }

    async fn an_exception_takes_the_place_of_the_rules(w: World) {
        let desk = Desk::new(w).await;
        let offering = tests(w, &desk, |_| {}).await;
        for (on, units) in [("2026-12-05", 3), ("2026-12-01", 0)] {
            let row = capacity_exception::Model {
                offering_id: offering, day: day(on), agency: "GD".into(), units, reason: None, recorded_at: w.clock.now(),
            };
            w.db.write(&act(), async |tx: &mut Tx| tx.insert(row).await).await.expect("written");
        }
        assert_eq!(told(placed(w, units(w, offering, 1, "2026-12-01", "2026-12-01")).await).0, "NO_CAPACITY");
        placed(w, units(w, offering, 3, "2026-12-05", "2026-12-06")).await.expect("a Saturday that is worked");
    }

    async fn what_fails_takes_nothing_and_holds_expire_where_they_are_in_the_way(w: World) {
        let desk = Desk::new(w).await;
        let offering = tests(w, &desk, |_| {}).await;
        let first = placed(w, units(w, offering, 10, "2026-12-01", "2026-12-01")).await.expect("free");
        assert_eq!(told(placed(w, units(w, offering, 1, "2026-12-01", "2026-12-01")).await).0, "NO_CAPACITY");
        w.clock.advance(TimeDelta::minutes(59));
        assert_eq!(told(placed(w, units(w, offering, 1, "2026-12-01", "2026-12-01")).await).0, "NO_CAPACITY");
        w.clock.advance(TimeDelta::minutes(1));
        // No sweeper has run; the clock alone says that it is free.
        placed(w, units(w, offering, 10, "2026-12-01", "2026-12-01")).await.expect("free by the clock");
        assert_eq!(counted(w).await, [row("2026-12-01", 10, 0, 10)]);
        let late = w.db.write(&act(), async |tx: &mut Tx| confirm(tx, first).await).await;
        assert_eq!(told(late).0, "HOLD_EXPIRED");
        let rolled = w.db.rehearse(&act(), async |tx: &mut Tx| place(tx, units(w, offering, 5, "2026-12-02", "2026-12-02")).await).await;
        rolled.expect("it would do");
        assert_eq!(counted(w).await, [row("2026-12-01", 10, 0, 10)]);
    }

    async fn no_offering_no_hold(w: World) {
        let strange = entity::ids::OfferingId(uuid::Uuid::from_u128(9));
        assert_eq!(told(placed(w, units(w, strange, 1, "2026-12-01", "2026-12-01")).await).0, "NOT_FOUND");
    }
}
